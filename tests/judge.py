"""Twelve people live twelve weeks with Tenfold, and what it handed them is laid out to be read aloud: `make judge`.

    python -m tests.judge [NAME ...]

Each persona of tests/personas talks with the real bot, week by week, as it would: the catalogue alone, and beside it
the language model where one is set (OPENAI_MODEL and so on, as in .env.example). Below stands what a machine can tell
of it. Whether a card is one that a friend would say is for whoever reads it.
"""

import asyncio
import re
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot import app, understand
from bot.domain import Card, CardBrief, CardProposal
from bot.settings import Settings, environment
from bot.suggest.concrete import FLAWS, flaws
from bot.suggest.language_model import LanguageModel
from tests.conversation import WORDS, Heard, Somebody, questions_in, scene, text_of

PERSONAS = {file.stem: file for file in sorted((Path(__file__).parent / "personas").glob("*.toml"))}
ACTS = {act.id: act for act in WORDS.acts}
TOKEN = "123456:" + "x" * 35  # a setting that nothing here uses

SOMEWHERE = "the club"

Persona = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lived:
    """Twelve weeks: for each the cards that were shown in it, in order, and what was known then that they may name."""

    weeks: tuple[tuple[Card, ...], ...]
    themes: tuple[str, ...]
    places: tuple[str, ...]
    people: tuple[str, ...]
    reached: int
    heard: tuple[Heard, ...]

    @property
    def cards(self) -> list[Card]:
        """All cards, oldest first."""
        return [card for week in self.weeks for card in week]


def persona(name: str) -> Persona:
    """The persona in the file called *name*."""
    return tomllib.loads(PERSONAS[name].read_text("utf-8"))


# Living


async def lived(given: Persona, folder: Path, model: LanguageModel | None = None) -> Lived:
    """Twelve weeks of *given*, on a database in *folder*."""
    async with scene(folder / "tenfold.db", language_model=model) as stage:
        somebody = stage.person(len(given["name"]) + given["age"], given["name"])
        for words in ("/start", given["themes"], given["city"]):
            await somebody.says(words)
        if model:
            await somebody.says("/settings")
            await somebody.presses("Language model")
        weeks, last = [], 0
        for week in given["week"]:
            await _goes_by(somebody, given, week)
            cards = await somebody.journal(lambda journal: journal.cards(30))
            weeks.append(tuple(card for card in reversed(cards) if card.id > last))
            last = max((card.id for card in cards), default=last)
        people = await somebody.journal(lambda journal: journal.acquaintances())
        themes = await somebody.journal(lambda journal: journal.themes())
        places = await somebody.journal(lambda journal: journal.places())
        return Lived(
            weeks=tuple(weeks),
            themes=tuple(theme.text for theme in themes),
            places=tuple(place.text for place in places),
            people=tuple(understand.addressed(each.name) for each in people),
            reached=len({card.acquaintance for week in weeks for card in week if card.state == "done"} - {None}),
            heard=tuple(somebody.all_heard),
        )


async def _goes_by(somebody: Somebody, given: Persona, week: Persona) -> None:
    """One week: the check-in, the card, and what becomes of it."""
    stage = somebody.scene
    planned = await somebody.journal(lambda journal: journal.planned("check-in"))
    assert planned
    await stage.until(max(planned[1], stage.clock.at))
    somebody.hears()
    for text in week["given"] or ["nothing"]:
        heard = await somebody.says(text)
        if "No, I gave it" in heard[-1].labels:
            await somebody.presses("No, I gave it")
    if week["given"]:
        await somebody.says("that's all")
    await _answers_the_rest(somebody, week)
    await _answers_what_is_lacking(somebody, given)
    if await _asked(somebody) == "card":
        await _answers_the_card(somebody, week)
    await stage.later(days=3)
    await _tells(somebody, week)


async def _answers_the_rest(somebody: Somebody, week: Persona) -> None:
    """The questions after the good turn: what they'd say to most, what came of it for a ripple, and no more themes."""
    answers = {"known": "skip", "most_help": "skip", "ripple": week["came"] or "not that I know"}
    said = week["second"] or "skip"
    for _question in range(6):
        if await somebody.journal(lambda journal: journal.open_check_in()) is None:
            return
        heard = [each for each in somebody.all_heard[-3:] if questions_in([each])]
        question = questions_in(heard[-1:])[0] if heard else ""
        heard_now = await somebody.says(answers.get(question, said))
        if question not in answers:
            said = "skip"
        if "No, I gave it" in heard_now[-1].labels:
            await somebody.presses("No, I gave it")


async def _asked(somebody: Somebody) -> str:
    return await somebody.journal(lambda journal: str((journal.person.pending or {}).get("ask", "")))


async def _answers_what_is_lacking(somebody: Somebody, given: Persona) -> None:
    pending = await somebody.journal(lambda journal: journal.person.pending or {})
    if pending.get("ask") == "lacks":
        await somebody.says(given["places" if pending["need"] == "place" else "person"] or "skip")


async def _answers_the_card(somebody: Somebody, week: Persona) -> None:
    for word in ("another", "smaller"):
        if week["then"] == word:
            await somebody.says(word)
    match week["then"], week["moment"]:
        case "ignored", _:
            return
        case "no", _:
            await somebody.says("not for me")
        case _, "first" | "second" as which if await _asked(somebody) == "card":
            rows = (row for heard in reversed(somebody.all_heard) for row in heard.reply.choices)
            moments = next(row for row in rows if row[0].action.startswith("card:"))
            await somebody.presses(moments[which == "second"].label)
        case _, words:
            await somebody.says("my own time")
            await somebody.says("tomorrow" if words in ("first", "second") else words)


