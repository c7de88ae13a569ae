"""Everything that can be set, read once and checked at once: whoever runs the bot sees every slip in one go.

Values come from the environment and, for what is not set there, from a file `.env` beside it. What is blank counts as
not set. No message repeats a value: a token pasted into the wrong line must not end up in a log.
"""

import ipaddress
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from dotenv import dotenv_values

from bot.errors import TenfoldError
from bot.replica import LEASE
from bot.store import POSTGRES

__all__ = ["BACKUP_KEEP", "DATABASE", "Settings", "UnfitSettings", "environment", "sqlite_file"]

DATABASE = "sqlite:///tenfold.db"
"""Where everything is kept if nothing else is set."""

BACKUP_KEEP = 14
"""Days for which a daily backup is kept if nothing else is set."""

_TOKEN = re.compile(r"[0-9]{3,}:[A-Za-z0-9_-]{20,}")
"""The shape of Telegram's tokens: about ten digits and 35 letters. bot.logs takes whatever looks like one out of every
line."""

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_LOG_FORMATS = ("json", "pretty")


class UnfitSettings(TenfoldError):
    """One or more settings can't be used. The text has a line for each, with what to write instead."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What whoever runs the bot decided. Every value has been checked; token and key are never shown.

    *allowed_users* empty means everyone; *owner_id* is whom /admin answers, 0 for nobody. *messages_per_minute* is how
    much is taken in of one person, 0 for no limit. The three rates are messages a second in all, messages a second in
    one chat, and how many of one chat may go out at a stretch; a rate of 0 is no limit. Without *backup_dir* no daily
    backups are made; *backup_keep* is for how many days each is kept. A replica that isn't heard of for *replica_lease*
    counts as gone. *openai_model* is the language model that may help those who agree to it; empty if there is none. It
    is asked at *openai_base_url*, or at OpenAI if that is empty, with the key if there is one; it has *model_deadline*
    for an answer, and the calls of a day (UTC) are bounded, for all together and for each person. With a *webhook_url*
    Telegram brings updates there, at the path that it names, and shows the *webhook_secret*, one that is made if that
    is empty. What is served is served on *port* of the address *bind*; nothing is if both URL and port are empty.
    *log_format* empty means JSON, and pretty lines on a terminal.
    """

    telegram_bot_token: str = field(repr=False)
    telegram_api_base_url: str = "https://api.telegram.org"
    database_url: str = field(default=DATABASE, repr=False)  # of a server it holds the password
    allowed_users: frozenset[int] = frozenset()
    owner_id: int = 0
    messages_per_minute: int = 60
    log_level: str = "INFO"
    log_format: str = ""
    sends_per_second: float = 30
    sends_per_second_per_chat: float = 1
    sends_burst_per_chat: int = 3
    backup_dir: Path | None = None
    backup_keep: int = BACKUP_KEEP
    replica_lease: timedelta = LEASE
    openai_api_key: str = field(default="", repr=False)
    openai_base_url: str = ""
    openai_model: str = ""
    model_deadline: timedelta = timedelta(seconds=8)
    model_calls_per_day: int = 1000
    model_calls_per_day_each: int = 6
    webhook_url: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    port: int | None = None
    bind: str = "0.0.0.0"  # noqa: S104 - on a platform a request may come in by any interface

    @classmethod
    def read(cls, variables: Mapping[str, str]) -> "Settings":
        """The settings in *variables*, names as in .env.example. Raises UnfitSettings with all that is wrong."""
        given: dict[str, Any] = {}
        problems = []
        for name, parse in _PARSERS.items():
            text = variables.get(name, "").strip()
            try:
                if text:
                    given[name.lower()] = parse(text)
            except ValueError as error:
                problems.append(f"{name} {error}")
            if not text and name == "TELEGRAM_BOT_TOKEN":
                problems.append(f"{name} is empty: copy .env.example to .env and paste the token from @BotFather")
        problems += _halves(variables)
        if "backup_dir" in given and given.get("database_url", DATABASE).startswith(POSTGRES):
            problems.append(
                "BACKUP_DIR is set though DATABASE_URL leads to PostgreSQL: unset it, and have pg_dump make the "
                "backups (see docs/hosting.md)"
            )
        if problems:
            raise UnfitSettings(problems)
        return cls(**given)


