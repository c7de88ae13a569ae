"""What a check-in asks: a good turn first, then one other question, a mirror, and something to do next.

What comes next is computed from the answers that are there, so a check-in can stop anywhere, for days or for a
restart, and be taken up at the same question.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot import understand
from bot.dialogue import closing, mirror, quiet, ripple, suggestion
from bot.dialogue.ripple import kind_of
from bot.dialogue.talk import Row, Talk, choice, thing
from bot.domain import Answer, CheckIn
from bot.words import _

FULL = ("good_turn", "people", "hours", "presence", "call")
TURNS = ("received", "people", "presence", "hours")
"""Second questions of a short check-in. Received is asked as readily as given; hours never opens."""

ONCE = ("known", "most_help")
"""Second questions of the second and third check-in. What is answered becomes a theme, and isn't asked again."""

_TRIES = 2
"""Check-ins that ask one of those as long as it stays unanswered."""

EIGHT_WEEKS = timedelta(weeks=7, days=4)
"""Eight weeks, less the days that a check-in may come early."""

_CLOSING = ("skip", "never", "nothing", "enough")
"""Readings that end the good turns: until one is there, another good turn may come."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


# Which questions


def pick(talk: Talk, length: str) -> list[str]:
    """Pick what a check-in of *length* asks this person now, in order."""
    journal, full_at = talk.journal, talk.journal.asking("full").asked_at
    if length == "short" and talk.person.unanswered:
        length = "one"
    if length == "short" and full_at is not None and talk.now - full_at >= EIGHT_WEEKS:
        length = "full"
    # Whoever is new is spared the full one for eight weeks as well.
    if length == "full" or full_at is None:
        journal.note_asking("full", asked_at=talk.now)
    once = (
        []
        if full_at is None
        else sorted(filter(lambda each: _is_new(talk, each), ONCE), key=lambda each: _asked(talk, each))
    )
    first = [question for question in FULL[:1] if _is_welcome(talk, question)]
    turns = [question for question in TURNS if _is_welcome(talk, question)]
    second = sorted(turns, key=lambda question: journal.asking(question).asked_at or _LONG_AGO)[:1]
    match length:
        case "full":
            return [question for question in FULL if _is_welcome(talk, question)]
        case "one":
            return first or second
        case "short" if once:
            return first + once[:1]
        case _ if rippling := ripple.due(talk):
            return [*first, rippling]
        case _:
            return first + second


def _is_new(talk: Talk, question: str) -> bool:
    """Whether one of ONCE is still to be asked."""
    return not talk.journal.asking(question).never and _asked(talk, question) < _TRIES


def _asked(talk: Talk, question: str) -> int:
    """How many check-ins asked *question*, as long as there were wordings left for it."""
    return len(talk.journal.asking(question).used[1:])


def _is_welcome(talk: Talk, question: str) -> bool:
    asking = talk.journal.asking(question)
    if question == "call" and asking.asked_at is not None and talk.now - asking.asked_at < EIGHT_WEEKS:
        return False
    return not asking.never


def unanswered(check_in: CheckIn) -> str | None:
    """The id of the question that *check_in* asks next, or None when it is through."""
    return next((question for question in check_in.questions if not is_answered(question, check_in.answers)), None)


def is_answered(question: str, answers: Sequence[Answer]) -> bool:
    """Whether *answers* leave nothing to ask about *question*. What wasn't understood is asked for once more."""
    if about := ripple.turn_of(question):
        return any(answer.question == "outcome" and answer.about == about for answer in answers)
    given = [answer for answer in answers if answer.question == question]
    if question == "good_turn":
        return any(answer.reading in _CLOSING for answer in given)
    return len(given) > 1 or any(answer.reading != "unclear" for answer in given)


def told(check_in: CheckIn) -> list[str]:
    """The good turns that were told, in their words; of a file without any, what it is."""
    turns = (answer for answer in check_in.answers if answer.question == "good_turn" and answer.reading != "nothing")
    return [text for answer in turns if (text := answer.text or thing(answer.reading))]


# Asking them


