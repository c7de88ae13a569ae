"""`/import`: a journal, or dated notes, taken in from a file.

The file is written down as an upload and read outside the transaction (see Bring); what it was comes back as Brought.
Into a journal in which nothing was told it goes whole. Otherwise it is put beside what is here, once they said so, and
nothing that is here changes. The upload goes in the same transaction in which its words come.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot import understand
from bot.dialogue import aside
from bot.dialogue.planning import plan_anew
from bot.dialogue.talk import RATHER_NOT, Part, Talk, choice
from bot.domain import Bring, Brought, Bundle, Discard, Media, Pressed, Said, Sent, Trouble
from bot.files import LARGEST
from bot.store import instant
from bot.words import _
from bot.words.dates import month

COMMAND = "/import"

AWAITED = timedelta(hours=1)
"""For how long after it was asked for a file of the right kind is the one that was meant."""

_ENDINGS = (".json", ".zip", ".csv", ".tsv", ".txt")


# The file


def begin(talk: Talk) -> None:
    """Say what can be taken in, and wait for it."""
    talk.journal.note_asking("import", asked_at=talk.now)
    talk.put_in("import")
    resume(talk)


def resume(talk: Talk) -> None:
    """Ask for the file again."""
    talk.say(
        _(
            "Send me the journal.json that /export gave you, or the whole zip; or a table (CSV) with a date and a text"
            " on each line."
        ),
        _("Nothing that is here will change."),
        choices=[(choice(_("Leave it"), "import", "leave"),)],
    )


def said(event: Said, talk: Talk) -> bool:
    """Words instead of a file: that they'd rather not, or something else that is treated as always."""
    if understand.wish(event.text) in (*RATHER_NOT, "later"):
        aside.back(talk, _("Left it."))
        return True
    talk.restore()
    return False


def is_meant(event: Sent, talk: Talk) -> bool:
    """Whether what was sent is to be taken in: by what stands below it, or since it was asked for."""
    if event.file is None or event.kind != "document" or event.forwarded is not None:
        return False
    if talk.asked == "import" or event.caption.split()[:1] == [COMMAND]:
        return True
    asked_at = talk.journal.asking("import").asked_at
    lately = asked_at is not None and talk.now - asked_at <= AWAITED
    return lately and not event.caption and event.file.name.casefold().endswith(_ENDINGS)


def sent(event: Sent, talk: Talk) -> None:
    """The file is here. One that came before and waits for an answer isn't meant any more."""
    assert event.file is not None  # `is_meant` looked
    if talk.asked in ("import", "beside"):
        talk.restore()
    for older in talk.journal.uploads():
        if older.state == "asked":
            _forget(talk, older)
    talk.journal.note_asking("import", asked_at=None)
    if event.file.size > LARGEST:
        _say_trouble(talk, Trouble(why="large"))
    else:
        talk.wish(Bring(upload=talk.journal.add_upload(event.file)))
        talk.say(_("Thank you. Let me read it."))


# What it was


def brought(event: Brought, talk: Talk, resume: Callable[[Talk], bool]) -> None:
    """It was read. *resume* asks again whatever is open."""
    upload, bundle = talk.journal.upload(event.upload.id), event.bundle
    if upload is None or upload != event.upload:
        return  # taken in before, or not wanted any more: it may even be another one, since everything was erased
    if isinstance(bundle, Trouble):
        _forget(talk, upload)
        _say_trouble(talk, bundle)
    elif not any(bundle.rows.values()):
        _forget(talk, upload)
        _say_trouble(talk, Trouble(why="empty"))
    elif bundle.person and talk.journal.is_empty:
        _take_over(talk, bundle, upload, resume)
    elif talk.journal.is_empty or upload.file.kind == "beside":
        _put_beside(talk, bundle, upload, resume)
    else:
        _ask(talk, bundle, upload)


