"""Hard moments: somebody writes of danger, of a loss, or of an illness close to them.

Then whatever was asked is left. Their words are kept to the letter, nothing is suggested or followed up, and the only
question is whether to stay quiet for a while. The reading "hard" keeps their words out of every mirror. Until they
answer, or some days have gone by, no visit comes by itself.
"""

import re
from datetime import datetime, timedelta

from bot import understand
from bot.dialogue import quiet
from bot.dialogue.asking import unanswered
from bot.dialogue.meeting import ANSWERED
from bot.dialogue.planning import spare
from bot.dialogue.talk import Part, Row, Talk, asks_back, choice
from bot.domain import Edited, Event, Pressed, Said, Sent
from bot.schedule import zone
from bot.understand.hard import HardBook, Hardship, hard_book, hardship, make_ready
from bot.words import Words, _

HARD = "hard"
"""The question that is open, the reading of what was told, and the first part of the buttons' actions."""

AFTER = timedelta(hours=24)
"""How long what they write goes on with it, and is not offered to be a good turn."""

LATELY = timedelta(days=31)
"""While they are quiet after it, what they write is kept and nothing is asked about it: the longest quiet offered."""

TWO_WEEKS = 14


def book(words: Words) -> HardBook:
    """The phrases of hard moments in *words*, ready to be compared with."""
    return hard_book(words.hard.spelling, words.hard.close, words.hard.groups)


# What they write


def heard(event: Event, talk: Talk) -> bool:
    """Whether *event* tells of something hard, or answers what was asked then: if so, all is said."""
    said, is_draft = _words(event), _is_draft(event, talk)
    if said is None or understand.wish(said.text) in ("stop", "pause"):
        return False
    found = hardship(said.text, book(talk.words))
    if found is None:
        return talk.asked == HARD and isinstance(event, Said) and not is_draft and _answered(said, talk)
    if said.forwarded is not None and found.kind != "danger":
        return False  # somebody else's loss, in somebody else's words
    if is_draft and found.kind == "loss" and not found.whose:
        return False  # a mail of condolence, as likely as a loss of their own; see bot.dialogue.draft
    if is_draft:  # nobody said that it is to be kept
        _end(talk, found, kept=False)
        return True
    if isinstance(event, Edited):
        return _edited(event, said.text, talk, found)
    if isinstance(event, Sent):
        talk.attachment = event.file
    by_hand = talk.asked == "good_turn" or (isinstance(event, Said) and event.text.startswith("/"))
    _keep(said, talk, by_hand=by_hand)
    _end(talk, found)
    return True


def is_danger(text: str, talk: Talk) -> bool:
    """Whether *text* tells of danger, which comes before everything else."""
    found = hardship(text, book(talk.words))
    return found is not None and found.kind == "danger"


def is_hard(text: str, talk: Talk) -> bool:
    """Whether *text* tells of anything hard, whoever's it is."""
    return hardship(text, book(talk.words)) is not None


def warm(words: Words) -> None:
    """Make ready what a hard moment is noticed by."""
    make_ready(book(words))


def _words(event: Event) -> Said | None:
    """What *event* tells, if it tells anything: of the commands two have words behind them."""
    match event:
        case Said(text=text, message=message, reply_to=reply_to, forwarded=forwarded):
            pass
        case Sent(caption=text, message=message, forwarded=forwarded):
            reply_to = None
        case Edited(text=text, message=message):
            reply_to = forwarded = None
        case _:
            return None
    if text.casefold().startswith(("/goodturn", "/draft")):
        text = text.partition(" ")[2].strip()
    telling = text.strip() and not text.startswith("/")
    return Said(text=text, message=message, reply_to=reply_to, forwarded=forwarded) if telling else None


def _is_draft(event: Event, talk: Talk) -> bool:
    """Whether *event* is a draft that is to be looked at, or changes the one that was."""
    match event:
        case Said(text=text) | Sent(caption=text):
            return talk.asked == "draft" or text.casefold().startswith("/draft")
        case Edited(text=text, message=message):
            is_held = talk.asked == "keep_draft" and talk.pending["message"] == message
            return is_held or (text.casefold().startswith("/draft") and not talk.journal.answer_in(message))
    return False


def _keep(said: Said, talk: Talk, *, by_hand: bool) -> None:
    """Write it down as the answer to what was open, or else as a note."""
    replied = talk.journal.asked_by(said.reply_to) if said.reply_to else None
    check_in = replied or talk.journal.open_check_in()
    question = unanswered(check_in) if check_in else None
    if by_hand and question != "good_turn":
        talk.keep(said, "good_turn", reading=HARD)
    elif talk.asked in ANSWERED:
        talk.keep(said, reading=HARD)
    else:
        talk.keep(said, question or "note", reading=HARD, check_in=check_in)