def ask(talk: Talk, check_in: CheckIn, *lines: str, unasked: bool = False, rows: Sequence[Row] = ()) -> None:
    """Say *lines* and ask what *check_in* asks next, other *rows* of buttons below; close it if that is nothing."""
    talk.journal.settle()  # what is said next answers this
    match unanswered(check_in):
        case None:
            finish(talk, check_in, *lines, rows=rows)
        case "good_turn" if good_turns := told(check_in):
            put(talk, check_in, "good_turn", *lines, _more(talk, len(good_turns)), unasked=unasked, rows=rows)
        case id:
            kind = kind_of(id)
            asked_at, wordings = talk.journal.asking(kind).asked_at, talk.words.questions[kind].wordings
            # Asked once more in the same check-in, it is the same question; on another day in other words.
            is_same = asked_at and asked_at >= check_in.opened_at and not unasked
            again = talk.last_of(kind, *wordings) if is_same else None
            wording = again or talk.one_of(kind, *wordings)
            talk.journal.note_asking(kind, asked_at=talk.now)
            if kind == ripple.KIND:
                wording = wording.format(told=ripple.told(talk, id))
            put(talk, check_in, id, *lines, wording, unasked=unasked, rows=rows)


def _more(talk: Talk, told: int) -> str:
    """An invitation to tell another good turn after so many: asked once, then only held open."""
    if told == 1:
        return talk.one_of("more", _("Anyone else?"), _("Was there more?"), _("Who else?"), _("Anything more?"))
    return talk.one_of("go on", _("I'm listening."), _("Go on, if there is more."), _("And then?"))


def resume(talk: Talk, check_in: CheckIn, *lines: str, rows: Sequence[Row] = ()) -> None:
    """Say *lines* and ask again where it stopped; without any, with a word of what was told last."""
    if not lines and (good_turns := told(check_in)) and unanswered(check_in) == "good_turn":
        talk.journal.settle()
        line = _("You told me “{told}”. Was there more?").format(told=understand.phrase(good_turns[-1]))
        put(talk, check_in, "good_turn", line, rows=rows)
    else:
        ask(talk, check_in, *lines, rows=rows)


def put(
    talk: Talk, check_in: CheckIn, question: str, *lines: str, unasked: bool = False, rows: Sequence[Row] = ()
) -> None:
    """Say *lines* above the quick answers to *question* and other *rows* of buttons."""
    talk.say(*lines, choices=[*_choices(talk, check_in, question), *rows], about=check_in.id, unasked=unasked)


def _choices(talk: Talk, check_in: CheckIn, question: str) -> list[Row]:
    if question == "good_turn" and told(check_in):
        return [(choice(_("That's all"), "ask", check_in.id, question, "enough", style="primary"),)]
    readings = talk.words.questions[kind_of(question)].choices
    quick = [choice(_(label), "ask", check_in.id, question, reading) for reading, label in readings]
    if question == "good_turn":
        return [(*quick, choice(_("Later"), "later", check_in.id))]
    quick.append(choice(_("Skip"), "ask", check_in.id, question, "skip"))
    return [tuple(quick[at : at + 2]) for at in range(0, len(quick), 2)]


def finish(talk: Talk, check_in: CheckIn, *lines: str, rows: Sequence[Row] = ()) -> None:
    """Close *check_in* with the mirror and one thing to do next: after a week of nothing something small. Other *rows*
    of buttons stand below."""
    talk.journal.close(check_in, finished=True)
    for question in ONCE:
        if question in check_in.questions and is_answered(question, check_in.answers):
            talk.journal.note_asking(question, never=True)
    readings = {answer.question: answer.reading for answer in check_in.answers}
    last, back = (_("Otherwise I stay quiet, as you asked."), [quiet.back()]) if talk.quiet else ("", [])
    if all(_declines(answer) for answer in check_in.answers):
        talk.say(*lines, _("Until next time, then."), last, choices=[*rows, *back])
    else:
        suggestion.offer(
            talk,
            *lines,
            mirror=mirror.reflection(talk, check_in),
            quick=readings.get("good_turn") == "nothing",
            close=readings.get("call") == "nobody",
            last=last,
            rows=[*rows, *back],
        )
        closing.say_one(talk, check_in)


def _declines(answer: Answer) -> bool:
    """Whether *answer* only says that they'd rather not: then nothing is suggested either."""
    said = understand.wish(answer.text) if answer.text else None
    return answer.question == "note" or answer.reading in ("skip", "never") or said == "no"
