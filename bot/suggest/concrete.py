"""Stand-in until branch `model` is merged."""

from bot.domain import Brief, Draft


def flaws(draft: Draft, brief: Brief) -> tuple[str, ...]:
    """No draft passes yet."""
    return ("unchecked",)


def mirror_flaws(mirror: str, brief: Brief) -> tuple[str, ...]:
    """No mirror passes yet."""
    return ("unchecked",)