def _edited(event: Edited, text: str, talk: Talk, found: Hardship) -> bool:
    """An earlier message says something hard now. One that did before is changed like any other."""
    answer = talk.journal.answer_in(event.message)
    if answer is None:
        talk.keep(Said(text=text, message=event.message), reading=HARD)
    elif answer.text == text:
        return True
    else:
        was_hard = answer.reading == HARD
        talk.journal.amend(answer, text=text, reading=HARD)
        if was_hard:
            talk.say(_("Changed there too."))
            return True
    _end(talk, found)
    return True


# What is said


def _end(talk: Talk, found: Hardship, *, kept: bool = True) -> None:
    """Leave whatever is open as it stands, and ask the one question: not again while it is open, nor in the quiet.
    *kept* is whether their words were."""
    journal, pending, talk.greeting = talk.journal, talk.pending, ""
    again = talk.asked == HARD and _is_fresh(talk)
    before = dict(pending) if talk.asked in ANSWERED else pending.get("before")
    if check_in := journal.open_check_in():
        journal.close(check_in)
    for planned in ("later", "follow-up"):
        journal.unplan(planned)
    journal.settle()
    spare(talk)
    in_danger = again and pending.get("kind") == "danger"
    if found.kind == "danger":
        line = _danger(talk, again=in_danger)
    elif in_danger:
        line = _danger(talk, again=True)
    else:
        line = _sorry(talk, found, again=again, kept=kept)
    if talk.quiet:
        talk.say(line, _("I stay quiet, as you asked. You can write to me whenever you like."))
        return
    kind = "danger" if in_danger else found.kind
    journal.ask(HARD, kind=kind, **({"before": before} if before else {}))
    talk.say(line, "" if again else _question(kind), choices=_answers(talk))


def _danger(talk: Talk, *, again: bool) -> str:
    if not again:
        return _("I'm only a small program. Please tell someone near you now, or call your local emergency number.")
    return talk.one_of(
        "danger",
        _("Please don't stay alone with this. Call someone who can come, or your local emergency number."),
        _("I can't come to you, but someone near can. Please call them, or your local emergency number."),
        _("Please let somebody know now, even with one word. Your local emergency number answers at any hour."),
    )


def _sorry(talk: Talk, found: Hardship, *, again: bool, kept: bool) -> str:
    if again:
        too = (_("I'm sorry. I've kept that too."),) if kept else ()
        return talk.one_of("sorry again", *too, _("That too. I'm sorry."), _("I'm sorry. You needn't answer me."))
    if found.whose:
        lines = _("I'm sorry about {whose}."), _("I'm so sorry about {whose}."), _("Oh, I'm sorry about {whose}.")
        return talk.one_of("sorry about", *lines).format(whose=found.whose)
    if found.kind == "loss":
        return talk.one_of("sorry for a loss", _("I'm so sorry."), _("I'm very sorry."), _("Oh, I'm sorry."))
    lines = _("I'm sorry. That's a lot."), _("I'm sorry to hear that."), _("I'm sorry. That is hard.")
    return talk.one_of("sorry for an illness", *lines)


def _question(kind: str) -> str:
    if kind == "danger":
        return _("Would it help if I stayed quiet for two weeks?")
    return _("Shall I stay quiet for two weeks?")


def _answers(talk: Talk) -> list[Row]:
    no = _("No need") if talk.person.state == "new" else _("No, come as usual")
    return [(choice(_("Two weeks"), HARD, 14), choice(_("A month"), HARD, 30)), (choice(no, HARD, "no"),)]


# What they answer

_YES = r"\W*(?:(?:yes|yeah|yep|ok|okay|please|maybe|rather|better|make it|no)\b[\s,.]*)*"
_HOW_LONG = re.compile(
    rf"{_YES}(?P<span>(?:(?:be |stay |keep )?quiet )?(?:for |till? |until |a |an |one |two |three |four |six |\d+ ?)"
    r"(?:\w+ ?){1,3})\W*(?:please|thanks|thank you)?\W*",
    re.IGNORECASE,
)
_AS_USUAL = re.compile(
    r"\b(?:as (?:usual|always|before)|keep (?:coming|asking)|come (?:by )?anyway|no need)\b", re.IGNORECASE
)
_GLADLY = re.compile(
    r"\W*(?:please|(?:be|stay|keep) quiet|i think so|(?:yes,? )?that(?: would|'d|’d) (?:be \w+|help))\W*",
    re.IGNORECASE,
)


