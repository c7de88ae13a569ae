"""What a language model is told: the texts of prompts/model/, loaded and checked at start.

Instructions and data are kept apart. What a person wrote goes into the data alone, each quotation as a JSON string, so
that no line break and no quotation mark of theirs ends it; and all of it between two lines of one sign repeated more
often than anywhere in between, with nothing behind.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final, NamedTuple

from bot.text import clean, preview
from bot.words import UnfitPrompts

__all__ = ["Message", "Prompt", "Shown", "load"]

Message = dict[str, str]
"""A message as a chat has it: its role and its content."""

_HERE: Final = Path(__file__).parent.parent
_PLACEHOLDERS: Final = {
    "card": ("fence", "themes", "people", "places", "told", "went", "acts", "recent", "minutes", "faces"),
    "draft": ("fence", "draft", "themes", "remark", "question"),
    "story": ("fence", "span", "themes", "people", "told", "caption"),
}
"""What is put into the data of each task."""

_SAID = 800
"""UTF-16 units that a model is shown again of what it said."""

_FENCE = "="
_SHORTEST_FENCE = 8
_LINE_ENDS = str.maketrans({"\x85": " ", "\u2028": " ", "\u2029": " "})


class Shown(NamedTuple):
    """What goes into the data, by placeholder: *theirs* is what somebody wrote and is shown as JSON within the fence,
    *ours* is said as it is, before it."""

    theirs: Mapping[str, object]
    ours: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """The texts of one task for a language model. What a person wrote is in the data alone."""

    instructions: str
    data: Template
    repair: Template

    def messages(self, shown: Shown) -> list[Message]:
        """What is said to a model first: the instructions, and what is *shown* as data."""
        theirs = {name: _quoted(value) for name, value in shown.theirs.items()}
        longest = max((len(run) for text in theirs.values() for run in re.findall(f"{_FENCE}+", text)), default=0)
        data = self.data.substitute(theirs, **shown.ours, fence=_FENCE * max(longest + 1, _SHORTEST_FENCE))
        return [{"role": "system", "content": self.instructions}, {"role": "user", "content": data}]

    def mending(self, said: str, wrong: str) -> list[Message]:
        """What is added once, when the model *said* something and *wrong* is what is wrong with it (one line)."""
        return [
            {"role": "assistant", "content": preview(clean(said), _SAID)},
            {"role": "user", "content": self.repair.substitute(wrong=wrong)},
        ]


def _quoted(value: object) -> str:
    """*value* as JSON on one line: a quotation mark or a line break within it is escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return clean(text.translate(_LINE_ENDS))


def load(prompts: Path | None = None) -> Mapping[str, Prompt]:
    """The texts of each task, by its name, in the folder *prompts*: by default the one inside the package, as a wheel
    brings it, else that of the checkout. Raises UnfitPrompts, which names the file and what to change."""
    if prompts is None:
        packaged = _HERE / "prompts"
        prompts = packaged if packaged.is_dir() else _HERE.parent / "prompts"
    return {name: _prompt(prompts / "model" / name, wanted) for name, wanted in _PLACEHOLDERS.items()}


def _prompt(folder: Path, wanted: Sequence[str]) -> Prompt:
    return Prompt(
        instructions=_text(folder / "instructions.md", ()),
        data=Template(_text(folder / "data.md", wanted)),
        repair=Template(_text(folder / "repair.md", ("wrong",))),
    )


def _text(file: Path, wanted: Sequence[str]) -> str:
    """What *file* says. Raises UnfitPrompts if it can't be read, or if its placeholders are not those *wanted*."""
    name = Path(*file.parts[-4:])
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
