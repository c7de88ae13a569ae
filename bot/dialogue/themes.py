"""`/themes`: what people come to them for, in their own words. A card each: what was told for it, how alive it is, and
rename, pause, merge, drop.

What was written for a theme stays, whatever becomes of it; only what is suggested changes.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import blake2b

from bot import understand
from bot.dialogue import circles, history, mirror
from bot.dialogue.talk import A_WHILE, RATHER_NOT, Part, Row, Talk, choice
from bot.domain import Pressed, Said, Theme
from bot.text import emphasised, preview
from bot.understand.theme_wish import ThemeWish, theme_wish
from bot.words import _
from bot.words.dates import month

MOST = 8
"""Themes that somebody has; more are kept as a note."""

LONGEST = 60
"""Characters of a theme."""

LABEL = 40
"""UTF-16 units of a theme on a button."""

LOOKED_AT = 20
"""Answers that are looked through for what a card quotes."""

SEASON = timedelta(weeks=12)
"""Within so long a theme that they spoke of so often (AGAIN) is one that they come back to again and again."""

AGAIN = 4

_NAMED = 3
"""Words that may be a theme's name, slightly wrong; more of them ("drop the kids at school") tell something else."""


# The list


def show(talk: Talk, *lines: str, replaces: int | None = None) -> None:
    """All of them, below *lines*, a button each."""
    themes = talk.journal.themes()
    talk.lay_out("theme_list")
    shown = [emphasised(theme.text) + (_(" (paused)") if theme.paused else "") for theme in themes]
    heading = _("What people can come to you for:") if themes else _("No themes yet. We can find out as we go.")
    buttons = [choice(preview(theme.text, LABEL), "theme", theme.id) for theme in themes]
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    add: Row = (choice(_("Add"), "theme", "add"),) if len(themes) < MOST else ()
    talk.say(*lines, heading, *shown, choices=[*rows, add], replaces=replaces)


def change() -> Row:
    """The way to the list, for somebody who was just told what was taken for a theme."""
    return (choice(_("Change"), "theme", "show"),)


