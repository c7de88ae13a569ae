"""The weekly check-in: a good turn first, then one other question, a mirror, and something to do next.

What it asks next is computed from the answers that are there, so it can stop anywhere, for days or for a restart, and
be taken up at the same question. Answers come by button or in words; what isn't understood is kept as text, asked for
once more, and then accepted.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot import understand
from bot.dialogue import mirror, suggestion
from bot.dialogue.planning import hour, plan, plan_after, replan, rhythm, when
from bot.dialogue.talk import Row, Talk, asks_back, choice, number, weekday
from bot.domain import Answer, CheckIn, Due, Pressed, Said
from bot.journal import Journal
from bot.schedule import waking
from bot.words import Question, _

FULL = ("good_turn", "people", "hours", "presence", "call")
TURNS = ("received", "people", "presence", "hours")
"""Second questions of a short check-in. Received is asked as readily as given; hours never opens."""

EIGHT_WEEKS = timedelta(weeks=7, days=4)
"""Eight weeks, less the days that a check-in may come early."""

HOUR = timedelta(hours=1)
NEAR = timedelta(days=3)
LATE = timedelta(hours=3)
GOODBYE = 6

AFTERWARDS = timedelta(hours=12)
"""How long something plainly added ("oh, and I also ...") still belongs to the check-in before it."""

_SHORT = ("good_turn", "received")
"""What a short check-in comes down to in a week in which nothing was done."""

_CLOSING = ("skip", "never", "nothing", "enough")


# Opening one


def due(event: Due, talk: Talk) -> None:
    """A planned moment has come: ask, or leave this one out, or say goodbye."""
    person = talk.person
    match event.kind:
        case "zones":
            replan(talk)
        case "later" if person.state == "here":
            again_later(event, talk)
        case "check-in" if person.state == "here":
            _planned(event, talk)


def skip(event: Due, talk: Talk) -> None:
    """Leave a planned moment out without a word, for somebody who isn't talked with at present."""
    if event.kind == "check-in":
        plan(talk)


def _planned(event: Due, talk: Talk) -> None:
    person, journal, now = talk.person, talk.journal, talk.now
    day = date.fromisoformat(event.subject)
    if person.quiet_until and person.quiet_until > now:
        plan(talk, earliest=day + timedelta(days=1))
        return
    if _in_conversation(talk):
        journal.plan("check-in", event.subject, person.seen_at + HOUR)
        return
    if now - event.at > LATE and (morning := waking(now, rhythm(talk).zone)) > now:
        journal.plan("check-in", event.subject, morning)
        return
    earlier = journal.check_ins(2)
    if any(_near(each, now) for each in earlier):
        plan(talk, earliest=talk.local(now).date() + timedelta(days=1))
        return
    if any(each.kind == "planned" and each.opened_at > person.seen_at for each in earlier[:1]):
        journal.change(unanswered=person.unanswered + 1)
    if talk.person.unanswered >= GOODBYE:
        journal.change(state="silent")
        talk.say(
            _("I'll leave you in peace now. Everything you told me is kept, and one word from you brings me back."),
            unasked=True,
        )
        return
    # Planned from today and not from the day it was meant for: after a long silence of ours one visit is enough.
    plan_after(talk, max(day, talk.local(now).date()))
    questions = _questions(talk, person.length)
    if questions and (check_in := journal.start_check_in("planned", questions, event.subject)):
        ask(talk, check_in, _opener(talk), unasked=True)


def _near(check_in: CheckIn, now: datetime) -> bool:
    """Whether *check_in* is so close that another one would be one too many."""
    if check_in.finished and check_in.closed_at is not None:
        return now - check_in.closed_at < NEAR
    return check_in.kind == "planned" and now - check_in.opened_at < NEAR


def _in_conversation(talk: Talk) -> bool:
    """Whether something is open that was spoken about within the hour."""
    if talk.now - talk.person.seen_at >= HOUR:
        return False
    return talk.person.pending is not None or talk.journal.open_check_in() is not None


def _opener(talk: Talk) -> str:
    today = weekday(talk.local(talk.now).weekday())
    return talk.one_of("opener", *talk.words.openers).format(weekday=today)


