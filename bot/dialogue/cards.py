"""The face of a card: what it says, and the buttons below it."""

from collections.abc import Iterable, Sequence

from bot import understand
from bot.dialogue.talk import Row, Talk, choice
from bot.domain import Card
from bot.suggest.catalogue import QUICK
from bot.text import emphasised
from bot.words import _

OTHERS = 2
"""How often another act can be asked for."""


def show(
    talk: Talk,
    card: Card,
    *,
    above: Sequence[str] = (),
    below: str = "",
    rows: Iterable[Row] = (),
    others: int = 0,
    held: bool = False,
) -> None:
    """Say *card* with its buttons, and let what is said next be about it. *others* were passed over for it; *held* it
    waits for a language model."""
    talk.journal.ask("card", card=card.id, others=others)
    taken = _("{themes}. Kept.").format(themes=emphasised(card.theme)) if card.theme else ""
    talk.say(
        *(_("Kept, in your words.") if line and line == taken else line for line in above),
        *body(talk, card),
        below,
        choices=[*_choices(talk, card, others), *rows],
        held=held,
    )


def body(talk: Talk, card: Card) -> tuple[str, ...]:
    """What a card says: its theme, or what it gives thanks for, on a line of its own, and the act."""
    return quoted(talk, card), _("{act} {minutes} minutes.").format(act=card.text, minutes=card.minutes)


def quoted(talk: Talk, card: Card) -> str:
    """The theme of *card*, or what it gives thanks for or passes on, in their own words; empty if there is neither."""
    received = talk.journal.answer(card.received) if card.received else None
    words = understand.phrase(received.text) if received and received.text else card.theme
    return emphasised(f"“{words}”") if words else ""


# Buttons


def moments(talk: Talk) -> tuple[str, str]:
    """Two moments that fit the hour it is for them."""
    hour = talk.local(talk.now).hour
    if hour < 11:
        return ("lunch", "evening")
    if hour < 19:
        return ("evening", "coffee")
    return ("coffee", "tomorrow")


def labels() -> dict[str, str]:
    """What can be answered to a card, and what its button says."""
    return {
        "lunch": _("Today at lunch"),
        "evening": _("This evening"),
        "coffee": _("Tomorrow with coffee"),
        "tomorrow": _("Tomorrow evening"),
        "own": _("My own time"),
        "smaller": _("Smaller"),
        "another": _("Another"),
        "no": _("Not for me"),
    }


def answers(talk: Talk, card: Card, others: int) -> tuple[str, ...]:
    """The answers whose buttons *card* has, in their order. The first card of all, and one that somebody asked for by
    what they received, offer nothing in their place."""
    alone = card.received is not None or not talk.journal.cards(1, before=card.id)
    return (
        *moments(talk),
        "own",
        *(("smaller",) if not alone and card.minutes > QUICK else ()),
        *(("another",) if not alone and others < OTHERS else ()),
        "no",
    )


def _choices(talk: Talk, card: Card, others: int) -> list[Row]:
    names = labels()
    buttons = [
        choice(names[each], "card", card.id, each, *((others,) if each in ("smaller", "another") else ()))
        for each in answers(talk, card, others)
    ]
    return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
