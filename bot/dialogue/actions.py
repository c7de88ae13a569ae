"""`/actions`: what they took on, each with its moment, to be changed or dropped; and what they did, with what came of
it."""

from bot.dialogue import cards, follow_up, passing_on, suggestion, taking
from bot.dialogue.talk import Part, Row, Talk, choice
from bot.domain import Card, Pressed
from bot.text import emphasised, preview
from bot.words import _

PAGE = 5
"""Acts on one card."""

LABEL = 34
"""UTF-16 units of an act on its button."""

LINE = 160
"""UTF-16 units of an act, and of what came of it, in the list."""


def show(talk: Talk, page: int = 0, *, replaces: int | None = None) -> None:
    """What is theirs to do, and a *page* of what they did, newest first."""
    latest = talk.journal.cards(suggestion.CARDS)
    taken, done = ([card for card in latest if card.state == state] for state in ("taken", "done"))
    if not taken and not done:
        talk.say(_("Nothing taken on so far. /suggest brings one thing."), replaces=replaces)
        return
    page = min(page, max(0, (len(done) - 1) // PAGE))
    here = done[page * PAGE : (page + 1) * PAGE]
    lines = [emphasised(_("Yours to do")) if taken and not page else ""]
    for card in taken[:PAGE] if not page else ():
        lines.append(preview(card.text, LINE))
        lines.append(_("– {moment}").format(moment=_moment(card)))
    lines.append(emphasised(_("Done")) if here else "")
    for card in here:
        lines += _done(talk, card)
    rows: list[Row] = [
        (choice(preview(card.text, LABEL), "actions", "show", card.id),) for card in (taken[:PAGE] if not page else ())
    ]
    turning = (
        *((choice(_("‹ Newer"), "actions", "page", page - 1),) if page else ()),
        *((choice(_("Older ›"), "actions", "page", page + 1),) if len(done) > (page + 1) * PAGE else ()),
    )
    talk.say(*lines, choices=[*rows, turning], replaces=replaces)


def _done(talk: Talk, card: Card) -> list[str]:
    turn = talk.journal.done(card.id)
    day = talk.date(talk.local(turn.said_at if turn else card.shown_at).date())
    lines = [_("{day}: {act}").format(day=day, act=preview(card.text, LINE))]
    if chain := passing_on.chain(talk, card):
        lines.append(_("– passed on: {chain}").format(chain=chain))
    outcomes = talk.journal.outcomes(turn.id if turn else card.id)
    lines += [_("– “{outcome}”").format(outcome=preview(each.text, LINE)) for each in outcomes if each.text]
    return lines


def _moment(card: Card) -> str:
    """When they said they would, as they said it."""
    named = {
        "lunch": _("at lunch"),
        "evening": _("in the evening"),
        "coffee": _("with a coffee"),
        "tomorrow": _("on the evening after"),
    }
    words = card.moment or ""
    return named.get(words) or f"“{follow_up.moment_said(words)}”"


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """One of them, or a page of the list."""
    match parts:
        case ["page", int(page)]:
            show(talk, page, replaces=event.message)
        case ["show", int(id)] if card := talk.journal.card(id):
            if card.state == "taken":
                _card(talk, card, event.message)
            else:
                show(talk, replaces=event.message)
        case ["when", int(id)] if card := talk.journal.card(id):
            if card.state == "taken" and not (talk.asked == "moment" and talk.pending.get("card") == id):
                talk.chosen = event.label
                taking.change(talk, card)
        case _:
            return False
    return True


def _card(talk: Talk, card: Card, message: int | None) -> None:
    gladly, chore, _not_yet, let_go = follow_up.choices(card)
    talk.say(
        *cards.body(talk, card),
        _("– {moment}").format(moment=_moment(card)),
        choices=[
            (gladly, chore),
            (choice(_("Another moment"), "actions", "when", card.id), let_go),
            (choice(_("‹ Back"), "actions", "page", 0),),
        ],
        replaces=message,
    )