def _questions(talk: Talk, length: str) -> list[str]:
    """What a check-in of *length* asks this person now."""
    journal = talk.journal
    if talk.person.unanswered and length == "short":
        length = "one"
    full = journal.asking("full")
    if length == "short" and full.asked_at is not None and talk.now - full.asked_at >= EIGHT_WEEKS:
        length = "full"
    if full.asked_at is None or length == "full":
        journal.note_asking("full", asked_at=talk.now)
    if length == "full":
        return [question for question in FULL if _welcome(journal, question, talk)]
    turns = [question for question in TURNS if _welcome(journal, question, talk)]
    second = sorted(turns, key=lambda question: _last_asked(journal, question))[:1]
    first = ["good_turn"] if _welcome(journal, "good_turn", talk) else []
    return first or second if length == "one" else first + second


def _last_asked(journal: Journal, question: str) -> tuple[bool, str]:
    at = journal.asking(question).asked_at
    return (at is not None, at.isoformat() if at else "")


def _welcome(journal: Journal, question: str, talk: Talk) -> bool:
    asking = journal.asking(question)
    if question == "call" and asking.asked_at is not None and talk.now - asking.asked_at < EIGHT_WEEKS:
        return False
    return not asking.never


def by_hand(talk: Talk, length: str | None) -> None:
    """`/checkin`: take up the one that is open, or begin one now."""
    open_one = talk.journal.open_check_in()
    if open_one is None:
        questions = _questions(talk, length or talk.person.length)
        open_one = talk.journal.start_check_in("asked", questions) if questions else None
    elif length in ("full", "one"):
        questions = _questions(talk, length)
        asked = [question for question in open_one.questions if question not in questions]
        open_one = talk.journal.set_questions(open_one, [*questions, *(q for q in asked if length == "full")])
    if open_one:
        resume(talk, open_one)
    else:
        talk.say(_("You asked me to leave every question out, so I only listen. /goodturn keeps what you tell me."))


# Asking


def unanswered(check_in: CheckIn) -> str | None:
    """The id of the question that *check_in* asks next, or None when it is through."""
    return next((question for question in check_in.questions if not _answered(question, check_in.answers)), None)


def _answered(question: str, answers: Sequence[Answer]) -> bool:
    given = [answer for answer in answers if answer.question == question]
    if question == "good_turn":
        return any(answer.reading in _CLOSING for answer in given)
    return len(given) > 1 or any(answer.reading != "unclear" for answer in given)


def ask(talk: Talk, check_in: CheckIn, *lines: str, unasked: bool = False) -> None:
    """Say *lines* and ask what *check_in* asks next; close it if that is nothing."""
    id = unanswered(check_in)
    if talk.person.pending:
        talk.journal.settle()  # what is said next answers this
    if id is None:
        _finish(talk, check_in, *lines)
    elif id == "good_turn" and _told(check_in):
        more = talk.one_of("more", _("Anyone else?"), _("Was there more?"), _("Who else?"), _("Anything more?"))
        talk.say(*lines, more, choices=[_enough(check_in)], about=check_in.id, unasked=unasked)
    else:
        question = talk.words.questions[id]
        asking = talk.one_of(id, *question.wordings)
        talk.journal.note_asking(id, asked_at=talk.now)
        talk.say(*lines, asking, choices=_choices(check_in, question), about=check_in.id, unasked=unasked)


def resume(talk: Talk, check_in: CheckIn) -> None:
    """Ask again where it stopped."""
    told = [answer.text for answer in check_in.answers if answer.question == "good_turn" and answer.text]
    if told and unanswered(check_in) == "good_turn":
        talk.journal.settle()
        line = _("You told me “{told}”. Was there more?").format(told=mirror.phrase(told[-1]))
        talk.say(line, choices=[_enough(check_in)], about=check_in.id)
    else:
        ask(talk, check_in)


def _open(check_in: CheckIn, question: str) -> bool:
    return question in check_in.questions and not _answered(question, check_in.answers)


def _told(check_in: CheckIn) -> bool:
    return any(answer.question == "good_turn" and answer.text for answer in check_in.answers)


def _enough(check_in: CheckIn) -> Row:
    return (choice(_("That's all"), "ask", check_in.id, "good_turn", "enough", style="primary"),)


def _choices(check_in: CheckIn, question: Question) -> list[Row]:
    quick = [choice(_(label), "ask", check_in.id, question.id, id) for id, label in question.choices]
    if question.id == "good_turn":
        return [(*quick, choice(_("Later"), "later", check_in.id))]
    rows = [tuple(quick[at : at + 2]) for at in range(0, len(quick), 2)]
    skip = choice(_("Skip"), "ask", check_in.id, question.id, "skip")
    return [*rows[:-1], (*rows[-1], skip)] if rows and len(rows[-1]) == 1 else [*rows, (skip,)]


# Answering