def _halves(variables: Mapping[str, str]) -> Iterator[str]:
    """What is missing of a language model of which a part is set."""
    key, url, model = (
        bool(variables.get(name, "").strip()) for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL")
    )
    if (key or url) and not model:
        cause = "OPENAI_API_KEY" if key else "OPENAI_BASE_URL"
        yield f"OPENAI_MODEL is empty though {cause} is set: name the model just as its server calls it, or unset that"
    if model and not key and not url:
        yield "OPENAI_API_KEY is empty though OPENAI_MODEL is set: paste a key, or set OPENAI_BASE_URL to a server"


def environment(file: Path | None = Path(".env")) -> dict[str, str]:
    """What is set in *file*, if it is there, and over it what is set in the environment. Raises TenfoldError."""
    try:
        # Not interpolated: a dollar sign in a password is a dollar sign. An editor may have left a byte order mark.
        written = dotenv_values(file, interpolate=False, encoding="utf-8-sig") if file else {}
    except (OSError, UnicodeDecodeError) as error:
        raise TenfoldError(f"{file} can't be read ({type(error).__name__}): make it a text file of yours") from None
    filled = {name: text for name, text in os.environ.items() if text.strip()}
    return {name: text for name, text in written.items() if text} | filled


def sqlite_file(url: str) -> Path:
    """The file that *url* names. Raises ValueError if it isn't ``sqlite:///`` and a file."""
    scheme, slashes, path = url.partition(":///")
    if scheme != "sqlite" or not slashes:
        raise ValueError(f"must begin with sqlite:/// or postgresql://: {DATABASE} is a file here")
    if not path or path == ":memory:":
        raise ValueError(f"names no file, so nothing would be kept: write {DATABASE}")
    return Path(path)


def _token(text: str) -> str:
    if not _TOKEN.fullmatch(text):
        raise ValueError("is no token: paste the whole of what @BotFather gave you, digits, a colon and letters")
    return text


def _parts(text: str, cure: str) -> SplitResult:
    """The parts of an address. Raises ValueError with the *cure*."""
    try:
        url = urlsplit(text)
        url.port  # noqa: B018  # a port that is no number raises only when it is looked at
    except ValueError:
        raise ValueError(cure) from None
    return url


def _origin(text: str) -> str:
    cure = "must be an origin and nothing more, like https://api.telegram.org or http://localhost:8081"
    url = _parts(text, cure)
    if url.scheme not in {"http", "https"} or not url.hostname or "@" in url.netloc:
        raise ValueError(cure)
    if url.path not in {"", "/"} or url.query or url.fragment:
        raise ValueError(cure)
    return f"{url.scheme}://{url.netloc}"


def _database(text: str) -> str:
    if text.startswith(POSTGRES):
        cure = "must be like postgresql://user:password@host/name, with the name of a database of Tenfold's own"
        if not _parts(text, cure).path.strip("/"):
            raise ValueError(cure)
        return text
    sqlite_file(text)
    return text


def _users(text: str) -> frozenset[int]:
    ids = [part.strip() for part in text.split(",")]
    if not all(re.fullmatch(r"[0-9]{1,19}", id) for id in ids if id):
        raise ValueError("must be Telegram ids with commas between: 123456789,987654321 (names change, ids don't)")
    return frozenset(int(id) for id in ids if id)


def _user(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,19}", text) or not int(text):
        raise ValueError("must be one Telegram id, a number like 123456789 (names change, ids don't)")
    return int(text)


