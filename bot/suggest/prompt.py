"""What a language model is told: the texts of prompts/model/, loaded and checked at start.

Instructions and data are kept apart. What a person wrote goes into the data alone, each quotation as a JSON string, so
that no line break and no quotation mark of theirs ends it; and all of it between two lines of one sign repeated more
often than anywhere in between, with nothing behind.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from bot.domain import Brief
from bot.suggest.concrete import MINUTES
from bot.text import clean, preview
from bot.words import UnfitPrompts

__all__ = ["Message", "Prompt", "allowed", "load"]

Message = dict[str, str]
"""A message as a chat has it: its role and its content."""

_HERE: Final = Path(__file__).parent.parent
_PLACEHOLDERS: Final = {
    "instructions.md": (),
    "data.md": ("fence", "themes", "people", "places", "told", "went", "acts", "recent", "minutes", "faces"),
    "repair.md": ("wrong",),
}
_KNOWN_FACES = "Only with people they know already; nobody new."
_NEW_FACES = "Somebody they haven't met yet is welcome too."

_QUOTATION = 400
"""UTF-16 units that are shown of one quotation: a small model on a small machine reads some hundred words a second."""

_QUOTATIONS, _CARDS = 20, 12
"""How many of the latest quotations, and of the cards not to repeat, are shown; all of them are held against it."""

_FENCE = "="
_SHORTEST_FENCE = 8
_LINE_ENDS = str.maketrans({"\x85": " ", "\u2028": " ", "\u2029": " "})


def allowed(brief: Brief) -> tuple[int, ...]:
    """The minutes that an act for *brief* may take, at least the fewest there are."""
    return tuple(minutes for minutes in MINUTES if minutes <= brief.minutes) or MINUTES[:1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """The texts for a language model. What a person wrote is in the data alone."""

    instructions: str
    data: Template
    repair: Template

    def messages(self, brief: Brief) -> list[Message]:
        """What is said to a model first: the instructions, and *brief* as data."""
        shown = [
            {"asked": question, "wrote": preview(said, _QUOTATION)} for question, said in brief.told[-_QUOTATIONS:]
        ]
        went = [{"act": act, "became": became} for act, became in brief.went]
        fresh = [text for text in brief.recent if text not in {act for act, _became in brief.went}][:_CARDS]
        lists = {
            "themes": _listed(brief.themes),
            "people": _listed(brief.people),
            "places": _listed(brief.places),
            "told": _listed(shown),
            "went": _listed(went),
            "acts": _listed(brief.acts),
            "recent": _listed(fresh),
        }
        longest = max((len(run) for text in lists.values() for run in re.findall(f"{_FENCE}+", text)), default=0)
        data = self.data.substitute(
            lists,
            fence=_FENCE * max(longest + 1, _SHORTEST_FENCE),
            minutes=", ".join(map(str, allowed(brief))),
            faces=_NEW_FACES if brief.new_faces else _KNOWN_FACES,
        )
        return [{"role": "system", "content": self.instructions}, {"role": "user", "content": data}]

    def mending(self, said: str, wrong: str) -> list[Message]:
        """What is added once, when the model *said* something and *wrong* is what is wrong with it (one line)."""
        return [
            {"role": "assistant", "content": preview(clean(said), 2 * _QUOTATION)},
            {"role": "user", "content": self.repair.substitute(wrong=wrong)},
        ]


def _listed(items: Sequence[object]) -> str:
    """*items* as JSON on one line: a quotation mark or a line break within them is escaped."""
    text = json.dumps(list(items), ensure_ascii=False, separators=(", ", ": "))
    return clean(text.translate(_LINE_ENDS))


def load(prompts: Path | None = None) -> Prompt:
    """The texts in the folder *prompts*: by default the one inside the package, as a wheel brings it, else that of the
    checkout. Raises UnfitPrompts, which names the file and what to change."""
    if prompts is None:
        packaged = _HERE / "prompts"
        prompts = packaged if packaged.is_dir() else _HERE.parent / "prompts"
    texts = {name: _text(prompts / "model" / name, wanted) for name, wanted in _PLACEHOLDERS.items()}
    return Prompt(
        instructions=texts["instructions.md"],
        data=Template(texts["data.md"]),
        repair=Template(texts["repair.md"]),
    )


def _text(file: Path, wanted: Sequence[str]) -> str:
    """What *file* says. Raises UnfitPrompts if it can't be read, or if its placeholders are not those *wanted*."""
    name = Path(*file.parts[-3:])
    try:
        text = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise UnfitPrompts(f"{name}: the file is missing: install Tenfold again, or restore it") from None
    except (OSError, ValueError) as error:
        raise UnfitPrompts(f"{name}: can't be read ({type(error).__name__}): make it a text file of yours") from None
    if not text:
        raise UnfitPrompts(f"{name}: is empty: restore it")
    template = Template(text)
    if not template.is_valid():
        raise UnfitPrompts(f"{name}: a $ stands alone: write $$ for the sign itself")
    found = template.get_identifiers()
    for each in wanted:
        if each not in found:
            raise UnfitPrompts(f"{name}: ${each} is missing: put it where that belongs")
    for each in found:
        if each not in wanted:
            raise UnfitPrompts(f"{name}: nothing is put for ${each}: mistyped? Correct or delete it")
    if "fence" in wanted and not text.endswith("$fence"):
        raise UnfitPrompts(f"{name}: something stands behind the data: end with $fence, and put it before")
    return text
