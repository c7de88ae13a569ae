"""The one question after an act that somebody took on: whether it happened, and then what came of it.

It is asked once, after the moment they chose, by day, and never close to another message that comes unasked. What isn't
answered lapses without a word; a button of it may still be pressed at any time.
"""

import re
from datetime import datetime, timedelta

from bot import understand
from bot.dialogue import cards
from bot.dialogue.planning import HOUR, by_day, in_conversation
from bot.dialogue.talk import UNASKED, Part, Row, Talk, asks_back, choice, here_i_am
from bot.domain import Answer, Card, Choice, Due, Pressed, Said
from bot.schedule import zone
from bot.text import preview
from bot.understand import Happened
from bot.words import _

KIND = "follow-up"
"""Under this name it is planned, and the journal keeps when it was last asked."""

APART = 7
"""Days from one to the next. With the weekly check-in that makes two messages a week that come unasked."""

TOO_LATE = timedelta(days=7)
"""After this much delay, because nothing ran, it isn't asked any more."""

UNREADABLE = timedelta(days=2)
"""After which it is asked if the moment is only theirs to tell: "when the baby sleeps"."""

AFTERWARDS = timedelta(hours=3)
"""From a moment that can be read to the question."""

FRESH = timedelta(days=1)
"""For how long any words answer what came of it; later they are words like others."""

_MORNING, _EVENING = 10, 18
_MOMENT = 100
_MOMENTS = ("lunch", "evening", "coffee", "tomorrow")


_LED_UP = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|yes|yeah|sure|fine|then|maybe|perhaps|probably|rather|let's say|say|i'll do (?:it|that))\b"
    r"[\s,]*)+(?=\w)|[\s,]*(?:please|thanks|thank you)?\W*$",
    re.IGNORECASE,
)


def moment_said(words: str) -> str:
    """Their own *words* for a moment as they are said back, without what led up to them."""
    return preview(_LED_UP.sub("", " ".join(words.split())) or words, _MOMENT)


# When


def plan(talk: Talk, card: Card) -> None:
    """Plan the question about *card*, instead of one about any other, for after the moment it was taken for."""
    talk.journal.plan(KIND, str(card.id), by_day(talk, _afterwards(talk, card.moment or "")))


def _afterwards(talk: Talk, moment: str) -> datetime:
    """When *moment*, a word of ours or their own words, is over."""
    match moment:
        case "lunch":
            today = _local(talk, 0, _EVENING)
            return today if today > talk.now + HOUR else _local(talk, 1, _EVENING)
        case "evening":
            return _local(talk, 1, _MORNING)
        case "coffee":
            return _local(talk, 1, _EVENING)
        case "tomorrow":
            return _local(talk, 2, _MORNING)
        case words:
            meant = understand.moment(words, talk.now, zone(talk.person.zone or "UTC"))
            return meant + AFTERWARDS if meant and meant > talk.now else talk.now + UNREADABLE


def _local(talk: Talk, days: int, hour: int) -> datetime:
    day = talk.local(talk.now) + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def due(event: Due, talk: Talk) -> None:
    """The moment to ask has come, if there is still something to ask about and somebody who wants to hear it."""
    card = talk.journal.card(int(event.subject))
    if card is None or card.state != "taken" or _is_let_be(talk, card):
        return
    if talk.person.state != "here" or talk.quiet or talk.now - event.at > TOO_LATE:
        return
    if (better := _better_moment(talk)) > talk.now:
        talk.journal.plan(KIND, event.subject, better)
    else:
        talk.journal.note_asking(KIND, asked_at=talk.now)
        _ask(talk, card, _opening(talk), unasked=True)


def _is_let_be(talk: Talk, card: Card) -> bool:
    named = talk.journal.acquaintance(card.acquaintance) if card.acquaintance else None
    return named is not None and named.let_be


def _better_moment(talk: Talk) -> datetime:
    """When the question is welcome: now, or when no conversation is open, no other message is near, the last one of
    its kind is a week ago, and it is day."""
    journal, at = talk.journal, talk.now
    if last := journal.asking(KIND).asked_at:
        day = talk.local(last) + timedelta(days=APART)
        at = max(at, day.replace(hour=0, minute=0, second=0, microsecond=0))
    if unasked := journal.asking(UNASKED).asked_at:
        at = max(at, unasked + HOUR)
    if in_conversation(talk):
        at = max(at, talk.person.seen_at + HOUR)
    for kind in ("check-in", "later"):
        if (planned := journal.planned(kind)) and planned[1] - at < HOUR:
            at = max(at, planned[1] + HOUR, talk.now + HOUR)
    return by_day(talk, at)


# Asking


def _opening(talk: Talk) -> str:
    """The first line, which may be read on a locked screen and has to do alone for whoever is discreet."""
    return talk.one_of(
        KIND,
        _("There was a thing you took on. Did it happen?"),
        _("How did it go, the small thing you chose?"),
        _("I ask only once: did it happen?"),
        _("Did the moment come for what you took on?"),
        _("One thing was yours to do. Did you get to it?"),
    )


