"""Who would come if they called, and beside it for whom they would go: names as they said them, never counted.

The first half are their answers to the call question, the second answers to a question of its own, which is asked on
the same card and can be answered whenever they like, or left. Whoever is let be is left out.
"""

import re

from bot import understand
from bot.dialogue import aside
from bot.dialogue.talk import RATHER_NOT, Part, Row, Talk, asks_back, choice
from bot.domain import Answer, Pressed, Said
from bot.text import units
from bot.words import _

CALL, GO = "call", "go"
"""The two questions: who would come, and for whom they would go."""

NAMES = 8
"""Names on either side at most."""

LOOK_BACK = 12
"""Answers that are looked through for them: two years of calls."""

LONGEST = 120
"""UTF-16 units of an answer in words; a longer one tells something else."""

_SAME = re.compile(r"\W*(?:for )?(?:all of |both of )?(?:the same|same|them|those|both|all of them)\b", re.IGNORECASE)
_FIRST = re.compile(r"\s*[,;/\n]|\s(?:and|or|&)\s", re.IGNORECASE)
_WIDE = re.compile(
    r"\W*(?:for )?(?:any(?:one|body)|every(?:one|body)|whoever|all my|my whole|the whole)\b", re.IGNORECASE
)
"""Answers without a name: the same ones, and whoever asks."""


def way(talk: Talk) -> Row:
    """The button to the card; none until somebody was named as one who would come."""
    return (choice(_("Who would come"), "come", "show"),) if _named(talk, CALL) else ()


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """The card, and what it asks. Whether the button still meant something."""
    match parts:
        case ["show"]:
            _card(talk, event.message)
        case ["ask"]:
            if talk.asked != GO:
                talk.put_in(GO)
            resume(talk)
        case ["leave"]:
            if talk.asked == GO:
                talk.chosen = event.label
                aside.back(talk, _("Left it."))
        case _:
            return False
    return True


def _card(talk: Talk, message: int | None) -> None:
    """Both halves; the second is asked for if it wasn't answered yet and nothing else waits for words."""
    lines, going = _lines(talk), _said(talk, GO)
    back: Row = (choice(_("‹ Back"), "people", "page", 0),)
    if not going:
        talk.lay_out(GO)
    if talk.asked == GO and not going:
        talk.say(*lines, _("And for whom would you go?"), choices=[back], replaces=message)
    else:
        label = _("Someone else too") if going else _("For whom would you go?")
        talk.say(*lines, choices=[(choice(label, "come", "ask"),), back], replaces=message)


def _lines(talk: Talk) -> list[str]:
    coming, going = _said(talk, CALL), _said(talk, GO)
    return [
        *([_("Who would come if you called: {names}.").format(names=coming)] if coming else []),
        *([_("For whom you would go: {names}.").format(names=going)] if going else []),
    ]


def _said(talk: Talk, question: str) -> str:
    """What they say to *question*: that it is nobody, if they said so last, else the names; or else their own words."""
    given = [each for each in talk.journal.answers_to(question, LOOK_BACK) if each.reading in (None, "nobody")]
    if not given:
        return ""
    if given[0].reading == "nobody":
        return _("nobody, when I last asked")
    if names := [understand.addressed(name) for name in _named(talk, question)]:
        return ", ".join(names)
    text = given[0].text or ""
    return "" if _names(talk, text) else f"“{understand.phrase(text)}”"  # those who are let be stay out of it


def _named(talk: Talk, question: str) -> list[str]:
    """The names in answers to *question*, those of the latest first."""
    gone = [name for name, each in talk.journal.known().items() if each.let_be]
    found: list[str] = []
    for answer in talk.journal.answers_to(question, LOOK_BACK):
        for name in _names(talk, answer.text or "") if answer.reading is None else ():
            if not any(understand.same_person(name, other) for other in (*gone, *found)):
                found.append(name)
    return found[:NAMES]


def _names(talk: Talk, text: str) -> tuple[str, ...]:
    """Who is named in *text*, where names were asked for. What a long "the ..." says is no name."""
    found = [name for name in understand.listed(text) if not (name.startswith("the ") and len(name.split()) > 3)]
    return tuple(found) or understand.names(text, list(talk.journal.known()))


def resume(talk: Talk) -> None:
    """Ask for whom they would go."""
    talk.say(_("For whom would you go? Names will do."), choices=[(choice(_("Leave it"), "come", "leave"),)])


def told(event: Said, talk: Talk) -> bool:
    """For whom they would go, in words. Whether the words were that."""
    wish = understand.wish(event.text)
    if event.forwarded is not None or units(event.text) > LONGEST or understand.tells(event.text):
        talk.restore()
        return False
    if wish == "nothing":
        talk.keep(event, GO, reading="nobody")
        aside.back(talk, _("Kept, as you said it."))
    elif wish in (*RATHER_NOT, "later"):
        aside.back(talk, _("That's fine. It keeps."))
    elif asks_back(event.text):
        talk.say(_("Whoever you'd get up for at night, say. Names are enough."))
    elif _SAME.match(event.text) or _WIDE.match(event.text) or _only_names(event.text, talk):
        mention(talk, talk.keep(event, GO))
        aside.back(talk, _("Kept."), *_lines(talk), rows=[(choice(_("People"), "people", "page", 0),)])
    else:
        talk.restore()
        return False
    return True


def _only_names(text: str, talk: Talk) -> bool:
    """Whether *text* begins with a name and little else: "covered for Joana" says what was done."""
    first = _FIRST.split(text.strip(), maxsplit=1)[0]
    return 2 * len(" ".join(_names(talk, first))) >= len(first)


def mention(talk: Talk, answer: Answer) -> None:
    """Write down who *answer* is about."""
    text = answer.text or ""
    talk.journal.mention(answer, _named(talk, CALL) if _SAME.match(text) else _names(talk, text))
