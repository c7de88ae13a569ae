"""What Tenfold is made of. Nothing here reads a clock, a file, an environment or a network.

Events are all that can happen, a Turn is all that a dialogue can answer. Channels translate to and from these and
decide nothing, so the same dialogues serve Telegram and the terminal.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

__all__ = [
    "Acquaintance",
    "Answer",
    "Asking",
    "Better",
    "Blocked",
    "Brief",
    "Bring",
    "Brought",
    "Bundle",
    "Card",
    "CardBrief",
    "CardFace",
    "CardProposal",
    "CheckIn",
    "Choice",
    "Count",
    "Counted",
    "Discard",
    "DraftBrief",
    "DraftFace",
    "DraftProposal",
    "Due",
    "Edited",
    "Erase",
    "Event",
    "Face",
    "Fetch",
    "Figures",
    "File",
    "Incoming",
    "Media",
    "Outgoing",
    "Person",
    "Place",
    "Pressed",
    "Proposal",
    "Proposed",
    "React",
    "Reply",
    "Said",
    "Scrub",
    "Sender",
    "Sent",
    "Shared",
    "Slot",
    "StoryBrief",
    "StoryFace",
    "StoryProposal",
    "Theme",
    "TooMuch",
    "Trouble",
    "Turn",
    "Unreadable",
    "View",
    "Why",
    "Wish",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """Something that isn't words. *kind* is "voice", "photo", "video", "audio" or "document"; *id* is the channel's own
    of it, *size* in bytes (0 if unknown), and *path* where its bytes are on this machine; either may be empty."""

    kind: str
    id: str = ""
    name: str = ""
    size: int = 0
    path: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A person wrote something. *text* is clean; *message* is the channel's id of it. *forwarded* is the name of
    whoever wrote it first, if they passed it on; empty if that is hidden."""

    text: str
    message: int | None = None
    reply_to: int | None = None
    forwarded: str | None = None


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
    """A person sent something that isn't words. *kind* is "voice", "photo", "sticker" and so on; *file* is there for
    what can be kept. What was sent together in one go has the same *album*, each with an event of its own. *forwarded*
    is as for Said: then the *caption* is somebody else's."""

    kind: str
    caption: str = ""
    message: int | None = None
    reply_to: int | None = None
    file: File | None = None
    album: str = ""
    forwarded: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Blocked:
    """The person blocked the bot or is gone: nothing can be sent to them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """Something came that no dialogue can use. *kind* is "group" for anything said in a group, "group journal" where
    somebody wanted a journal handed out or taken in there, else "update"."""

    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A planned moment has come. *kind* and *subject* name it, *at* is when it was planned for (aware, UTC)."""

    kind: str
    subject: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposed:
    """A language model answered the *wish* with a *proposal*, and *reply*, which was held for it, still waits."""

    wish: "Better"
    proposal: "Proposal"
    reply: "Reply"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bundle:
    """What somebody brings along, checked and ready to be written: *rows* by the table that they belong to, each table
    in the order of its ids; ids are of one series, none twice and none above *counter*, and what speaks of another row
    does so by its id in here. *person* are the settings that came with it; None for mere notes. A file whose bytes are
    along has its name there as its channel's id; the others are "absent"."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    person: Mapping[str, Any] | None = None
    counter: int = 0


Why = Literal["unreadable", "large", "much", "newer", "field", "line", "dates", "empty"]
"""Why a file can't be taken in: it is none of the kinds that can, or damaged; it is larger than the channel hands out;
it holds more than a journal can; a newer Tenfold made it; something at a place in it, or on a line, makes no sense; it
doesn't show which number is the day; there is nothing in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """*why* a file can't be taken in, and the *place* where that shows: "cards[3].minutes", or the number of a line."""

    why: Why
    place: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """The *upload*, as it was then, was read: a *bundle* to be taken in, or a trouble."""

    upload: "Media"
    bundle: Bundle | Trouble


@dataclass(frozen=True, kw_only=True, slots=True)
class TooMuch:
    """A person wrote more in a minute than is taken in: what comes in the next one isn't kept either."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """How the bot is doing, for its owner: counts alone, nobody's words and nobody's id.

    *people* by their state; check-ins that are *due* now, *planned* for the next seven days, and *done* in the last
    seven; updates that are *unread* and messages that are *unsent*; updates and messages that were set *aside*; how
    often it *stumbled* since this process began (*since*, aware), by kinds of errors; and *calls* of a language model
    today (UTC) of so many that may be made (*budget*, 0 without one)."""

    people: Mapping[str, int]
    due: int
    planned: int
    done: int
    unread: int
    unsent: int
    aside: tuple[int, int]
    stumbled: Mapping[str, int]
    since: datetime
    calls: int
    budget: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """The *figures* that were wished for are here."""

    figures: Figures


Event = Said | Pressed | Shared | Edited | Sent | Blocked | Unreadable | Due | Proposed | Brought | TooMuch | Counted


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
    the check-in that it asks for, so that an answer to it finds home. *attached* is what comes with it, made when it is
    sent and never stored: "export", "media 17" for a file of the journal by its id, "story 26 3" for so many weeks and
    the theme 3 (0 is all of them), or "letter". While it is *held* it waits for a language model that is asked for
    something better, and for no longer than that may take."""

    text: str
    choices: tuple[tuple[Choice, ...], ...] = ()
    replaces: int | None = None
    unasked: bool = False
    about: int | None = None
    attached: str = ""
    held: bool = False

    def to_json(self) -> str:
        """The Reply as the outbox keeps it."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        fields["choices"] = [[(each.label, each.action, each.style) for each in row] for row in self.choices]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, payload: str) -> "Reply":
        """The Reply that `to_json` wrote."""
        fields = json.loads(payload)
        fields.pop("card", None)  # what was held before November 2026 was a card; it isn't held any more
        rows = [
            [Choice(label=label, action=action, style=style) for label, action, style in row]
            for row in fields.pop("choices")
        ]
        return cls(**fields, choices=tuple(map(tuple, rows)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """A Reply in the outbox, on its way to *chat*. *unsure* counts sends that may or may not have
    arrived; *bare* means without emphasis and buttons' styles, after the channel refused it once; *farewell* is the
    last word to somebody who had everything erased, and nothing is kept of it."""

    person: int
    id: int
    chat: int
    reply: Reply
    unsure: int = 0
    bare: bool = False
    farewell: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Media:
    """A file that belongs to the answer *answer*. *state* is "wanted" until its bytes are here, then "kept"; "absent"
    if they can't be had, and only the channel's id is left.

    An upload, which is to be taken in, belongs to no answer (0) and is gone afterwards. Its file's kind says what is to
    be done with it: "import" that it is to be read, "beside" that they agreed to have it put beside what is here, "zip"
    that files are to be taken out of it. Until that is done it is "wanted"; "asked" while they are."""

    id: int
    answer: int
    file: File
    state: Literal["wanted", "kept", "absent", "asked"] = "wanted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetch:
    """Bring the bytes of *media* here."""

    media: Media


@dataclass(frozen=True, kw_only=True, slots=True)
class Bring:
    """Do what is to be done with the *upload*: read it, and say what it was in Brought; or take files out of it."""

    upload: Media


@dataclass(frozen=True, kw_only=True, slots=True)
class Discard:
    """Remove the bytes of the media *id*: its row is gone."""

    id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Erase:
    """Everything of this person is gone from the journal: their files and what is queued go too, and the disk is
    scrubbed before they are told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scrub:
    """Something was deleted: the disk is to forget it too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class React:
    """Put a heart to the person's own *message*. Best effort."""

    message: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CardFace:
    """What a reply with the *card* on it is made of: the lines *above* and the *mirror* stand over the card, and
    *below* under it."""

    card: int
    above: tuple[str, ...]
    mirror: str
    below: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftFace:
    """What a reply about a draft is made of besides what is said of it: the lines *above* and *below*."""

    above: str
    below: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryFace:
    """The lines *above* and *below* the sentences under a story's picture."""

    above: str
    below: str


