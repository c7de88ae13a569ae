"""Placeholder until the real one is merged."""

from collections.abc import Sequence


def names(text: str, known: Sequence[str] = ()) -> tuple[str, ...]:
    return tuple(word.strip(".,!") for word in text.split()[1:] if word[:1].isupper())


def match(name: str, known: Sequence[str]) -> str | None:
    return next((each for each in known if each.casefold() == name.casefold()), None)


def nearly(name: str, known: Sequence[str]) -> tuple[str, ...]:
    return ()


def listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace(" and ", ",").split(",") if part.strip())


def addressed(name: str) -> str:
    return name
