"""A story in three or four sentences, without a language model: what carried the weeks, who was in it, what came of it,
and what has gone quiet.

Which of several ways of saying it is taken depends on the person and the month, and goes on by one with every month:
the words stay the same while somebody turns a picture over, and differ from those of the month before.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from zlib import crc32

from bot import understand
from bot.domain import Acquaintance
from bot.story.past import Past, Turn, names
from bot.text import preview
from bot.understand.quotes import PHRASE
from bot.words import _
from bot.words.dates import month

QUIET = timedelta(weeks=6)
"""After so long without a word somebody, or a theme, has gone quiet."""

FEW = 2
"""Turns that are a beginning, or a quiet stretch, and no more."""

NAMED = 3
"""People whom a sentence names at most."""


def caption(told: Past, seed: int) -> str:
    """The sentences, in one paragraph. *seed* is the person's; an empty past has none."""
    if not told.turns:
        return ""
    teller = _Teller(told, seed)
    begun, who, came = teller.carried(), teller.who(), teller.came()
    sentences = [begun, who, *came[:1], teller.gone_quiet() or "".join(came[1:2])]
    return " ".join(_begun(sentence) for sentence in sentences if sentence)


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


class _Teller:
    """Tells of one past."""

    def __init__(self, told: Past, seed: int) -> None:
        self._told = told
        self._seed = seed
        self._quoted: set[int] = set()
        self._named: set[int] = set()

    def _one_of(self, key: str, *ways: str) -> str:
        """This month's way of saying it."""
        months = self._told.last.year * 12 + self._told.last.month
        return ways[(crc32(f"{self._seed} {key}".encode()) + months) % len(ways)]

    def _span(self) -> str:
        return {12: _("these weeks"), 26: _("these months"), 52: _("the past year")}[self._told.weeks]

    # Which theme carried it

    def carried(self) -> str:
        """Which theme carried the weeks; of a beginning, the beginning."""
        told = self._told
        if told.theme is None and len(told.turns) <= FEW and (quote := self._quote(told.turns[0])):
            if told.began < told.first:
                return self._one_of(
                    "few",
                    _("a quiet stretch, with this in it: “{quote}”."),
                    _("few words in {span}, and these among them: “{quote}”."),
                    _("{span} were for other things; still, “{quote}”.")
                    if told.weeks < 52
                    else _("the past year was for other things; still, “{quote}”."),
                ).format(quote=quote, span=self._span())
            return self._one_of(
                "begun",
                _("It begins with “{quote}”."),
                _("The first of it: “{quote}”."),
                _("A beginning: “{quote}”."),
            ).format(quote=quote)
        if told.theme:
            return self._one_of(
                "about",
                _("This is “{theme}”, as {span} had it."),
                _("“{theme}”, and where it went in {span}."),
                _("Of {span}, this much was “{theme}”."),
            ).format(theme=told.theme.text, span=self._span())
        times = Counter(turn.theme for turn in told.turns if turn.theme is not None)
        texts = {theme.id: theme.text for theme in told.themes}
        leading = [texts[id] for id, count in times.most_common() if count == max(times.values()) and id in texts]
        if len(leading) == 1 and max(times.values()) > 1:
            return self._one_of(
                "carried",
                _("“{theme}” carried {span}."),
                _("much of {span} was “{theme}”."),
                _("if {span} had a title, it would be “{theme}”."),
                _("“{theme}” is what runs through {span}."),
                _("{span} leaned on “{theme}”."),
            ).format(theme=leading[0], span=self._span())
        if len(leading) == 2 and max(times.values()) > 1:
            return self._one_of(
                "both",
                _("“{one}” and “{other}” carried {span} between them."),
                _("{span} stood on two feet: “{one}” and “{other}”."),
                _("“{one}” and “{other}” took turns in {span}."),
            ).format(one=leading[0], other=leading[1], span=self._span())
        return self._one_of(
            "no theme",
            _("{span} followed no plan: you did what was in front of you."),
            _("No one thing carried {span}; you saw what was needed."),
            _("{span} went to people, whatever it took."),
        ).format(span=self._span())

    # Who was in it

    def who(self) -> str:
        """Who was in it most; nothing if nobody was named."""
        often = Counter(each.id for turn in self._told.turns for each in turn.people)
        people = {each.id: each for turn in self._told.turns for each in turn.people}
        if not often:
            return ""
        again = [people[id] for id, count in often.most_common() if count > 1][:NAMED]
        if again:
            self._named = {each.id for each in again}
            return self._one_of(
                "again",
                _("{names} kept coming back."),
                _("you'll meet {names} again and again."),
                _("more than once it was about {names}."),
                _("time and again it was {names}."),
            ).format(names=_listed(again))
        latest = [people[id] for id in list(often)[-NAMED:]]
        return self._one_of(
            "there",
            _("you told me of {names}."),
            _("you'll meet {names} there."),
            _("it was about {names}, among others.") if len(often) > NAMED else _("it was about {names}."),
        ).format(names=_listed(latest))

    # What came of it

    def came(self) -> list[str]:
        """What came of it, was passed on or was received, the most telling first."""
        found = (self._outcome(), self._passed_on(), self._received(), self._one())
        return [sentence for sentence in found if sentence]

    def _outcome(self) -> str:
        for turn in reversed(self._told.turns):
            if turn.came and turn.given and (quote := self._quote(turn)):
                return self._one_of(
                    "came",
                    _("you wrote “{turn}”, and this came of it: “{came}”."),
                    _("out of “{turn}” came this: “{came}”."),
                    _("first “{turn}”; later “{came}”."),
                    _("“{turn}” went on: “{came}”."),
                ).format(turn=quote, came=_short(turn.came[-1]))
        return ""

    def _passed_on(self) -> str:
        for origin, id in reversed(self._told.chains):
            givers, takers = (names(self._told.turn(each).people) for each in (origin, id))
            if givers and takers and givers[0] != takers[0]:
                return self._one_of(
                    "passed on",
                    _("what {giver} gave you went on to {taker}."),
                    _("something went from {giver} through your hands to {taker}."),
                    _("{giver}, you, {taker}: that one travelled."),
                ).format(giver=givers[0], taker=takers[0])
        return ""

    def _received(self) -> str:
        for turn in reversed(self._told.turns):
            if not turn.given and (quote := self._quote(turn)):
                return self._one_of(
                    "received",
                    _("some of it came to you: “{quote}”."),
                    _("and you were given something, too: “{quote}”."),
                    _("it went both ways: “{quote}”."),
                ).format(quote=quote)
        return ""

    def _one(self) -> str:
        """One of them, of the middle weeks rather than of the last, in their own words."""
        turns = [turn for turn in self._told.turns if turn.given]
        for turn in (*turns[len(turns) // 2 :], *turns):
            if quote := self._quote(turn):
                return self._one_of(
                    "one",
                    _("one that stays: “{quote}”."),
                    _("and there was this: “{quote}”."),
                    _("one to keep: “{quote}”."),
                ).format(quote=quote)
        return ""

    # What has gone quiet

    def gone_quiet(self) -> str:
        """A theme, or else somebody who isn't named yet, of whom there was more than a word and then none for long;
        nothing if the story is too short to tell."""
        told = self._told
        edge = told.last - QUIET
        before = [turn for turn in told.turns if turn.day <= edge]
        since = [turn for turn in told.turns if turn.day > edge]
        if not since or not before or told.theme:
            return ""
        awake = {theme.id: theme.text for theme in told.themes if not theme.paused}
        themes = Counter(turn.theme for turn in before if turn.theme in awake)
        heard = {turn.theme for turn in since}
        for id, count in themes.most_common():
            if count > 1 and id not in heard:
                last = max(turn.day for turn in before if turn.theme == id)
                return self._one_of(
                    "quiet theme",
                    _("“{theme}” has been quiet since {month}; it keeps."),
                    _("of “{theme}” there's been nothing since {month}, and that's allowed."),
                    _("“{theme}” has rested since {month}."),
                ).format(theme=awake[id], month=month(last.month))
        people = Counter(each for turn in before for each in turn.people)
        here = {each.id for turn in since for each in turn.people}
        for somebody, count in people.most_common():
            if count > 1 and somebody.id not in here | self._named | told.spared:
                last = max(turn.day for turn in before if somebody in turn.people)
                return self._one_of(
                    "quiet person",
                    _("it's a while since you told me of {name}; that was in {month}."),
                    _("{name} hasn't come up since {month}; perhaps a hello."),
                    _("you last told me of {name} in {month}."),
                ).format(name=understand.addressed(somebody.name), month=month(last.month))
        return ""

    # Their words

    def _quote(self, turn: Turn) -> str:
        """What *turn* says, short, rather with a name in it; nothing if it was quoted already or can't be."""
        if turn.id in self._quoted or not turn.quotes:
            return ""
        self._quoted.add(turn.id)
        named = [quote for quote in turn.quotes if any(_names(quote, each) for each in turn.people)]
        return _short((named or turn.quotes)[0])


def _short(quote: str) -> str:
    """The first phrase of *quote*, without the full stop that would stand twice."""
    return (understand.quotable(quote) or [preview(quote, PHRASE)])[0].rstrip(".")


def _names(quote: str, somebody: Acquaintance) -> bool:
    return set(understand.folded(somebody.name).split()) <= set(understand.folded(quote).split())


def _listed(people: Sequence[Acquaintance]) -> str:
    """ "Ana, Rui and your sister"."""
    said = names(people)
    if len(said) < 2:
        return "".join(said)
    return _("{some} and {last}").format(some=", ".join(said[:-1]), last=said[-1])
