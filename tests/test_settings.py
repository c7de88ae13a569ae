"""What can be set, how slips are told, and that the token is never shown."""

import dataclasses
import os
import re
import traceback
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import TenfoldError
from bot.settings import Settings, UnfitSettings, environment

TOKEN = "123456:CANARY-token_of_a_test"


def problems(**variables: str) -> tuple[str, ...]:
    with pytest.raises(UnfitSettings) as caught:
        Settings.read({"TELEGRAM_BOT_TOKEN": TOKEN} | variables)
    return caught.value.problems


def test_a_token_is_enough() -> None:
    """Everything but the token has a default that suits a first run."""
    assert Settings.read({"TELEGRAM_BOT_TOKEN": f" {TOKEN}\n"}) == Settings(telegram_bot_token=TOKEN)


def test_everything_can_be_set() -> None:
    """Each setting is read, and forgives blanks, a closing slash and small letters."""
    assert Settings.read(
        {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": "http://localhost:8081/",
            "DATABASE_URL": "sqlite:////srv/tenfold.db",
            "ALLOWED_USERS": "12, 34 ,",
            "OWNER_ID": " 12 ",
            "MESSAGES_PER_MINUTE": "0",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "Pretty",
            "SENDS_PER_SECOND": "0.5",
            "SENDS_PER_SECOND_PER_CHAT": "0",
            "SENDS_BURST_PER_CHAT": "1",
            "BACKUP_DIR": "/srv/my backups",
            "BACKUP_KEEP": "30",
            "OPENAI_API_KEY": "sk-CANARY",
            "OPENAI_BASE_URL": "http://localhost:11434/v1/",
            "OPENAI_MODEL": "gemma3:4b-it-q4_K_M",
            "MODEL_DEADLINE": "22.5",
            "MODEL_CALLS_PER_DAY": "50",
            "MODEL_CALLS_PER_DAY_EACH": "2",
            "WEBHOOK_URL": "https://bot.example.org:8443/a-b/c_d",
            "WEBHOOK_SECRET": "a-B_3",
            "PORT": "5000",
            "BIND": "127.0.0.1",
        }
    ) == Settings(
        telegram_bot_token=TOKEN,
        telegram_api_base_url="http://localhost:8081",
        database_url="sqlite:////srv/tenfold.db",
        allowed_users=frozenset({12, 34}),
        owner_id=12,
        messages_per_minute=0,
        log_level="DEBUG",
        log_format="pretty",
        sends_per_second=0.5,
        sends_per_second_per_chat=0,
        sends_burst_per_chat=1,
        backup_dir=Path("/srv/my backups"),
        backup_keep=30,
        openai_api_key="sk-CANARY",
        openai_base_url="http://localhost:11434/v1",
        openai_model="gemma3:4b-it-q4_K_M",
        model_deadline=timedelta(seconds=22.5),
        model_calls_per_day=50,
        model_calls_per_day_each=2,
        webhook_url="https://bot.example.org:8443/a-b/c_d",
        webhook_secret="a-B_3",
        port=5000,
        bind="127.0.0.1",
    )


def test_blank_is_not_set() -> None:
    """A line that was left empty counts as not there."""
    assert Settings.read({"TELEGRAM_BOT_TOKEN": TOKEN, "ALLOWED_USERS": " ", "LOG_LEVEL": ""}) == Settings(
        telegram_bot_token=TOKEN
    )


def test_no_token_says_where_to_get_one() -> None:
    """The error of a first run is its cure."""
    assert problems(TELEGRAM_BOT_TOKEN="") == (
        "TELEGRAM_BOT_TOKEN is empty: copy .env.example to .env and paste the token from @BotFather",
    )


