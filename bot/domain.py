"""What Tenfold is made of. Nothing here reads a clock, a file, an environment or a network.

Events are all that can happen, a Turn is all that a dialogue can answer. Channels translate to and from these and
decide nothing, so the same dialogues serve Telegram and the terminal.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

__all__ = [
    "Answer",
    "Asking",
    "Blocked",
    "Card",
    "CheckIn",
    "Choice",
    "Due",
    "Edited",
    "Event",
    "Incoming",
    "Outgoing",
    "Person",
    "Pressed",
    "Reply",
    "Said",
    "Sender",
    "Sent",
    "Shared",
    "Slot",
    "Theme",
    "Turn",
    "Unreadable",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A person wrote something. *text* is clean; *message* is the channel's id of it."""

    text: str
    message: int | None = None
    reply_to: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pressed:
    """A person pressed a button under *message*. *action* is the Choice's; *label* is what the button said."""

    action: str
    message: int | None = None
    label: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """A person shared where they are. Only the zone (an IANA name) is taken from it; the place is not kept."""

    zone: str
    message: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Edited:
    """A person changed what an earlier *message* of theirs says."""

    text: str
    message: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A person sent something that isn't words. *kind* is "voice", "photo", "sticker" and so on."""

    kind: str
    caption: str = ""
    message: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Blocked:
    """The person blocked the bot or is gone: nothing can be sent to them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """Something came that no dialogue can use. *kind* is "group" for anything said in a group, else "update"."""

    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A planned moment has come. *kind* and *subject* name it, *at* is when it was planned for (aware, UTC)."""

    kind: str
    subject: str
    at: datetime


Event = Said | Pressed | Shared | Edited | Sent | Blocked | Unreadable | Due


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """Who an event is from. In a private chat *person* and *chat* are the same number; a group is its own person."""

    person: int
    chat: int
    name: str = ""
    language: str = "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """One update, translated. *handle* is the channel's own, for answering a press at once."""

    sender: Sender
    event: Event
    handle: object = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A button. *action* comes back in Pressed: at most 64 bytes of ASCII, no private words."""

    label: str
    action: str
    style: Literal["", "primary", "success", "danger"] = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One thing the bot says. *replaces* is the message it is written over; *unasked* yields to replies; *about* is
    the check-in that it asks for, so that an answer to it finds home."""

    text: str
    choices: tuple[tuple[Choice, ...], ...] = ()
    replaces: int | None = None
    unasked: bool = False
    about: int | None = None

    def to_json(self) -> str:
        """The Reply as the outbox keeps it."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        fields["choices"] = [[(each.label, each.action, each.style) for each in row] for row in self.choices]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, payload: str) -> "Reply":
        """The Reply that `to_json` wrote."""
        fields = json.loads(payload)
        rows = [
            [Choice(label=label, action=action, style=style) for label, action, style in row]
            for row in fields.pop("choices")
        ]
        return cls(**fields, choices=tuple(map(tuple, rows)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """A Reply in the outbox, on its way to *chat*. *unsure* counts sends that may or may not have
    arrived; *bare* means without emphasis and buttons' styles, after the channel refused it once."""

    person: int
    id: int
    chat: int
    reply: Reply
    unsure: int = 0
    bare: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """All that a dialogue answers to one event. *chosen* is what the pressed message is to show from now on."""

    replies: tuple[Reply, ...] = ()
    chosen: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A planned check-in: its *day* in the person's own calendar, which names it for ever, and the instant (UTC)."""

    day: date
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Theme:
    """Something a person stands for, in their own words."""

    id: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One thing a person wrote or chose. *question* is a question's id or "note"; *text* is theirs to the letter;
    *reading* is what was understood: a choice's id, or "skip", "nothing", "enough", "unclear", or nothing."""

    id: int
    question: str
    said_at: datetime
    text: str | None = None
    reading: str | None = None
    check_in: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckIn:
    """One self-audit. *questions* are the ids it asks, in order; *closed_at* is empty while it is open."""

    id: int
    kind: Literal["planned", "asked"]
    subject: str
    questions: tuple[str, ...]
    opened_at: datetime
    closed_at: datetime | None = None
    finished: bool = False
    answers: tuple[Answer, ...] = field(default=())


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A suggested act. *act* is the catalogue's id of it; *state* is "open", "taken" or "declined"; *moment* is when
    they said they would, in a word of ours or in their own words."""

    id: int
    act: str
    text: str
    minutes: int
    theme: str | None
    state: Literal["open", "taken", "declined"]
    moment: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """What one person was asked of one question: digests of the wordings *used* in this round, when it was last asked,
    and whether they said never again."""

    used: tuple[str, ...] = ()
    asked_at: datetime | None = None
    never: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Whose journal it is. *minute* is of the day, in *zone*'s wall time; *pending* is the question that is open
    outside a check-in; *seen_at* is their last word or press; *counter* the last id given out in the journal."""

    id: int
    chat: int
    name: str
    language: str
    state: Literal["new", "here", "silent", "blocked", "apart"]
    joined_at: datetime
    seen_at: datetime
    city: str | None = None
    zone: str | None = None
    weekday: int | None = None
    minute: int | None = None
    length: Literal["short", "full", "one"] = "short"
    unanswered: int = 0
    quiet_until: datetime | None = None
    pending: Mapping[str, Any] | None = None
    counter: int = 0