async def _tells(somebody: Somebody, week: Persona) -> None:
    """What became of it, once that is asked."""
    if await _asked(somebody) != "happened":
        return
    answers = {"chore": "Did it, a chore", "not-yet": "Not yet", "let-go": "Let it go"}
    heard = await somebody.presses(answers.get(week["then"], "Did it, gladly"))
    if "?" in text_of(heard):
        await somebody.says(week["came"] or "skip")


# Judging


def judged(life: Lived) -> dict[str, str]:
    """What a machine can tell of the cards in *life*, in words, by what it is about."""
    cards = life.cards
    broken = [f"week {number}: {', '.join(found)}" for number, found in flawed(life) if found]
    kinds = {ACTS[card.act].kind for card in cards if card.act in ACTS}
    acts = [card.act for card in cards]
    named = sum(bool(card.acquaintance) for card in cards)
    placed = sum(bool(card.place) for card in cards)
    there = sum(ACTS[card.act].there for card in cards if card.act in ACTS)
    took = [card for card in cards if card.moment]
    return {
        "cards": f"{len(cards)}, of which {len(took)} taken, {sum(card.state == 'done' for card in cards)} done",
        "rules": "all kept" if not broken else "; ".join(broken),
        "repeats": "none" if len(acts) == len(set(acts)) else f"{len(acts) - len(set(acts))}",
        "kinds": f"{len(kinds)}: {', '.join(sorted(kinds))}",
        "names somebody": f"{named}; a place of theirs {placed}; where people are anyway {there}",
        "minutes": " ".join(str(card.minutes) for card in cards),
        "people reached": str(life.reached),
        "longest": f"{max(len(card.text) for card in cards)} characters",
    }


def flawed(life: Lived) -> Iterable[tuple[int, tuple[str, ...]]]:
    """For each card the number of its week, and the rules that it breaks: verb first, who or where, minutes, a theme in
    their words, length, nothing near an earlier card, and the rest of `bot.suggest.concrete`."""
    before: list[Card] = []
    for number, week in enumerate(life.weeks, 1):
        for card in week:
            yield number, _flaws(card, life, before)
            before.append(card)


def _flaws(card: Card, life: Lived, before: Sequence[Card]) -> tuple[str, ...]:
    act, place = ACTS[card.act], _named(life.places, card) if card.place else None
    # A place of theirs may be called what no act may say ("our #firmware channel"): it is theirs, and not judged.
    text = re.sub(re.escape(place), SOMEWHERE, card.text, flags=re.IGNORECASE) if place else card.text
    brief = CardBrief(
        themes=life.themes,
        places=(SOMEWHERE,),
        people=life.people,
        told=(),
        went=(),
        acts=(),
        recent=tuple(each.text for each in before),
        minutes=60,
        new_faces=act.faces == "new",
    )
    proposal = CardProposal(
        theme=card.theme,
        person=_named(life.people, card) if card.acquaintance else None,
        place=SOMEWHERE if place else None,
        act=text,
        minutes=card.minutes,
    )
    return flaws(proposal, brief)


def _named(names: Iterable[str], card: Card) -> str | None:
    """The longest of *names* that *card* has, also at a sentence's beginning."""
    return max((each for each in names if each.casefold() in card.text.casefold()), key=len, default=None)


# Showing


def shown(given: Persona, lives: dict[str, Lived]) -> Table:
    """The weeks side by side, a column for each of *lives*, and the rubric below."""
    title = f"{given['name']}, {given['age']}, {given['work']}: {given['themes']}"
    table = Table(title=title, title_justify="left", show_lines=True, expand=True)
    table.add_column("week", width=15)
    for name in lives:
        table.add_column(name, ratio=1)
    for number in range(12):
        columns = ["\n\n".join(_card(card) for card in life.weeks[number]) or "–" for life in lives.values()]
        table.add_row(str(number + 1), *columns)
    rubrics = [judged(life) for life in lives.values()]
    for name in rubrics[0]:
        table.add_row(f"[dim]{name}[/]", *(rubric[name] for rubric in rubrics))
    return table


def _card(card: Card) -> str:
    became = f"{card.state}{', ' + card.felt if card.felt else ''}"
    theme = f"[italic]“{card.theme}”[/]\n" if card.theme else ""
    return f"{theme}{card.text} {card.minutes} minutes. [dim]({became})[/]"


def model() -> LanguageModel | None:
    """The language model that is set in the environment or in .env, if one is. Raises UnfitSettings."""
    return app.language_model(Settings.read({"TELEGRAM_BOT_TOKEN": TOKEN, **environment()}))


async def main(names: Sequence[str]) -> None:
    """Let those in *names* live, all of them if there are none."""
    console = Console(width=None if sys.stdout.isatty() else 140)
    for name in names or PERSONAS:
        given, lives = persona(name), {}
        for column, asked in (("catalogue", None), ("language model", model())):
            if column == "catalogue" or asked:
                async with AsyncExitStack() as held:
                    folder = held.enter_context(tempfile.TemporaryDirectory())
                    lives[column] = await lived(given, Path(folder), asked)
        console.print(shown(given, lives), markup=True, highlight=False)
    console.print("[dim]The rules: " + "; ".join(f"{id}: {rule}" for id, rule in FLAWS.items()) + "[/]")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