@pytest.mark.parametrize(
    "text", ["123:short", "12:" + "a" * 35, "a" * 35, "bot123456:" + "a" * 35, "123456:" + "ä" * 35]
)
def test_a_token_has_a_shape(text: str) -> None:
    """Half a token is told at once, not after Telegram refused it; and what passes is what logs leave out."""
    (told,) = problems(TELEGRAM_BOT_TOKEN=text)
    assert told.startswith("TELEGRAM_BOT_TOKEN is no token")


def test_all_slips_are_told_together() -> None:
    """Nobody has to start the bot five times to find five slips; each line begins with the setting's name."""
    told = problems(
        TELEGRAM_BOT_TOKEN="my token",
        TELEGRAM_API_BASE_URL="api.telegram.org",
        DATABASE_URL="mysql://me:hunter2@db/tenfold",
        ALLOWED_USERS="mira",
        OWNER_ID="12, 34",
        MESSAGES_PER_MINUTE="-1",
        LOG_LEVEL="loud",
        LOG_FORMAT="xml",
        SENDS_PER_SECOND="-1",
        SENDS_PER_SECOND_PER_CHAT="inf",
        SENDS_BURST_PER_CHAT="1.5",
        BACKUP_DIR=TOKEN,
        BACKUP_KEEP="for ever",
        OPENAI_API_KEY="two words",
        OPENAI_BASE_URL="localhost:8080",
        OPENAI_MODEL="two words",
        MODEL_DEADLINE="0.5",
        MODEL_CALLS_PER_DAY="0",
        MODEL_CALLS_PER_DAY_EACH="-1",
        WEBHOOK_URL="bot.example.org",
        WEBHOOK_SECRET="two words",
        PORT="65536",
        BIND="everywhere",
    )
    assert [line.split()[0] for line in told] == [
        "TELEGRAM_BOT_TOKEN",
        "TELEGRAM_API_BASE_URL",
        "DATABASE_URL",
        "ALLOWED_USERS",
        "OWNER_ID",
        "MESSAGES_PER_MINUTE",
        "LOG_LEVEL",
        "LOG_FORMAT",
        "SENDS_PER_SECOND",
        "SENDS_PER_SECOND_PER_CHAT",
        "SENDS_BURST_PER_CHAT",
        "BACKUP_DIR",
        "BACKUP_KEEP",
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "OPENAI_MODEL",
        "MODEL_DEADLINE",
        "MODEL_CALLS_PER_DAY",
        "MODEL_CALLS_PER_DAY_EACH",
        "WEBHOOK_URL",
        "WEBHOOK_SECRET",
        "PORT",
        "BIND",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://api.telegram.org/bot123:abc",
        "https://me:secret@api.telegram.org",
        "https://api.telegram.org?token=1",
        "https://",
        "https://host:port",
        "https://[::1",
        "ftp://host",
    ],
)
def test_an_origin_is_only_an_origin(url: str) -> None:
    """A path, a password or a query in the server's address is told, and not repeated."""
    (told,) = problems(TELEGRAM_API_BASE_URL=url)
    assert told.startswith("TELEGRAM_API_BASE_URL must be an origin")
    assert "secret" not in told
    assert "bot123" not in told


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "tenfold.db", "mysql:///x"])
def test_a_database_is_a_file(url: str) -> None:
    """A database that would forget, or of a kind that is not there yet, is told with an address that works."""
    (told,) = problems(DATABASE_URL=url)
    assert "sqlite:///tenfold.db" in told


@pytest.mark.parametrize(
    ("variables", "cure"),
    [
        ({"OPENAI_API_KEY": "sk-CANARY"}, "OPENAI_MODEL is empty though OPENAI_API_KEY is set"),
        ({"OPENAI_BASE_URL": "http://localhost:8080/v1"}, "OPENAI_MODEL is empty though OPENAI_BASE_URL is set"),
        ({"OPENAI_MODEL": "gemma3", "OPENAI_API_KEY": " "}, "OPENAI_API_KEY is empty though OPENAI_MODEL is set"),
    ],
)
def test_half_a_language_model_is_told(variables: dict[str, str], cure: str) -> None:
    """A key or a server without a model, and a model without either, would never be asked: that is told at start."""
    (told,) = problems(**variables)
    assert told.startswith(cure)


