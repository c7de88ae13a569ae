"""What isn't words: voice notes, photos and files are kept with the answer that they belong to.

What is written below one goes the way of all words, and whatever keeps the words keeps the file with them: it waits in
`Talk.attachment` until `Talk.keep` takes it. One without words is an answer by itself, to whatever is asked; until
a few words are said about it, its kind is its reading.
"""

from collections.abc import Callable
from datetime import timedelta

from bot import understand
from bot.dialogue import answers, aside, asking, meeting, notes, quiet
from bot.dialogue.answers import kept
from bot.dialogue.ripple import turn_of
from bot.dialogue.talk import Part, Row, Talk, asks_back, choice
from bot.domain import Answer, CheckIn, Event, File, Pressed, Said, Sent
from bot.words import _

AWAITED = timedelta(hours=12)
"""How long the next words are taken for those about a file."""

TOGETHER = timedelta(seconds=30)
"""What comes so soon after the one before belongs to it: many photos are asked about once."""


# What comes


def sent(event: Sent, talk: Talk, hear: Callable[[Event, Talk], None]) -> None:
    """Something that isn't words. *hear* takes the words that came with it."""
    words = Said(text=event.caption, message=event.message, reply_to=event.reply_to, forwarded=event.forwarded)
    if event.file is None and event.caption:
        hear(words, talk)
    elif event.file is None:
        light(event, talk)
    elif (before := _before(event, talk)) and not (event.caption and before.text):
        talk.attach(before, event.file)
        if event.caption and not (talk.asked == "words" and described(words, talk)):
            hear(words, talk)
    elif event.caption:
        if talk.asked == "words":  # these are about another one
            talk.restore()
        talk.attachment = event.file
        hear(words, talk)
        _keep_rest(event, talk)
        _note_album(event, talk)
    else:
        _alone(event, event.file, talk)
        _note_album(event, talk)


def _keep_rest(event: Sent, talk: Talk) -> None:
    """The words below a file were a wish, a command or a mere reading, and nothing kept it: it becomes a note."""
    if talk.attachment is None:
        return
    text = None if event.caption.startswith("/") else event.caption
    talk.keep(Said(text=text or "", message=event.message), reading=event.kind if text is None else "sorted")


def _before(event: Sent, talk: Talk) -> Answer | None:
    """The answer that *event* belongs to as well: that of the same album, or that of a moment ago."""
    journal, album = talk.journal, talk.journal.asking("album").used
    if event.album:
        return journal.answer(int(album[1])) if album[:1] == (event.album,) else None
    answer = _described(talk)
    return answer if answer and not event.caption and talk.now - answer.said_at <= TOGETHER else None


def _note_album(event: Sent, talk: Talk) -> None:
    """The rest of an album comes in events of its own, and soon: which answer they belong to is remembered among what
    was asked, since nothing else outlives a transaction and is there for one album only."""
    answer = talk.journal.answer_in(event.message) if event.message is not None else None
    if event.album and answer:
        talk.journal.note_asking("album", used=(event.album, str(answer.id)))


def light(event: Sent, talk: Talk) -> None:
    """A sticker, a contact, dice: nothing to keep, and nobody is left without an answer."""
    if event.kind == "sticker":
        talk.say(talk.one_of("sticker", _("That one says it well."), _("I'll take that as a smile."), _("Nicely put.")))
        return
    talk.say(
        talk.one_of(
            "light",
            _("That kind I can't keep. What is it, in a few words?"),
            _("I can keep words, voices, pictures and files, not that one. Would you put it in words?"),
            _("That one slips through my fingers. A few words about it will do."),
        )
    )


# A file without words


def _alone(event: Sent, file: File, talk: Talk) -> None:
    """A file with nothing said about it: kept as an answer to what is asked, or else as a note."""
    journal, is_new = talk.journal, talk.person.state == "new"
    replied = journal.asked_by(event.reply_to) if event.reply_to else None
    if talk.asked in meeting.ANSWERED or (is_new and talk.asked != "good_turn"):
        _keep(event, file, talk, "note")
        goes_on_meeting(talk)
    elif talk.asked == "hard":  # the one question of a hard moment stays the only one
        _keep(event, file, talk, "note")
        talk.say(kept(talk))
    elif replied or (talk.asked not in ("moment", "good_turn") and (replied := journal.open_check_in())):
        open_one = asking.unanswered(replied) if replied.closed_at is None else None
        late = replied.questions[0] if replied.closed_at else "note"
        answer = _keep(event, file, talk, open_one or late, replied)
        if open_one:
            journal.unplan("later")
        _ask(talk, answer)
    else:
        question = "good_turn" if talk.asked == "good_turn" else "note"
        _ask(talk, _keep(event, file, talk, question))


