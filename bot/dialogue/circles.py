"""Circles: work and private life may stay apart. Nothing that is suggested brings two of them together."""

from bot.dialogue.talk import Row, Talk, choice
from bot.words import _

NONE = "none"
"""What stands on the button of no circle at all."""


def labels() -> dict[str, str]:
    """The circles there are, and what each is called."""
    return {"work": _("Work"), "private": _("Private")}


def shown(circle: str | None) -> str:
    """That something belongs to *circle*, on its card; empty for none."""
    return _("Circle: {circle}.").format(circle=labels().get(circle, circle)) if circle else ""


def ask(talk: Talk, name: str, *action: object, replaces: int | None) -> None:
    """Ask which circle *name* belongs to. *action* is what its buttons begin with; written over the message
    *replaces*."""
    rows: list[Row] = [
        tuple(choice(label, *action, circle) for circle, label in labels().items()),
        (choice(_("No circle"), *action, NONE),),
    ]
    line = _("Where does {name} belong? What I suggest never brings work and private life together.")
    talk.say(line.format(name=name), choices=rows, replaces=replaces)
