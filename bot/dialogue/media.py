"""What isn't words: voice notes, photos and files are kept with the answer that they belong to.

What is written below one goes the way of all words, and whatever keeps the words keeps the file with them: it waits in
`Talk.attachment` until `Talk.keep` takes it. One without words is an answer by itself, to whatever is asked; until
a few words are said about it, its kind is its reading.
"""

from collections.abc import Callable
from datetime import timedelta

from bot import understand
from bot.dialogue import answers, asking, meeting, notes, quiet, suggestion
from bot.dialogue.answers import kept
from bot.dialogue.talk import Part, Row, Talk, asks_back, choice, thing, things
from bot.domain import Answer, CheckIn, Erase, Event, File, Pressed, Said, Sent
from bot.journal import Journal
from bot.words import _

AWAITED = timedelta(hours=12)
"""How long the next words are taken for those about a file."""

TOGETHER = timedelta(seconds=30)
"""What comes so soon after the one before belongs to it: many photos are asked about once."""


# What comes


def sent(event: Sent, talk: Talk, hear: Callable[[Event, Talk], None]) -> None:
    """Something that isn't words. *hear* takes the words that came with it."""
    words = Said(text=event.caption, message=event.message, reply_to=event.reply_to)
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
            talk.journal.change(pending=talk.pending.get("then"))
        talk.attachment = event.file
        hear(words, talk)
        _keep_rest(event, talk)
        _note_album(event, talk)
    else:
        _alone(event, event.file, talk)
        _note_album(event, talk)


def _keep_rest(event: Sent, talk: Talk) -> None:
    """The words below a file were a wish, a command or a mere reading, and nothing kept it: it becomes a note, unless
    the wish was to have everything erased."""
    if talk.attachment is None or any(isinstance(wish, Erase) for wish in talk.turn().wishes):
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
    answer = talk.journal.add(question, reading=file.kind, check_in=check_in, message=event.message)
    talk.attach(answer, file)
    return answer


def goes_on_meeting(talk: Talk) -> None:
    """Something was kept in the middle of the first meeting, or before it: it goes on, or begins."""
    if talk.asked in meeting.ANSWERED:
        talk.greeting = talk.greeting or kept(talk)
        meeting.resume(talk)
    elif talk.quiet:
        quiet.remind(talk)
    else:
        talk.greeting = talk.greeting or _("I've kept that.")
        meeting.hello(talk)


def interrupted(talk: Talk, *others: str) -> dict[str, object]:
    """What is open outside a check-in and goes on after a small question, as a detail of that question; what is called
    as one of *others*, too."""
    match talk.asked:
        case asked if asked in ("moment", *others):
            return {"then": dict(talk.pending)}
        case "good_turn" if "before" in talk.pending:
            return {"then": talk.pending["before"]}
        case _ if "then" in talk.pending:
            return {"then": talk.pending["then"]}
        case _:
            return {}


def carry_on(talk: Talk, line: str) -> None:
    """A small question is over: say *line*, and take up whatever was open before it."""
    talk.journal.change(pending=talk.pending.get("then"))
    take_up(talk, line)


def take_up(talk: Talk, line: str) -> None:
    """Say *line*, and ask again what is open."""
    open_one = talk.journal.open_check_in()
    if resumed := _RESUMED.get(talk.asked):
        talk.greeting = line
        resumed(talk)
    elif open_one and not talk.asked:
        asking.ask(talk, open_one, line)
    else:
        talk.say(line, choices=[quiet.back()] if talk.quiet else [])


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
    talk.journal.ask("words", answer=answer.id, **interrupted(talk))
    talk.say(line, choices=_leaving(talk, answer), about=answer.check_in)


def _leaving(talk: Talk, answer: Answer) -> list[Row]:
    rows: list[Row] = [(choice(_("It's fine as it is"), "media", "leave", answer.id),)]
    return [*rows, quiet.back()] if talk.quiet else rows


def _described(talk: Talk) -> Answer | None:
    """The answer that a few words are still awaited for."""
    answer = talk.journal.answer(int(talk.pending["answer"])) if talk.asked == "words" else None
    return answer if answer and answer.text is None and talk.now - answer.said_at <= AWAITED else None


def described(event: Said, talk: Talk) -> bool:
    """A few words about a file, or that there are to be none. Whether the words were that."""
    answer, replied = _described(talk), talk.journal.asked_by(event.reply_to) if event.reply_to else None
    wish = understand.wish(event.text)
    if answer is None or (wish in ("enough", "later") and answer.check_in):
        talk.journal.change(pending=talk.pending.get("then"))
        return False
    if event.text.strip(" .!").casefold() == "cancel" or (replied and replied.id != answer.check_in):
        return False
    match wish:
        case _ if asks_back(event.text):
            talk.keep(event)
            line = _("Only so that you can find it by a word one day. It's kept either way.")
            talk.say(line, choices=_leaving(talk, answer), about=answer.check_in)
        case "yes" | "hello" | "back":
            resume(talk)
        case None | "usual":
            _describe(event, talk, answer)
        case _:
            leave(talk)
    return True


def _describe(event: Said, talk: Talk, answer: Answer) -> None:
    asked = answer.question != "good_turn" and answer.question in talk.words.questions
    reading = answers.reading_of(answer.question, event.text) if asked else None
    answer = talk.journal.amend(answer, text=event.text, reading=reading)
    if answer.question == "note" and answer.check_in is None and "then" not in talk.pending:
        notes.offer(talk, answer)
    else:
        carry_on(talk, _("Kept with that week.") if _is_late(talk, answer) else kept(talk))


def _is_late(talk: Talk, answer: Answer) -> bool:
    check_in = talk.journal.check_in(answer.check_in) if answer.check_in else None
    return check_in is not None and check_in.closed_at is not None


def leave(talk: Talk) -> None:
    """No words about it."""
    carry_on(talk, talk.one_of("wordless", _("It's kept as it is."), _("That's fine, it's kept."), _("Kept, then.")))


def resume(talk: Talk) -> None:
    """Ask for the words again."""
    answer = _described(talk)
    if answer is None:
        leave(talk)
    else:
        talk.say(_("What is it, in a few words?"), choices=_leaving(talk, answer), about=answer.check_in)


_RESUMED: dict[str, Callable[[Talk], None]] = {
    **dict.fromkeys(meeting.ANSWERED, meeting.resume),
    "moment": suggestion.resume,
    "good_turn": notes.resume,
    "words": resume,
}
"""What is open outside a check-in and has to be answered in words, and who asks for it again."""


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """That a file needs no words."""
    match parts:
        case ["leave", int(id)] if talk.journal.answer(id):
            if talk.asked == "words" and talk.pending["answer"] == id:
                talk.chosen = event.label
                leave(talk)
            return True
    return False


# Shown again


def shown(journal: Journal, answer: Answer) -> str:
    """The files of *answer* in a few words, "a photo and 2 voice notes"; empty if there are none."""
    kinds = [media.file.kind for media in journal.media_of(answer.id)]
    parts = [things(kind, kinds.count(kind)) for kind in dict.fromkeys(kinds)]
    if len(parts) < 2:
        return "".join(parts)
    return _("{some} and {last}").format(some=", ".join(parts[:-1]), last=parts[-1])


def send_back(talk: Talk, answer: Answer) -> None:
    """The files of *answer*, each with a line to it."""
    day = talk.date(talk.local(answer.said_at).date())
    for media in talk.journal.media_of(answer.id):
        line = _("{file}, {day}.").format(file=thing(media.file.kind), day=day)
        talk.say(line[:1].upper() + line[1:], attached=f"media {media.id}")
