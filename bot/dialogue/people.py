"""`/people`: everybody they named. Another name, two that are one, or let be: never suggested again."""

from bot import understand
from bot.dialogue import aside, circles, history
from bot.dialogue.talk import RATHER_NOT, Part, Row, Talk, choice
from bot.domain import Acquaintance, Pressed, Said
from bot.text import preview, units
from bot.words import _

PAGE = 8
"""People on one card."""

NAME = 60
"""Characters of a name."""


def show(talk: Talk, words: str = "") -> None:
    """Everybody, or the one who goes by *words*."""
    known = talk.journal.known()
    spelling = understand.match(words, list(known)) if words else None
    if spelling is not None:
        _card(talk, known[spelling], None)
    elif words:
        _list(talk, 0, None, _("I don't know anybody by that name yet."))
    else:
        _list(talk, 0, None)


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """What is done about somebody."""
    match parts:
        case ["page", int(page)]:
            _list(talk, page, event.message)
            return True
        case ["leave"]:
            if talk.asked == "person":
                talk.chosen = event.label
                aside.back(talk, _("It stays as it is."))
            return True
        case [str(what), int(id), *rest] if somebody := talk.journal.acquaintance(id):
            return _press(event, talk, somebody, what, rest)
        case [str("gone" | "one"), int(), *_rest]:
            return True  # pressed once before
    return False


def _press(event: Pressed, talk: Talk, somebody: Acquaintance, what: str, rest: list[Part]) -> bool:
    shown = understand.addressed(somebody.name)
    match [what, *rest]:
        case ["show"]:
            _card(talk, somebody, event.message)
        case ["told"]:
            history.show_person(talk, somebody.id)
        case ["name"]:
            talk.put_in("person", who=somebody.id)
            resume(talk)
        case ["same"]:
            _ask_same(talk, somebody, event.message)
        case ["one", int(other)] if (into := talk.journal.acquaintance(other)) and other != somebody.id:
            talk.journal.merge(somebody, into)
            talk.chosen = event.label
            talk.say(_("{one} and {other} are one from now on.").format(one=shown, other=_shown(into)))
        case ["let"]:
            talk.journal.set_acquaintance(somebody, let_be=True)
            _card(talk, somebody, event.message)
        case ["circle"]:
            circles.ask(talk, shown, "people", "circle", somebody.id, replaces=event.message)
        case ["circle", "work" | "private" | circles.NONE as circle]:
            talk.journal.set_acquaintance(somebody, circle=None if circle == circles.NONE else circle)
            _card(talk, somebody, event.message)
        case ["again"]:
            talk.journal.set_acquaintance(somebody, let_be=False)
            _card(talk, somebody, event.message)
        case ["forget"]:
            talk.say(
                _("Forget {name}? What you wrote stays as it is, only nobody goes by that name any more.").format(
                    name=shown
                ),
                choices=[
                    (
                        choice(_("Forget the name"), "people", "gone", somebody.id, style="danger"),
                        choice(_("Keep it"), "people", "show", somebody.id),
                    )
                ],
                replaces=event.message,
            )
        case ["gone"]:
            talk.journal.forget(somebody)
            talk.chosen = event.label
            talk.say(_("Forgotten."))
        case _:
            return False
    return True


def _shown(somebody: Acquaintance) -> str:
    return understand.addressed(somebody.name)