Face = CardFace | DraftFace | StoryFace
"""What a held reply is made of, as far as it isn't a model's to better: its dialogue puts it together again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Better:
    """Ask a language model, which is shown *brief*, for something better than what is on the one reply of this turn
    that is held. *face* is what else that reply is made of."""

    brief: "Brief"
    face: Face


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """Count how the bot is doing, and say so in Counted. Only its owner is told."""


Wish = Fetch | Bring | Discard | Scrub | Erase | React | Better | Count
"""What a dialogue wants done once its transaction is on disk."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """All that a dialogue answers to one event. *chosen* is what the pressed message is to show from now on; *wishes*
    are fulfilled outside the transaction."""

    replies: tuple[Reply, ...] = ()
    chosen: str | None = None
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A planned check-in: its *day* in the person's own calendar, which names it for ever, and the instant (UTC)."""

    day: date
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Theme:
    """Something a person stands for, in their own words. Nothing is suggested for one that is *paused*. Whatever has a
    *circle*, a word of theirs such as "work", is never brought together with what has another one."""

    id: int
    text: str
    paused: bool = False
    circle: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Acquaintance:
    """Somebody whom a person named, by the *name* they use. Nobody who is *let_be* is ever suggested again. *seen_at*
    is when they were last spoken of; *circle* is as for a Theme."""

    id: int
    name: str
    let_be: bool = False
    seen_at: datetime | None = None
    circle: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a person already is, online or off, in their own words; *circle* is as for a Theme."""

    id: int
    text: str
    circle: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One thing a person wrote or chose. *question* is a question's id, "note", or "outcome" for what came of the
    answer or card *about*; *text* is theirs to the letter; *reading* is what was understood: a choice's id, or "skip",
    "nothing", "enough", "unclear", "hard", the kind of a file about which nothing was said, or nothing; "done" for a
    good turn that began as the card *about*, whose words it has until they are reworded; *theme* is the theme that it
    serves."""

    id: int
    question: str
    said_at: datetime
    text: str | None = None
    reading: str | None = None
    check_in: int | None = None
    theme: int | None = None
    about: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """Which entries of the history are looked at: those whose words hold all of *terms* (parts of folded text, see
    bot.understand.search), or which serve *theme*, or name *acquaintance*; everything if none of these is given. Of
    these, those from *since* on and before *until* (aware)."""

    terms: tuple[str, ...] = ()
    theme: int | None = None
    acquaintance: int | None = None
    since: datetime | None = None
    until: datetime | None = None


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
    """A suggested act. *act* is the catalogue's id of it; *state* is "open", "taken", "declined", "done", "dropped", or
    "passed" where another or a smaller one was asked for instead; *moment* is when they said they would, in a word of
    ours or in their own words; *felt* is how it was, "gladly" or "chore"; *acquaintance* is whom it is for, if that is
    somebody they named, and *place* where it happens; *received* is the answer that it gives thanks for or passes on;
    *source* is who wrote its text."""

    id: int
    act: str
    text: str
    minutes: int
    theme: str | None
    state: Literal["open", "taken", "declined", "done", "dropped", "passed"]
    shown_at: datetime
    moment: str | None = None
    felt: Literal["gladly", "chore"] | None = None
    acquaintance: int | None = None
    place: int | None = None
    received: int | None = None
    source: Literal["catalogue", "model", "received"] = "catalogue"


