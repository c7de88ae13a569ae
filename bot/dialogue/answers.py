"""How an answer to a check-in is taken, by button or in words.

Words are kept to the letter, whatever is understood of them. What isn't understood is asked for once more, and then
accepted.
"""

from collections.abc import Sequence
from datetime import timedelta

from bot import understand
from bot.dialogue import aside, names, passing_on, themes
from bot.dialogue.asking import ONCE, ask, finish, is_answered, put, resume, told, unanswered
from bot.dialogue.check_in import postpone
from bot.dialogue.ripple import kind_of, turn_of
from bot.dialogue.talk import Part, Row, Talk, asks_back, choice, here_i_am
from bot.domain import Answer, CheckIn, Pressed, Said
from bot.text import emphasised
from bot.understand import Wish
from bot.words import _

AFTERWARDS = timedelta(hours=12)
"""How long something plainly added ("oh, and I also ...") still belongs to the check-in before it."""

_SHORT = ("good_turn", "received")
"""What a short check-in comes down to in a week in which nothing was done."""

_TWINS = {"people": "hours", "hours": "people"}
""" "8ish, half was my sister's birthday call" answers both, whichever was asked."""


# In words


def said(event: Said, talk: Talk, check_in: CheckIn) -> None:
    """An answer in words. One to a check-in that is closed is kept with that one."""
    id, wish = unanswered(check_in), understand.wish(event.text)
    if check_in.closed_at is not None:
        _late(event, talk, check_in, id or check_in.questions[0])
    elif id is None:  # what was unclear was changed since
        if wish is None:
            talk.keep(event, check_in=check_in)
        finish(talk, _now(talk, check_in), "" if wish else kept(talk))
    elif talk.person.discreet and event.text.strip(" .!").casefold() == here_i_am().casefold():
        resume(talk, check_in)
    elif asks_back(event.text):
        _explain(event, talk, check_in, id)
    elif wish == "later":
        postpone(talk, check_in)
    elif wish == "never":
        talk.journal.note_asking(kind_of(id), never=True)
        _take(talk, check_in, id, "never", _("Right. I won't ask that one again."))
    elif id == "good_turn":
        _good_turn(event, talk, check_in, wish)
    elif turn_of(id):
        _ripple(event, talk, check_in, id, wish)
    else:
        _other(event, talk, check_in, id, wish)


def _good_turn(event: Said, talk: Talk, check_in: CheckIn, wish: Wish | None) -> None:
    match wish:
        case "enough" | "no" | "nothing" | "skip" | "unsure" | "thanks" if told(check_in):
            _take(talk, check_in, "good_turn", "enough")
        case "nothing" | "no":
            _nothing(talk, check_in, event if wish == "no" else None)
        case None if not told(check_in) and understand.denies(event.text):
            _nothing(talk, check_in, event)
        case "skip" | "unsure":
            _take(talk, check_in, "good_turn", "skip", _fine(talk))
        case "enough":
            _leave_the_rest(talk, check_in, "good_turn")
        case "hello" | "back":
            ask(talk, check_in, "" if talk.greeting else _("Hello to you."))
        case "thanks":
            ask(talk, check_in)
        case _ if not told(check_in) and _is_busy(event.text):
            talk.keep(event, check_in=check_in)
            postpone(talk, check_in)
        case "yes":
            talk.say(_("Tell me. Who was it, and what happened?"), about=check_in.id)
        case None if understand.received(event.text):
            answer = talk.keep(event, "received", check_in=check_in)
            names.notice(talk, answer)
            ask_whose(talk, answer)
        case "usual":
            talk.keep(event, "good_turn", reading="usual", check_in=check_in)
            _take(talk, check_in, "good_turn", "enough", _("The usual counts."))
        case _:
            _keep_turn(event, talk, check_in)


def _keep_turn(event: Said, talk: Talk, check_in: CheckIn) -> None:
    """Write down a good turn, say back whose name was in it, and go on."""
    answer = talk.keep(event, "good_turn", check_in=check_in)
    line, rows = said_back(talk, answer)
    _go_on(talk, check_in, line, rows=rows)