def _is_fresh(talk: Talk) -> bool:
    at = talk.journal.asking(HARD).asked_at
    return at is not None and talk.now - at < AFTER


def told_lately(talk: Talk) -> bool:
    """Whether they told of something hard within the last weeks."""
    at = talk.journal.asking(HARD).asked_at
    return at is not None and talk.now - at < LATELY


def is_since(talk: Talk, before: datetime | None) -> bool:
    """Whether they told of something hard lately, and no visit came since: *before* is when the last one did."""
    at = talk.journal.asking(HARD).asked_at
    return told_lately(talk) and at is not None and (before is None or before <= at)


def _until(talk: Talk, text: str) -> datetime | None:
    """Until when *text* wants quiet, if that is all it says."""
    found = _HOW_LONG.fullmatch(text)
    if found is None:
        return None
    span = found["span"].strip().casefold().removeprefix("a ").removeprefix("an ")
    span = f"1 {span}" if span in ("day", "week", "month", "year") else found["span"]
    return understand.pause(span, talk.now, zone(talk.person.zone or "UTC"))


def _answered(said: Said, talk: Talk) -> bool:
    """Words after the question: an answer, or more of the same. Whether they still belong to it."""
    wish, until = understand.wish(said.text), _until(talk, said.text)
    first = understand.wish(next(iter(understand.clauses(said.text)), ""))
    no = wish in ("no", "skip", "nothing", "never", "usual", "enough", "back") or first == "no"
    if until:
        _stay_quiet(talk, until)
    elif no or _AS_USUAL.search(said.text) or said.text.strip(" .!").casefold() == "cancel":
        _as_usual(talk)
    elif wish == "yes" or first == "yes" or _GLADLY.fullmatch(said.text):
        _stay_quiet(talk, quiet.in_days(talk, TWO_WEEKS))
    elif not _is_fresh(talk):
        talk.journal.change(pending=talk.pending.get("before"))
        return False
    elif wish in ("privacy", "erase") or (wish == "help" and talk.pending.get("kind") != "danger"):
        return False
    else:
        _listen(said, talk)
    return True


def _listen(said: Said, talk: Talk) -> None:
    """They go on, and the question stays open. Whoever is in danger is told again where help is."""
    danger, wish = talk.pending.get("kind") == "danger", understand.wish(said.text)
    if wish is None:
        talk.keep(said, reading=HARD)
    if wish == "thanks":
        talk.say(talk.one_of("with you", _("Of course."), _("I'm glad you wrote."), _("Any time.")))
    elif danger:
        talk.say(_danger(talk, again=True))
    elif wish in ("later", "unsure"):
        talk.say(_("There's no hurry."))
    elif wish is not None:
        talk.say(_("I'm here. You needn't answer anything."))
    elif asks_back(said.text):
        talk.say(_("I'm a small program and can't answer that. I've kept it."))
    else:
        lines = _("I've kept that too."), _("That's kept, every word."), _("I'm keeping it for you.")
        talk.say(talk.one_of("listened", *lines))


def _stay_quiet(talk: Talk, until: datetime) -> None:
    talk.journal.settle()
    quiet.pause_until(talk, until)


def _as_usual(talk: Talk) -> None:
    """They'd rather have the visits: all is as before, but what was just ended isn't asked again within a week."""
    danger = talk.pending.get("kind") == "danger"
    talk.journal.change(pending=talk.pending.get("before"))
    spare(talk, ended=True)
    if danger:
        talk.say(_("All right. And please, do tell someone near you."))
    elif talk.person.state == "new":
        talk.say(_("All right. We can go on whenever you like."))
    else:
        lines = _("As usual, then. I'm glad you told me."), _("All right, I'll come by as usual.")
        talk.say(talk.one_of("as usual", *lines))


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """For how long, or not at all. Whether the button still meant something."""
    match parts:
        case [14 | 30]:
            if talk.asked == HARD:
                talk.journal.settle()
            return quiet.pressed(event, talk, parts)
        case ["no"] if talk.asked == HARD:
            talk.chosen = event.label
            _as_usual(talk)
        case ["no"] if talk.quiet:
            talk.chosen = event.label
            quiet.come_back(talk)
        case ["no"]:
            pass
        case _:
            return False
    return True
