"""The prompts: questions, acts and phrases as TOML, loaded and checked at start.

Anybody can add one without reading code. Whatever a machine can check of them is checked here, once, before the first
message: a slip of the pen stops the bot at start with the file, the id and the cure, and is never seen by a person who
wanted to talk.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from textwrap import dedent
from types import MappingProxyType
from typing import Any, Final, NoReturn

from bot.errors import TenfoldError

_HERE: Final = Path(__file__).parent.parent

KINDS: Final = (
    "answer",
    "ask",
    "check-on",
    "commenters",
    "credit",
    "introduce",
    "listen",
    "pass-on",
    "proofread",
    "recommend",
    "repair",
    "reply",
    "story",
    "teach",
    "thank",
    "welcome",
)
"""What an act can be. A person who finds one a chore gets less of its kind."""

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "good_turn": ("nothing",),
    "people": ("none", "quarter", "half", "most"),
    "hours": ("0-1", "1-3", "3-7", "7-14", "14-"),
    "presence": ("answer", "ear", "hand", "laugh", "unsure"),
    "call": ("nobody",),
    "received": ("nobody",),
    "known": ("unsure",),
    "most_help": ("unsure",),
    "ripple": ("nothing",),
}
"""Each question there is, and the ids of its quick answers in the order of the buttons: entries keep these ids."""

_MEASURED: Final = ("people", "hours")
"""Questions whose answer is read as an amount, so that it can be misunderstood and asked once more."""

_ONCE: Final = ("known", "most_help", "ripple")
"""Questions that are asked once or twice in all, or seldom: a few wordings are enough for them."""

_SLOTS: Final[Mapping[str, tuple[str, ...]]] = {"ripple": ("told",)}
"""What the wordings of a question may hold."""

_WORDINGS, _WORDINGS_ONCE, _WORDING_LENGTH = 10, 3, 140
_OPENERS, _OPENER_LENGTH = 8, 60
_NAME_LENGTH, _LABEL_LENGTH = 20, 28
_ACTS, _ACT_KINDS, _QUICK_ACTS, _ACT_LENGTH = 200, 16, 60, 200
_MINUTES: Final = (5, 10, 15, 20, 30, 60)
_QUICK: Final = 5
_WHERE: Final = ("online", "offline", "either")
_FACES: Final = ("known", "new")
_NEEDS: Final = ("person", "place")
_SUITS: Final = ("any", "craft", "manner")

_KEBAB: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_UNWELCOME: Final = re.compile(
    r"https?:|www\.|@|#|[$€£¥]|\b(?:followers?|impressions|engagement|viral|hashtags?|linkedin|twitter|instagram|facebook"
    r"|tiktok|whatsapp|reach out|your network|(?:three|four|five|six|ten|\d+) (?:people|friends|strangers|persons))\b",
    re.IGNORECASE,
)
"""Links, money, follower talk, platforms, sales talk and quotas, as far as a machine can tell."""

_ONLY_SOME_PLACES: Final = re.compile(r"\b(?:in|at|on) \{place\}", re.IGNORECASE)
"""Nobody is "in parkrun", "at the Rust forum" or "on church": a place is in people's own words."""

_ONE_OR_MANY: Final = re.compile(r"\{person\}(?:['’]s\b| (?:is|has|was)\b)")
"""Fits "Rui", but not "your parents"."""


