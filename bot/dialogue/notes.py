"""What is told outside a check-in: a good turn by hand, or plain words, which are kept first and sorted afterwards."""

from bot import understand
from bot.dialogue import check_in, meeting
from bot.dialogue.check_in import kept
from bot.dialogue.talk import Talk, asks_back, choice, number
from bot.domain import Answer, Edited, Pressed, Said, Sent
from bot.words import _


def good_turn(talk: Talk, text: str, message: int | None) -> None:
    """`/goodturn`, with the words behind it or asked for. While a check-in asks just that, it is the answer to it."""
    pending = talk.person.pending or {}
    open_one = talk.journal.open_check_in()
    asks_it = open_one is not None and check_in.unanswered(open_one) == "good_turn"
    if open_one and asks_it and text:
        check_in.said(Said(text=text, message=message), talk, open_one)
    elif open_one and asks_it:
        check_in.resume(talk, open_one)
    elif text:
        talk.journal.add("good_turn", text=text, message=message)
        leave(talk, kept(talk))
    elif pending.get("ask") == "good_turn":
        resume(talk)
    else:
        # Who is in the middle of the first meeting goes on with it afterwards.
        before = {"before": dict(pending)} if pending.get("ask") in meeting.PENDING else {}
        talk.journal.ask("good_turn", **before)
        resume(talk)


def leave(talk: Talk, line: str = "") -> None:
    """Done with the good turn that was asked for by hand: *line*, and whatever was open before it."""
    pending = talk.person.pending or {}
    if "before" in pending:
        talk.journal.change(pending=pending["before"])
    elif pending.get("ask") not in meeting.PENDING:
        talk.journal.settle()
    if talk.person.pending:
        talk.greeting = line or _("Left it.")
        meeting.resume(talk)
    else:
        talk.say(line or _("Left it."))


def resume(talk: Talk) -> None:
    """Ask for the good turn again."""
    talk.say(_("Tell me: who was it, and what did you do?"))


def told(event: Said, talk: Talk) -> None:
    """The good turn that was asked for by hand."""
    wish = understand.wish(event.text)
    if wish in ("skip", "no", "nothing", "never", "unsure", "enough", "later"):
        leave(talk)
    elif wish == "yes" or asks_back(event.text):
        resume(talk)
    else:
        talk.journal.add("good_turn", text=event.text, message=event.message)
        leave(talk, kept(talk))


def plain(event: Said, talk: Talk) -> None:
    """Words that answer nothing: kept as a note, and offered to be more. Mere politeness is answered in kind."""
    match understand.wish(event.text):
        case None | "usual":
            _note(event, talk)
        case "hello":
            talk.greeting = talk.greeting or _("Hello.")
            talk.say(_("Tell me anything you'd like kept, or /checkin for the week's questions."))
        case "thanks":
            talk.say(talk.one_of("thanks", _("Gladly."), _("You're welcome."), _("Any time."), _("With pleasure.")))
        case _:
            talk.say(_("Nothing is waiting for an answer just now. Tell me something any time, or /checkin."))


def _note(event: Said, talk: Talk) -> None:
    answer = talk.journal.add("note", text=event.text, message=event.message)
    if asks_back(event.text):
        talk.say(_("I'm a small program and can't answer that; I've kept it as a note. /help says what I can do."))
        return
    talk.journal.ask("kind", note=answer.id)
    talk.say(
        talk.one_of(
            "plain",
            _("Kept as a note. Or was it a good turn?"),
            _("I've kept that as a note. Is it one of these, rather?"),
            _("Noted, in your words. Something you gave, or got?"),
            _("That's kept. Shall it stay a note?"),
        ),
        choices=[
            (
                choice(_("A good turn"), "note", answer.id, "good_turn"),
                choice(_("One I received"), "note", answer.id, "received"),
                choice(_("Just a note"), "note", answer.id, "note"),
            )
        ],
    )


def pressed(event: Pressed, talk: Talk, parts: list[str]) -> bool:
    """What a note is."""
    if len(parts) != 2 or (id := number(parts[0])) is None or not (answer := talk.journal.answer(id)):
        return False
    if parts[1] not in _KINDS or answer.check_in is not None:
        return False
    if answer.question == "note" and answer.reading is None:
        talk.chosen = event.label
        _sort(talk, answer, parts[1])
    return True


_KINDS = ("good_turn", "received", "note")


def sorted_by_word(event: Said, talk: Talk) -> bool:
    """Words after a note was kept: what it is. Whether they were about it at all."""
    answer = talk.journal.answer(int((talk.person.pending or {}).get("note", 0)))
    if answer is None or answer.question != "note" or answer.reading is not None:
        return False
    words = event.text.strip(" .!").casefold().removeprefix("a ").removeprefix("just a ")
    if words in ("good turn", "gave", "i gave", "given", "gave it", "something i gave"):
        _sort(talk, answer, "good_turn")
    elif words in ("one i received", "received", "got", "i got", "got it", "i received it", "something i got"):
        _sort(talk, answer, "received")
    elif words == "note" or understand.wish(event.text) in ("no", "skip", "nothing", "never"):
        _sort(talk, answer, "note")
    else:
        return False
    return True


def _sort(talk: Talk, answer: Answer, kind: str) -> None:
    talk.journal.amend(answer, question=kind, reading="sorted" if kind == "note" else None)
    if (talk.person.pending or {}).get("note") == answer.id:
        talk.journal.settle()
    if kind == "good_turn":
        talk.say(_("A good turn, then."))
    elif kind == "received":
        talk.say(_("One you received, then."))
    else:
        talk.say(_("A note it is."))


def edited(event: Edited, talk: Talk) -> None:
    """They changed a message of theirs: what it said is changed too, and the earlier words are kept."""
    answer = talk.journal.answer_in(event.message)
    text = event.text.partition(" ")[2].strip() if event.text.startswith("/goodturn") else event.text
    if answer is None:
        talk.say(_("I couldn't tell what that change belongs to. Would you tell me as a new message?"))
    elif answer.text != text and text:
        reading = answer.reading
        if answer.question in talk.words.questions and reading != "usual":
            unclear = "unclear" if reading == "unclear" else None
            reading = check_in.reading_of(answer.question, text) or unclear
        talk.journal.amend(answer, text=text, reading=reading)
        talk.say(_("Changed there too."))


def sent(event: Sent, talk: Talk) -> None:
    """Something that isn't words."""
    if event.kind == "sticker":
        talk.say(talk.one_of("sticker", _("That one says it well."), _("I'll take that as a smile."), _("Nicely put.")))
    else:
        talk.say(_("I can only keep words so far. A few of them about it, so you can find it later?"))
