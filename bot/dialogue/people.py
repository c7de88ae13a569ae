"""`/people`: everybody they named, in words and never in figures.

Those of whom nothing was told for a while come first, as an invitation. A card each: what went to and fro, another
name, two that are one, a circle, or let be: never suggested again.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot import understand
from bot.dialogue import aside, circles, history, mirror, passing_on, would_come
from bot.dialogue.talk import A_WHILE, RATHER_NOT, Part, Row, Talk, choice
from bot.domain import Acquaintance, Answer, Pressed, Said
from bot.text import preview, units
from bot.words import _

PAGE = 8
"""People on one card."""

NAME = 60
"""Characters of a name."""

LOOKED_AT = 60
"""Answers about somebody that are looked through for their card."""

OFTEN = 6
"""From so many good turns within half a year on somebody is spoken of often."""

HALF_A_YEAR = timedelta(weeks=26)


def show(talk: Talk, words: str = "") -> None:
    """Everybody, or the one who goes by *words*."""
    _leave_same(talk)
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
    _leave_same(talk)
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
        case ["same", int(other)] if (into := talk.journal.acquaintance(other)) and other != somebody.id:
            _ask_merge(talk, somebody, into, event.message)
        case ["one", int(other)] if (into := talk.journal.acquaintance(other)) and other != somebody.id:
            talk.journal.merge(somebody, into)
            talk.chosen = event.label
            talk.say(_begun(_("{one} and {other} are one from now on.").format(one=shown, other=_shown(into))))
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
                _("Shall I forget {name}? What you wrote stays as it is; only the name goes.").format(name=shown),
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


def _begun(sentence: str) -> str:
    """*sentence*, which may begin with "your sister", as a sentence begins."""
    return sentence[:1].upper() + sentence[1:]


# The list


def _list(talk: Talk, page: int, message: int | None, *lines: str) -> None:
    """Everybody, a page at a time, in the order of `_sorted`."""
    people, quiet = _sorted(talk)
    if not people:
        talk.say(*lines, _("Nobody yet. Tell me who it was when you tell me something, and I'll remember the name."))
        return
    page = min(page, (len(people) - 1) // PAGE)
    here = people[page * PAGE : (page + 1) * PAGE]
    turning = (
        *((choice(_("‹ Back"), "people", "page", page - 1),) if page else ()),
        *((choice(_("More ›"), "people", "page", page + 1),) if len(people) > (page + 1) * PAGE else ()),
    )
    talk.say(
        *lines,
        _invitation(talk, quiet) if quiet and not page and not lines else "",
        _("People you've told me about:"),
        choices=[*_buttons(here, "show"), turning, would_come.way(talk)],
        replaces=message,
    )


def _buttons(people: Iterable[Acquaintance], *action: object) -> list[Row]:
    """A button for each of *people*, two in a row; *action* is what is done about them."""
    buttons = [choice(preview(each.name, 30), "people", *action, each.id) for each in people]
    return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]


def _sorted(talk: Talk) -> tuple[list[Acquaintance], list[Acquaintance]]:
    """Everybody, and those of them who went quiet, who come first: nothing was told of them for a while, and something
    went to or from them before. Whoever fell silent last leads, since that thread is taken up most easily, and the
    invitation changes by itself. Nobody from a hard moment is one, and whoever is let be comes last of all."""
    met, hard = talk.journal.met(), talk.journal.in_hardships()
    everybody = sorted(
        talk.journal.acquaintances(), key=lambda each: each.seen_at or talk.person.joined_at, reverse=True
    )
    let_be = [each for each in everybody if each.let_be]
    quiet = [
        each
        for each in everybody
        if each.seen_at and talk.now - each.seen_at >= A_WHILE and each.id in met - hard and not each.let_be
    ]
    others = [each for each in everybody if each not in let_be and each not in quiet]
    return [*quiet, *others, *let_be], quiet


def _invitation(talk: Talk, quiet: Sequence[Acquaintance]) -> str:
    names = _(" or ").join(_shown(each) for each in quiet[:2])
    line = talk.one_of(
        "gone quiet",
        _("It's been a while since you told me of {names}."),
        _("Any news of {names}? It's been a while."),
        _("I haven't heard of {names} for some time."),
    )
    return line.format(names=names)


# Somebody's card


def _card(talk: Talk, somebody: Acquaintance, message: int | None) -> None:
    now = talk.journal.acquaintance(somebody.id) or somebody
    id, told = now.id, talk.journal.naming(now.id, LOOKED_AT)
    others = [name for name, who in talk.journal.known().items() if who.id == id and name != now.name]
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
    talk.say(
        _shown(now),
        _("Also: {names}").format(names=", ".join(others[:4])) if others else "",
        *_between(talk, now, told),
        _last_told(talk, now, told),
        circles.shown(now.circle),
        _("Let be: I don't suggest anything with them.") if now.let_be else "",
        choices=rows,
        replaces=message,
    )


def _between(talk: Talk, somebody: Acquaintance, told: Sequence[Answer]) -> list[str]:
    """What went to them and what came from them lately, in the person's own words, and the chain they belong to. Nobody
    is reminded of whoever is let be."""
    if somebody.let_be:
        return []
    given, received = (
        mirror.quotes(talk, [each for each in told if each.question == kind], most, somebody)
        for kind, most in (("good_turn", 2), ("received", 1))
    )
    chains = passing_on.chains(talk, somebody)
    return [
        *([_("From you: {words}").format(words=", ".join(given))] if given else []),
        *([_("From {name}: {words}").format(name=_shown(somebody), words=received[0])] if received else []),
        *([_("Passed on: {chain}.").format(chain=chains[0])] if chains else []),
    ]


def _last_told(talk: Talk, somebody: Acquaintance, told: Sequence[Answer]) -> str:
    """When they were last spoken of, in words, and whether that is often or was once."""
    if somebody.seen_at is None:
        return ""
    turns = [each for each in told if each.question in ("good_turn", "received")]
    lately = [each for each in turns if talk.now - each.said_at < HALF_A_YEAR]
    if len(lately) >= OFTEN:
        line = _("You often tell me of {name}; the last time was {ago}.")
    elif len(told) == 1 and talk.now - somebody.seen_at >= timedelta(weeks=3):
        line = _("You told me of {name} once, {ago}.")
    else:
        line = _("You last told me of {name} {ago}.")
    return line.format(name=_shown(somebody), ago=talk.ago(somebody.seen_at))


# Another name


def resume(talk: Talk) -> None:
    """Ask for the name again."""
    somebody = talk.journal.acquaintance(int(talk.pending["who"]))
    if somebody is None:
        aside.back(talk, _("That one is gone already."))
        return
    leave = (choice(_("Leave it"), "people", "leave"),)
    talk.say(_("What should I call {name}?").format(name=_shown(somebody)), choices=[leave])


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
            aside.back(talk, _begun(_("{name}, then.").format(name=understand.addressed(name))))
        else:
            _ask_whether_one(talk, somebody, known[spelling])
    return True


def _ask_whether_one(talk: Talk, somebody: Acquaintance, other: Acquaintance) -> None:
    line = _("You know {other} already. Are {name} and {other} the same person? I can't take them apart again.").format(
        name=_shown(somebody), other=_shown(other)
    )
    aside.back(talk, line, rows=[_yes_or_no(somebody, other)])


def _yes_or_no(somebody: Acquaintance, other: Acquaintance) -> Row:
    yes = choice(_("Yes, the same"), "people", "one", somebody.id, other.id)
    return yes, choice(_("No"), "people", "show", somebody.id)


# Two that are one


def _ask_same(talk: Talk, somebody: Acquaintance, message: int | None) -> None:
    """Who they are the same as: those likeliest by a tap, anybody in words."""
    others = [each for each in talk.journal.acquaintances() if each.id != somebody.id]
    back = (choice(_("‹ Back"), "people", "show", somebody.id),)
    if not others:
        line = _begun(_("{name} is the only one I know so far.").format(name=_shown(somebody)))
        talk.say(line, choices=[back], replaces=message)
        return
    near = understand.nearly(somebody.name, [each.name for each in others])
    others.sort(key=lambda each: (each.name not in near, -(each.seen_at or talk.person.joined_at).timestamp()))
    talk.put_in("same", who=somebody.id)
    talk.say(
        _begun(_("{name} is the same as:").format(name=_shown(somebody))),
        _("Anybody else? Write the name.") if len(others) > PAGE else "",
        choices=[*_buttons(others[:PAGE], "same", somebody.id), back],
        replaces=message,
    )


def same(event: Said, talk: Talk) -> bool:
    """Who they are the same as, in words. Whether the words were about that."""
    somebody = talk.journal.acquaintance(int(talk.pending["who"]))
    _leave_same(talk)
    if somebody is None or event.forwarded is not None or understand.tells(event.text):
        return False
    words = (understand.listed(event.text) or (event.text.strip(" .!?"),))[0]
    others = {name: who for name, who in talk.journal.known().items() if who.id != somebody.id}
    near = [others[name] for name in understand.nearly(words, list(others))]
    if spelling := understand.match(words, list(others)):
        _ask_merge(talk, somebody, others[spelling], None)
    elif near:
        talk.say(
            _("Who do you mean?"), choices=_buttons({each.id: each for each in near}.values(), "same", somebody.id)
        )
    elif understand.wish(event.text) in RATHER_NOT:
        talk.say(_("It stays as it is."))
    elif understand.listed(event.text):
        talk.say(_("I don't know anybody by that name yet."))
    else:
        return False
    return True


def _leave_same(talk: Talk) -> None:
    """Wait no longer for the name of whoever is the same: something else was asked for, or the name is here."""
    if talk.asked == "same":
        talk.restore()


def _ask_merge(talk: Talk, somebody: Acquaintance, into: Acquaintance, message: int | None) -> None:
    line = _("{name} and {other} become one, by the name of {other}? I can't take them apart again.")
    talk.say(
        _begun(line.format(name=_shown(somebody), other=_shown(into))),
        choices=[_yes_or_no(somebody, into)],
        replaces=message,
    )
