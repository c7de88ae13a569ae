"""A journal on its way out, on disk: what is short is in memory, and of the rest only where each thing stands.

Somebody's words of ten years don't fit into what one bot may take of a small machine, so they go from the database into
a file as they are read, a line a thing, and are looked up there as often as they are needed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

_Json = dict[str, Any]


class Kept(NamedTuple):
    """Where a file that came with an answer goes in the zip: *path* there, or None if it doesn't; *left_out* if only
    for want of room."""

    path: str | None = None
    left_out: bool = False


class Told:
    """What journal.json holds. *short* are its short parts, in its order; *kept* where the files are, by their ids.
    Raises OSError wherever it writes or reads."""

    def __init__(self, short: Mapping[str, Any], file: BinaryIO) -> None:
        self.short = short
        self.kept: dict[int, Kept] = {}
        self._file = file
        self._end = 0
        self._cards: list[int] = []
        self._check_ins: dict[int, int] = {}
        self._answers: dict[int | None, list[int]] = {None: []}
        self._largest = max(
            (each["id"] for name in ("themes", "places", "acquaintances", "searches") for each in short[name]),
            default=0,
        )

    # Written

    def add_cards(self, cards: Iterable[Mapping[str, Any]]) -> None:
        """These cards come next."""
        for card in cards:
            self._cards.append(self._put(card))
            self._count(card["id"], card["acquaintance"], card["place"], card["received"])

    def add_check_ins(self, check_ins: Iterable[Mapping[str, Any]]) -> None:
        """These check-ins come next."""
        for check_in in check_ins:
            self._check_ins[check_in["id"]] = self._put(check_in)
            self._answers[check_in["id"]] = []
            self._count(check_in["id"])

    def add_answers(self, answers: Iterable[tuple[int | None, Mapping[str, Any]]]) -> None:
        """These answers come next, each with the id of the check-in that it answers."""
        for check_in, answer in answers:
            self._answers[check_in if check_in in self._answers else None].append(self._put(answer))
            self._count(answer["id"], answer["theme"], answer["about"], *answer["acquaintances"])
            self._count(*(each["id"] for name in ("earlier", "files") for each in answer[name]))

    def _count(self, *ids: int | None) -> None:
        self._largest = max(self._largest, *(id or 0 for id in ids), 0)

    def _put(self, thing: Mapping[str, Any]) -> int:
        at = self._end
        self._file.seek(at)
        self._end += self._file.write(json.dumps(thing, ensure_ascii=False).encode() + b"\n")
        return at

    # Read

    def cards(self) -> Iterator[_Json]:
        """Every card, oldest first."""
        return map(self._get, self._cards)

    def check_ins(self) -> Iterator[tuple[_Json, Iterator[_Json]]]:
        """Every check-in, oldest first, with its answers."""
        return ((self._get(at), self.answers(id)) for id, at in self._check_ins.items())

    def answers(self, check_in: int | None = None) -> Iterator[_Json]:
        """The answers in the check-in *check_in*, oldest first, or those outside any."""
        return map(self.answer, self._answers[check_in])

    def every_answer(self) -> list[tuple[int, int | None]]:
        """Where every answer stands (see `answer`), oldest first, and the check-in that it is in."""
        return sorted((at, check_in) for check_in, places in self._answers.items() for at in places)

    def answer(self, at: int) -> _Json:
        """The answer that stands there."""
        answer = self._get(at)
        for file in answer["files"]:
            file["path"], file["left_out"] = self.kept.get(file["id"], Kept())
        return answer

    def _get(self, at: int) -> _Json:
        self._file.seek(at)
        thing: _Json = json.loads(self._file.readline())
        return thing

    def lines(self) -> Iterator[str]:
        """journal.json, a line for each thing in it: it can be looked into, and no step of writing it takes long."""
        yield "{"
        # Messages have ids, too, but aren't in here: whoever goes on from this goes on from what is.
        made = {**self.short["tenfold"], "counter": self._largest}
        for name, value in {**self.short, "tenfold": made}.items():
            things = map(_dumped, value) if isinstance(value, list) else None
            yield f"\n{json.dumps(name)}: "
            yield from _list(things, "\n ") if things is not None else (_dumped(value),)
            yield ","
        yield '\n"cards": '
        yield from _list(map(_dumped, self.cards()), "\n ")
        yield ',\n"check_ins": '
        yield "["
        for number, (check_in, answers) in enumerate(self.check_ins()):
            yield f'{"," if number else ""}\n {_dumped(check_in)[:-1]}, "answers": '
            yield from _list(map(_dumped, answers), "\n  ")
            yield "}"
        yield '\n],\n"told": '
        yield from _list(map(_dumped, self.answers()), "\n ")
        yield "\n}\n"


def _dumped(thing: object) -> str:
    return json.dumps(thing, ensure_ascii=False)


def _list(things: Iterable[str], indent: str) -> Iterator[str]:
    """*things* as a list in JSON, each on a line of its own with *indent* before it."""
    yield "["
    for number, thing in enumerate(things):
        yield f"{',' if number else ''}{indent}{thing}"
    yield f"{indent[:-1]}]"
