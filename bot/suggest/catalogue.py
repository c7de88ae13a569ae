"""Choosing an act from the catalogue: pure, and the same for the same person, week and past."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Literal

from bot import understand
from bot.domain import Acquaintance, Card, Place, Theme
from bot.words import Act

HALF_A_YEAR = timedelta(weeks=26)
"""For so long no act comes back, nor one with the same person or place."""

QUICK = 5
"""Minutes that are little enough after a week in which nothing was done."""

FIRST = 10
"""Minutes of the first act of all, at most."""

LEARNT = 2
"""Acts done with people they know, after which one may be with people they don't."""

_EFFORT = ((0, 15), (2, 20), (4, 30), (6, 60))
"""After so many acts done one may take so many minutes."""

_RESTED = 8
"""Weeks after which a kind or a theme is as welcome as if it had never come, and somebody quiet has been quiet long."""

_NAMED = 1 / 3
"""What it counts for that an act names somebody or a place of theirs."""

_SPOKEN_OF = 1 / 2
"""What it counts for that an act speaks of the craft above it."""

_TURN = 4
"""Weeks after which it is a theme's turn."""

_THIS = re.compile(r"\bthis\b", re.IGNORECASE)
_CLOSE = ("check-on", "listen", "reply", "thank", "ask")
"""Kinds of acts that are done with somebody in particular, also where they name nobody."""

_SENTENCE_START = re.compile(r"(?:^|(?<=[.?!] ))\{(?:person|place)\}")
_FORMS = {
    "they've": ("she's", "he's"),
    "they're": ("she's", "he's"),
    "they'd": ("she'd", "he'd"),
    "they do": ("she does", "he does"),
    "they love": ("she loves", "he loves"),
    "they": ("she", "he"),
    "them": ("her", "him"),
    "their": ("her", "his"),
}
_THEY = re.compile(rf"\b(?:{'|'.join(_FORMS)})\b")
"""They of a text, and what stands there instead for a she or a he."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """All that a choice depends on. *week* is the one it is for, as "2026-W46" in their own calendar; *cards* are those
    of at least the last 26 weeks, newest first; *alive* is how often they spoke of each theme in their own words since
    then, by its id; *may_ask* for "person" or "place" if an act may be chosen that needs one while none is known."""

    person: int
    week: str
    now: datetime
    themes: Sequence[Theme] = ()
    people: Sequence[Acquaintance] = ()
    places: Sequence[Place] = ()
    cards: Sequence[Card] = ()
    alive: Mapping[int, int] = field(default_factory=dict)
    may_ask: Collection[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is asked for now: nothing above so many *minutes*; *close*, with somebody in particular; one of the *kinds*
    if there are any, or else none of those *without*; for *theme* or *whom* alone."""

    minutes: int = 60
    close: bool = False
    kinds: Collection[str] = ()
    without: Collection[str] = ()
    theme: str | None = None
    whom: Acquaintance | None = None
    place: Place | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pick:
    """An act for a *theme*, and whom or where its text is to name; *lacks* is "person" or "place" if it needs one and
    none is known."""

    act: Act
    theme: Theme | None = None
    whom: Acquaintance | None = None
    place: Place | None = None
    lacks: Literal["person", "place", ""] = ""

    @property
    def text(self) -> str:
        """What the card says, with its slot filled."""
        if self.whom:
            return filled(self.act.text, understand.addressed(self.whom.name), understand.pronoun_of(self.whom.name))
        return filled_place(self.act.text, self.place.text) if self.place else self.act.text


def chosen(acts: Sequence[Act], standing: Standing, wanted: Wanted = Wanted()) -> Pick | None:
    """The best of `ranked`; None if nothing fits."""
    return next(ranked(acts, standing, wanted), None)


