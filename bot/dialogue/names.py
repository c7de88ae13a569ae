"""Who it was: names are proposed out of what was told, said back, and put right by one button."""

from datetime import timedelta

from bot import understand
from bot.dialogue import aside
from bot.dialogue.city import STORY
from bot.dialogue.talk import Part, Row, Talk, choice
from bot.domain import Acquaintance, Answer, Pressed, Said
from bot.text import preview, units
from bot.words import _

MOST = 8
"""People one answer is about, at most."""

NAME = 60
"""Characters of a name that is kept."""

RECENT = timedelta(hours=1)
"""How long after something was kept "fix" means its names."""


def notice(talk: Talk, answer: Answer) -> list[Acquaintance]:
    """Write down who *answer*, which is new or says something new, seems to be about; who that is."""
    named = understand.names(answer.text or "", list(talk.journal.known()))
    found = [name for name in named if len(name) <= NAME][:MOST]  # nobody's name fills a screen
    is_new = answer.said_at == talk.now
    return [] if is_new and not found else talk.journal.mention(answer, found)


def said_back(people: list[Acquaintance]) -> str:
    """*people* as the bot says their names."""
    return ", ".join(understand.addressed(each.name) for each in people)


def fix(answer: Answer) -> Row:
    """The button that puts names right."""
    return (choice(_("Fix"), "names", "fix", answer.id),)


_WRONG = ("fix", "fix it", "fix that", "fix the name", "fix the names", "wrong name", "wrong names", "wrong person")


def wished(event: Said, talk: Talk) -> bool:
    """ "fix", in words, just after something was kept. Whether it was that."""
    if event.text.strip(" .!").casefold() not in _WRONG:
        return False
    latest = next(iter(talk.journal.written(1)), None)
    if latest is None or talk.now - latest.said_at > RECENT or latest.question not in ("good_turn", "received", "note"):
        return False
    talk.put_in("names", answer=latest.id)
    resume(talk)
    return True


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """Somebody else, or nobody by name."""
    match parts:
        case ["fix", int(id)] if answer := talk.journal.answer(id):
            if talk.asked != "names" or talk.pending.get("answer") != id:
                talk.put_in("names", answer=id)
                resume(talk)
        case ["not", int(id), int(somebody)] if answer := talk.journal.answer(id):
            people = talk.journal.mentioned(id)
            stay = [each.name for each in people if each.id != somebody]
            if len(stay) < len(people):
                talk.chosen = event.label
                _settle(talk, answer, stay)
        case ["same", int(id), int(one), int(other)] if answer := talk.journal.answer(id):
            who, into = talk.journal.acquaintance(one), talk.journal.acquaintance(other)
            if who and into and one != other:
                _ask_merge(talk, answer, who, into)
        case ["one", int(id), int(one), int(other)] if answer := talk.journal.answer(id):
            who, into = talk.journal.acquaintance(one), talk.journal.acquaintance(other)
            if who and into and one != other:
                talk.chosen = event.label
                talk.journal.merge(who, into)
                _close(talk, answer)
        case ["two", int()]:
            if talk.asked == "names":
                talk.chosen = event.label
                resume(talk)
        case ["none", int(id)] if answer := talk.journal.answer(id):
            talk.chosen = event.label
            _settle(talk, answer, [])
        case _:
            return False
    return True


def resume(talk: Talk) -> None:
    """Ask who it was, again."""
    id = int(talk.pending["answer"])
    people = talk.journal.mentioned(id)
    rows: list[Row] = []
    for each in people:
        shown = understand.addressed(each.name)
        rows.append((choice(_("Not {name}").format(name=preview(shown, 30)), "names", "not", id, each.id),))
        others = {name: other for name, other in talk.journal.known().items() if other.id != each.id}
        for name in understand.nearly(each.name, list(others))[:2]:
            label = _("{name} is {other}").format(name=preview(shown, 20), other=preview(name, 20))
            rows.append((choice(label, "names", "same", id, each.id, others[name].id),))
    nobody = choice(_("Nobody by name"), "names", "none", id)
    talk.say(_("Who was it, then? Just the names."), choices=[*rows, (nobody,)])


def _ask_merge(talk: Talk, answer: Answer, who: Acquaintance, into: Acquaintance) -> None:
    name, other = understand.addressed(who.name), understand.addressed(into.name)
    yes = choice(_("Yes, the same"), "names", "one", answer.id, who.id, into.id)
    talk.say(
        _("{name} and {other} become one, by the name of {other}? I can't take them apart again.").format(
            name=name, other=other
        ),
        choices=[(yes, choice(_("No"), "names", "two", answer.id))],
    )


def told(event: Said, talk: Talk) -> bool:
    """The names, in words. Whether the words were that: a story is about what was open before."""
    answer = talk.journal.answer(int(talk.pending["answer"]))
    wish = understand.wish(event.text)
    found = () if wish in ("no", "nothing") else understand.listed(event.text)
    if wish is None and _tells(event.text) and (answer is None or not found):
        talk.restore()
        return False
    if answer is None:
        aside.back(talk, _("That one is gone already."))
    elif wish in ("skip", "later", "never", "enough"):
        _close(talk, answer)
    elif not found and wish not in ("no", "nothing"):
        _unnamed(event, talk, answer)
    else:
        if _tells(event.text) and len(" ".join(found)) < len(event.text) // 2:  # much more than the names
            talk.keep(event)
        _settle(talk, answer, [name[:NAME] for name in found[:MOST]])
    return True


def _tells(text: str) -> bool:
    return understand.tells(text) or units(text) > STORY


def _unnamed(event: Said, talk: Talk, answer: Answer) -> None:
    """There was no name in that: asked for once more, and then what they say is kept and the names stay."""
    if talk.pending.get("again"):
        talk.keep(event)
        talk.greeting = _("I've kept that as a note.")
        _close(talk, answer)
    else:
        talk.journal.change(pending={**talk.pending, "again": True})
        talk.say(_("Only the names, if you can, with commas between: “Ana, my neighbour”. “Skip” leaves it."))


def _settle(talk: Talk, answer: Answer, found: list[str]) -> None:
    """*answer* is about those *found*; who is called by a fuller name than before goes by that from now on."""
    for each in talk.journal.mention(answer, found):
        fuller = [name for name in found if understand.match(each.name, [name]) and name.startswith(f"{each.name} ")]
        if fuller:
            talk.journal.set_acquaintance(each, name=fuller[0])
    _close(talk, answer)


def _close(talk: Talk, answer: Answer) -> None:
    """Say who it is about now, and go back to what was open."""
    people = talk.journal.mentioned(answer.id)
    line = _("{names}, then.").format(names=said_back(people)) if people else _("Nobody by name, then.")
    if talk.asked == "names":
        aside.back(talk, line)
    else:
        talk.say(line)
