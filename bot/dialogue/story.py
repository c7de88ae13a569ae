"""`/story`: what the weeks add up to, as a picture with a few sentences; and a year in their own words.

What is shown is a recipe ("story 26 3"), and its picture is made when it is sent. The buttons of a picture change that
same message.
"""

import re
from dataclasses import replace

from bot import picture, story
from bot.dialogue import themes
from bot.dialogue.talk import Part, Row, Talk, choice
from bot.domain import Better, Pressed, Proposed, Reply, StoryBrief, StoryFace, StoryProposal
from bot.story import LENGTHS, Letter, Past
from bot.suggest import telling
from bot.text import emphasised, preview
from bot.words import _
from bot.words.dates import month

TOLD = 40
"""Good turns, the latest ones, of which a language model is shown what was written."""

SPELLED = 300
"""UTF-16 units of names that are spelled out: with the sentences above they fit below a picture."""

LABEL = 40
"""UTF-16 units of a theme on a button."""

_LENGTH = re.compile(r"(?:(12|26|52)(?: ?w| weeks)?|half a year|six months)")
_YEAR = re.compile(r"(?:the |my |a )?(?:year|letter)")


def show(talk: Talk, words: str = "") -> None:
    """The last twelve weeks, or what *words* ask for: another length, a theme, or the year's letter."""
    asked = " ".join(words.casefold().split())
    if _YEAR.fullmatch(asked):
        letter(talk)
    elif found := _LENGTH.fullmatch(asked):
        _show(talk, int(found[1] or 26), 0)
    elif not words or (theme := themes.find(talk, words)):
        _show(talk, LENGTHS[0], theme.id if words and theme else 0)
    else:
        talk.say(_("I know no theme by that name. “/story 26” shows half a year, “/story year” is a letter."))


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """Another length, another theme, or light for dark; in the place of the picture that is there."""
    match parts:
        case [int(weeks), int(theme)] if weeks in LENGTHS:
            _show(talk, weeks, theme, replaces=event.message)
        case [int(weeks), int(theme), "dark" | "light" as shade] if weeks in LENGTHS:
            talk.journal.change(dark=shade == "dark")
            _show(talk, weeks, theme, replaces=event.message)
        case [int(weeks), int(theme), "themes"] if weeks in LENGTHS:
            _show(talk, weeks, theme, replaces=event.message, choosing=True)
        case ["letter"]:
            letter(talk)
        case _:
            return False
    return True


def _show(talk: Talk, weeks: int, theme: int, *, replaces: int | None = None, choosing: bool = False) -> None:
    """The last *weeks*, of all themes or of the one with the id *theme*; below it the ways to others, or, when they
    are *choosing*, the themes."""
    told = story.past(talk.journal, talk.now, weeks=weeks, theme=theme)
    theme = told.theme.id if told.theme else 0
    rows = _themes(told) if choosing else _ways(talk, told)
    if told.turns:
        caption, below = story.caption(told, talk.person.id), _unwritten(told)
        face = StoryFace(above=talk.greeting if replaces is None else "", below=below)
        talk.say(
            caption,
            below,
            choices=rows,
            replaces=replaces,
            attached=f"story {weeks} {theme}",
            held=talk.asks_model,
        )
        if talk.asks_model:
            talk.wish(Better(brief=_brief(told, caption), face=face))
    elif told.theme:
        talk.say(_("Nothing of “{theme}” in these weeks.").format(theme=told.theme.text), choices=rows)
    elif talk.journal.entry_before(None) is None:
        talk.say(_("Your story begins with the first thing you tell me. /goodturn keeps it, or just write."))
    else:
        talk.say(_("These weeks are a blank page so far. Further back there may be more."), choices=rows)


def _ways(talk: Talk, told: Past) -> list[Row]:
    theme = told.theme.id if told.theme else 0
    labels = {12: _("12 weeks"), 26: _("Half a year"), 52: _("A year")}
    lengths = tuple(choice(label, "story", weeks, theme) for weeks, label in labels.items() if weeks != told.weeks)
    shade = (
        choice(_("Light"), "story", told.weeks, theme, "light")
        if talk.person.dark
        else choice(_("Dark"), "story", told.weeks, theme, "dark")
    )
    by_theme = (choice(_("By theme"), "story", told.weeks, theme, "themes"),) if told.themes else ()
    return [lengths, (*by_theme, shade)]


def _themes(told: Past) -> list[Row]:
    everything = choice(_("All of it"), "story", told.weeks, 0)
    buttons = [choice(preview(each.text, LABEL), "story", told.weeks, each.id) for each in told.themes]
    return [*(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)), (everything,)]


def _unwritten(told: Past) -> str:
    """Themes and names that the picture has no letters for."""
    drawn = story.story(told)
    there = {mark.theme for mark in drawn.marks}
    named = [theme for place, theme in enumerate(drawn.themes) if place in there]
    ends = [name for chain in drawn.chains for name in (chain.giver, chain.taker)]
    missing = [text for text in dict.fromkeys((*named, *ends)) if text and picture.lacks(text)]
    if not missing:
        return ""
    return _("Spelled out here, since the picture may lack the letters: {names}.").format(
        names=preview(", ".join(missing), SPELLED)
    )


# What a language model may say


def _brief(told: Past, caption: str) -> StoryBrief:
    """All that a model is shown of *told*, which *caption* tells of already: nothing of anybody who is let be."""
    said: list[tuple[str, str]] = []
    for turn in told.turns[-TOLD:]:
        said += [("given" if turn.given else "received", quote) for quote in turn.quotes]
        said += [("what came of it", quote) for quote in turn.came]
    people = dict.fromkeys(name for turn in told.turns[-TOLD:] for name in story.names(turn.people))
    return StoryBrief(
        span={12: "these weeks", 26: "these months", 52: "the past year"}[told.weeks],
        themes=tuple(theme.text for theme in told.themes if told.theme in (None, theme)),
        people=tuple(people),
        told=tuple(said),
        caption=caption,
    )


def better(event: Proposed, _talk: Talk) -> Reply | None:
    """The waiting story with the sentences of a language model, if they keep the rules; None if it stays as it is."""
    brief, face, proposal = event.wish.brief, event.wish.face, event.proposal
    assert isinstance(brief, StoryBrief)  # the three are of one kind
    assert isinstance(face, StoryFace)
    assert isinstance(proposal, StoryProposal)
    if telling.flaws(proposal, brief):
        return None
    return replace(event.reply, text="\n".join(line for line in (face.above, proposal.caption, face.below) if line))


# The year's letter


def year(talk: Talk) -> Letter | None:
    """The letter of the year that ends now; None while there is too little to write."""
    return story.letter(story.past(talk.journal, talk.now, weeks=52), talk.person.name, dark=talk.person.dark)


def letter(talk: Talk, *lines: str) -> None:
    """The year in their own sentences, and whose weeks they were in: as a picture and as text, below *lines*."""
    written = year(talk)
    if written is None:
        talk.say(_("A letter needs a little more to quote from. Tell me of a few more weeks, and ask again."))
        return
    said = [f"{emphasised(month(line.month))}\n“{line.text}”" for line in written.lines]
    paragraphs = (*lines, _("A year, in your words."), *said, _whose(written))
    talk.say("\n\n".join(each for each in paragraphs if each), attached="letter")


def _whose(written: Letter) -> str:
    names = written.people
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else _("{some} and {last}").format(some=", ".join(names[:-1]), last=names[-1])
    return _("You were in the weeks of {names}.").format(names=listed)