def _other(event: Said, talk: Talk, check_in: CheckIn, id: str, wish: Wish | None) -> None:
    reading = reading_of(id, event.text)
    again = talk.words.questions[id].again or (_more_of(id) if wish == "yes" else "")
    match wish:
        case "skip":
            _take(talk, check_in, id, "skip")
        case "no" if reading is None and id != "received":
            _take(talk, check_in, id, "skip", _fine(talk))
        case "unsure" if id not in ("presence", *ONCE):
            _take(talk, check_in, id, "skip", _fine(talk))
        case "enough":
            _leave_the_rest(talk, check_in, id)
        case "hello" | "thanks" | "back":
            ask(talk, check_in)
        case "nothing" if id in ONCE:
            _take(talk, check_in, id, "skip", _fine(talk))
        case "yes" | "usual" if id in ONCE:
            ask(talk, check_in)
        case None if id in ONCE and not _tells_more(event.text):
            _theme(event, talk, check_in, id)
        case _ if reading is None and id != "received" and _adds(event.text, id):
            _keep_turn(event, talk, check_in)
        case _ if reading is None and again and any(answer.question == id for answer in check_in.answers):
            talk.keep(event, id, reading="unclear", check_in=check_in)
            _go_on(talk, check_in, _("That will do, kept in your words."))
        case _ if reading is None and again:
            talk.journal.unplan("later")
            _answer_twin(event, talk, check_in, _TWINS.get(id, ""))
            talk.keep(event, id, reading="unclear", check_in=check_in)
            put(talk, check_in, id, "" if wish == "yes" else _("Kept as you said it."), again)
        case _:
            _answer_twin(event, talk, check_in, _TWINS.get(id, ""))
            answer = talk.keep(event, id, reading=reading, check_in=check_in)
            people = names.notice(talk, answer) if id == "received" and reading is None else []
            line = _("Kept: {names}.").format(names=names.said_back(people)) if people else _remark(id, reading)
            rows = [passing_on.row(talk, answer), names.fix(answer) if people else ()]
            _go_on(talk, check_in, line or ("" if reading else kept(talk)), rows=[row for row in rows if row])


def _ripple(event: Said, talk: Talk, check_in: CheckIn, id: str, wish: Wish | None) -> None:
    """What became of an earlier good turn, in their words, or nothing so far."""
    match wish:
        case "nothing" | "no" | "unsure":
            _take(talk, check_in, id, "nothing", _fine(talk))
        case "skip":
            _take(talk, check_in, id, "skip")
        case "enough":
            _leave_the_rest(talk, check_in, id)
        case "yes" | "hello" | "thanks" | "back" | "usual":
            put(talk, check_in, id, _("Tell me, in a few words."))
        case _ if understand.also(event.text):
            _keep_turn(event, talk, check_in)
        case _:
            talk.keep(event, "outcome", check_in=check_in, about=turn_of(id))
            line = _("You did your half.") if understand.unanswered(event.text) else kept(talk)
            _go_on(talk, check_in, line)


def _theme(event: Said, talk: Talk, check_in: CheckIn, id: str) -> None:
    """What they would like to be known for, or be of help with, in their own words: a theme from now on. Of a story
    they are asked for its few words once."""
    named, asked_again = understand.themes(event.text), any(answer.question == id for answer in check_in.answers)
    if not named and not asked_again:
        talk.journal.unplan("later")
        talk.keep(event, id, reading="unclear", check_in=check_in)
        put(talk, check_in, id, _("Kept as you said it."), talk.words.questions[id].again)
        return
    talk.keep(event, id, check_in=check_in)
    taken, left = themes.take(talk, named)
    line = _("That will do, kept in your words.")
    if taken:
        line = _("{themes}. Kept.").format(themes=" · ".join(map(emphasised, taken)))
    if left:
        line += "\n" + _("Eight are as many as I can keep in mind; the rest stays in your journal.")
    _go_on(talk, check_in, line, rows=[themes.change()] if taken else [])


def _tells_more(text: str) -> bool:
    """Whether *text* adds something that they did, as "oh and I also gave Ana a lift", where "also patience" would be
    one more theme."""
    return understand.also(text) and " i " in f" {text.casefold()} "


def _adds(text: str, question: str) -> bool:
    """Whether *text* is one more good turn, and no amount where *question* asks for one."""
    return understand.also(text) and not (question in _TWINS and understand.hours(text))


def _answer_twin(event: Said, talk: Talk, check_in: CheckIn, twin: str) -> None:
    is_open = twin in check_in.questions and not is_answered(twin, check_in.answers)
    if is_open and (reading := reading_of(twin, event.text)):
        talk.journal.add(twin, reading=reading, check_in=check_in)


def _late(event: Said, talk: Talk, check_in: CheckIn, id: str) -> None:
    if turn := turn_of(id):
        talk.keep(event, "outcome", check_in=check_in, about=turn)
        talk.say(_("Kept with that week."))
        return
    answer = talk.keep(event, id, reading=reading_of(id, event.text), check_in=check_in)
    if id in ONCE and (named := understand.themes(event.text)):
        themes.take(talk, named)
        talk.journal.note_asking(id, never=True)
    people = names.notice(talk, answer) if id in ("good_turn", "received") and answer.reading is None else []
    if people:
        line = _("Kept with that week: {names}.").format(names=names.said_back(people))
        talk.say(line, choices=[names.fix(answer)])
    else:
        talk.say(_("Kept with that week."))