def ranked(acts: Sequence[Act], standing: Standing, wanted: Wanted = Wanted()) -> Iterator[Pick]:
    """What fits this person in this week, the best first.

    *Themes* come first: of those that aren't paused the one whose turn it is and that their own words come alive on.
    Its turn grows to 1 over the four weeks after a card that served it; how alive it is is the mean of a Beta-Bernoulli
    model, (1 + good) / (2 + good + bad), where good counts what they told of it themselves and acts done gladly, and
    bad the chores and what they declined, all within 26 weeks. The sum decides; a theme with nothing that fits yields
    to the next.

    *What fits* the theme: the act suits its sort (a craft or a manner), or speaks of no "this" where there is no theme.
    It was on no card of the last 26 weeks, and is of another kind than the last card. The effort fits: at most what is
    *wanted*, 10 minutes for the first of all, then 15, and more once some were done. Faces are known ones until two
    acts with known people were done, and never new twice running. A named person isn't let be, was on no card for 26
    weeks, shares a circle with the theme or has none, and is named at most every second time. Likewise a place. What
    needs a person or place while none is known fits once, to ask for it.

    *Among those* the sum decides of: how acts of its kind went (the same mean: done gladly is good; a chore or declined
    is bad), how long its kind rested (1 after eight weeks), for a named person a third, and how quiet they went (up to
    1 for eight weeks unspoken of), a third for a place, a half if it speaks of the craft above it, and a hash of
    person, week and act of less than a half, so that not everybody is handed the same on the same Friday.
    """
    recent = [card for card in standing.cards if standing.now - card.shown_at < HALF_A_YEAR]
    for theme in _themes(standing, recent, wanted):
        yield from _within(acts, standing, recent, wanted, theme)


# Themes


def _themes(standing: Standing, recent: Sequence[Card], wanted: Wanted) -> list[Theme | None]:
    awake = [theme for theme in standing.themes if not theme.paused]
    if wanted.theme is not None:
        return [theme for theme in awake if theme.text == wanted.theme] or [None]
    order = [card.theme for card in recent]

    def worth(theme: Theme) -> tuple[float, int]:
        since = order.index(theme.text) if theme.text in order else len(order)
        return -_turn(theme, standing, recent) - _life(theme, standing, recent), -since

    ordered = sorted(awake, key=worth)
    return [*ordered] or [None]


def _turn(theme: Theme, standing: Standing, recent: Sequence[Card]) -> float:
    return _rested((card.shown_at for card in recent if card.theme == theme.text), standing.now, _TURN)


def _life(theme: Theme, standing: Standing, recent: Sequence[Card]) -> float:
    of_it = [card for card in recent if card.theme == theme.text]
    return _mean(of_it, told=standing.alive.get(theme.id, 0))


def _mean(cards: Sequence[Card], told: int = 0) -> float:
    """The mean of Beta(1 + good, 1 + bad)."""
    good = told + sum(card.felt == "gladly" for card in cards)
    bad = sum(card.felt == "chore" or card.state == "declined" for card in cards)
    return (1 + good) / (2 + good + bad)


def _rested(shown: Iterator[datetime], now: datetime, weeks: int) -> float:
    latest = max(shown, default=None)
    return 1.0 if latest is None else min(1.0, (now - latest) / timedelta(weeks=weeks))


# Acts


def _within(
    acts: Sequence[Act], standing: Standing, recent: Sequence[Card], wanted: Wanted, theme: Theme | None
) -> Iterator[Pick]:
    """What fits under *theme*, the best first."""
    by_id = {act.id: act for act in acts}
    shown = {card.act for card in recent}
    sort = understand.theme_sort(theme.text) if theme else ""
    whom, place = _whom(standing, recent, wanted, theme), _where(standing, recent, wanted, theme)
    most, new_faces = _most(standing, recent, wanted), _may_be_new(recent, by_id)
    kinds: dict[str, list[Card]] = {}
    for card in recent:
        if card.act in by_id:
            kinds.setdefault(by_id[card.act].kind, []).append(card)
    avoided = {*wanted.without, _last_kind(standing.cards, by_id)} if not wanted.kinds else set()

    def worth(pick: Pick) -> float:
        of_kind = kinds.get(pick.act.kind, [])
        own = blake2b(f"{standing.person} {standing.week} {pick.act.id}".encode(), digest_size=4).digest()
        return (
            _mean(of_kind)
            + _rested((card.shown_at for card in of_kind), standing.now, _RESTED)
            + (_quiet(pick.whom, standing.now) if pick.whom else 0)
            + (_NAMED if pick.place or pick.lacks else 0)
            + (_SPOKEN_OF if sort == "craft" and _THIS.search(pick.act.text) else 0)
            + int.from_bytes(own, "big") / 2**33
        )

    def fitting() -> Iterator[Pick]:
        for act in acts:
            if act.id in shown or act.kind in avoided or act.minutes > most:
                continue
            if wanted.kinds and act.kind not in wanted.kinds:
                continue
            if not _suits(act, sort) or (act.faces == "new" and not new_faces):
                continue
            match act.needs:
                case () if not (wanted.close and act.kind not in _CLOSE) and not wanted.whom:
                    yield Pick(act=act, theme=theme)
                case ("person",) if whom:
                    yield Pick(act=act, theme=theme, whom=whom)
                case ("place",) if place and not wanted.close:
                    yield Pick(act=act, theme=theme, place=place)
                case (("person" | "place") as need,) if need in standing.may_ask and not wanted.close:
                    yield Pick(act=act, theme=theme, lacks=need)

    picks = sorted(fitting(), key=lambda pick: (-worth(pick), pick.act.id))
    if wanted.close:  # somebody by name, if there is anybody
        picks.sort(key=lambda pick: pick.whom is None)
    yield from picks


