"""A suggestion: one act on a card, with the theme it serves. What is answered to it is bot.dialogue.taking's matter.

The catalogue's card is always written first. For whoever agreed to a language model it waits a moment to be bettered,
and is sent as it is if nothing better came.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot import understand
from bot.dialogue import bettering
from bot.dialogue.cards import OTHERS, show
from bot.dialogue.talk import RATHER_NOT, Part, Row, Talk, asks_back, choice
from bot.domain import Acquaintance, Better, Card, CardFace, Place, Pressed, Said
from bot.suggest import catalogue
from bot.suggest.catalogue import Pick, Standing, Wanted
from bot.text import emphasised
from bot.words import _

CARDS = 200
"""Cards that are looked at when the next act is chosen: more than half a year has."""

_ASKED_AFTER = {"place": 5, "person": 7}
"""So many cards go before one for which a place, or a person, is asked for."""

LATELY = timedelta(days=7)
"""For so long a card that nobody answered is the one that `/suggest` shows again."""

OTHER = re.compile(
    r"\W*(?:(?:no|nah|hm+|sorry|please|maybe|rather)\b[\s,]*)*(?:not (?:that|this)(?: one)?|(?:something|anything) else"
    r"|another(?: one)?|a different one|i'd rather not do (?:that|this))(?: please)?\W*",
    re.IGNORECASE,
)
"""Words for another act."""

NAMED = 12
"""Places or people that are taken at once."""


# Offering


def offer(
    talk: Talk,
    *lines: str,
    mirror: str = "",
    quick: bool = False,
    close: bool = False,
    last: str = "",
    rows: Iterable[Row] = (),
    may_ask: bool = True,
) -> None:
    """Say *lines*, the *mirror* and, below them, one act with moments to choose from; a kind word if no act fits. What
    it needs and nobody told yet is asked for, once, unless it *may_ask* nothing. The *last* line and *rows* of buttons
    stand below it all."""
    now = standing(talk, may_ask=may_ask and not quick and not close)
    wanted = Wanted(minutes=catalogue.QUICK if quick else 60, close=close)
    pick = catalogue.chosen(talk.words.acts, now, wanted)
    if pick is None and quick and close:  # whoever could call nobody isn't left with nothing
        pick = catalogue.chosen(talk.words.acts, now, Wanted(close=True))
    if pick is None:
        talk.say(*lines, mirror, _nothing_fits(talk), last, choices=rows)
    elif pick.lacks:
        _ask_for(talk, pick, *lines, mirror, last=last, rows=rows)
    else:
        lay(talk, pick, above=lines, mirror=mirror, below=last, rows=rows)


def _nothing_fits(talk: Talk) -> str:
    return talk.one_of(
        "nothing fits",
        _("Nothing comes to mind this week that would really be yours. The usual counts."),
        _("I have nothing new that fits you just now, and won't repeat myself. What you do anyway counts."),
        _("No suggestion this time: nothing I know would fit. You'll see what is needed."),
    )


def standing(talk: Talk, *, may_ask: bool = False) -> Standing:
    """All that the next choice depends on."""
    journal, local = talk.journal, talk.local(talk.now)
    year, week, _day = local.isocalendar()
    people, places, cards = journal.acquaintances(), journal.places(), journal.cards(CARDS)
    known = {"place": places, "person": people}
    lacking = [
        need
        for need, after in _ASKED_AFTER.items()
        if may_ask and not known[need] and len(cards) >= after and journal.asking(_lack(need)).asked_at is None
    ]
    return Standing(
        person=talk.person.id,
        week=f"{year}-W{week:02}",
        now=talk.now,
        themes=journal.themes(),
        people=people,
        places=places,
        cards=cards,
        alive=journal.alive(talk.now - catalogue.HALF_A_YEAR),
        may_ask=lacking,
    )


def lay(
    talk: Talk,
    pick: Pick,
    *,
    above: Sequence[str] = (),
    mirror: str = "",
    below: str = "",
    rows: Iterable[Row] = (),
    others: int = 0,
) -> Card:
    """Lay *pick* out as a card, after *others* that were passed over for it. With their consent a language model may
    better it before it is sent."""
    card = talk.journal.add_card(
        act=pick.act.id,
        text=pick.text,
        minutes=pick.act.minutes,
        theme=pick.theme.text if pick.theme else None,
        acquaintance=pick.whom.id if pick.whom else None,
        place=pick.place.id if pick.place else None,
    )
    show(talk, card, above=(*above, mirror), below=below, rows=rows, others=others, held=talk.asks_model)
    if talk.asks_model:
        brief = bettering.brief(talk, standing(talk), card)
        talk.wish(Better(brief=brief, face=CardFace(card=card.id, above=tuple(above), mirror=mirror, below=below)))
    return card


# Smaller, and another


def smaller(talk: Talk, card: Card, others: int) -> None:
    """Something smaller than *card*, for the same theme and the same person or place."""
    people = {each.id: each for each in talk.journal.acquaintances() if not each.let_be}
    places = {each.id: each for each in talk.journal.places()}
    whom, place = people.get(card.acquaintance or 0), places.get(card.place or 0)
    kind = next((act.kind for act in talk.words.acts if act.id == card.act), "")
    less = Wanted(minutes=max((each for each in (5, 10, 15, 20, 30) if each < card.minutes), default=0))
    now = standing(talk)
    tries = [
        replace(less, theme=card.theme, whom=whom, place=place, kinds=(kind,)),
        replace(less, theme=card.theme, whom=whom, place=place),
        replace(less, theme=card.theme),
        less,
    ]
    _instead(talk, card, now, tries, others, _("I have nothing smaller that fits. A part of it counts as well."))


def another(talk: Talk, card: Card, others: int) -> None:
    """Another act than *card*, of another kind than those that were passed over; twice, and no more."""
    if others >= OTHERS:
        talk.say(_("That's as many as I'd hand you at once. This one stays, or none: both are fine."))
        return
    by_id = {act.id: act.kind for act in talk.words.acts}
    passed = [each for each in talk.journal.cards(OTHERS + 1) if each.id == card.id or each.state == "passed"]
    wanted = Wanted(without={by_id.get(each.act, "") for each in passed})
    none = _("Nothing else comes to mind that would fit. This one stays, or none: both are fine.")
    _instead(talk, card, standing(talk), [wanted], others + 1, none)


def _instead(talk: Talk, card: Card, now: Standing, tries: Sequence[Wanted], others: int, none: str) -> None:
    picks = (catalogue.chosen(talk.words.acts, now, wanted) for wanted in tries)
    pick = next((each for each in picks if each), None)
    if pick is None:
        talk.say(none)
        return
    talk.journal.set_card(card, state="passed")
    lay(talk, pick, others=others)


# By hand


def by_hand(talk: Talk) -> None:
    """`/suggest`: the card that is still open, or a new one."""
    newest = next(iter(talk.journal.cards(1)), None)
    if newest and newest.state == "open" and talk.now - newest.shown_at < LATELY:
        show(talk, newest, above=[_("This one is still open:")], others=int(talk.pending.get("others", 0)))
        return
    opening = talk.one_of(
        "suggest", _("One thing, then:"), _("Here is one:"), _("How about this?"), _("This one came to mind:")
    )
    offer(talk, opening)


# What an act needs and nobody told yet


def _lack(need: str) -> str:
    return f"lacks {need}"


def _ask_for(talk: Talk, pick: Pick, *lines: str, last: str, rows: Iterable[Row]) -> None:
    """Ask for the person or the place that *pick* needs, in the same breath as *lines*."""
    talk.journal.note_asking(_lack(pick.lacks), asked_at=talk.now)
    talk.journal.ask("lacks", need=pick.lacks, act=pick.act.id, theme=pick.theme.id if pick.theme else 0)
    skip = choice(_("Rather something else"), "lacks", "skip")
    talk.say(*lines, _asking_for(pick.lacks), last, choices=[(skip,), *rows])


def _asking_for(need: str) -> str:
    if need == "place":
        return _(
            "I have one that happens where you are anyway. Where do you meet people, online or off?"
            " A few words, like “the library, the Rust forum”."
        )
    return _("I have one that wants a name. Who comes to mind, for something small? First names will do.")


def ask_again(talk: Talk) -> None:
    """Ask once more for what the act needs."""
    talk.say(_asking_for(str(talk.pending["need"])), choices=[(choice(_("Rather something else"), "lacks", "skip"),)])


def told_lack(event: Said, talk: Talk) -> bool:
    """The person or the place that was asked for. Whether the words were about that."""
    wish, need = understand.wish(event.text), talk.pending["need"]
    if event.forwarded is not None:
        return False
    if wish in (*RATHER_NOT, "later") or OTHER.fullmatch(event.text):
        _without(talk)
    elif asks_back(event.text) or wish is not None or _is_moment(event.text):
        ask_again(talk)
    elif understand.tells(event.text):
        talk.journal.settle()
        return False
    elif need == "place":
        return _told_places(event, talk)
    else:
        return _told_people(event, talk)
    return True


def _is_moment(text: str) -> bool:
    return understand.is_moment(text) or understand.is_occasion(text)


def _told_places(event: Said, talk: Talk) -> bool:
    named = understand.themes(event.text)[:NAMED]
    if not named:
        talk.journal.settle()
        return False
    for text in named:
        talk.journal.add_place(text)
    places = talk.journal.places()
    kept = _("{places}. Kept.").format(places=" · ".join(emphasised(each.text) for each in places))
    _with_it(talk, kept, place=places[0])
    return True


def _told_people(event: Said, talk: Talk) -> bool:
    named = understand.listed(event.text) or understand.names(event.text, list(talk.journal.known()))
    people = [talk.journal.meet(name) for name in named[:NAMED] if len(name) <= 60]
    welcome = [each for each in people if not each.let_be]
    if not welcome:
        talk.journal.settle()
        return False
    names = ", ".join(understand.addressed(each.name) for each in people)
    _with_it(talk, _("{names}, then.").format(names=names[:1].upper() + names[1:]), whom=welcome[0])
    return True


def _with_it(talk: Talk, line: str, *, whom: Acquaintance | None = None, place: Place | None = None) -> None:
    """The act that was waiting, now that it has what it needs."""
    act = next((act for act in talk.words.acts if act.id == talk.pending["act"]), None)
    theme = next((each for each in talk.journal.themes() if each.id == talk.pending["theme"]), None)
    talk.journal.settle()
    if act is None:
        offer(talk, line, may_ask=False)
    else:
        lay(talk, Pick(act=act, theme=theme, whom=whom, place=place), above=[line])


def _without(talk: Talk) -> None:
    talk.journal.settle()
    offer(talk, _("Something else, then."), may_ask=False)


def pressed_lack(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """Rather an act that needs nothing."""
    if parts != ["skip"]:
        return False
    if talk.asked == "lacks":
        talk.chosen = event.label
        _without(talk)
    return True
