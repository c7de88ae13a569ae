"""What is told outside a check-in: a good turn by hand, or plain words, which are kept first and sorted afterwards."""

from bot import understand
from bot.dialogue import answers, aside, asking, editing, hard, names, passing_on, quiet
from bot.dialogue.talk import RATHER_NOT, Part, Row, Talk, asks_back, choice
from bot.domain import Answer, Edited, Pressed, Said
from bot.words import _

# A good turn by hand


def good_turn(event: Said, talk: Talk) -> None:
    """`/goodturn`, with the words behind it or asked for. While a check-in asks just that, it is the answer to it."""
    check_in = talk.journal.open_check_in()
    if check_in and asking.unanswered(check_in) == "good_turn":
        if event.text:
            answers.said(event, talk, check_in)
        else:
            asking.resume(talk, check_in)
    elif event.text:
        talk.put_in("good_turn")
        _keep(event, talk)
    else:
        if talk.asked != "good_turn":
            talk.put_in("good_turn")
        resume(talk)


def _keep(event: Said, talk: Talk) -> None:
    """Write it down as what it seems to be, and offer what else it could be."""
    kind = "received" if understand.received(event.text) else "good_turn"
    answer = talk.keep(event, kind)
    line, rows = answers.said_back(talk, answer)
    if kind == "received":
        answers.ask_whose(talk, answer)
    else:
        aside.back(talk, line, rows=[*rows, _kinds(answer, "received", "note")])


def _kinds(answer: Answer, *kinds: str) -> Row:
    """Buttons for what *answer* is."""
    labels = {"good_turn": _("A good turn"), "received": _("One I received"), "note": _("Just a note")}
    return tuple(choice(labels[kind], "note", answer.id, kind) for kind in kinds)


def resume(talk: Talk) -> None:
    """Ask for the good turn again."""
    never = choice(_("Never mind"), "note", "leave")
    talk.say(_("Tell me: who was it, and what did you do?"), choices=[(never,)])


def told(event: Said, talk: Talk) -> bool:
    """The good turn that was asked for by hand. Any words are about it."""
    wish = understand.wish(event.text)
    if wish in (*RATHER_NOT, "later"):
        aside.back(talk, _("Left it."))
    elif wish == "yes" or asks_back(event.text):
        resume(talk)
    else:
        _keep(event, talk)
    return True


# Plain words


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
            talk.say(_("I haven't asked anything just now. Tell me something any time, or /checkin."))


def _note(event: Said, talk: Talk) -> None:
    note = talk.keep(event)
    if talk.quiet and hard.told_lately(talk):  # nobody is asked then what their words were
        line = talk.one_of("told", _("Thank you for telling me. I've kept it."), _("I've kept that for you."))
        talk.say(line, choices=[quiet.back()])
    elif asks_back(event.text):
        line = _("I'm a small program and can't answer that; I've kept it as a note. /help says what I can do.")
        talk.say(line, choices=[quiet.back()] if talk.quiet else [])
    else:
        offer(talk, note)


def offer(talk: Talk, note: Answer, line: str = "") -> None:
    """Offer *note*, which is kept, to be more than that, with *line* or one of our own."""
    talk.journal.ask("kind", note=note.id)
    if not line and note.text and understand.received(note.text):
        line = _("That's kept. It sounds like one you got?")
    talk.say(
        line
        or talk.one_of(
            "plain",
            _("Kept as a note. Or was it a good turn?"),
            _("I've kept that as a note. Or is it more than that?"),
            _("Noted. Something you gave, or got?"),
            _("That's kept. Shall it stay a note?"),
        ),
        choices=[_kinds(note, "good_turn", "received", "note"), quiet.back() if talk.quiet else ()],
    )


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """What a note is, or that there is no good turn to tell."""
    match parts:
        case ["leave"]:
            if talk.asked == "good_turn":
                talk.chosen = event.label
                aside.back(talk, _("Left it."))
            return True
        case [int(id), "good_turn" | "received" | "note" as kind] if note := talk.journal.answer(id):
            if note.check_in is not None:
                return False
            if is_unsorted(note) or (note.question in ("good_turn", "received") and note.question != kind):
                talk.chosen = event.label
                _sort(talk, note, kind)
            return True
    return False


def sorted_by_word(event: Said, talk: Talk) -> bool:
    """Words after a note was kept: what it is. Whether they were about it at all."""
    note = talk.journal.answer(int(talk.pending["note"]))
    if note is None or not is_unsorted(note):
        return False
    match event.text.strip(" .!").casefold().removeprefix("a ").removeprefix("just a "):
        case "good turn" | "gave" | "i gave" | "given" | "gave it" | "something i gave":
            _sort(talk, note, "good_turn")
        case "one i received" | "received" | "got" | "i got" | "got it" | "i received it" | "something i got":
            _sort(talk, note, "received")
        case _ if understand.wish(event.text) == "yes" and note.text and understand.received(note.text):
            _sort(talk, note, "received")
        case words if words == "note" or understand.wish(event.text) in ("no", "skip", "nothing", "never", "enough"):
            _sort(talk, note, "note")
        case _:
            return False
    return True


def is_unsorted(answer: Answer) -> bool:
    """Whether *answer* is a note of which nobody has said yet what it is."""
    return answer.question == "note" and answer.reading is None


def _sort(talk: Talk, note: Answer, kind: str) -> None:
    changed = talk.journal.amend(note, question=kind, reading="sorted" if kind == "note" else None)
    if talk.pending.get("note") == note.id:
        talk.journal.settle()
    people = names.notice(talk, changed)
    shown = names.said_back(people)
    match kind:
        case "good_turn" if people:
            line = _("A good turn, then: {names}.").format(names=shown)
        case "good_turn":
            line = _("A good turn, then.")
        case "received" if people:
            line = _("One you received, then: {names}.").format(names=shown)
        case "received":
            line = _("One you received, then.")
        case _:
            line = _("A note it is.")
    fix = names.fix(changed) if people and kind != "note" else ()
    talk.say(line, choices=[passing_on.row(talk, changed), fix])


# Whatever else comes


def edited(event: Edited, talk: Talk) -> None:
    """They changed a message of theirs: what it said is changed too, and the earlier words are kept."""
    answer = talk.journal.answer_in(event.message)
    is_command = event.text.startswith(("/goodturn", "/draft"))
    text = event.text.partition(" ")[2].strip() if is_command else event.text
    if answer is None:
        talk.say(_("I couldn't tell what that change belongs to. Would you tell me as a new message?"))
    elif text and text != answer.text:
        line, before = _("Changed there too."), talk.journal.open_check_in()
        editing.reword(talk, answer, text)
        after = talk.journal.open_check_in()
        if before and after and asking.unanswered(before) != asking.unanswered(after):
            asking.ask(talk, after, line)
        else:
            talk.say(line)