def said(event: Said, talk: Talk, check_in: CheckIn) -> None:
    """An answer in words."""
    id = unanswered(check_in)
    if id is None:
        _finish(talk, check_in)
    elif asks_back(event.text):
        _explain(event, talk, check_in, id)
    elif id == "good_turn":
        _good_turn(event, talk, check_in)
    else:
        _other(event, talk, check_in, talk.words.questions[id])


def _good_turn(event: Said, talk: Talk, check_in: CheckIn) -> None:
    wish = understand.wish(event.text)
    told = _told(check_in)
    if told and wish in ("enough", "no", "nothing", "skip", "unsure", "thanks"):
        _record(talk, check_in, "good_turn", reading="enough")
    elif wish == "later":
        postpone(talk, check_in)
    elif wish in ("nothing", "no"):
        _nothing(talk, check_in)
    elif wish in ("skip", "unsure"):
        _record(talk, check_in, "good_turn", reading="skip", line=_fine(talk))
    elif wish == "enough":
        _enough_of_this(talk, check_in, "good_turn")
    elif wish in ("hello", "thanks"):
        ask(talk, check_in, _("Hello to you.") if wish == "hello" and not talk.greeting else "")
    elif wish == "never":
        _never(talk, check_in, "good_turn")
    elif not told and _is_busy(event.text):
        talk.journal.add("note", text=event.text, check_in=check_in, message=event.message)
        postpone(talk, check_in)
    elif wish == "yes":
        talk.say(_("Tell me. Who was it, and what happened?"), about=check_in.id)
    elif wish == "usual":
        talk.journal.add("good_turn", text=event.text, reading="usual", check_in=check_in, message=event.message)
        _record(talk, check_in, "good_turn", reading="enough", line=_("The usual counts."))
    else:
        talk.journal.add("good_turn", text=event.text, check_in=check_in, message=event.message)
        ask(talk, _now(talk, check_in), kept(talk))


def _is_busy(text: str) -> bool:
    """Whether *text* begins by saying that this is no moment for it: "sorry, can't talk now, I'm on a train"."""
    first, comma, _rest = text.partition(",")
    if len(first.split()) < 3:
        first = ",".join(text.split(",")[:2])
    return bool(comma) and len(text) < 80 and len(first.split()) > 2 and understand.wish(first) == "later"


def kept(talk: Talk) -> str:
    """That something was written down."""
    return talk.one_of("kept", _("Kept."), _("That's kept."), _("Got it, and kept."), _("I've kept that."))


def _explain(event: Said, talk: Talk, check_in: CheckIn, id: str) -> None:
    """They ask back. Their words are kept, and the question stays open."""
    talk.journal.add("note", text=event.text, check_in=check_in, message=event.message)
    if id == "good_turn":
        line = _("Anything that was for somebody: a lift, an answer, ten minutes of listening. You be the judge.")
    else:
        line = _("You needn't answer. “Skip” leaves it out, and “none of your business” means I never ask it again.")
    enough = id == "good_turn" and _told(check_in)
    talk.say(
        line,
        choices=[_enough(check_in)] if enough else _choices(check_in, talk.words.questions[id]),
        about=check_in.id,
    )


def _other(event: Said, talk: Talk, check_in: CheckIn, question: Question) -> None:
    wish = understand.wish(event.text)
    reading = reading_of(question.id, event.text)
    first = not any(answer.question == question.id for answer in check_in.answers)
    again = question.again or (_more_of(question.id) if wish == "yes" else "")
    if wish == "never":
        _never(talk, check_in, question.id)
    elif wish == "later":
        postpone(talk, check_in)
    elif wish == "enough":
        _enough_of_this(talk, check_in, question.id)
    elif wish == "skip":
        _record(talk, check_in, question.id, reading="skip")
    elif wish == "unsure" and question.id != "presence":
        _record(talk, check_in, question.id, reading="skip", line=_fine(talk))
    elif wish in ("hello", "thanks"):
        ask(talk, check_in)
    elif reading is None and question.id != "received" and understand.also(event.text):
        talk.journal.add("good_turn", text=event.text, check_in=check_in, message=event.message)
        ask(talk, _now(talk, check_in), kept(talk))
    elif reading is None and again:
        talk.journal.add(question.id, text=event.text, reading="unclear", check_in=check_in, message=event.message)
        if not first:
            ask(talk, _now(talk, check_in), _("That will do, kept in your words."))
        elif wish == "yes":
            talk.say(again, choices=_choices(check_in, question), about=check_in.id)
        else:
            talk.say(_("Kept as you said it."), again, choices=_choices(check_in, question), about=check_in.id)
    else:
        # "8ish, half was my sister's birthday call" answers both, whichever was asked.
        for twin, asked in (("people", "hours"), ("hours", "people")):
            if question.id == asked and _open(check_in, twin) and (known := reading_of(twin, event.text)):
                talk.journal.add(twin, reading=known, check_in=check_in)
        _record(talk, check_in, question.id, text=event.text, reading=reading, message=event.message)