@pytest.mark.parametrize("set_too", [{"OPENAI_API_KEY": "sk-1"}, {"OPENAI_BASE_URL": "https://models.example/v1"}])
def test_a_model_needs_a_key_or_a_server(set_too: dict[str, str]) -> None:
    """With a key it is OpenAI's, and with a server of one's own there may be no key."""
    read = Settings.read({"TELEGRAM_BOT_TOKEN": TOKEN, "OPENAI_MODEL": "gemma3"} | set_too)
    assert (read.openai_api_key, read.openai_base_url) == (
        set_too.get("OPENAI_API_KEY", ""),
        set_too.get("OPENAI_BASE_URL", ""),
    )


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8080/v1",
        "https://me:secret@models.example/v1",
        "https://models.example/v1?key=secret",
        "https://models.example/v1#secret",
        "https://",
        "https://host:port/v1",
        "https://[::1",
        "ftp://host/v1",
        f"https://models.example/{TOKEN}",
        "http://models.example/a b",
    ],
)
def test_the_address_of_a_model_has_a_path_at_most(url: str) -> None:
    """A password, a key or a token in it would be shown: that is told, and not repeated."""
    (told,) = problems(OPENAI_BASE_URL=url, OPENAI_MODEL="gemma3")
    assert told == "OPENAI_BASE_URL must be an address without a password, like http://localhost:8080/v1"


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://bot.example.org", "https://bot.example.org/"),
        ("https://bot.example.org/hook/", "https://bot.example.org/hook/"),
        ("https://bot.example.org:88/hook", "https://bot.example.org:88/hook"),
        ("http://127.0.0.1:4321/hook", "http://127.0.0.1:4321/hook"),
        ("http://localhost:4321/hook", "http://localhost:4321/hook"),
        ("http://[::1]:4321/hook", "http://[::1]:4321/hook"),
    ],
)
def test_where_updates_are_brought(url: str, read: str) -> None:
    """It is an https address at one of Telegram's ports; without https and at any port only on this machine."""
    assert Settings.read({"TELEGRAM_BOT_TOKEN": TOKEN, "WEBHOOK_URL": url}).webhook_url == read


@pytest.mark.parametrize(
    ("url", "cure"),
    [
        ("bot.example.org/hook", "must be an address that Telegram can reach"),
        ("https://", "must be an address that Telegram can reach"),
        ("https://host:port/secret", "must be an address that Telegram can reach"),
        ("https://[::1/secret", "must be an address that Telegram can reach"),
        ("https://me:secret@bot.example.org/hook", "must be an address that Telegram can reach"),
        ("https://bot.example.org/hook?key=secret", "must be an address that Telegram can reach"),
        ("https://bot.example.org/hook#secret", "must be an address that Telegram can reach"),
        ("https://bot.example.org/{secret}", "must be an address that Telegram can reach"),
        (f"https://bot.example.org/{TOKEN}", "must be an address that Telegram can reach"),
        ("http://bot.example.org/secret", "must begin with https://"),
        ("http://127.example.org/secret", "must begin with https://"),
        ("https://bot.example.org:8080/secret", "must have one of the ports that Telegram knows"),
        ("https://bot.example.org/metrics", "must have a path of its own"),
    ],
)
def test_where_updates_can_not_be_brought(url: str, cure: str) -> None:
    """What Telegram wouldn't take, or would be told to anybody, is told at the start, and not repeated."""
    (told,) = problems(WEBHOOK_URL=url)
    assert told.startswith(f"WEBHOOK_URL {cure}")
    assert "secret" not in told
    assert "CANARY" not in told