def _list(talk: Talk, page: int, message: int | None, *lines: str) -> None:
    """Those who were spoken of longest ago come last."""
    people = sorted(talk.journal.acquaintances(), key=lambda each: each.seen_at or talk.person.joined_at, reverse=True)
    if not people:
        talk.say(*lines, _("Nobody yet. Tell me who it was when you tell me something, and I'll remember the name."))
        return
    page = min(page, (len(people) - 1) // PAGE)
    here = people[page * PAGE : (page + 1) * PAGE]
    buttons = [choice(preview(each.name, 30), "people", "show", each.id) for each in here]
    rows: list[Row] = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    turning = (
        *((choice(_("‹ Newer"), "people", "page", page - 1),) if page else ()),
        *((choice(_("Longer ago ›"), "people", "page", page + 1),) if len(people) > (page + 1) * PAGE else ()),
    )
    talk.say(*lines, _("People you've told me about:"), choices=[*rows, turning], replaces=message)


def _card(talk: Talk, somebody: Acquaintance, message: int | None) -> None:
    now = talk.journal.acquaintance(somebody.id) or somebody
    id, lines = now.id, [_shown(now)]
    others = [name for name, who in talk.journal.known().items() if who.id == id and name != now.name]
    if others:
        lines.append(_("Also: {names}").format(names=", ".join(others[:4])))
    if now.seen_at:
        day = talk.date(talk.local(now.seen_at).date())
        lines.append(_("You last told me of {name} on {day}.").format(name=_shown(now), day=day))
    lines.append(circles.shown(now.circle))
    if now.let_be:
        lines.append(_("Let be: I don't suggest anything with them."))
    let = (
        choice(_("No longer let be"), "people", "again", id) if now.let_be else choice(_("Let be"), "people", "let", id)
    )
    rows: list[Row] = [
        (choice(_("What you told me"), "people", "told", id),) if now.seen_at else (),
        (choice(_("Another name"), "people", "name", id), choice(_("Same as …"), "people", "same", id)),
        (choice(_("Circle"), "people", "circle", id), let),
        (choice(_("Forget"), "people", "forget", id),),
        (choice(_("‹ Back"), "people", "page", 0),),
    ]
    talk.say(*lines, choices=rows, replaces=message)


# Another name


def resume(talk: Talk) -> None:
    """Ask for the name again."""
    somebody = talk.journal.acquaintance(int(talk.pending["who"]))
    if somebody is None:
        aside.back(talk, _("That one is gone already."))
        return
    leave = (choice(_("Leave it"), "people", "leave"),)
    talk.say(_("How should I call {name}?").format(name=_shown(somebody)), choices=[leave])


def renamed(event: Said, talk: Talk) -> bool:
    """The name, in words. One that somebody else has already asks whether the two are one. Whether the words were a
    name: a story is about what was open before."""
    somebody = talk.journal.acquaintance(int(talk.pending["who"]))
    name = " ".join(event.text.split()).strip(" .!")
    if units(event.text) > NAME or understand.tells(event.text):
        talk.restore()
        return False
    if somebody is None:
        aside.back(talk, _("That one is gone already."))
    elif understand.wish(event.text) in (*RATHER_NOT, "later") or not name:
        aside.back(talk, _("It stays as it is."))
    else:
        known = talk.journal.known()
        spelling = understand.match(name, [each for each, who in known.items() if who.id != somebody.id])
        if spelling is None:
            talk.journal.set_acquaintance(somebody, name=name)
            aside.back(talk, _("{name}, then.").format(name=understand.addressed(name)))
        else:
            _ask_whether_one(talk, somebody, known[spelling])
    return True


def _ask_whether_one(talk: Talk, somebody: Acquaintance, other: Acquaintance) -> None:
    line = _("You know {other} already. Are {name} and {other} the same?").format(
        name=_shown(somebody), other=_shown(other)
    )
    yes = choice(_("Yes, the same"), "people", "one", somebody.id, other.id)
    aside.back(talk, line, rows=[(yes, choice(_("No"), "people", "show", somebody.id))])


# Two that are one


def _ask_same(talk: Talk, somebody: Acquaintance, message: int | None) -> None:
    others = [each for each in talk.journal.acquaintances() if each.id != somebody.id]
    near = understand.nearly(somebody.name, [each.name for each in others])
    others.sort(key=lambda each: (each.name not in near, -(each.seen_at or talk.person.joined_at).timestamp()))
    buttons = [choice(preview(each.name, 30), "people", "one", somebody.id, each.id) for each in others[:PAGE]]
    rows: list[Row] = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    line = _("{name} is the same as:") if others else _("{name} is the only one I know so far.")
    back = (choice(_("‹ Back"), "people", "show", somebody.id),)
    talk.say(line.format(name=_shown(somebody)), choices=[*rows, back], replaces=message)