def _more_of(question: str) -> str:
    """What to ask after a mere "yes"."""
    return {
        "received": _("Who was it, and what did they do?"),
        "call": _("Who, then? First names will do."),
        "presence": _("What was it?"),
    }.get(question, "")


def reading_of(question: str, text: str) -> str | None:
    """The id of the quick answer that *text* comes to, if it does."""
    match question:
        case "people":
            return understand.share(text)
        case "hours":
            return _range(understand.hours(text))
        case "presence":
            if understand.wish(text) == "unsure":
                return "unsure"
            words = text.casefold().strip(" .!").split()
            return next((id for id in ("answer", "ear", "hand", "laugh") if id in words and len(words) <= 3), None)
        case "call" | "received" if understand.wish(text) in ("no", "nothing") or text.casefold().split()[:1] == ["0"]:
            return "nobody"
    return None


def _range(hours: tuple[float, float] | None) -> str | None:
    if hours is None:
        return None
    middle = sum(hours) / 2
    return next((id for top, id in ((1, "0-1"), (3, "1-3"), (7, "3-7"), (14, "7-14")) if middle <= top), "14-")


def pressed(_event: Pressed, talk: Talk, parts: list[str]) -> bool:
    """A quick answer. One to an older check-in is kept with that one."""
    if len(parts) != 3 or (id := number(parts[0])) is None or not (check_in := talk.journal.check_in(id)):
        return False
    _id, question, reading = parts
    labels = (
        {id: _(label) for id, label in talk.words.questions[question].choices} if question in check_in.questions else {}
    )
    labels |= {"skip": _("Skip"), "enough": _("That's all")} if labels else {}
    if reading not in labels:
        return False
    if _answered(question, check_in.answers):
        return True
    talk.chosen = labels[reading]
    if question == "good_turn" and reading == "nothing" and _told(check_in):
        reading = "enough"
    if check_in.closed_at is not None:
        talk.journal.add(question, reading=reading, check_in=check_in)
        if reading not in ("skip", "enough"):
            talk.say(_("Kept with that week."))
    elif question == "good_turn" and reading == "nothing":
        _nothing(talk, check_in)
    else:
        line = _("Thank you for saying it straight.") if (question, reading) == ("call", "nobody") else ""
        _record(talk, check_in, question, reading=reading, line=line)
    return True


def late(event: Said, talk: Talk, check_in: CheckIn) -> None:
    """Words in reply to the question of a check-in that is closed."""
    id = unanswered(check_in) or check_in.questions[0]
    reading = reading_of(id, event.text)
    talk.journal.add(id, text=event.text, reading=reading, check_in=check_in, message=event.message)
    talk.say(_("Kept with that week."))


def more(event: Said, talk: Talk) -> bool:
    """Something plainly added to a check-in that was closed a while ago. Whether it was."""
    latest = next(iter(talk.journal.check_ins(1)), None)
    if latest is None or latest.closed_at is None or talk.now - latest.closed_at > AFTERWARDS:
        return False
    if not understand.also(event.text):
        return False
    talk.journal.add("good_turn", text=event.text, check_in=latest, message=event.message)
    talk.say(_("Kept with the rest."))
    return True


def _now(talk: Talk, check_in: CheckIn) -> CheckIn:
    return talk.journal.check_in(check_in.id) or check_in


def _record(
    talk: Talk,
    check_in: CheckIn,
    question: str,
    *,
    text: str | None = None,
    reading: str | None = None,
    message: int | None = None,
    line: str = "",
) -> None:
    talk.journal.add(question, text=text, reading=reading, check_in=check_in, message=message)
    if question == "call" and reading == "nobody" and not line:
        line = _("Thank you for saying it straight.")
    ask(talk, _now(talk, check_in), line)


