"""Changing what was told: other words, who it was for, which theme it serves, or not there any more."""

from bot import understand
from bot.dialogue import answers, aside, history, names, would_come
from bot.dialogue.talk import RATHER_NOT, Part, Row, Talk, choice
from bot.domain import Answer, CheckIn, Discard, Pressed, Said, Scrub
from bot.text import emphasised, preview
from bot.words import _

LABEL = 40
"""UTF-16 units of an answer on a button."""

LISTED = 12
"""Answers of one check-in that are offered to be changed; more are rare, and Show all still shows them."""

EARLIER = 5
"""Earlier wordings of one answer that are shown, the latest ones; an export has them all."""

ABOUT_SOMEBODY = ("good_turn", "received", "note", "outcome")
"""Questions whose answers are about somebody and serve a theme."""


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """Choose what to change, and how."""
    match parts:
        case ["entry", int(id)] if entry := talk.journal.entry(id):
            _choose(talk, entry, event.message)
        case ["answer", int(id)] if answer := talk.journal.answer(id):
            _offer(talk, answer, event.message)
        case ["reword", int(id)] if answer := talk.journal.answer(id):
            talk.chosen = event.label
            _ask_words(talk, answer)
        case ["theme", int(id)] if answer := talk.journal.answer(id):
            _ask_theme(talk, answer, event.message)
        case ["serves", int(id), int(theme)] if answer := talk.journal.answer(id):
            _serve(talk, answer, theme, event.message)
        case ["earlier", int(id)] if answer := talk.journal.answer(id):
            _show_earlier(talk, answer)
        case ["drop", int(id)] if answer := talk.journal.answer(id):
            _ask_whether(talk, answer, event.message)
        case ["gone", int(id)]:
            if answer := talk.journal.answer(id):
                talk.chosen = event.label
                _drop(talk, answer)
        case ["leave"]:
            if talk.asked == "reword":
                talk.chosen = event.label
                aside.back(talk, _("It stays as it is."))
        case _:
            return False
    return True


# What to change


def _choose(talk: Talk, entry: CheckIn | Answer, message: int | None) -> None:
    """Which answer of *entry*: asked only if there are several."""
    told = [answer for answer in history.answers(entry) if history.text_of(talk, answer)]
    if len(told) == 1:
        _offer(talk, told[0], message)
        return
    labels = [(answer, " ".join(history.text_of(talk, answer).split())) for answer in told[:LISTED]]
    rows: list[Row] = [(choice(preview(text, LABEL), "edit", "answer", answer.id),) for answer, text in labels]
    talk.say(_("Which of these?"), choices=[*rows, _back(entry.id)], replaces=message)


def _offer(talk: Talk, answer: Answer, message: int | None) -> None:
    """*answer*, and what can be done about it."""
    text = history.text_of(talk, answer)
    people = [understand.addressed(each.name) for each in talk.journal.mentioned(answer.id)]
    served = next((theme.text for theme in talk.journal.themes() if theme.id == answer.theme), None)
    words: Row = (choice(_("Other words"), "edit", "reword", answer.id),) if answer.question != "people" else ()
    more: Row = ()
    if answer.question in ABOUT_SOMEBODY:
        more = (
            choice(_("Who it was"), "names", "fix", answer.id),
            choice(_("Its theme"), "edit", "theme", answer.id),
        )
    talk.say(
        emphasised(history.name(talk, answer)),
        preview(text, history.PREVIEW),
        " · ".join([*people, *([f"“{served}”"] if served else [])]),
        choices=[
            (*words, choice(_("Delete"), "edit", "drop", answer.id, style="danger")),
            more,
            (choice(_("Earlier words"), "edit", "earlier", answer.id),) if talk.journal.revisions(answer.id) else (),
            _back(answer.check_in or answer.id),
        ],
        replaces=message,
    )


def _back(entry: int) -> Row:
    return (choice(_("‹ Back"), "history", "entry", entry),)


def _show_earlier(talk: Talk, answer: Answer) -> None:
    """What *answer* said before, each until it was changed."""
    for text, changed_at in talk.journal.revisions(answer.id)[-EARLIER:]:
        day = talk.date(talk.local(changed_at).date())
        talk.say(_("Until {day}: “{text}”").format(day=day, text=text))


# Other words


def _ask_words(talk: Talk, answer: Answer) -> None:
    talk.put_in("reword", answer=answer.id)
    resume(talk)


def resume(talk: Talk) -> None:
    """Ask for the other words again."""
    talk.say(_("Say it again, the way it should stand."), choices=[(choice(_("Leave it"), "edit", "leave"),)])


def reworded(event: Said, talk: Talk) -> bool:
    """The words that the answer is to have. The earlier ones are kept as a revision. Any words are about it."""
    answer = talk.journal.answer(int(talk.pending["answer"]))
    if understand.wish(event.text) in (*RATHER_NOT, "later"):
        aside.back(talk, _("It stays as it is."))
    elif answer is None:
        talk.keep(event)
        aside.back(talk, _("That one is gone already, so I've kept this as a note."))
    else:
        reword(talk, answer, event.text)
        aside.back(talk, _("That's how it stands now."))
    return True


def reword(talk: Talk, answer: Answer, text: str) -> None:
    """Let *answer* say *text*: who it was and what it comes to follow."""
    changed = talk.journal.amend(answer, text=text, reading=answers.reading_after(talk, answer, text))
    if changed.question in ABOUT_SOMEBODY:
        names.notice(talk, changed)
    elif changed.question == would_come.GO:
        would_come.mention(talk, changed)


# Its theme


def _ask_theme(talk: Talk, answer: Answer, message: int | None) -> None:
    rows: list[Row] = [
        (choice(preview(theme.text, LABEL), "edit", "serves", answer.id, theme.id),) for theme in talk.journal.themes()
    ]
    if not rows:
        talk.say(_("There are no themes yet. /themes adds one."))
        return
    none = choice(_("None of them"), "edit", "serves", answer.id, 0)
    talk.say(_("Which of your themes does it serve?"), choices=[*rows, (none,)], replaces=message)


def _serve(talk: Talk, answer: Answer, theme: int, message: int | None) -> None:
    served = next((each for each in talk.journal.themes() if each.id == theme), None)
    _offer(talk, talk.journal.amend(answer, theme=served.id if served else None), message)


# Gone


def _ask_whether(talk: Talk, answer: Answer, message: int | None) -> None:
    talk.say(
        _("Delete this for good? Its earlier words go with it."),
        f"“{preview(' '.join(history.text_of(talk, answer).split()), history.PREVIEW)}”",
        choices=[
            (
                choice(_("Delete it"), "edit", "gone", answer.id, style="danger"),
                choice(_("Keep it"), "edit", "answer", answer.id),
            )
        ],
        replaces=message,
    )


def _drop(talk: Talk, answer: Answer) -> None:
    """*answer* is gone. A question of a check-in that is still open counts as skipped, so it isn't asked again."""
    for media in talk.journal.drop(answer):
        talk.wish(Discard(id=media.id))
    talk.wish(Scrub())
    check_in = talk.journal.check_in(answer.check_in) if answer.check_in else None
    if check_in and check_in.closed_at is None and answer.question != "good_turn":
        talk.journal.add(answer.question, reading="skip", check_in=check_in)
    talk.say(_("It's gone."))
