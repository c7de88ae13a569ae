"""Some weeks of a journal, gathered: what pictures are drawn of and sentences are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import understand
from bot.domain import Acquaintance, Answer, Theme
from bot.journal import Journal
from bot.schedule import zone
from bot.story.drawn import Chain, Mark, Story

LONGEST = 160
"""UTF-16 units of a sentence that is quoted in a letter, where there is room for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A good turn, *given* or else received, on a *day* of the person's own calendar. *people* are who it is about,
    without anybody who is let be; *quotes* and *came* are what can be quoted of it and of what came of it: whole
    sentences, none of which names anybody who is let be. *id* is the answer's, *theme* the theme's that it serves."""

    id: int
    given: bool
    day: date
    theme: int | None = None
    people: tuple[Acquaintance, ...] = ()
    quotes: tuple[str, ...] = ()
    came: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """So many *weeks* from the Monday *first* on: the *turns* in order, what was passed on (*chains*: the ids of what
    was received and of what was given), all *themes* in the order in which they were named, and the one *theme* that
    it is about, if it is about one alone. *began* is the day on which they came; *spared* are the ids of people of whom
    nobody is to be reminded."""

    first: date
    began: date
    weeks: int
    themes: tuple[Theme, ...] = ()
    turns: tuple[Turn, ...] = ()
    chains: tuple[tuple[int, int], ...] = ()
    theme: Theme | None = None
    spared: frozenset[int] = frozenset()

    @property
    def last(self) -> date:
        """The Sunday on which it ends."""
        return self.first + timedelta(weeks=self.weeks, days=-1)

    def turn(self, id: int) -> Turn:
        """The turn *id*."""
        return next(turn for turn in self.turns if turn.id == id)


def past(journal: Journal, now: datetime, *, weeks: int, theme: int | None = None) -> Past:
    """The *weeks* that end with the one in which *now* (aware) is, on the person's own clock; of all themes, or of the
    *theme* with that id, if there is one."""
    place = zone(journal.person.zone) if journal.person.zone else ZoneInfo("UTC")
    today = now.astimezone(place).date()
    first = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    since, until = (datetime.combine(day, time(), place) for day in (first, first + timedelta(weeks=weeks)))
    lived = journal.lived(since, until)
    themes = journal.themes()
    about = next((each for each in themes if each.id == theme), None)
    told = {answer.id: (answer, people) for answer, people in lived if answer.question != "outcome"}
    became = {answer.about: answer.id for answer, _people in told.values() if answer.reading == "done"}
    quiet = _quiet(journal)
    came: dict[int, list[str]] = {}
    for answer, _people in lived:
        if answer.question == "outcome" and answer.about is not None:
            came.setdefault(became.get(answer.about, answer.about), []).extend(_quotes(answer, quiet))
    turns = [
        Turn(
            id=answer.id,
            given=answer.question == "good_turn",
            day=answer.said_at.astimezone(place).date(),
            theme=answer.theme,
            people=tuple(each for each in people if not each.let_be),
            quotes=tuple(_quotes(answer, quiet)) if answer.reading is None else (),
            came=tuple(came.get(answer.id, ())),
        )
        for answer, people in told.values()
        if about is None or answer.theme == about.id
    ]
    ids = {turn.id for turn in turns}
    passed_on = [(_origin(journal, card), id) for card, id in became.items() if card is not None]
    return Past(
        first=first,
        began=journal.person.joined_at.astimezone(place).date(),
        weeks=weeks,
        themes=tuple(themes),
        turns=tuple(turns),
        chains=tuple((origin, id) for origin, id in passed_on if origin in ids and id in ids),
        theme=about,
        spared=frozenset(journal.in_hardships()),
    )


def _origin(journal: Journal, card: int) -> int:
    """What was received that *card* passed on; 0, which is nothing's id, if it didn't."""
    done = journal.card(card)
    return done.received or 0 if done and done.source == "received" and done.act == "pass-on-received" else 0


def _quiet(journal: Journal) -> list[set[str]]:
    """The words of each name of those who are let be: nobody is reminded of them."""
    named = (set(understand.folded(name).split()) for name, each in journal.known().items() if each.let_be)
    return [words for words in named if words]


def _quotes(answer: Answer, quiet: Iterable[set[str]]) -> list[str]:
    quotable = understand.quotable(answer.text or "", LONGEST)
    return [quote for quote in quotable if not any(words <= set(understand.folded(quote).split()) for words in quiet)]


def story(told: Past, *, dark: bool = False) -> Story:
    """What a picture of *told* shows."""
    places = {theme.id: place for place, theme in enumerate(told.themes)}
    order = {turn.id: place for place, turn in enumerate(told.turns)}
    return Story(
        first=told.first,
        weeks=told.weeks,
        began=max(0, (told.began - told.first).days // 7),
        themes=tuple(theme.text for theme in told.themes),
        marks=tuple(
            Mark(
                week=(turn.day - told.first).days // 7,
                day=turn.day.weekday(),
                given=turn.given,
                theme=places.get(turn.theme or 0),
                people=names(turn.people),
            )
            for turn in told.turns
        ),
        chains=tuple(
            Chain(
                start=order[origin],
                end=order[id],
                giver=", ".join(names(told.turn(origin).people)[:1]),
                taker=", ".join(names(told.turn(id).people)[:1]),
            )
            for origin, id in told.chains
        ),
        theme=places[told.theme.id] if told.theme else None,
        dark=dark,
    )


def names(people: Iterable[Acquaintance]) -> tuple[str, ...]:
    """*people* as they are addressed: "Rui", "your sister"."""
    return tuple(understand.addressed(each.name) for each in people)
