"""`journal.md`: the journal as one would like to read it in ten years.

In the order in which it happened, in the person's own words and on their own clock. Whatever a person wrote stands
there to the letter and as nothing but words: what Markdown would take for its own is escaped, so no heading, link,
picture or tag can come of it. It is read through once to see what belongs together, which is kept as ids and places
alone, and then written entry by entry.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from bot.export.told import Told
from bot.schedule import zone
from bot.store import instant
from bot.words import Words, _
from bot.words.dates import month, weekday

_Json = Mapping[str, Any]

_SPECIAL = re.compile(r"[\\`*_{}\[\]~|$]")
_ENTITY = re.compile(r"&(?=[#\w])")
_BLOCK = re.compile(r"^(\d*)(?=[#+\-=:>%.)])")
_EDGE = re.compile(r"^[^\S\x80-\x9f]|[^\S\x80-\x9f]$")  # numbers of those mean something else in HTML


def escaped(line: str) -> str:
    """One *line* that is nothing but words in Markdown. White space at its ends would be layout, so it is spelled."""
    text = _ENTITY.sub("&amp;", line).replace("<", "&lt;")
    text = _BLOCK.sub(r"\1\\", _SPECIAL.sub(r"\\\g<0>", text))
    return _EDGE.sub(lambda found: f"&#{ord(found[0])};", text)


def _inline(text: str) -> str:
    """*text* on one line."""
    return escaped(" ".join(text.split()))


def _quoted(text: str) -> str:
    """*text* to the letter, line by line."""
    lines = [escaped(line) for line in text.split("\n")]
    ends = ["  " if line and after else "" for line, after in zip(lines, [*lines[1:], ""], strict=True)]
    return "\n".join(f"> {line}{end}" if line else ">" for line, end in zip(lines, ends, strict=True))


def book(told: Told, words: Words, now: datetime) -> Iterator[str]:
    """The text of *told* in pieces."""
    return _Book(told, words).pieces(now)


class _Book:
    """One journal while it is being written out."""

    def __init__(self, told: Told, words: Words) -> None:
        self._told = told
        self._words = words
        short = told.short
        self._zone: tzinfo = zone(short["person"]["zone"]) if short["person"]["zone"] else ZoneInfo("UTC")
        self._names = {each["id"]: each["name"] for each in short["acquaintances"]}
        self._themes = {each["id"]: each["text"] for each in short["themes"]}
        turns, whole, self._left_out = set(), set(), False
        outcomes: list[tuple[int, int | None, int]] = []
        for at, _check_in in told.every_answer():
            answer = told.answer(at)
            self._left_out |= any(file["left_out"] for file in answer["files"])
            if answer["reading"] == "done":
                turns.add(answer["about"])
            if answer["question"] == "outcome":
                outcomes.append((answer["id"], answer["about"], at))
            else:
                whole.add(answer["id"])
        kept = [card for card in told.cards() if card["state"] in ("taken", "done")]
        self._felt = {card["id"]: self._became(card) for card in kept}
        self._cards = [card for card in kept if card["id"] not in turns]
        whole |= {card["id"] for card in self._cards}
        self._outcomes: dict[int, list[int]] = {}
        for _id, about, at in sorted(outcomes):
            if about is not None and about in whole:
                self._outcomes.setdefault(about, []).append(at)
        self._elsewhere = {id for id, about, _at in outcomes if about in whole}

    def pieces(self, now: datetime) -> Iterator[str]:
        """Everything, in the order in which it happened."""
        yield from self._opening(now)
        last: date | None = None
        for at, lines in self._entries():
            if not lines:
                continue
            day = instant(at).astimezone(self._zone).date()
            if last is None or day.year != last.year:
                yield f"\n## {day.year}\n"
            if day != last:
                yield f"\n### {_day(day)}\n"
            last = day
            yield "".join(f"\n{line}\n" for line in lines)

    def _opening(self, now: datetime) -> Iterator[str]:
        person = self._told.short["person"]
        name = _inline(person["name"])
        yield f"# {_('{name}: a journal').format(name=name) if name else _('A journal')}\n"
        began = _("Begun on {date}, and written out on {today}.")
        today = _long(now.astimezone(self._zone).date())
        yield f"\n{began.format(date=self._date(person['joined_at']), today=today)}\n"
        if self._left_out:
            yield "\n" + _(
                "Your files are more than one message can carry, so only the newest came along."
                " I still have the others: /history shows them."
            )
            yield "\n"
        for heading, each in ((_("What you stand for"), "themes"), (_("Where you are"), "places")):
            if self._told.short[each]:
                yield f"\n**{heading}**\n\n"
                yield from (f"- {_inline(one['text'])}\n" for one in self._told.short[each])

    def _entries(self) -> Iterator[tuple[str, list[str]]]:
        """When each thing was, as it is stored, and the lines that tell it."""
        cards = {card["id"]: card for card in self._cards}
        found: list[tuple[str, int, int | None]] = [
            *((check_in["opened_at"], check_in["id"], None) for check_in, _answers in self._told.check_ins()),
            *((card["shown_at"], id, None) for id, card in cards.items()),
        ]
        for at, check_in in self._told.every_answer():
            if check_in is None:
                answer = self._told.answer(at)
                found.append((answer["said_at"], answer["id"], at))
        for when, id, place in sorted(found, key=lambda each: each[:2]):
            if place is not None:
                yield when, self._answered([self._told.answer(place)])
            elif id in cards:
                yield when, self._act(cards[id])
            else:
                yield when, self._answered(self._told.answers(id))

    def _answered(self, answers: Iterable[_Json]) -> list[str]:
        """What was said, each name of a question once for all the answers that follow it."""
        lines: list[str] = []
        last = ""
        for answer in answers:
            said = [] if answer["id"] in self._elsewhere else self._said(answer)
            name = self._name(answer)
            if said and name != last:
                lines.append(f"**{name}**")
                last = name
            lines += said
        return lines

    def _said(self, answer: _Json) -> list[str]:
        """One answer: the words, what came with them, who was in it, and what came of it."""
        lines = []
        if answer["text"] and answer["reading"] == "done":  # our words, so without a quotation's mark
            lines.append(escaped(" ".join(answer["text"].split())))
        elif answer["text"]:
            lines.append(_quoted(answer["text"]))
        elif label := self._label(answer):
            lines.append(label)
        lines += [_shown(file) for file in answer["files"]]
        if not lines:
            return []
        names = ", ".join(_inline(self._names[id]) for id in answer["acquaintances"] if id in self._names)
        theme = _inline(self._themes.get(answer["theme"], ""))
        if about := " · ".join(filter(None, (names, theme and f"*{theme}*"))):
            lines.append(f"— {about}")
        return [*lines, *self._came_of(answer["id"])]

    def _came_of(self, id: int) -> list[str]:
        lines = []
        for outcome in map(self._told.answer, self._outcomes.get(id, ())):
            if said := self._said(outcome):
                came = _("What came of it, on {date}:").format(date=self._date(outcome["said_at"]))
                lines += [f"*{came}*", *said]
        return lines

    def _act(self, card: _Json) -> list[str]:
        """Something they took on, in our words, so without a quotation's mark."""
        theme = _inline(card["theme"] or "")
        lines = [f"**{self._became(card)}**", escaped(" ".join(card["text"].split()))]
        return [*lines, *([f"— *{theme}*"] if theme else []), *self._came_of(card["id"])]

    @staticmethod
    def _became(card: _Json) -> str:
        if card["state"] == "taken":
            return _("Something you meant to do")
        return _("Something you did, and gladly") if card["felt"] == "gladly" else _("Something you did")

    def _name(self, answer: _Json) -> str:
        if answer["question"] == "outcome":
            return _("What came of something")
        if answer["question"] == "go":
            return _("For whom you'd go")
        if answer["reading"] == "done" and answer["about"] in self._felt:
            return self._felt[answer["about"]]
        if answer["question"] == "draft":
            return _("Draft")
        question = self._words.questions.get(answer["question"])
        return _(question.name) if question else _("Note")

    def _label(self, answer: _Json) -> str:
        question = self._words.questions.get(answer["question"])
        label = dict(question.choices).get(answer["reading"] or "") if question else None
        return _(label) if label else ""

    def _date(self, at: str) -> str:
        return _long(instant(at).astimezone(self._zone).date())


def _shown(file: _Json) -> str:
    """A file where the reader finds it, or the word that it isn't here."""
    kinds = {"voice": _("A voice note"), "photo": _("A photo"), "video": _("A video"), "audio": _("A recording")}
    name = kinds.get(file["kind"]) or _inline(file["name"]) or _("A file")
    if not file["path"]:
        return _("{file} (not in this folder)").format(file=name)
    return f"{'!' if file['kind'] == 'photo' else ''}[{name}]({file['path']})"


def _day(day: date) -> str:
    return f"{weekday(day.weekday())} {day.day} {month(day.month)}"


def _long(day: date) -> str:
    return f"{_day(day)} {day.year}"