class UnfitPrompts(TenfoldError):
    """A file in prompts/ can't be used. The text says which, where in it, and what to change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question of the check-in. *name* heads its answers in the history, *choices* are quick answers (id, label),
    *again* asks once more for an amount that wasn't understood; it is empty where any words will do."""

    id: str
    name: str
    wordings: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    again: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """Something to do for somebody. *text* has a slot such as {person} for each of *needs*; *minutes* at most;
    *where* is "online", "offline" or "either"; *faces* is "known" or "new". *suits* says under which themes it reads
    well: "craft" for what one knows or does, "manner" for a way of being with people, or "any". *there* is whether it
    happens where people are anyway."""

    id: str
    kind: str
    text: str
    minutes: int
    where: str
    faces: str
    needs: tuple[str, ...] = ()
    suits: str = "any"
    there: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class HardPhrases:
    """What people write in hard moments, as hard.toml has it: its tables in pairs, and for each group of phrases its
    heading and the phrases, their lists filled in. The notation is that of `understand.phrases`."""

    spelling: tuple[tuple[str, str], ...]
    close: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """All prompts, checked. *openers* begin a check-in and may hold {weekday}; *questions* by id, in file order."""

    openers: tuple[str, ...]
    questions: Mapping[str, Question]
    acts: tuple[Act, ...]
    hard: HardPhrases


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """One table of a prompts file, taken apart key by key. Every complaint names file and entry."""

    file: Path
    name: str
    rest: dict[str, Any] = field(default_factory=dict)

    def fail(self, cure: str) -> NoReturn:
        at = f" [{self.name}]" if self.name else ""
        raise UnfitPrompts(f"{Path(*self.file.parts[-3:])}{at}: {cure}")

    def require(self, fits: object, cure: str) -> None:
        if not fits:
            self.fail(cure)

    def text(self, key: str, most: int) -> str:
        """The text under *key*, fit to be said in at most *most* characters."""
        return self.sayable(self.rest.pop(key, None), key, most)

    def sayable(self, text: object, key: str, most: int, slots: Sequence[str] = ()) -> str:
        """*text*, if it is one; and if it is one line of at most *most* characters with no slots but these."""
        if not isinstance(text, str) or not text:
            self.fail(f'{key} is missing: add {key} = "..."')
        self.require(text == " ".join(text.split()), f"{key} has a line break or a needless space: {text!r}")
        self.require(len(text) <= most, f"{key} has {len(text)} characters, at most {most} fit: shorten {text!r}")
        emoji = any(unicodedata.category(character) in ("So", "Cn", "Cs") for character in text)
        self.require(not emoji, f"{key} has an emoji: say {text!r} in words")
        for slot in _slots(text):
            known = ", ".join(f"{{{name}}}" for name in slots) or "no slot at all"
            self.require(slot in slots, f"{key} can hold {known}, not {{{slot}}}: change {text!r}")
        return text

    def texts(self, key: str, least: int, most: int, slots: Sequence[str] = ()) -> tuple[str, ...]:
        """The texts under *key*, at least *least* different ones."""
        found = self.rest.pop(key, None)
        if not isinstance(found, list):
            self.fail(f'{key} is missing: add {key} = ["...", "..."]')
        self.require(len(found) >= least, f"{key} has {len(found)} of at least {least}: add {least - len(found)}")
        texts = tuple(self.sayable(text, key, most, slots) for text in found)
        for text, times in Counter(text.casefold() for text in texts).items():
            self.require(times == 1, f"{key} has one twice: reword or delete {text!r}")
        return texts

    def one_of(self, key: str, allowed: Sequence[object]) -> Any:
        found = self.rest.pop(key, None)
        fits = any(found == each and type(found) is type(each) for each in allowed)  # 5.0 would be shown as it is
        self.require(fits, f"{key} is {found!r}: choose one of {', '.join(map(str, allowed))}")
        return found

    def done(self) -> None:
        """Nothing may be left over: a mistyped key is no key."""
        self.require(not self.rest, f"nothing reads {', '.join(map(repr, self.rest))}: mistyped? Correct or delete it")


def _slots(text: str) -> list[str]:
    """The names in braces in *text*; a lone brace is one without a name."""
    try:
        return [name for _before, name, _spec, _conversion in Formatter().parse(text) if name is not None]
    except ValueError:
        return [""]