def _ask(talk: Talk, card: Card, line: str, *, unasked: bool = False) -> None:
    talk.journal.ask("happened", card=card.id)
    moment = card.moment if card.moment not in _MOMENTS else None
    talk.say(
        line,
        cards.quoted(talk, card),
        card.text,
        _("“{moment}”, you said.").format(moment=moment_said(moment)) if moment else "",
        choices=_rows(card),
        unasked=unasked,
        opens=("did", card.id, "open"),
    )


def choices(card: Card) -> tuple[Choice, Choice, Choice, Choice]:
    """What can be answered about *card*, a button each: gladly, a chore, not yet, let it go."""
    gladly, chore, not_yet, let_go = (choice(label, "did", card.id, answer) for answer, label in _labels().items())
    return gladly, chore, not_yet, let_go


def _rows(card: Card) -> list[Row]:
    gladly, chore, not_yet, let_go = choices(card)
    return [(gladly, chore), (not_yet, let_go)]


def _labels() -> dict[str, str]:
    """What can be answered, and what its button says."""
    return {
        "gladly": _("Did it, gladly"),
        "chore": _("Did it, a chore"),
        "not-yet": _("Not yet"),
        "let-go": _("Let it go"),
    }


def resume(talk: Talk) -> None:
    """Ask again whatever is open about the card."""
    card = _pending(talk)
    if card is None:
        talk.journal.settle()
        talk.say(_("Nothing is open just now."))
    elif talk.asked == "came":
        _ask_more(talk, card, again=True)
    else:
        _ask(talk, card, _("Did this happen?"))


def _pending(talk: Talk) -> Card | None:
    return talk.journal.card(int(talk.pending.get("card", 0)))


# Answers


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """How it went, or that there is no more to say. Each is counted once, however old the button."""
    match parts:
        case [int(id), "gladly" | "chore" | "not-yet" | "let-go" as answer] if card := talk.journal.card(id):
            if card.state == "taken":
                talk.chosen = event.label
                _settle(talk, card, _PRESSED[answer])
        case [int(id), "open"] if card := talk.journal.card(id):
            if card.state == "taken":
                talk.chosen = event.label
                _ask(talk, card, _("Did this happen?"))
        case [int(id), "skip"] if talk.journal.card(id):
            if _is_open(talk, id, "came"):
                talk.chosen = event.label
                _leave(talk)
        case _:
            return False
    return True


_PRESSED = {
    "gladly": Happened("done", "gladly"),
    "chore": Happened("done", "chore"),
    "not-yet": Happened("not yet"),
    "let-go": Happened("dropped"),
}


def _is_open(talk: Talk, id: int, asked: str) -> bool:
    return talk.asked == asked and talk.pending.get("card") == id


def said(event: Said, talk: Talk) -> bool:
    """Words after the question: what became of it, or what came of it. Whether they were about it at all."""
    card = _pending(talk)
    if card is None:
        return False
    if talk.asked == "came":
        return _told(event, talk, card)
    if card.state != "taken" or event.forwarded is not None:
        return False
    if talk.person.discreet and event.text.strip(" .!").casefold() == here_i_am().casefold():
        resume(talk)
        return True
    answer = understand.happened(event.text, _names(talk, card))
    if answer is not None and not understand.wonders(event.text):
        _settle(talk, card, answer, event if answer.more else None)
    elif understand.wish(event.text) == "yes" or asks_back(event.text):
        resume(talk)
    else:
        return False
    return True


def told_early(event: Said, talk: Talk) -> bool:
    """Words that say, before they were asked, that they did what they had taken on. Whether they did."""
    card = next(iter(talk.journal.cards(1)), None) if talk.asked in ("", "card", "kind") else None
    if card is None or card.state != "taken" or event.forwarded is not None or not _DONE.match(event.text):
        return False
    answer = understand.happened(event.text, _names(talk, card))
    if answer is None or answer.what != "done" or understand.wonders(event.text):
        return False
    talk.journal.unplan(KIND)
    _settle(talk, card, answer, event if answer.more else None)
    return True


def labelled(event: Said, talk: Talk) -> bool:
    """Words that a button of the question has, while a newer question is open: "let it go". Whether they were."""
    words = event.text.strip(" .!").casefold()
    answer = next((answer for answer, label in _labels().items() if label.casefold() == words), "not-yet")
    card = next(iter(talk.journal.cards(1)), None) if answer != "not-yet" else None  # "not yet" may be about either
    if card is None or card.state != "taken" or talk.journal.planned(KIND):
        return False
    _settle(talk, card, _PRESSED[answer])
    return True


_DONE = re.compile(
    r"\W*(?:(?:oh|so|and|by the way|btw|hey|hi|ok|well|i)\b[\s,]*)*(?:did it|done|i?'?ve done it)\b", re.IGNORECASE
)
"""How it begins when they say so by themselves."""