def _nothing(talk: Talk, check_in: CheckIn) -> None:
    """Nothing is a good answer; perhaps something was received."""
    talk.journal.add("good_turn", reading="nothing", check_in=check_in)
    line = talk.one_of(
        "nothing",
        _("That's a good answer too."),
        _("Fine, some weeks are like that."),
        _("Then it was a week for other things."),
        _("Thanks for saying so."),
    )
    if not talk.journal.asking("received").never:
        rest = [question for question in check_in.questions if question not in ("good_turn", "received")]
        full = len(check_in.questions) > len(_SHORT)
        check_in = talk.journal.set_questions(check_in, (*_SHORT, *(rest if full else ())))
    ask(talk, _now(talk, check_in), line)


def _never(talk: Talk, check_in: CheckIn, question: str) -> None:
    talk.journal.note_asking(question, never=True)
    _record(talk, check_in, question, reading="never", line=_("Right. I won't ask that one again."))


def _enough_of_this(talk: Talk, check_in: CheckIn, question: str) -> None:
    """No more questions this time: whatever is still open is left."""
    talk.journal.add(question, reading="skip", check_in=check_in)
    talk.journal.settle()
    _finish(talk, check_in)


def _fine(talk: Talk) -> str:
    return talk.one_of("fine", _("That's fine."), _("No matter."), _("Fair enough."), _("All right."))


# Closing


def _finish(talk: Talk, check_in: CheckIn, *lines: str) -> None:
    """The mirror, and one thing to do next; after a week of nothing something small."""
    check_in = _now(talk, check_in)
    talk.journal.close(check_in, finished=True)
    readings = {answer.question: answer.reading for answer in check_in.answers}
    words = [answer for answer in check_in.answers if answer.text and answer.question != "note"]
    if not words and all(reading in ("skip", "never", None) for reading in readings.values()):
        talk.say(*lines, _("Until next time, then."))
        return
    reflection = mirror.reflection(talk, check_in)
    nobody = readings.get("call") == "nobody"
    suggestion.offer(talk, *lines, reflection, quick=readings.get("good_turn") == "nothing", close=nobody)


def leave(talk: Talk, check_in: CheckIn) -> None:
    """`/cancel` in the middle of it."""
    talk.journal.close(check_in)
    talk.journal.unplan("later")
    talk.say(_("We'll leave it there. What you told me is kept."))


# Later


def postpone(talk: Talk, check_in: CheckIn, hours: int | None = None) -> None:
    """Ask this one again later; nothing else moves."""
    local = talk.local(talk.now)
    if hours is None:
        at = (local + timedelta(days=1)).replace(
            hour=rhythm(talk).time.hour, minute=rhythm(talk).time.minute, second=0, microsecond=0
        )
        line = _("Tomorrow, {hour}.").format(hour=hour(talk))
    else:
        at = local + timedelta(hours=hours)
        line = _("In three hours, then.")
    planned = talk.journal.planned("check-in")
    if planned and planned[1] - at < NEAR:
        talk.journal.unplan("later")
        talk.say(_("We'll leave it till I come by anyway: {when}.").format(when=when(talk, planned[1])))
        return
    talk.journal.plan("later", str(check_in.id), at)
    sooner = choice(_("In three hours instead"), "later", check_in.id, 3)
    talk.say(line, choices=[] if hours else [(sooner,)])


def pressed_later(event: Pressed, talk: Talk, parts: list[str]) -> bool:
    """The button Later, and the one for three hours."""
    if not parts or (id := number(parts[0])) is None or not (check_in := talk.journal.check_in(id)):
        return False
    if parts[1:] not in ([], ["3"]):
        return False
    planned = talk.journal.planned("later")
    pressed_before = (
        planned is not None
        and planned[0] == parts[0]
        and (not parts[1:] or planned[1] - talk.now <= timedelta(hours=3))
    )
    if check_in.closed_at is None and unanswered(check_in) and not pressed_before:
        talk.chosen = event.label
        postpone(talk, check_in, 3 if parts[1:] else None)
    return True


def again_later(event: Due, talk: Talk) -> None:
    """The later moment has come."""
    check_in = talk.journal.open_check_in()
    if check_in is None or str(check_in.id) != event.subject:
        return
    if talk.person.quiet_until and talk.person.quiet_until > talk.now:
        return
    planned = talk.journal.planned("check-in")
    if planned and planned[1] <= talk.now:
        return  # after some time without running the next one is due as well, and one is enough
    if talk.now - talk.person.seen_at < HOUR:
        talk.journal.plan("later", event.subject, talk.person.seen_at + HOUR)
    elif talk.now - event.at > LATE and (morning := waking(talk.now, rhythm(talk).zone)) > talk.now:
        talk.journal.plan("later", event.subject, morning)
    else:
        ask(talk, check_in, _("Here I am, as agreed.") if _told(check_in) else _opener(talk), unasked=True)