def _explain(event: Said, talk: Talk, check_in: CheckIn, id: str) -> None:
    """They ask back. Their words are kept, and the question stays open."""
    talk.keep(event, check_in=check_in)
    if id == "good_turn":
        line = _("Anything that was for somebody: a lift, an answer, ten minutes of listening. You be the judge.")
    else:
        line = _("You needn't answer. “Skip” leaves it out, and “none of your business” means I never ask it again.")
    put(talk, check_in, id, line)


def _is_busy(text: str) -> bool:
    """Whether *text* begins by saying that this is no moment for it: "not now, I'm on a train"."""
    first, *rest = text.split(",")
    if not rest or len(text) > 80:
        return False
    if len(first.split()) < 3 and not first.casefold().startswith("not "):
        first = ",".join((first, rest[0]))
    return len(first.split()) > 1 and understand.wish(first) == "later"


def _more_of(question: str) -> str:
    """What to ask after a mere "yes"."""
    return {
        "received": _("Who was it, and what did they do?"),
        "call": _("Who, then? First names will do."),
        "presence": _("What was it?"),
    }.get(question, "")


def more(event: Said, talk: Talk) -> bool:
    """Something plainly added to a check-in that was closed a while ago. Whether it was."""
    latest = next(iter(talk.journal.check_ins(1)), None)
    if latest is None or latest.closed_at is None or talk.now - latest.closed_at > AFTERWARDS:
        return False
    if not understand.also(event.text):
        return False
    answer = talk.keep(event, "good_turn", check_in=latest)
    people = names.notice(talk, answer)
    if people:
        line = _("Kept with the rest: {names}.").format(names=names.said_back(people))
        talk.say(line, choices=[names.fix(answer)])
    else:
        talk.say(_("Kept with the rest."))
    return True


# Given or received


def ask_whose(talk: Talk, answer: Answer) -> None:
    """It sounds as if *answer* was done for them, and is kept as that: ask whether it is so."""
    talk.put_in("whose", answer=answer.id)
    talk.say(
        _("That sounds like one you got. Keep it there?"),
        choices=[
            (
                choice(_("Yes, I got it"), "whose", answer.id, "received"),
                choice(_("No, I gave it"), "whose", answer.id, "good_turn"),
            )
        ],
    )


def whose_said(event: Said, talk: Talk) -> bool:
    """Words after that: yes or no, or that they gave it. Whether they were about it at all."""
    answer = talk.journal.answer(int(talk.pending["answer"]))
    words = event.text.strip(" .!").casefold()
    given = ("i gave it", "gave it", "given", "i gave", "i did it", "i did", "good turn", "a good turn")
    gotten = ("i got it", "got it", "received", "i got", "i received it", "got", "keep it there", "keep it")
    wish = understand.wish(event.text)
    if answer is None:
        return False
    if wish == "no" or words.removeprefix("no, ") in given:
        _put_where(talk, answer, "good_turn")
    elif wish in ("yes", "skip", "later", "unsure") or words.removeprefix("yes, ") in gotten:
        _put_where(talk, answer, "received")
    else:
        return False
    return True


def whose_pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """Whether it was given or received."""
    match parts:
        case [int(id), "good_turn" | "received" as kind] if answer := talk.journal.answer(id):
            if talk.asked == "whose" and talk.pending.get("answer") == id:
                talk.chosen = event.label
                _put_where(talk, answer, kind)
            return True
    return False


def _put_where(talk: Talk, answer: Answer, kind: str) -> None:
    changed = talk.journal.amend(answer, question=kind)
    line, rows = said_back(talk, changed)
    aside.back(talk, line, rows=rows)


def said_back(talk: Talk, answer: Answer) -> tuple[str, list[Row]]:
    """That *answer* is kept, with the names in it and a button to put them right."""
    people = names.notice(talk, answer)
    rows = [passing_on.row(talk, answer), names.fix(answer) if people else ()]
    line = _("Kept: {names}.").format(names=names.said_back(people)) if people else kept(talk)
    return line, [row for row in rows if row]


# By button


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """A quick answer. One to an older check-in is kept with that one."""
    match parts:
        case [int(id), "open"] if check_in := talk.journal.check_in(id):
            talk.chosen = event.label
            _open(talk, check_in)
            return True
        case [int(id), str(question), str(reading)] if check_in := talk.journal.check_in(id):
            label = _labels(talk, check_in, question).get(reading)
        case _:
            return False
    if label is None:
        return False
    if is_answered(question, check_in.answers):
        return True
    talk.chosen = label
    if reading == "nothing" and question == "good_turn" and told(check_in):
        reading = "enough"
    if check_in.closed_at is not None:
        _add(talk, check_in, question, reading)
        if reading not in ("skip", "enough"):
            talk.say(_("Kept with that week."))
    elif reading == "nothing" and question == "good_turn":
        _nothing(talk, check_in)
    else:
        _take(talk, check_in, question, reading, _remark(question, reading))
    return True