def _take_over(talk: Talk, bundle: Bundle, upload: Media, resume: Callable[[Talk], bool]) -> None:
    """The journal is this one from now on, and goes on as theirs does: what was open is open, what was planned is, and
    a check-in whose day has passed is planned anew."""
    journal = talk.journal
    journal.take_over(bundle, upload)
    state, pending = talk.person.state, talk.person.pending
    if state not in ("new", "here"):
        state = "here" if talk.person.zone else "new"
    sound = pending if is_sound(pending) else None
    journal.change(state=state, seen_at=talk.now, unanswered=0, pending=sound)  # they are here just now
    if state == "here":
        planned = journal.planned("check-in")
        if planned is None or planned[1] <= talk.now:
            journal.unplan("check-in")
            plan_anew(talk)
    _unpack(talk, bundle, upload)
    _go_on(talk, resume, _all_here(bundle), _left_behind(bundle))


def _put_beside(talk: Talk, bundle: Bundle, upload: Media, resume: Callable[[Talk], bool]) -> None:
    added = talk.journal.put_beside(bundle, upload)
    _unpack(talk, bundle, upload)
    if added:
        _go_on(talk, resume, _all_here(bundle), _left_behind(bundle))
    else:
        _go_on(talk, resume, _("All of that is here already."))


def _go_on(talk: Talk, resume: Callable[[Talk], bool], *lines: str) -> None:
    """Say *lines*, and ask again whatever is open."""
    talk.greeting = "\n".join(filter(None, (talk.greeting, *lines)))
    if not resume(talk):
        talk.say()


def _unpack(talk: Talk, bundle: Bundle, upload: Media) -> None:
    """Take the files that came along out of the *upload*; if there are none it is done with."""
    if any(row["file"] for row in bundle.rows.get("media", ())):
        talk.wish(Bring(upload=talk.journal.set_upload(upload, kind="zip", state="wanted")))
    else:
        _forget(talk, upload)


def _forget(talk: Talk, upload: Media) -> None:
    """*upload* is done with, and its file goes."""
    talk.journal.drop_upload(upload)
    talk.wish(Discard(id=upload.id))


# Beside what is here


def _ask(talk: Talk, bundle: Bundle, upload: Media) -> None:
    """Say what it is, and ask whether it is to be put beside what is here."""
    talk.journal.set_upload(upload, kind=upload.file.kind, state="asked")
    span = _span(bundle)
    if bundle.person is None:
        lines = (_("Those are notes, {span}.").format(span=span), _("Put them beside what is here?"))
        labels = (_("Put them beside"), _("Leave them"))
    else:
        what = _("That's a journal, {span}.").format(span=span) if span else _("That's a journal.")
        lines = (what, _("Put it beside what is here?"))
        labels = (_("Put it beside"), _("Leave it"))
    talk.lay_out("beside", upload=-upload.id)
    yes = choice(labels[0], "import", "beside", -upload.id, style="primary")
    talk.say(*lines, choices=[(yes, choice(labels[1], "import", "leave", -upload.id))])


def beside(event: Said, talk: Talk) -> bool:
    """Yes or no in words; anything else leaves the buttons as they are."""
    upload = talk.journal.upload(-int(talk.pending["upload"]))
    talk.restore()
    match understand.wish(event.text):
        case "yes" if upload:
            _agree(talk, upload)
        case wish if wish in (*RATHER_NOT, "later") and upload:
            _leave(talk, upload)
        case _:
            return False
    return True


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """The buttons below both questions."""
    match parts:
        case ["leave"]:
            if talk.asked == "import":
                talk.chosen = event.label
                aside.back(talk, _("Left it."))
            return True
        case ["beside" | "leave" as wish, int(id)] if upload := talk.journal.upload(-id):
            if upload.state == "asked":
                talk.chosen = event.label
                if talk.asked == "beside":
                    talk.restore()
                (_agree if wish == "beside" else _leave)(talk, upload)
            return True
    return False


def _agree(talk: Talk, upload: Media) -> None:
    talk.wish(Bring(upload=talk.journal.set_upload(upload, kind="beside", state="wanted")))


def _leave(talk: Talk, upload: Media) -> None:
    _forget(talk, upload)
    aside.back(talk, _("I've left it, and the file is gone from here."))


# In words


