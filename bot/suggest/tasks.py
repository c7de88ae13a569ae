"""What a language model is asked for: a task for each kind of brief.

A task says what is put into its data, which rules an answer is held against, and what of it is used. Its texts are a
folder of prompts/model/ (`prompt`), its form a class in `form`; all else, from the deadline to the ladder, is the same
for every task (`language_model`).
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar

from bot.domain import Brief, CardBrief, CardProposal, DraftBrief, StoryBrief
from bot.suggest import concrete, remark, telling
from bot.suggest.prompt import Message, Prompt, Shown
from bot.text import preview

__all__ = ["TASKS", "Task", "first_messages"]

_QUOTATION = 400
"""UTF-16 units that are shown of one quotation: a small model on a small machine reads some hundred words a second."""

_QUOTATIONS, _CARDS = 20, 12
"""How many of the latest quotations, and of the cards not to repeat, are shown; all of them are held against it."""

_DRAFT = 2_000
"""UTF-16 units that are shown of a draft."""

_KNOWN_FACES = "Only with people they know already; nobody new."
_NEW_FACES = "Somebody they haven't met yet is welcome too."

_log = logging.getLogger(__name__)

B = TypeVar("B")
P = TypeVar("P")


@dataclass(frozen=True, kw_only=True, slots=True)
class Task(Generic[B, P]):
    """What a model is asked for with one kind of brief. *name* is the folder of its texts; *shown* what goes into its
    data; *flaws* are the ids of the *rules* that an answer breaks, () if it can be used; *usable* is what is used of
    one without any."""

    name: str
    shown: Callable[[B], Shown]
    flaws: Callable[[P, B], tuple[str, ...]]
    rules: Mapping[str, str]
    usable: Callable[[P, B], P] = lambda proposal, _brief: proposal


def first_messages(prompts: Mapping[str, Prompt], brief: Brief) -> list[Message]:
    """What is said to a model first: the instructions of its task, and *brief* as data."""
    task = TASKS[type(brief)]
    return prompts[task.name].messages(task.shown(brief))


# A card


def _card_shown(brief: CardBrief) -> Shown:
    shown = [{"asked": question, "wrote": preview(said, _QUOTATION)} for question, said in brief.told[-_QUOTATIONS:]]
    went = [{"act": act, "became": became} for act, became in brief.went]
    fresh = [text for text in brief.recent if text not in {act for act, _became in brief.went}][:_CARDS]
    theirs: dict[str, Sequence[object]] = {
        "themes": brief.themes,
        "people": brief.people,
        "places": brief.places,
        "told": shown,
        "went": went,
        "acts": brief.acts,
        "recent": fresh,
    }
    minutes = ", ".join(map(str, concrete.allowed(brief)))
    return Shown(theirs=theirs, ours={"minutes": minutes, "faces": _NEW_FACES if brief.new_faces else _KNOWN_FACES})


def _with_fit_mirror(proposal: CardProposal, brief: CardBrief) -> CardProposal:
    """A mirror that breaks a rule is left out, and not worth a call."""
    if proposal.mirror and (wrong := concrete.mirror_flaws(proposal.mirror, brief)):
        _log.info("the language model's mirror is left out: %s", ", ".join(wrong))
        return replace(proposal, mirror="")
    return proposal


# A draft


def _draft_shown(brief: DraftBrief) -> Shown:
    theirs = {
        "draft": preview(brief.text, _DRAFT),
        "themes": brief.themes,
        "remark": brief.remark,
        "question": brief.question,
    }
    return Shown(theirs=theirs, ours={})


# A story


def _story_shown(brief: StoryBrief) -> Shown:
    told = [{"what": kind, "wrote": preview(said, _QUOTATION)} for kind, said in brief.told]
    theirs = {
        "span": brief.span,
        "themes": brief.themes,
        "people": brief.people,
        "told": told,
        "caption": brief.caption,
    }
    return Shown(theirs=theirs, ours={})


TASKS: Final[Mapping[type[Brief], Task[Any, Any]]] = {
    CardBrief: Task(
        name="card", shown=_card_shown, flaws=concrete.flaws, rules=concrete.FLAWS, usable=_with_fit_mirror
    ),
    DraftBrief: Task(name="draft", shown=_draft_shown, flaws=remark.flaws, rules=remark.FLAWS),
    StoryBrief: Task(name="story", shown=_story_shown, flaws=telling.flaws, rules=telling.FLAWS),
}
"""The task of each kind of brief."""
