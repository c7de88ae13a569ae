"""Journals of all kinds, for tests that take them elsewhere: as they are written here, and as files say they are."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from bot.domain import Answer, Card, CheckIn, File
from bot.journal import EVER, Journal
from bot.store import stamp
from bot.text import clean
from tests.conversation import WORDS

START = datetime(2025, 3, 3, 18, 0, tzinfo=UTC)

TEXTS = st.one_of(
    st.sampled_from(["bees", "fed Ana's bees", "= 1 + 1", "\u202eturned", "naïve 🐝", "'", "-", "a\nb", "\t"]),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).map(clean).filter(bool),
)
NAMES = st.sampled_from(["Ana", "Rui", "Joana S.", "my sister", "Иван", "=Eve"])
QUESTIONS = ("good_turn", "received", "people", "hours", "presence", "call", "known", "most_help")

Step = tuple[str, int, str, str]


def steps(least: int = 0) -> st.SearchStrategy[list[Step]]:
    """What somebody does, step by step: what, a number by which the rest is chosen, and words."""
    step = st.tuples(st.sampled_from(sorted(_STEPS)), st.integers(0, 1 << 30), TEXTS, NAMES)
    return st.lists(step, min_size=least, max_size=25)


def lived(journal: Callable[[datetime], Journal], life: list[Step]) -> None:
    """Live it, each step some hours after the one before, by what *journal* gives for that time."""
    for number, (name, seed, text, somebody) in enumerate(life):
        opened = journal(START + timedelta(hours=7 * number))
        _STEPS[name](opened, Random(seed), text, somebody)
        opened.save()


def _answers(journal: Journal) -> list[Answer]:
    return journal.written(1000)


def _cards(journal: Journal) -> list[Card]:
    return journal.cards(1000)


def _check_in(journal: Journal, random: Random) -> CheckIn | None:
    return random.choice([None, *journal.check_ins(5)])


def _settings(journal: Journal, random: Random, text: str, _name: str) -> None:
    journal.change(
        state="here",
        city=text[:50],
        zone=random.choice(["Europe/Lisbon", "America/Los_Angeles", "Asia/Kathmandu"]),
        weekday=random.choice([None, *range(7)]),
        minute=random.choice([None, 0, 1439]),
        weeks=random.choice([1, 2, 4]),
        length=random.choice(["short", "full", "one"]),
        discreet=random.random() < 0.5,
        model=random.choice([None, True, False]),
        unanswered=random.randrange(6),
        quiet_until=random.choice([None, EVER, START]),
        pending=random.choice([None, {"ask": "good_turn", "before": None}]),
    )


def _told(journal: Journal, random: Random, text: str, name: str) -> None:
    theme = random.choice([None, *(each.id for each in journal.themes())])
    answer = journal.add(
        random.choice(["good_turn", "received", "note"]), text=text, check_in=_check_in(journal, random)
    )
    journal.amend(answer, theme=theme)
    if random.random() < 0.5:
        journal.mention(answer, [name])


def _chosen(journal: Journal, random: Random, _text: str, _name: str) -> None:
    journal.add(
        random.choice(QUESTIONS), reading=random.choice(["skip", "half", "0-1"]), check_in=_check_in(journal, random)
    )


def _changed(journal: Journal, random: Random, text: str, _name: str) -> None:
    for answer in random.sample(_answers(journal), min(1, len(_answers(journal)))):
        journal.amend(answer, text=text)


def _dropped(journal: Journal, random: Random, _text: str, _name: str) -> None:
    for answer in random.sample(_answers(journal), min(1, len(_answers(journal)))):
        journal.drop(answer)


def _outcome(journal: Journal, random: Random, text: str, _name: str) -> None:
    abouts = [*(each.id for each in _answers(journal)), *(each.id for each in _cards(journal))]
    journal.add("outcome", text=text, about=random.choice(abouts) if abouts else None)


def _file(journal: Journal, random: Random, text: str, _name: str) -> None:
    answer = journal.add("note", reading="photo")
    for kind in ("photo", "document")[: random.randrange(3)]:
        journal.add_media(answer, File(kind=kind, id="telegram", name=text, size=random.randrange(9)))


def _card(journal: Journal, random: Random, text: str, name: str) -> None:
    who = journal.meet(name)
    places = journal.places()
    card = journal.add_card(
        act="listen-1",
        text=text,
        minutes=random.randrange(60),
        theme=text,
        acquaintance=random.choice([None, who.id]),
        place=random.choice([None, *(each.id for each in places)]),
        received=random.choice([None, *(each.id for each in _answers(journal))]),
    )
    state = random.choice(["open", "taken", "declined", "done", "dropped", "passed"])
    journal.set_card(card, state=state, moment=random.choice([None, text]), felt=random.choice([None, "gladly"]))


def _opened(journal: Journal, random: Random, _text: str, _name: str) -> None:
    day = (START + timedelta(days=random.randrange(900))).date().isoformat()
    questions = random.sample(QUESTIONS, random.randrange(1, 4))
    if random.random() < 0.5:
        check_in = journal.start_check_in("planned", [*questions, "ripple.1"], day)
    else:
        check_in = journal.start_check_in("asked", questions)
    if check_in and random.random() < 0.5:
        journal.close(check_in, finished=random.random() < 0.5)


def _people(journal: Journal, random: Random, text: str, name: str) -> None:
    who = journal.meet(name)
    match random.randrange(4):
        case 0:
            journal.set_acquaintance(who, name=f"{name} {text}", circle=text[:20])
        case 1:
            journal.set_acquaintance(who, let_be=True)
        case 2:
            journal.forget(who)
        case _:
            others = [each for each in journal.acquaintances() if each.id != who.id]
            if others:
                journal.merge(who, random.choice(others))


def _themes(journal: Journal, random: Random, text: str, _name: str) -> None:
    theme = journal.add_theme(text)
    match random.randrange(4):
        case 0:
            journal.set_theme(theme, paused=True, circle="work")
        case 1:
            journal.drop_theme(theme)
        case _:
            pass


def _places(journal: Journal, random: Random, text: str, _name: str) -> None:
    journal.add_place(text)
    if random.random() < 0.3:
        journal.drop_place(random.choice(journal.places()).id)


def _asked(journal: Journal, random: Random, _text: str, _name: str) -> None:
    for name in random.sample(QUESTIONS, 2):
        journal.note_asking(name, used=("1", "abc"), asked_at=random.choice([None, START]), never=random.random() < 0.2)
    journal.note_asking("album", used=("77", "5"))


def _planned(journal: Journal, random: Random, _text: str, _name: str) -> None:
    at = START + timedelta(days=random.randrange(900))
    kind, subject = random.choice(
        [("check-in", at.date().isoformat()), ("later", "5"), ("follow-up", "6"), ("move", "Europe/Lisbon Porto")]
    )
    journal.plan(kind, subject, at)


def _searched(journal: Journal, _random: Random, text: str, _name: str) -> None:
    journal.note_search(text)


_STEPS: dict[str, Callable[[Journal, Random, str, str], None]] = {
    "settings": _settings, "told": _told, "chosen": _chosen, "changed": _changed, "dropped": _dropped,
    "outcome": _outcome, "file": _file, "card": _card, "opened": _opened, "people": _people, "themes": _themes,
    "places": _places, "asked": _asked, "planned": _planned, "searched": _searched,
}  # fmt: skip


# As files say they are

INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)).map(lambda at: stamp(at.replace(tzinfo=UTC)))  # noqa: DTZ001
DAYS = st.dates(datetime(2000, 1, 1).date(), datetime(2099, 1, 1).date()).map(str)  # noqa: DTZ001


@st.composite
def told(draw: st.DrawFn) -> dict[str, Any]:
    """A journal.json in which everything may be that the format allows, also what nothing here would write."""
    numbers = iter(draw(st.lists(st.integers(1, 10_000), min_size=120, max_size=120, unique=True).map(sorted)))
    few = st.integers(0, 3)

    def things(make: Callable[[int], dict[str, Any]], most: st.SearchStrategy[int] = few) -> list[dict[str, Any]]:
        return [make(next(numbers)) for _thing in range(draw(most))]

    def maybe(what: st.SearchStrategy[Any]) -> Any:
        return draw(st.none() | what)

    themes = things(
        lambda id: {
            "id": id, "text": draw(TEXTS), "paused": draw(st.booleans()), "circle": maybe(TEXTS),
            "added_at": draw(INSTANTS),
        }
    )  # fmt: skip
    places = things(lambda id: {"id": id, "text": draw(TEXTS), "circle": maybe(TEXTS)})
    spare = iter(draw(st.lists(TEXTS, min_size=6, max_size=6, unique=True)))
    people = things(
        lambda id: {
            "id": id, "name": draw(TEXTS), "let_be": draw(st.booleans()), "circle": maybe(TEXTS),
            "other_names": sorted(next(spare) for _name in range(draw(st.integers(0, 2)))),
        }
    )  # fmt: skip
    ids = [0, *(each["id"] for each in people)]

    def answer(id: int) -> dict[str, Any]:
        earlier = things(lambda id: {"id": id, "text": maybe(TEXTS), "changed_at": draw(INSTANTS)}, st.integers(0, 1))
        files = things(
            lambda id: {
                "id": id, "kind": draw(st.sampled_from(["voice", "photo", "video", "audio", "document"])),
                "name": draw(st.just("") | TEXTS), "size": draw(st.integers(0, 1 << 30)), "state": "absent",
                "path": None, "left_out": False,
            },
            st.integers(0, 1),
        )  # fmt: skip
        return {
            "id": id,
            "question": draw(st.sampled_from([*WORDS.questions, "note", "outcome", "go", "draft", "ripple.3"])),
            "text": maybe(TEXTS),
            "reading": maybe(st.sampled_from(["skip", "done", "sorted", "photo", "0-1", "unclear", "hard"])),
            "theme": maybe(st.integers(1, id)),
            "about": maybe(st.integers(1, id)),
            "said_at": draw(INSTANTS),
            "acquaintances": sorted(draw(st.sets(st.sampled_from(ids))) - {0}),
            "earlier": earlier,
            "files": files,
        }

    subjects = iter(draw(st.lists(DAYS, min_size=3, max_size=3, unique=True)))
    check_ins = things(
        lambda id: {
            "id": id, "kind": draw(st.sampled_from(["planned", "asked"])), "subject": next(subjects),
            "questions": draw(st.lists(st.sampled_from([*QUESTIONS, "ripple.17"]), max_size=4)),
            "opened_at": draw(INSTANTS), "closed_at": maybe(INSTANTS), "finished": draw(st.booleans()),
            "answers": things(answer, st.integers(0, 2)),
        }
    )  # fmt: skip
    cards = things(
        lambda id: {
            "id": id, "act": "listen-1", "text": draw(TEXTS), "minutes": draw(st.integers(0, 90)),
            "theme": maybe(TEXTS), "state": draw(st.sampled_from(["open", "taken", "declined", "done", "dropped"])),
            "moment": maybe(TEXTS), "felt": maybe(st.sampled_from(["gladly", "chore"])),
            "acquaintance": maybe(st.integers(1, id)), "place": maybe(st.integers(1, id)),
            "received": maybe(st.integers(1, id)), "source": draw(st.sampled_from(["catalogue", "model", "received"])),
            "shown_at": draw(INSTANTS),
        }
    )  # fmt: skip
    outside = things(answer)
    searches = things(lambda id: {"id": id, "words": draw(TEXTS)})
    person = {
        "name": draw(TEXTS), "language": "en", "state": draw(st.sampled_from(["new", "here", "silent", "blocked"])),
        "city": maybe(TEXTS), "zone": maybe(st.just("Europe/Lisbon")), "weekday": maybe(st.integers(0, 6)),
        "minute": maybe(st.integers(0, 1439)), "length": "short", "weeks": 2, "discreet": draw(st.booleans()),
        "dark": draw(st.booleans()),
        "model": maybe(st.booleans()), "unanswered": draw(st.integers(0, 6)), "quiet_until": maybe(INSTANTS),
        "pending": draw(st.sampled_from([None, {"ask": "card", "card": 3}])), "joined_at": draw(INSTANTS),
        "seen_at": draw(INSTANTS),
    }  # fmt: skip
    planned = [
        {"kind": kind, "subject": subject, "at": draw(INSTANTS)}
        for kind, subject in (("check-in", "2026-11-13"), ("later", "4"), ("follow-up", "9"), ("move", "Asia/Tokyo x"))
        if draw(st.booleans())
    ]
    askings = [
        {"question": name, "used": draw(st.sampled_from([[], ["2", "ab", "cd"]])), "asked_at": maybe(INSTANTS),
         "never": draw(st.booleans())}
        for name in ("call", "people", "words") if draw(st.booleans())
    ]  # fmt: skip
    return {
        "tenfold": {"format": 1, "made_at": draw(INSTANTS), "counter": next(numbers)},
        "person": person, "themes": themes, "places": places, "acquaintances": people,
        "planned": sorted(planned, key=lambda each: (each["at"], each["kind"])),
        "askings": askings, "searches": searches, "cards": cards, "check_ins": check_ins, "told": outside,
    }  # fmt: skip