@dataclass(frozen=True, kw_only=True, slots=True)
class CardBrief:
    """All that a language model is shown of one person for a card. No ids, and nothing of anybody else.

    *themes*, *places* and *people* are what a suggestion may name, in their own words ("Rui", "your sister"); *told* is
    what they wrote in the last weeks, oldest first, each with the question that it answers; *went* are earlier acts,
    newest first, each with what became of it: "taken", "gladly", "chore", "declined" or "dropped". *acts* are up to
    eight of the catalogue that fit now, filled in; *recent* are the texts of the cards of the last 26 weeks, which
    nothing may come near to; *minutes* is how long it may take at most; unless *new_faces*, only people they know.
    """

    themes: tuple[str, ...]
    places: tuple[str, ...]
    people: tuple[str, ...]
    told: tuple[tuple[str, str], ...]
    went: tuple[tuple[str, str], ...]
    acts: tuple[str, ...]
    recent: tuple[str, ...]
    minutes: int
    new_faces: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CardProposal:
    """What a language model answered to a CardBrief, not trusted yet: an *act* of so many *minutes* for one *theme*,
    for a *person* or at a *place* of theirs if it names any, and a *mirror*, one sentence that joins two phrases of
    theirs; empty if there is none."""

    theme: str | None
    person: str | None
    place: str | None
    act: str
    minutes: int
    mirror: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftBrief:
    """All that a language model is shown for a draft: its *text*, the person's *themes*, and what our own reading says
    of it, a *remark* and the *question* that would open it."""

    text: str
    themes: tuple[str, ...]
    remark: str
    question: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftProposal:
    """What a language model answered to a DraftBrief, not trusted yet: a *remark* on how the draft takes part or
    broadcasts, a *question* that would open it, and the *theme* that it serves, None for none of them."""

    theme: str | None
    remark: str
    question: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryBrief:
    """All that a language model is shown for the sentences under a story's picture: over what time it goes (*span*),
    their *themes* and *people*, what they *told*, oldest first, each with what it is ("given", "received" or "what came
    of it"), and our own *caption*."""

    span: str
    themes: tuple[str, ...]
    people: tuple[str, ...]
    told: tuple[tuple[str, str], ...]
    caption: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryProposal:
    """What a language model answered to a StoryBrief, not trusted yet: a *caption* of three or four sentences."""

    caption: str


Brief = CardBrief | DraftBrief | StoryBrief
"""What a language model may be shown."""

Proposal = CardProposal | DraftProposal | StoryProposal
"""What it may answer, each to the brief of its kind."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """What one person was asked of one question: digests of the wordings *used* in this round, when it was last asked,
    and whether they said never again."""

    used: tuple[str, ...] = ()
    asked_at: datetime | None = None
    never: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Whose journal it is. *minute* is of the day, in *zone*'s wall time; *weeks* lie between two check-ins (1, 2 or
    4); *discreet* pings show nothing but that they came; *model* is whether they agreed to a language model, None if
    they were never asked; *dark* is how they like their pictures; *pending* is the question that is open outside a
    check-in; *seen_at* is their last word or press; *counter* the last id given out in the journal."""

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
    weeks: int = 1
    discreet: bool = False
    dark: bool = False
    model: bool | None = None
    unanswered: int = 0
    quiet_until: datetime | None = None
    pending: Mapping[str, Any] | None = None
    counter: int = 0