def _suits(act: Act, sort: str) -> bool:
    if not sort:
        return act.suits != "craft" and not _THIS.search(act.text)
    return act.suits in ("any", sort)


def _last_kind(cards: Sequence[Card], by_id: Mapping[str, Act]) -> str:
    """The kind of the card before this one; of those that were passed over there may be several, see *without*."""
    last = next((card for card in cards if card.state != "passed"), None)
    return by_id[last.act].kind if last and last.act in by_id else ""


def _most(standing: Standing, recent: Sequence[Card], wanted: Wanted) -> int:
    done = sum(card.state == "done" for card in recent)
    fitting = max(minutes for least, minutes in _EFFORT if done >= least)
    return min(wanted.minutes, fitting if standing.cards else FIRST)


def _may_be_new(recent: Sequence[Card], by_id: Mapping[str, Act]) -> bool:
    faces = [(by_id[card.act].faces if card.act in by_id else "known", card.state) for card in recent]
    last = next((face for face, state in faces if state != "passed"), "known")
    return last == "known" and faces.count(("known", "done")) >= LEARNT


def _whom(standing: Standing, recent: Sequence[Card], wanted: Wanted, theme: Theme | None) -> Acquaintance | None:
    """Whoever wasn't spoken of for longest, of all whom the card may name."""
    if wanted.whom:
        return wanted.whom
    before = [card for card in recent if card.state != "passed"]
    if before and before[0].acquaintance and not wanted.close:
        return None
    named = {card.acquaintance for card in recent}
    free = (
        each
        for each in standing.people
        if not each.let_be and each.id not in named and may_meet(each.circle, theme.circle if theme else None)
    )
    return min(free, key=lambda each: (each.seen_at or _LONG_AGO, each.id), default=None)


def _where(standing: Standing, recent: Sequence[Card], wanted: Wanted, theme: Theme | None) -> Place | None:
    """The place they named first, of all that the card may name."""
    if wanted.place:
        return wanted.place
    used = {card.place for card in recent}
    free = (each for each in standing.places if each.id not in used)
    return next((each for each in free if may_meet(each.circle, theme.circle if theme else None)), None)


def may_meet(one: str | None, other: str | None) -> bool:
    """Whether two circles, if there are two, are one."""
    return one is None or other is None or one.casefold() == other.casefold()


def _quiet(somebody: Acquaintance, now: datetime) -> float:
    return _NAMED + min(1.0, (now - somebody.seen_at) / timedelta(weeks=_RESTED)) if somebody.seen_at else _NAMED


# Texts


def filled(text: str, person: str, pronoun: Literal["she", "he"] | None = None) -> str:
    """*text* with *person* ("Rui", "your sister") in its slot, with a capital where a sentence begins with them, and
    *pronoun* for them if it is known."""
    if pronoun and "{person}" in text and " both" not in text:  # of two, they are they
        text = _THEY.sub(lambda found: _FORMS[found[0]][pronoun == "he"], text)
    return _slotted(text, "{person}", person)


def filled_place(text: str, place: str) -> str:
    """*text* with *place* in its slot, in their own words."""
    return _slotted(text, "{place}", place)


def _slotted(text: str, slot: str, words: str) -> str:
    capital = words[:1].upper() + words[1:]
    return _SENTENCE_START.sub(lambda found: capital if found[0] == slot else found[0], text).replace(slot, words)