def _all_here(bundle: Bundle) -> str:
    span = _span(bundle)
    return _("It's all here, {span}.").format(span=span) if span else _("It's all here.")


def _left_behind(bundle: Bundle) -> str:
    """That files stayed behind, if they did."""
    behind = any(not row["file"] for row in bundle.rows.get("media", ()))
    return _("Not the files that were with it, though: those are in the zip, as far as I have them.") if behind else ""


def _span(bundle: Bundle) -> str:
    """From when to when it was written: "from March 2025 to November 2026"; empty if nothing was."""
    said = [str(row["said_at"]) for row in bundle.rows.get("answer", ())]
    if not said:
        return ""
    first, last = (_month(instant(at)) for at in (min(said), max(said)))
    if first == last:
        return _("from {month}").format(month=first)
    return _("from {first} to {last}").format(first=first, last=last)


def _month(at: datetime) -> str:
    return f"{month(at.month)} {at.year}"


def _say_trouble(talk: Talk, trouble: Trouble) -> None:
    """Why it can't be taken in, and what would help."""
    reasons = {
        "unreadable": _(
            "I can't read that file. It takes the journal.json or the zip from /export, or a table (CSV) with a date"
            " and a text on each line."
        ),
        "large": _("That file is more than 20 MB, and a bot can't fetch more. The journal.json in it may be smaller."),
        "much": _("That's more than one journal can hold."),
        "newer": _("A newer Tenfold made that file, and I can't read it yet."),
        "field": _("Something in that file isn't as it should be: {place}."),
        "line": _("I can't make out line {place}. It takes a date and a text, like: 2026-11-09, fed Ana's bees"),
        "dates": _("I can't tell which number is the day. Would you write the dates like 2026-11-09?"),
        "empty": _("There's nothing in that file that I could keep."),
    }
    talk.say(reasons[trouble.why].format(place=trouble.place or "?"), _("Nothing has changed here."))


# What was open elsewhere

_NEEDED: dict[str, tuple[str, ...]] = {
    "themes": (),
    "city": (),
    "when": (),
    "card": ("card",),
    "moment": ("card",),
    "happened": ("card",),
    "came": ("card", "asked_at"),
    "pass_on": ("answer",),
    "kind": ("note",),
    "whose": ("answer",),
    "names": ("answer",),
    "words": ("answer",),
    "reword": ("answer",),
    "person": ("who",),
    "same": ("who",),
    "go": (),
    "noticed": ("answer", "mark"),
    "better": (),
    "good_turn": (),
    "consent": (),
    "settings": (),
    "places": (),
    "theme_list": (),
    "quiet": (),
}
"""Questions that may be open in a journal from elsewhere, and what each has to know. The others are as good as none."""

_ALSO = {
    "ask": str,
    "others": int,
    "again": bool,
    "card": int,
    "answer": int,
    "note": int,
    "who": int,
    "mark": str,
    "asked_at": str,
}
"""What any of them may know besides."""

_LARGEST = 10**15
"""No journal counts so far, and no database."""


def is_sound(pending: Mapping[str, Any] | None, *, inner: bool = False) -> bool:
    """Whether *pending*, which comes from a file, is a question that can be asked again."""
    if pending is None:
        return True
    ask, details = pending.get("ask"), {name: value for name, value in pending.items() if name != "before"}
    if not isinstance(ask, str) or ask not in _NEEDED or not {"ask", *_NEEDED[ask]} <= details.keys() <= _ALSO.keys():
        return False
    if not all(_is_detail(name, value) for name, value in details.items()) or not _is_time(pending.get("asked_at")):
        return False
    before = pending.get("before")
    return "before" not in pending or (
        not inner and (before is None or isinstance(before, dict)) and is_sound(before, inner=True)
    )


def _is_detail(name: str, value: object) -> bool:
    """Whether *value* may stand for *name*: of its kind, and such that a database holds it."""
    if type(value) is not _ALSO[name]:
        return False
    return value.isascii() if isinstance(value, str) else not isinstance(value, int) or 0 <= value <= _LARGEST


def _is_time(text: str | None) -> bool:
    try:
        return text is None or datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
