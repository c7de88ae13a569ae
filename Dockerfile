# Tenfold in a container: `docker build --tag tenfold .`, and docs/hosting.md tells how to run it.
# Python as the tests have it; packages to the exact version, as requirements.txt has them.

FROM python:3.11-slim AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv --without-pip /tenfold
COPY requirements.txt ./
# Wheels alone, so nothing is compiled and nothing has to be there for it.
RUN pip --python /tenfold/bin/python install --only-binary :all: --requirement requirements.txt
COPY LICENSE README.md pyproject.toml ./
COPY prompts prompts
COPY bot bot
# sqlite-utils brings pip along, for a command that nobody needs here.
RUN pip --python /tenfold/bin/python install --no-deps . \
    && pip --python /tenfold/bin/python uninstall --yes pip

FROM python:3.11-slim
# Certificates, the newest, or Telegram can't be trusted. What installs packages is not needed any more.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && pip uninstall --yes pip setuptools wheel
RUN groupadd --gid 10001 tenfold \
    && useradd --uid 10001 --gid tenfold --home-dir /data --create-home --shell /usr/sbin/nologin tenfold \
    && chmod 700 /data
COPY --from=build /tenfold /tenfold
ENV PATH=/tenfold/bin:$PATH PORT=8080
# By number, since that is what platforms look at that run nothing as root.
USER 10001:10001
# The database, if it is SQLite, and files on their way: keep this folder, or the journals go with the container.
VOLUME /data
WORKDIR /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["tenfold"]
CMD ["run"]
