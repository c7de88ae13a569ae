"""The form of an answer, made for one brief: what a model may choose from, and whether it did.

Importing this imports pydantic, so it is imported late.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal, Optional

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from bot.domain import Brief, CardBrief, CardProposal, DraftBrief, DraftProposal, Proposal, StoryBrief, StoryProposal
from bot.suggest.concrete import allowed

__all__ = ["Unfit", "completion", "form", "read", "schema"]

_LOOKS = 8
"""Braces at which an object is looked for: before it a model may have said something with braces in it."""


class Unfit(ValueError):
    """A model's answer can't be read; the text says why on one line, in words for the model, and quotes nothing."""


class _Said(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Said
    finish_reason: str | None = None


class _Completion(BaseModel):
    """What is needed of a chat completion; servers send much else beside it."""

    choices: list[_Choice]


def completion(body: bytes) -> tuple[str, str]:
    """What the model said in the chat completion *body*, and why it ended: "stop", "length", "content_filter",
    "refusal", or "empty" without any choice. Raises ValueError if *body* is none."""
    choices = _Completion.model_validate_json(body).choices
    if not choices:
        return "", "empty"
    said = choices[0].message
    if said.refusal:
        return "", "refusal"
    return said.content or "", choices[0].finish_reason or "stop"


class Form(BaseModel):
    """The form of an answer. *telling* is the field by which it is known among other objects, *proposal* what is made
    of it."""

    model_config = ConfigDict(extra="forbid", strict=True)
    telling: ClassVar[str]
    proposal: ClassVar[type[Proposal]]


class _Card(Form):
    telling = "act"
    proposal = CardProposal


class _Draft(Form):
    telling = "remark"
    proposal = DraftProposal


class _Story(Form):
    telling = "caption"
    proposal = StoryProposal


def form(brief: Brief) -> type[Form]:
    """The form of an answer to *brief*: theme, person and place are one of theirs or null. The order of its fields is
    that in which a model thinks: of whom and where before it writes, which makes for clearly better acts."""
    match brief:
        case CardBrief():
            fields: dict[str, Any] = {
                "theme": (_one_of(brief.themes), ...),
                "person": (_one_of(brief.people), ...),
                "place": (_one_of(brief.places), ...),
                "act": (str, ...),
                "minutes": (Literal[allowed(brief)], ...),
                "mirror": (str, ...),
            }
            return create_model("Card", __base__=_Card, **fields)
        case DraftBrief():
            fields = {"theme": (_one_of(brief.themes), ...), "remark": (str, ...), "question": (str, ...)}
            return create_model("Draft", __base__=_Draft, **fields)
        case StoryBrief():
            caption: dict[str, Any] = {"caption": (str, ...)}
            return create_model("Story", __base__=_Story, **caption)


def _one_of(known: Sequence[str]) -> Any:
    return Optional[Literal[tuple(dict.fromkeys(known))]] if known else None  # noqa: UP045 - made when it runs


def schema(form: type[Form]) -> dict[str, Any]:
    """The JSON schema of *form* in what all servers take: everything required, nothing besides, nullable by anyOf, and
    lists to choose from as enum, also where there is one thing to choose."""
    plain: dict[str, Any] = _plain(form.model_json_schema())
    return plain


def _plain(node: Any) -> Any:
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: ({name: _plain(each) for name, each in value.items()} if key == "properties" else _plain(value))
        for key, value in node.items()
        if key != "title" or not isinstance(value, str)
    }
    if "const" in kept:
        kept["enum"] = [kept.pop("const")]
    return kept


def read(said: str, form: type[Form]) -> Proposal:
    """The proposal that a model *said* in *form*, also in a fence or after it thought aloud. Raises Unfit."""
    found = next(_objects(said, form.telling), None)
    if found is None:
        raise Unfit("it is not one JSON object")
    try:
        given = form.model_validate(found)
    except ValidationError as error:
        wrong = {str(each["loc"][0]) if each["loc"] else "" for each in error.errors(include_url=False)}
        unfit = [name for name in form.model_fields if name in wrong]
        told = f"missing or not one of what is allowed: {', '.join(unfit)}" if unfit else "there are other fields"
        raise Unfit(told) from None
    return form.proposal(**given.model_dump())


def _objects(said: str, telling: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in what a model *said*, once it had done thinking aloud; first those with the *telling* one."""
    answer = said.rpartition("</think>")[2].partition("<think>")[0]
    decoder = json.JSONDecoder()
    at = -1
    others = []
    for _look in range(_LOOKS):
        at = answer.find("{", at + 1)
        if at < 0:
            break
        try:
            found, end = decoder.raw_decode(answer, at)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and telling in found:
            yield found
        elif isinstance(found, dict):
            others.append(found)
        at = end - 1
    yield from others