def take(talk: Talk, texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Add *texts* to the themes as far as there is room: those that are themes now, and those that were too many."""
    taken, left = [], []
    for text in texts:
        known = find(talk, text)
        if known is None and len(talk.journal.themes()) >= MOST:
            left.append(text)
        else:
            taken.append(talk.journal.add_theme(text).text)
    return taken, left


def find(talk: Talk, words: str) -> Theme | None:
    """The theme that *words* name: by its whole name, else by a part of it that no other has."""
    said = understand.folded(words).strip()
    themes = [(understand.folded(theme.text).strip(), theme) for theme in talk.journal.themes()]
    whole = [theme for name, theme in themes if name == said]
    partly = [theme for name, theme in themes if said and f" {said} " in f" {name} "]
    return whole[0] if whole else partly[0] if len(partly) == 1 else None


def _card(talk: Talk, theme: Theme, *lines: str, replaces: int | None = None) -> None:
    """One theme, and what can be done with it."""
    id = theme.id
    rest = choice(_("Wake"), "theme", id, "wake") if theme.paused else choice(_("Pause"), "theme", id, "pause")
    others = len(talk.journal.themes()) > 1
    told = (choice(_("What you told me"), "theme", id, "told"),) if history.serves(talk, id) else ()
    talk.say(
        *lines,
        emphasised(f"“{theme.text}”"),
        *_told(talk, theme),
        circles.shown(theme.circle),
        choices=[
            told,
            (choice(_("Rename"), "theme", id, "rename"), rest),
            (
                *((choice(_("Merge with …"), "theme", id, "merge"),) if others else ()),
                choice(_("Drop"), "theme", id, "drop"),
            ),
            (choice(_("Circle"), "theme", id, "circle"),),
            _back(),
        ],
        replaces=replaces,
    )


def _told(talk: Talk, theme: Theme) -> list[str]:
    """What a card tells of *theme*: the latest that was said for it, who was in it, and how alive it is."""
    told = talk.journal.serving(theme.id, LOOKED_AT)
    names = [understand.addressed(each.name) for each in talk.journal.within(theme.id) if not each.let_be]
    return [
        *mirror.quotes(talk, told, 3),
        _("In it: {names}.").format(names=", ".join(names[:4])) if names else "",
        _("Paused: I suggest nothing for it. It may rest as long as you like.")
        if theme.paused
        else _alive(talk, theme, told[0].said_at if told else None),
    ]


def _alive(talk: Talk, theme: Theme, last: datetime | None) -> str:
    """How alive *theme* is, of which they told *last*: in words, and quiet is allowed."""
    if last is None:
        return talk.one_of(
            "untold", _("Nothing told for it so far. It keeps."), _("Its first story is still to come; no hurry.")
        )
    since = month(talk.local(last).month)
    if talk.now - last > timedelta(days=330):
        since = f"{since} {talk.local(last).year}"
    if talk.now - last >= A_WHILE:
        ways = (
            _("Quiet since {since}; that's allowed."),
            _("Nothing of it since {since}. It keeps."),
            _("It has rested since {since}, and it may."),
        )
        return talk.one_of("theme at rest", *ways).format(since=since)
    if talk.journal.alive(talk.now - SEASON).get(theme.id, 0) >= AGAIN:
        return talk.one_of(
            "theme alive",
            _("You've come back to it again and again lately."),
            _("This one runs through your weeks."),
            _("It's wide awake: you keep coming back to it."),
        )
    ways = _("You last told me of it {ago}."), _("It was in what you told me {ago}."), _("It came up {ago}.")
    return talk.one_of("theme told", *ways).format(ago=talk.ago(last))


def _back() -> Row:
    return (choice(_("‹ All themes"), "theme", "list"),)


# Taps


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """A button of the list or of a card. Whether it still meant something."""
    themes = {theme.id: theme for theme in talk.journal.themes()}
    card = event.message
    match parts:
        case ["list"]:
            show(talk, replaces=card)
        case ["show"]:
            show(talk)
        case ["add"]:
            _ask(talk, "add")
        case ["leave"]:
            if talk.asked == "theme":
                talk.chosen = event.label
                talk.restore()
        case [int(id)] if id in themes:
            _card(talk, themes[id], replaces=card)
        case [int(id), "told"] if id in themes:
            history.show_theme(talk, id)
        case [int(id), "rename"] if id in themes:
            _ask(talk, "rename", theme=id)
        case [int(id), "pause" | "wake" as verb] if id in themes:
            _card(talk, talk.journal.set_theme(themes[id], paused=verb == "pause"), replaces=card)
        case [int(id), "circle"] if id in themes:
            circles.ask(talk, f"“{themes[id].text}”", "theme", id, "circle", replaces=card)
        case [int(id), "circle", "work" | "private" | circles.NONE as circle] if id in themes:
            belongs = None if circle == circles.NONE else circle
            _card(talk, talk.journal.set_theme(themes[id], circle=belongs), replaces=card)
        case [int(id), "drop"] if id in themes:
            _ask_drop(talk, themes[id], card)
        case [int(id), "drop", "yes"] if id in themes:
            show(talk, _drop(talk, themes[id]), "", replaces=card)
        case [int(id), "merge"] if id in themes and len(themes) > 1:
            _ask_merge(talk, themes[id], card)
        case [int(id), "merge", int(into)] if id in themes and into in themes and id != into:
            _ask_whether(talk, themes[id], themes[into], card)
        case [int(id), "merge", int(into), "yes"] if id in themes and into in themes and id != into:
            show(talk, _merge(talk, themes[id], themes[into]), "", replaces=card)
        case [int(_id)] | [int(_id), *_]:
            show(talk, _("That one is no longer a theme of yours."), "", replaces=card)
        case _:
            return False
    return True


def _ask_drop(talk: Talk, theme: Theme, card: int | None) -> None:
    talk.say(
        _("Drop “{theme}”? What you told me stays.").format(theme=theme.text),
        choices=[
            (
                choice(_("Drop it"), "theme", theme.id, "drop", "yes", style="danger"),
                choice(_("Keep it"), "theme", theme.id),
            )
        ],
        replaces=card,
    )


def _ask_merge(talk: Talk, theme: Theme, card: int | None) -> None:
    others = [each for each in talk.journal.themes() if each.id != theme.id]
    rows = [(choice(preview(each.text, LABEL), "theme", theme.id, "merge", each.id),) for each in others]
    talk.say(
        _("“{theme}” becomes part of which one?").format(theme=theme.text), choices=[*rows, _back()], replaces=card
    )


def _ask_whether(talk: Talk, theme: Theme, into: Theme, card: int | None) -> None:
    line = _("“{theme}” becomes part of “{into}”, with all you told me for it? I can't take them apart again.")
    talk.say(
        line.format(theme=theme.text, into=into.text),
        choices=[
            (
                choice(_("Yes, one theme"), "theme", theme.id, "merge", into.id, "yes"),
                choice(_("No"), "theme", theme.id),
            )
        ],
        replaces=card,
    )


def turn_down(talk: Talk, words: str) -> None:
    """*words* are no theme, and are never proposed to be one. Nothing but a mark is kept of them."""
    talk.journal.note_asking(_no_theme(words), never=True)


def is_turned_down(talk: Talk, words: str) -> bool:
    """Whether *words*, in any form, were said to be no theme."""
    return talk.journal.asking(_no_theme(words)).never


def mark(words: str) -> str:
    """What stands for *words*, in any form, where no private words may be: on a button, or beside a no."""
    return "w" + blake2b(understand.folded(words).strip().encode(), digest_size=6).hexdigest()


def _no_theme(words: str) -> str:
    return f"no theme {mark(words)}"


def _drop(talk: Talk, theme: Theme) -> str:
    _put_away(talk, theme)
    talk.journal.drop_theme(theme)
    return _("“{theme}” is gone. What you told me stays.").format(theme=theme.text)


def _put_away(talk: Talk, theme: Theme) -> None:
    """The words of *theme* are a theme's no longer, by their own wish: else they would soon be noticed anew."""
    for words in (theme.text, *understand.ties(theme.text)):
        turn_down(talk, words)


def _merge(talk: Talk, theme: Theme, into: Theme) -> str:
    _put_away(talk, theme)
    talk.journal.drop_theme(theme, into)
    return _("“{theme}” is part of “{into}” now.").format(theme=theme.text, into=into.text)


# In words


def command(event: Said, talk: Talk) -> None:
    """`/themes`, with a wish behind it or without."""
    words = event.text.strip()
    if not words:
        show(talk)
    elif not _heard(talk, theme_wish(words), sure=True):
        show(talk, _("I didn't catch that. “Add beekeeping”, “rename bees to honey” or “drop sourdough” will do."), "")


def said(event: Said, talk: Talk) -> bool:
    """Words right after the list was shown. Whether they were about it; if not, whatever was open before is again."""
    talk.restore()
    return _heard(talk, theme_wish(event.text), sure=not talk.journal.open_check_in())


def wished(event: Said, talk: Talk) -> bool:
    """A plain message that as a whole is a wish about themes they have. Whether it was."""
    return _heard(talk, theme_wish(event.text), sure=False)


def _heard(talk: Talk, wish: ThemeWish | None, *, sure: bool) -> bool:
    """Do what they *wish*, and show the list. Unless it is *sure* that it is about themes, only with themes that they
    have, and then by their whole names. Whether it was done or answered."""
    if wish is None or (wish.verb == "add" and not sure):
        return False
    line = _done(talk, wish, find if sure else called)
    if line is None and sure and len(wish.theme.split()) <= _NAMED:
        named = [wish.theme, *(words for pair in wish.pairs[:1] for words in pair)]
        missing = next((words for words in named if find(talk, words) is None), wish.theme)
        line = _("You have no theme called “{theme}”.").format(theme=preview(missing, LONGEST))
    if line is None:
        return False
    show(talk, line, "")
    return True


def called(talk: Talk, words: str) -> Theme | None:
    """The theme whose whole name is *words*."""
    theme = find(talk, words)
    return theme if theme and understand.folded(theme.text) == understand.folded(words) else None


def _done(talk: Talk, wish: ThemeWish, look_up: Callable[[Talk, str], Theme | None]) -> str | None:
    """What was done, in words; None if there is no such theme."""
    theme = look_up(talk, wish.theme)
    match wish.verb:
        case "add":
            return _added(talk, wish.theme)
        case "pause" | "wake" if theme:
            talk.journal.set_theme(theme, paused=wish.verb == "pause")
            if wish.verb == "pause":
                return _("I suggest nothing for “{theme}” for now.").format(theme=theme.text)
            return _("“{theme}” is awake again.").format(theme=theme.text)
        case "drop" if theme:
            return _drop(talk, theme)
        case "rename":
            for old, new in wish.pairs:
                if found := look_up(talk, old):
                    return _renamed(talk, found, new)
        case "merge":
            for one, other in wish.pairs:
                both, _into, name = other.rpartition(" into ")
                first, second = look_up(talk, one), look_up(talk, both or other)
                if first and second and first != second:
                    merged = _merge(talk, first, second)
                    return _both_renamed(talk, first, second, name) if both else merged
    return None


def _both_renamed(talk: Talk, first: Theme, second: Theme, words: str) -> str:
    """Give the *second* theme, of which the *first* is part by now, another name: "merge bees and wasps into bugs"."""
    line, name = _renamed(talk, second, words), " ".join(words.split())
    if find(talk, name) is None:
        return line
    return _("“{one}” and “{other}” are “{name}” now.").format(one=first.text, other=second.text, name=name)


def _added(talk: Talk, words: str) -> str:
    named = understand.themes(words)
    if not named:
        return _("A few words will do, like “fixing bikes, listening”.")
    taken, left = take(talk, named)
    lines = [_("{themes}. Kept.").format(themes=" · ".join(map(emphasised, taken)))] if taken else []
    if left:
        lines.append(_("Eight are as many as I can keep in mind. Drop or merge one, and there is room again."))
    return "\n".join(lines)


def _renamed(talk: Talk, theme: Theme, words: str) -> str:
    """Give *theme* another name; one that another theme has makes the two one."""
    name = " ".join(words.split())
    if not any(sign.isalnum() for sign in name) or len(name) > LONGEST:
        return _("A name of a few words will do.")
    same = [each for each in talk.journal.themes() if understand.folded(each.text) == understand.folded(name)]
    if same and same[0].id != theme.id:
        return _merge(talk, theme, same[0])
    _put_away(talk, theme)
    talk.journal.set_theme(theme, text=name)
    return _("“{old}” is “{new}” now.").format(old=theme.text, new=name)


# Asked for


def _ask(talk: Talk, verb: str, **details: int) -> None:
    talk.put_in("theme", verb=verb, **details)
    resume(talk)


def resume(talk: Talk) -> None:
    """Ask again for the words that are still open."""
    never = choice(_("Never mind"), "theme", "leave")
    if talk.pending.get("verb") == "rename":
        theme = _pending(talk)
        line = _("What would you call “{theme}”?").format(theme=theme.text) if theme else _("What would you call it?")
    else:
        line = _("What else can people come to you for? A few words, commas between.")
    talk.say(line, choices=[(never,)])


def _pending(talk: Talk) -> Theme | None:
    return next((each for each in talk.journal.themes() if each.id == talk.pending.get("theme")), None)


def told(event: Said, talk: Talk) -> None:
    """The words that were asked for."""
    theme, verb = _pending(talk), talk.pending.get("verb")
    wish, named = understand.wish(event.text), understand.themes(event.text)
    if wish in (*RATHER_NOT, "later", "thanks"):
        talk.restore()
        show(talk, _("Left it."), "")
    elif wish is not None:
        resume(talk)
    elif verb == "rename" and theme is None:
        talk.restore()
        show(talk, _("That one is no longer a theme of yours."), "")
    elif not named or (verb == "rename" and len(event.text.strip()) > LONGEST) or _is_story(event.text, talk):
        _unnamed(event, talk)
    else:
        talk.restore()
        if verb == "rename" and theme:
            name = named[0] if len(named) == 1 else event.text.strip(" .!")
            show(talk, _renamed(talk, theme, name), "")
        else:
            show(talk, _added(talk, event.text), "")


def _is_story(text: str, talk: Talk) -> bool:
    """Whether *text* tells something, rather. Said once more, it is meant as it is."""
    return understand.tells(text) and not talk.pending.get("again")


def _unnamed(event: Said, talk: Talk) -> None:
    """They told a story: kept, asked for its few words once, and then left."""
    talk.keep(event)
    if talk.pending.get("again"):
        talk.restore()
        talk.say(_("Kept. We can find out the few words as we go."))
    else:
        talk.journal.change(pending={**talk.pending, "again": True})
        talk.say(
            _("Kept. Which few words would you underline?"), choices=[(choice(_("Never mind"), "theme", "leave"),)]
        )