def _most(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ValueError("must be a whole number of messages; 0 is for no limit at all")
    return int(text)


def _level(text: str) -> str:
    if text.upper() not in _LEVELS:
        raise ValueError(f"must be one of {', '.join(_LEVELS)}")
    return text.upper()


def _log_format(text: str) -> str:
    if text.lower() not in _LOG_FORMATS:
        raise ValueError(f"must be {' or '.join(_LOG_FORMATS)}; left empty it is pretty on a terminal, else json")
    return text.lower()


def _rate(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise ValueError("must be a number of messages a second; 0 is for no limit at all")
    return number


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise ValueError("must be a whole number of messages, 1 or more")
    return int(text)


def _folder(text: str) -> Path:
    if _TOKEN.search(text):  # it would be shown in every message about the folder
        raise ValueError("looks like a token: name a folder")
    return Path(text)


def _days(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) < 1:
        raise ValueError("must be a whole number of days, 1 or more")
    return int(text)


def _key(text: str) -> str:
    if not re.fullmatch(r"[!-~]{1,500}", text):
        raise ValueError("is no key: paste the whole of what the model's provider gave you, one word")
    return text


def _base_url(text: str) -> str:
    cure = "must be an address without a password, like http://localhost:8080/v1"
    url = _parts(text, cure)
    plain = re.fullmatch(r"[!-~]+", text) and not _TOKEN.search(text)
    if not plain or url.scheme not in {"http", "https"} or not url.hostname or "@" in url.netloc:
        raise ValueError(cure)
    if "?" in text or "#" in text:
        raise ValueError(cure)
    return f"{url.scheme}://{url.netloc}{url.path.rstrip('/')}"


def _seconds(text: str) -> timedelta:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 1 <= number <= 120:
        raise ValueError("must be a number of seconds from 1 to 120")
    return timedelta(seconds=number)


def _calls(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise ValueError("must be a whole number of calls, 1 or more")
    return int(text)


_SERVED = ("/healthz", "/readyz", "/metrics")
_WEBHOOK_PORTS = (443, 80, 88, 8443)
"""Where Telegram brings updates to (Bot API 10.0, setWebhook)."""


def _webhook_url(text: str) -> str:
    cure = "must be an address that Telegram can reach, with a path of letters and digits: https://bot.example.org/hook"
    url = _parts(text, cure)
    port = url.port
    here = url.hostname == "localhost" or _is_loopback(url.hostname or "")
    plain = re.fullmatch(r"[!-~]+", text) and re.fullmatch(r"(/[A-Za-z0-9._~-]*)*", url.path)
    if not plain or not url.hostname or "@" in url.netloc or "?" in text or "#" in text:
        raise ValueError(cure)
    if url.scheme != "https" and not (url.scheme == "http" and here):
        raise ValueError("must begin with https://, or Telegram brings nothing there")
    if not here and (port or 443) not in _WEBHOOK_PORTS:
        raise ValueError("must have one of the ports that Telegram knows: 443, 80, 88 or 8443 (PORT may be any)")
    if url.path in _SERVED:
        raise ValueError(f"must have a path of its own: {', '.join(_SERVED)} are taken")
    return f"{url.scheme}://{url.netloc}{url.path or '/'}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _secret(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", text):
        raise ValueError("must be 1 to 256 of A-Z, a-z, 0-9, _ and -; one is made and kept if it is empty")
    return text


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise ValueError("must be a number from 1 to 65535")
    return int(text)


def _bind(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError("must be an address of this machine: 0.0.0.0 for all, 127.0.0.1 behind a proxy here") from None


def _model(text: str) -> str:
    if not re.fullmatch(r"[\w.:/@+-]{1,100}", text) or re.match(r"[0-9]{3,}:", text):
        raise ValueError("must be the name of a model, one word, just as its server calls it")
    return text


_PARSERS: Final[Mapping[str, Callable[[str], object]]] = {
    "TELEGRAM_BOT_TOKEN": _token,
    "TELEGRAM_API_BASE_URL": _origin,
    "DATABASE_URL": _database,
    "ALLOWED_USERS": _users,
    "OWNER_ID": _user,
    "MESSAGES_PER_MINUTE": _most,
    "LOG_LEVEL": _level,
    "LOG_FORMAT": _log_format,
    "SENDS_PER_SECOND": _rate,
    "SENDS_PER_SECOND_PER_CHAT": _rate,
    "SENDS_BURST_PER_CHAT": _count,
    "BACKUP_DIR": _folder,
    "BACKUP_KEEP": _days,
    "REPLICA_LEASE": _seconds,
    "OPENAI_API_KEY": _key,
    "OPENAI_BASE_URL": _base_url,
    "OPENAI_MODEL": _model,
    "MODEL_DEADLINE": _seconds,
    "MODEL_CALLS_PER_DAY": _calls,
    "MODEL_CALLS_PER_DAY_EACH": _calls,
    "WEBHOOK_URL": _webhook_url,
    "WEBHOOK_SECRET": _secret,
    "PORT": _port,
    "BIND": _bind,
}
"""Every setting, named in capitals as its field is in small letters, and what makes a value of its text."""