def _keep(event: Sent, file: File, talk: Talk, question: str, check_in: CheckIn | None = None) -> Answer:
    turn = turn_of(question)  # what became of a good turn may be a photo
    question = "outcome" if turn else question
    answer = talk.journal.add(question, reading=file.kind, check_in=check_in, message=event.message, about=turn)
    talk.attach(answer, file)
    return answer


def goes_on_meeting(talk: Talk) -> None:
    """Something was kept in the middle of the first meeting, or before it: it goes on, or begins."""
    if talk.asked in meeting.ANSWERED or "before" in talk.pending:
        aside.back(talk, kept(talk))
    elif talk.quiet:
        quiet.remind(talk)
    else:
        talk.greeting = talk.greeting or _("I've kept that.")
        meeting.hello(talk)


# A few words about it


def _ask(talk: Talk, answer: Answer) -> None:
    first = _("Kept. A few words, so you can find it later?")
    again = (
        _("That's kept. What is it, in a few words?"),
        _("I have it. And in words?"),
        _("Kept. A line about it, for later?"),
        _("It's safe here. Who or what is it?"),
    )
    line = talk.one_of("words", *again) if talk.journal.asking("words").asked_at else first
    talk.journal.note_asking("words", asked_at=talk.now)
    talk.put_in("words", answer=answer.id)
    talk.say(line, choices=_leaving(talk, answer))


def _leaving(talk: Talk, answer: Answer) -> list[Row]:
    return _and_back(talk, (choice(_("It's fine as it is"), "media", "leave", answer.id),))


def _described(talk: Talk) -> Answer | None:
    """The answer that a few words are still awaited for."""
    answer = talk.journal.answer(int(talk.pending["answer"])) if talk.asked == "words" else None
    return answer if answer and answer.text is None and talk.now - answer.said_at <= AWAITED else None


def described(event: Said, talk: Talk) -> bool:
    """A few words about a file, or that there are to be none. Whether the words were that."""
    answer, wish = _described(talk), understand.wish(event.text)
    if answer is None or (wish in ("enough", "later") and answer.check_in):
        talk.restore()
        return False
    match wish:
        case _ if asks_back(event.text):
            talk.keep(event)
            line = _("Only so that you can find it by a word one day. It's kept either way.")
            talk.say(line, choices=_leaving(talk, answer))
        case "yes" | "hello" | "back":
            resume(talk)
        case None | "usual":
            _describe(event, talk, answer)
        case _:
            _leave(talk)
    return True


def _describe(event: Said, talk: Talk, answer: Answer) -> None:
    """The words are what *answer* says from now on: read, and taken for what they are, as if they had come alone."""
    question, text = answer.question, event.text
    is_told = question in ("good_turn", "received")
    if question == "good_turn" and understand.received(text):
        question = "received"
    reading = answers.reading_of(question, text) if question in talk.words.questions and not is_told else None
    said = talk.journal.amend(answer, question=question, text=text, reading=reading)
    talk.journal.said_in(said, event.message)
    line, rows = answers.said_back(talk, said) if is_told else (kept(talk), [])
    before = talk.pending["before"]
    if question != answer.question:
        answers.ask_whose(talk, said)
    elif question == "note" and said.check_in is None and (before or {}).get("ask") != "moment":
        talk.journal.change(pending=before)
        notes.offer(talk, said)
    else:
        aside.back(talk, _("Kept with that week.") if _is_late(talk, said) else line, rows=_and_back(talk, *rows))


def _is_late(talk: Talk, answer: Answer) -> bool:
    check_in = talk.journal.check_in(answer.check_in) if answer.check_in else None
    return check_in is not None and check_in.closed_at is not None


def _and_back(talk: Talk, *rows: Row) -> list[Row]:
    """*rows* and the way out of the quiet, if it is."""
    return [*rows, quiet.back()] if talk.quiet else [*rows]


def _leave(talk: Talk) -> None:
    """No words about it."""
    line = talk.one_of("wordless", _("It's kept as it is."), _("That's fine, it's kept."), _("Kept, then."))
    aside.back(talk, line, rows=_and_back(talk))


def resume(talk: Talk) -> None:
    """Ask for the words again."""
    answer = _described(talk)
    if answer is None:
        _leave(talk)
    else:
        talk.say(_("What is it, in a few words?"), choices=_leaving(talk, answer))


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """That a file needs no words."""
    match parts:
        case ["leave", int(id)] if talk.journal.answer(id):
            if talk.asked == "words" and talk.pending["answer"] == id:
                talk.chosen = event.label
                _leave(talk)
            return True
    return False