@pytest.mark.parametrize("secret", ["é", "a b", "a.b", "a" * 257, TOKEN])
def test_a_webhooks_secret_is_of_letters_that_telegram_takes(secret: str) -> None:
    """It goes into a header as it is."""
    (told,) = problems(WEBHOOK_SECRET=secret)
    assert told.startswith("WEBHOOK_SECRET must be 1 to 256 of")
    assert "CANARY" not in told
    assert "CANARY" not in repr(Settings.read({"TELEGRAM_BOT_TOKEN": TOKEN, "WEBHOOK_SECRET": "CANARY"}))


@pytest.mark.parametrize("port", ["0", "-1", "65536", "8080/tcp", "²"])
def test_a_port_is_a_number(port: str) -> None:
    """It is one of those that there are."""
    (told,) = problems(PORT=port)
    assert told == "PORT must be a number from 1 to 65535"


def test_the_key_is_never_shown() -> None:
    """Neither well set nor in the wrong line."""
    read = Settings.read({"TELEGRAM_BOT_TOKEN": TOKEN, "OPENAI_API_KEY": "sk-CANARY", "OPENAI_MODEL": "gemma3"})
    assert "CANARY" not in repr(read)
    told = problems(OPENAI_API_KEY="sk CANARY", OPENAI_BASE_URL="sk-CANARY", MODEL_DEADLINE="sk-CANARY")
    assert not any("CANARY" in each for each in told)


NAMES = [field.name.upper() for field in dataclasses.fields(Settings)]


# Before its first text Hypothesis reads all of Unicode, which takes seconds in a new checkout.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(NAMES), st.text() | st.just(TOKEN)))
def test_the_token_is_never_shown(variables: dict[str, str]) -> None:
    """Whatever is set to whatever, also the token pasted into the wrong line, no text that comes out has it."""
    try:
        shown = repr(Settings.read({"TELEGRAM_BOT_TOKEN": TOKEN} | variables))
    except UnfitSettings as error:
        shown = "".join(traceback.format_exception(error))
    assert "CANARY" not in shown


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set outside counts; what is blank there is taken from .env, where a dollar sign is a dollar sign."""
    file = tmp_path / ".env"
    file.write_text('\ufeffLOG_LEVEL=debug\nDATABASE_URL="sqlite:///a$b.db"\nALLOWED_USERS=\n', "utf-8")
    monkeypatch.setattr(os, "environ", {"LOG_LEVEL": "error", "DATABASE_URL": " "})
    assert environment(file) == {"LOG_LEVEL": "error", "DATABASE_URL": "sqlite:///a$b.db"}
    assert environment(tmp_path / "none") == {"LOG_LEVEL": "error"}


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    """A .env that can't be read is an error with a cure, not a traceback."""
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TenfoldError, match=r"\.env can't be read"):
        environment(tmp_path / ".env")


def test_the_example_names_every_setting() -> None:
    """.env.example explains each setting once, and its values are the defaults."""
    text = (Path(__file__).parent.parent / ".env.example").read_text("utf-8")
    found = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, flags=re.MULTILINE))
    assert sorted(found) == sorted(NAMES)
    assert Settings.read(found | {"TELEGRAM_BOT_TOKEN": TOKEN}) == Settings(telegram_bot_token=TOKEN)


def test_backups_of_postgres_are_not_ours() -> None:
    """A folder in which nothing would ever be is told, not passed over; beside a file it is fine."""
    (told,) = problems(DATABASE_URL="postgresql://me:hunter2@db/tenfold", BACKUP_DIR="backups")
    assert told.startswith("BACKUP_DIR is set though DATABASE_URL leads to PostgreSQL: unset it")
    assert "hunter2" not in told
    beside = {"TELEGRAM_BOT_TOKEN": TOKEN, "DATABASE_URL": "sqlite:///tenfold.db", "BACKUP_DIR": "backups"}
    assert Settings.read(beside).backup_dir == Path("backups")