def _open(talk: Talk, check_in: CheckIn) -> None:
    """Ask in full what was only announced, or what is asked by now."""
    if check_in.closed_at is None and unanswered(check_in):
        resume(talk, check_in)
    elif newer := talk.journal.open_check_in():
        resume(talk, newer)
    else:
        talk.say(_("That one is behind us. /checkin asks anew."))


def _labels(talk: Talk, check_in: CheckIn, question: str) -> dict[str, str]:
    """What the buttons of *question* say, by their readings; nothing if *check_in* never asked it."""
    if question not in check_in.questions:
        return {}
    quick = {reading: _(label) for reading, label in talk.words.questions[kind_of(question)].choices}
    return quick | {"skip": _("Skip"), "enough": _("That's all")}


# What words come to


def reading_of(question: str, text: str) -> str | None:
    """The id of the quick answer that *text* comes to, if it does."""
    match question:
        case "good_turn" if understand.denies(text):
            return "nothing"
        case "people":
            return understand.share(text)
        case "hours":
            return _range(understand.hours(text))
        case "presence":
            return _presence(text)
        case _ if question in ONCE and understand.wish(text) == "unsure":
            return "unsure"
        case "call" | "received" if understand.wish(text) in ("no", "nothing") or text.casefold().split()[:1] == ["0"]:
            return "nobody"
        case _:
            return None


def reading_after(talk: Talk, answer: Answer, text: str) -> str | None:
    """What *answer* comes to once it says *text*."""
    if answer.question not in talk.words.questions or answer.reading == "usual":
        return answer.reading
    return reading_of(answer.question, text) or ("unclear" if answer.reading == "unclear" else None)


def _range(hours: tuple[float, float] | None) -> str | None:
    if hours is None:
        return None
    middle = sum(hours) / 2
    return next((id for top, id in ((1, "0-1"), (3, "1-3"), (7, "3-7"), (14, "7-14")) if middle <= top), "14-")


def _presence(text: str) -> str | None:
    if understand.wish(text) == "unsure":
        return "unsure"
    words = text.casefold().strip(" .!").split()
    return next((id for id in ("answer", "ear", "hand", "laugh") if id in words and len(words) <= 3), None)


# Going on


def _take(talk: Talk, check_in: CheckIn, question: str, reading: str, line: str = "") -> None:
    """Write down an answer that needs no words, and go on."""
    _add(talk, check_in, question, reading)
    _go_on(talk, check_in, line)


def _add(talk: Talk, check_in: CheckIn, question: str, reading: str) -> None:
    turn = turn_of(question)
    talk.journal.add("outcome" if turn else question, reading=reading, check_in=check_in, about=turn)


def _go_on(talk: Talk, check_in: CheckIn, line: str = "", rows: Sequence[Row] = ()) -> None:
    """Say *line* and ask what comes next, by the answers that are there now, with *rows* of other buttons. What was put
    off has been taken up."""
    talk.journal.unplan("later")
    ask(talk, _now(talk, check_in), line, rows=rows)


def _now(talk: Talk, check_in: CheckIn) -> CheckIn:
    return talk.journal.check_in(check_in.id) or check_in


def _nothing(talk: Talk, check_in: CheckIn, event: Said | None = None) -> None:
    """Nothing is a good answer, kept with the words it had; perhaps something was received."""
    line = talk.one_of(
        "nothing",
        _("That's a good answer too."),
        _("Fine, some weeks are like that."),
        _("Then it was a week for other things."),
        _("Thanks for saying so."),
    )
    if not talk.journal.asking("received").never:
        full = len(check_in.questions) > len(_SHORT)
        rest = [question for question in check_in.questions if question not in _SHORT] if full else []
        check_in = talk.journal.set_questions(check_in, (*_SHORT, *rest))
    if event is None:
        _take(talk, check_in, "good_turn", "nothing", line)
    else:
        talk.keep(event, "good_turn", reading="nothing", check_in=check_in)
        _go_on(talk, check_in, line)


def _leave_the_rest(talk: Talk, check_in: CheckIn, question: str) -> None:
    """No more questions this time: whatever is still open is left."""
    _add(talk, check_in, question, "skip")
    talk.journal.settle()
    finish(talk, _now(talk, check_in))


def _remark(question: str, reading: str | None) -> str:
    if question in ONCE and reading == "unsure":
        return _("We can find out as we go.")
    return _("Thank you for saying it straight.") if (question, reading) == ("call", "nobody") else ""


def kept(talk: Talk) -> str:
    """That something was written down."""
    return talk.one_of("kept", _("Kept."), _("That's kept."), _("Got it, and kept."), _("I've kept that."))


def _fine(talk: Talk) -> str:
    return talk.one_of("fine", _("That's fine."), _("No matter."), _("Fair enough."), _("All right."))