def _tables(file: Path) -> dict[str, Any]:
    """All that *file* says. Raises UnfitPrompts."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        _Entry(file=file, name="").fail("the file is missing: install Tenfold again, or restore it")
    except (OSError, ValueError) as error:
        _Entry(file=file, name="").fail(f"can't be read: {error}")


def _question(entry: _Entry) -> Question:
    least = _WORDINGS_ONCE if entry.name in _ONCE else _WORDINGS
    wordings = entry.texts("wordings", least, _WORDING_LENGTH, _SLOTS.get(entry.name, ()))
    for wording in wordings:
        entry.require("?" in wording, f"a wording asks nothing: end {wording!r} with a question")
    ids, choices = _CHOICES[entry.name], []
    table = entry.rest.pop("choices", [])
    looks_right = isinstance(table, list) and all(isinstance(given, dict) for given in table)
    entry.require(looks_right, 'choices must look like [{ id = "...", label = "..." }]')
    for given in table:
        choice = _Entry(file=entry.file, name=f"{entry.name}.choices", rest=dict(given))
        choices.append((choice.one_of("id", ids), choice.text("label", _LABEL_LENGTH)))
        choice.done()
    entry.require(
        tuple(choice_id for choice_id, _label in choices) == ids,
        f"choices must have the ids {', '.join(ids)}, each once and in this order: entries keep them",
    )
    asks_again = entry.name in _MEASURED or "again" in entry.rest
    question = Question(
        id=entry.name,
        name=entry.text("name", _NAME_LENGTH),
        wordings=wordings,
        choices=tuple(choices),
        again=entry.text("again", _WORDING_LENGTH) if asks_again else "",
    )
    entry.done()
    return question


def _questions(file: Path) -> tuple[tuple[str, ...], Mapping[str, Question]]:
    top = _Entry(file=file, name="", rest=_tables(file))
    openers = top.texts("openers", _OPENERS, _OPENER_LENGTH, ("weekday",))
    questions = {}
    for name, table in top.rest.items():
        top.require(name in _CHOICES, f"nothing asks {name!r}: the questions are {', '.join(_CHOICES)}")
        if not isinstance(table, dict):
            top.fail(f"{name!r} must be a table: write [{name}]")
        questions[name] = _question(_Entry(file=file, name=name, rest=dict(table)))
    for name in _CHOICES:
        top.require(name in questions, f"the question {name!r} is missing: add [{name}]")
    return openers, MappingProxyType(questions)


def _act_text(entry: _Entry, needs: Sequence[str], verbs: Sequence[str]) -> str:
    text = entry.sayable(entry.rest.pop("text", None), "text", _ACT_LENGTH, needs)
    for need in needs:
        entry.require(need in _slots(text), f"needs names {need!r}: put {{{need}}} into the text, or leave it out")
    entry.require(text[0].isupper() and text[-1] in ".?", f"text must be whole sentences, a verb first: {text!r}")
    for unfit, cure in (
        (_UNWELCOME, "which an act never speaks of: reword it"),
        (_ONLY_SOME_PLACES, "which fits only some places: write from, through or new to {place}, or reword it"),
        (_ONE_OR_MANY, "which fits one but not many: reword it for a {person} such as 'your parents'"),
    ):
        found = unfit.search(text)
        entry.require(not found, f"text has {found and found[0]!r}, {cure}")
    first = re.split(r"\W", text, maxsplit=1)[0]
    entry.require(first in verbs, f"text begins with {first!r}: begin with what to do, or add that verb to verbs")
    return text


def _act(entry: _Entry, verbs: Sequence[str]) -> Act:
    needs = entry.rest.pop("needs", [])
    fits = isinstance(needs, list) and all(need in _NEEDS for need in needs)
    entry.require(fits, f"needs is {needs!r}: list none, or some of {', '.join(_NEEDS)}")
    entry.require(len(needs) <= 1, f"needs is {needs!r}: an act has one slot at most, so keep one of them")
    text = _act_text(entry, needs, verbs)
    act = Act(
        id=entry.name,
        kind=entry.one_of("kind", KINDS),
        text=text,
        minutes=entry.one_of("minutes", _MINUTES),
        where=entry.one_of("where", _WHERE),
        faces=entry.one_of("faces", _FACES),
        needs=tuple(needs),
        suits=entry.one_of("suits", _SUITS) if "suits" in entry.rest else "any",
        there=entry.one_of("there", (True, False)) if "there" in entry.rest else False,
    )
    strange = act.faces == "new" and "person" in act.needs
    entry.require(not strange, "faces is 'new', but {person} is somebody they know: write faces = \"known\"")
    entry.done()
    return act


def _acts(file: Path) -> tuple[Act, ...]:
    top = _Entry(file=file, name="", rest=_tables(file))
    tables = top.rest.pop("act", None)
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        top.fail("there is no act: add [[act]]")
    verbs = top.rest.pop("verbs", None)
    if not isinstance(verbs, str) or not verbs.strip():
        top.fail('verbs is missing: add verbs = "..." above the acts, with all that they begin with')
    top.done()
    acts: dict[str, Act] = {}
    texts: dict[str, str] = {}
    for number, table in enumerate(tables, start=1):
        name = str(table.get("id", f"act {number}"))
        entry = _Entry(file=file, name=name, rest={key: value for key, value in table.items() if key != "id"})
        kebab = isinstance(table.get("id"), str) and _KEBAB.fullmatch(name)
        entry.require(kebab, 'the id must be small words and hyphens: id = "like-this"')
        entry.require(name not in acts, "two acts have this id: change one")
        act = _act(entry, verbs.split())
        twin = texts.setdefault(act.text.casefold(), act.id)
        entry.require(twin == act.id, f"says the same as {twin}: reword or delete one")
        acts[act.id] = act
    _require_plenty(top, tuple(acts.values()))
    return tuple(acts.values())


def _require_plenty(top: _Entry, acts: Sequence[Act]) -> None:
    """With few acts, few kinds or few small ones people would soon be handed the same again."""
    kinds = len({act.kind for act in acts})
    quick = sum(act.minutes == _QUICK for act in acts)
    there = sum(act.there for act in acts)
    top.require(len(acts) >= _ACTS, f"there are {len(acts)} acts of at least {_ACTS}: add {_ACTS - len(acts)}")
    top.require(kinds >= _ACT_KINDS, f"the acts are of {kinds} kinds, at least {_ACT_KINDS} are needed: add others")
    top.require(quick >= _QUICK_ACTS, f"{quick} acts take {_QUICK} minutes, {_QUICK_ACTS} must: add smaller ones")
    top.require(
        2 * there >= len(acts),
        f"{there} of {len(acts)} acts happen where people are anyway, half must: add some with there = true",
    )


_HARD_GROUPS: Final = ("except", "danger", "loss", "illness")
_CLOSE: Final = ("family", "others", "pets", "ours", "told", "untold", "strangers", "near")


def _hard(file: Path) -> HardPhrases:
    top = _Entry(file=file, name="", rest=_tables(file))
    lists, spelling, close = (_lists(top, heading) for heading in ("lists", "spelling", "close"))
    names = ", ".join(_CLOSE)
    top.require(tuple(close) == _CLOSE, f"[close] has {', '.join(close)}: it must have {names}, in this order")
    for heading, table in (("spelling", spelling), ("close", close), ("lists", lists)):
        for name, text in table.items():
            _check(_Entry(file=file, name=f"{heading}.{name}"), text)
    groups = tuple(group for heading in _HARD_GROUPS for group in _groups(top, heading, lists))
    top.done()
    return HardPhrases(spelling=tuple(spelling.items()), close=tuple(close.items()), groups=groups)


def _lists(top: _Entry, heading: str) -> dict[str, str]:
    table = top.rest.pop(heading, None)
    if not isinstance(table, dict) or not table or not all(isinstance(text, str) for text in table.values()):
        top.fail(f'[{heading}] is missing: add [{heading}] with lines like name = "words | and bars"')
    return {name: " | ".join(_phrases(text)) for name, text in table.items()}


def _groups(top: _Entry, heading: str, lists: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    tables = top.rest.pop(heading, None)
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        top.fail(f"there is no {heading}: add [[{heading}]]")
    for number, table in enumerate(tables, start=1):
        entry = _Entry(file=top.file, name=f"{heading}: {table.get('about', number)}", rest=dict(table))
        for key in ("about", "phrases"):
            fits = isinstance(table.get(key), str) and table[key].strip()
            entry.require(fits, f'{key} is missing: add {key} = "..."')
        found = []
        for phrase in _phrases(entry.rest.pop("phrases")):
            _check(entry, phrase)
            found.append(_filled(entry, phrase, lists))
            outside = re.sub(r"!\([^()]*\)|\[[^\[\]]*\]", "", found[-1])
            entry.require(_OWN_WORD.search(outside), f"{phrase!r} has no word of its own: add one")
        del entry.rest["about"]
        entry.done()
        yield heading, " | ".join(found)


def _phrases(text: str) -> Iterator[str]:
    """The phrases of a book, one by one: bars within brackets part none, and an indented line goes on."""
    phrase, depth = "", 0
    for sign in re.sub(r"\n(?! )", "|", re.sub(r"\n +", " ", dedent(text).strip())):
        depth += (sign in "([") - (sign in ")]")
        if sign == "|" and depth == 0:
            yield " ".join(phrase.split())
            phrase = ""
        else:
            phrase += sign
    yield " ".join(phrase.split())


def _filled(entry: _Entry, phrase: str, lists: Mapping[str, str]) -> str:
    """*phrase* with every {list} in it. Lists may hold lists, but not themselves."""
    text = phrase
    for _depth in range(3):
        for name in re.findall(r"\{(\w*)\}", text):
            entry.require(name in lists, f"there is no list {{{name}}}: add it to [lists], or correct {phrase!r}")
        text = re.sub(r"\{(\w*)\}", lambda found: f"({lists[found[1]]})", text)
    entry.require("{" not in text, f"a brace stays open in {phrase!r}: write {{name}} for one of [lists]")
    return text


def _check(entry: _Entry, phrase: str) -> None:
    """Nothing that couldn't be compared with a message: brackets in pairs, nothing empty, and words that are words."""
    open_ones = []
    for sign in re.findall(r"[\[\]()]", phrase):
        if sign in "[(":
            open_ones.append(sign)
        else:
            entry.require(open_ones and open_ones.pop() + sign in ("[]", "()"), f"{sign} has no partner in {phrase!r}")
    entry.require(not open_ones, f"a bracket stays open in {phrase!r}: close it")
    bar_alone = re.search(r"(?:^|[|(\[])\s*(?:[|)\]]|$)", phrase)
    entry.require(not bar_alone, f"a bar or bracket with nothing beside it in {phrase!r}: delete it")
    for word in re.sub(r"\)\*|\]\*|!\(|[\[\]()|]|\{\w+\}", " ", phrase).split():
        entry.require(not _HAS_CAPITAL.search(word), f"{word!r} has a capital: messages are read in small letters")
        entry.require(
            _is_word(word), f"{word!r} can't be read in {phrase!r}: ? and * belong to a word, right behind it"
        )


_OWN_WORD: Final = re.compile(r"(?<!\\)[^\W\d_]")
_HAS_CAPITAL: Final = re.compile(r"(?<!\\)[A-Z]")


@cache
def _is_word(word: str) -> bool:
    """Whether *word* is one, or a regular expression for words."""
    try:
        return word.isalpha() or bool(re.compile(f"(?:{word})"))
    except re.error:
        return False


def load(prompts: Path | None = None) -> Words:
    """The words in the folder *prompts*: by default the one inside the package, as a wheel brings it, else that of the
    checkout (an editable install has only this one). Raises UnfitPrompts."""
    if prompts is None:
        packaged = _HERE / "prompts"
        prompts = packaged if packaged.is_dir() else _HERE.parent / "prompts"
    openers, questions = _questions(prompts / "en" / "questions.toml")
    acts, hard = _acts(prompts / "en" / "catalogue.toml"), _hard(prompts / "en" / "hard.toml")
    return Words(openers=openers, questions=questions, acts=acts, hard=hard)
