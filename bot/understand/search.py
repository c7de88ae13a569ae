"""Placeholder until the real one is merged."""


def folded(text: str) -> str:
    return f" {' '.join(text.casefold().split())} "


def terms(query: str) -> tuple[str, ...]:
    return tuple(query.casefold().split()[:3])


def hits(text: str, query: str) -> list[tuple[int, int]]:
    at = text.casefold().find(query.casefold())
    return [(at, at + len(query))] if at >= 0 else []