def _names(talk: Talk, card: Card) -> list[str]:
    """Every name of whoever *card* is for."""
    return [name for name, each in talk.journal.known().items() if each.id == card.acquaintance]


def _settle(talk: Talk, card: Card, answer: Happened, event: Said | None = None) -> None:
    """Write down what became of *card*, with the words that say more than that."""
    was_open = _is_open(talk, card.id, "happened")
    if was_open:  # whatever else is open stays open
        talk.journal.settle()
    match answer.what:
        case "not yet":
            if event:
                _keep(event, talk, card.id)
            if was_open:
                talk.say(
                    talk.one_of("not yet", _("No hurry."), _("It can wait."), _("It keeps."), _("Whenever it fits."))
                )
        case "dropped":
            if event:
                _keep(event, talk, card.id)
            talk.journal.set_card(card, state="dropped")
            lines = (
                _("That's fine."),
                _("Then it's off your mind."),
                _("Fair enough."),
                _("All right, that one can go."),
            )
            talk.say(talk.one_of("let go", *lines))
        case "done":
            turn = _become_good_turn(talk, talk.journal.set_card(card, state="done", felt=answer.felt))
            if event:
                _keep(event, talk, turn.id)
            if event is None:
                _ask_more(talk, card, _thanks(talk, answer), may_ask=was_open or _is_free(talk))
            elif understand.unanswered(event.text):
                talk.say(_("You did your half."))
            else:
                talk.say(
                    talk.one_of("came kept", _("Good to hear. It's kept."), _("Lovely. Kept."), _("I'm glad. Kept."))
                )


def _become_good_turn(talk: Talk, card: Card) -> Answer:
    """What was done is a good turn in the journal, with its theme and whom it was for."""
    theme = next((each.id for each in talk.journal.themes() if each.text == card.theme), None)
    turn = talk.journal.add("good_turn", text=card.text, reading="done", about=card.id, theme=theme)
    whom = talk.journal.acquaintance(card.acquaintance) if card.acquaintance else None
    if whom:
        talk.journal.mention(turn, [whom.name])
    return turn


def _turn_of(talk: Talk, card: Card) -> int:
    """The id of the good turn that *card* became; its own if that was deleted since."""
    turn = talk.journal.done(card.id)
    return turn.id if turn else card.id


def _thanks(talk: Talk, answer: Happened) -> str:
    if answer.felt == "chore":
        return talk.one_of(
            "chore", _("Done all the same."), _("And still you did it."), _("Good to know; done is done.")
        )
    return talk.one_of("did it", _("Good."), _("Lovely."), _("I'm glad."), _("That's good to hear."))


def _is_free(talk: Talk) -> bool:
    """Whether no other question is open, so that one more may be asked after an old button."""
    return talk.asked in ("", "card", "kind") and talk.journal.open_check_in() is None


def _ask_more(talk: Talk, card: Card, line: str = "", *, may_ask: bool = True, again: bool = False) -> None:
    """What came of it, or what they learned, in turn."""
    if not may_ask:
        talk.say(line)
        return
    wordings = (_("What came of it?"), _("What did you learn?"))
    question = (again and talk.last_of("came", *wordings)) or talk.one_of("came", *wordings)
    talk.journal.ask("came", card=card.id, asked_at=talk.now.isoformat())
    talk.say(line, question, choices=[(choice(_("Skip"), "did", card.id, "skip"),)])


def _told(event: Said, talk: Talk, card: Card) -> bool:
    """What came of it, in their words; or none, or something else that comes days later."""
    if talk.now - datetime.fromisoformat(talk.pending["asked_at"]) > FRESH:
        talk.journal.settle()
        return False
    match understand.wish(event.text):
        case "skip" | "no" | "never" | "unsure" | "enough" | "later":
            _leave(talk)
        case "nothing":
            _keep(event, talk, _turn_of(talk, card), reading="nothing")
            talk.journal.settle()
            talk.say(_("You did your half."))
        case "hello" | "thanks" | "back" | "yes":
            resume(talk)
        case _ if asks_back(event.text):
            talk.say(_("Only so that you find it again later, and so that what I suggest fits better. “Skip” is fine."))
        case _:
            _keep(event, talk, _turn_of(talk, card))
            talk.journal.settle()
            half = understand.unanswered(event.text)
            kept = (_("Kept, beside what you did."), _("That's kept with it."), _("Good to know. Kept."))
            talk.say(_("You did your half.") if half else talk.one_of("outcome", *kept))
    return True


def _keep(event: Said, talk: Talk, about: int, *, reading: str | None = None) -> None:
    talk.journal.add("outcome", text=event.text, reading=reading, message=event.message, about=about)


def _leave(talk: Talk) -> None:
    """No more is said about it, and it isn't asked again."""
    card = _pending(talk)
    turn = talk.journal.done(card.id) if card and talk.asked == "came" else None
    if turn:
        talk.journal.add("outcome", reading="skip", about=turn.id)
    talk.journal.settle()
    talk.say(talk.one_of("left", _("That's fine."), _("All right."), _("No matter.")))
