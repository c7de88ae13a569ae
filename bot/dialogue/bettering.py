"""What a language model may do: put something better on a card that still waits to be sent.

It is shown what `brief` gathers and nothing else, and what it writes counts only as far as it keeps every rule of
`bot.suggest.concrete`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import islice

from bot import understand
from bot.dialogue.cards import body
from bot.dialogue.talk import Talk
from bot.domain import Acquaintance, Card, CardBrief, CardFace, CardProposal, Place, Proposed, Reply, Theme
from bot.suggest import catalogue, concrete
from bot.suggest.catalogue import Standing, Wanted

WEEKS_TOLD = timedelta(weeks=6)
"""What they wrote since then is shown."""

ACTS, TOLD, WENT, NAMED = 8, 24, 12, 12
"""Of each how much is shown at most: acts of the catalogue, answers, earlier acts, and people or places."""


def brief(talk: Talk, standing: Standing, card: Card) -> CardBrief:
    """All that a model is shown of this person for something better than *card*, as they stood before it was laid."""
    journal = talk.journal
    cards = [each for each in standing.cards if each.id != card.id]
    recent = [each for each in cards if talk.now - each.shown_at < catalogue.HALF_A_YEAR]
    named, used = {each.acquaintance for each in recent}, {each.place for each in recent}
    people = [each for each in journal.acquaintances() if not each.let_be and each.id not in named]
    people.sort(key=lambda each: (each.seen_at or talk.person.joined_at, each.id))
    wanted = Wanted(minutes=card.minutes)
    picks = list(islice(catalogue.ranked(talk.words.acts, replace(standing, cards=cards), wanted), ACTS))
    quiet = {name for name, each in journal.known().items() if each.let_be}
    return CardBrief(
        themes=tuple(theme.text for theme in journal.themes() if not theme.paused),
        places=tuple(each.text for each in journal.places() if each.id not in used)[:NAMED],
        people=tuple(understand.addressed(each.name) for each in people[:NAMED]),
        told=tuple(_told(talk, quiet)),
        went=tuple((each.text, each.felt or each.state) for each in recent if each.state != "open")[:WENT],
        acts=tuple(pick.text for pick in picks),
        recent=tuple(each.text for each in recent),
        minutes=card.minutes,
        new_faces=any(pick.act.faces == "new" for pick in picks),
    )


def _told(talk: Talk, quiet: Iterable[str]) -> Iterable[tuple[str, str]]:
    """What they wrote lately, oldest first; nothing hard, and nothing about anybody who is let be."""
    let_be = [set(understand.folded(name).split()) for name in quiet]
    for answer in reversed(talk.journal.written(TOLD)):
        words = set(understand.folded(answer.text or "").split())
        is_own = answer.reading is None and answer.question in (*talk.words.questions, "outcome")
        is_late = talk.now - answer.said_at > WEEKS_TOLD
        if is_own and answer.text and not is_late and not any(names and names <= words for names in let_be):
            yield answer.question, answer.text


def better(event: Proposed, talk: Talk) -> Reply | None:
    """The waiting reply with what the model wrote, as far as it keeps the rules; None if there is nothing to change. No
    question is opened or closed by it."""
    brief, face, proposal = event.wish.brief, event.wish.face, event.proposal
    assert isinstance(brief, CardBrief)  # the three are of one kind
    assert isinstance(face, CardFace)
    assert isinstance(proposal, CardProposal)
    card = talk.journal.card(face.card)
    if card is None or card.state != "open":
        return None
    mirror = face.mirror
    if proposal.mirror and not concrete.mirror_flaws(proposal.mirror, brief):
        mirror = proposal.mirror
    if not concrete.flaws(proposal, brief) and _may_meet(talk, proposal):
        card = _bettered(talk, card, proposal)
    elif mirror == face.mirror:
        return None
    lines = (*face.above, mirror, *body(talk, card), face.below)
    fits = tuple(
        tuple(each for each in row if card.minutes > catalogue.QUICK or ":smaller" not in each.action)
        for row in event.reply.choices
    )
    return replace(event.reply, text="\n".join(line for line in lines if line), choices=fits)


def _may_meet(talk: Talk, proposal: CardProposal) -> bool:
    """Whether no circle is crossed by whom, where and what for *proposal* brings together."""
    parts: list[Theme | Acquaintance | Place | None] = [
        next((each for each in talk.journal.themes() if each.text == proposal.theme), None),
        _acquaintance(talk, proposal.person),
        next((each for each in talk.journal.places() if each.text == proposal.place), None),
    ]
    return len({part.circle.casefold() for part in parts if part and part.circle}) < 2


def _acquaintance(talk: Talk, addressed: str | None) -> Acquaintance | None:
    people = (each for each in talk.journal.acquaintances() if not each.let_be)
    return next((each for each in people if understand.addressed(each.name) == addressed), None)


def _bettered(talk: Talk, card: Card, proposal: CardProposal) -> Card:
    """*card* with the words of *proposal*; its act stays the catalogue's, whose kind it counts for."""
    whom = _acquaintance(talk, proposal.person)
    place = next((each for each in talk.journal.places() if each.text == proposal.place), None)
    return talk.journal.set_card(
        card,
        text=proposal.act,
        minutes=proposal.minutes,
        theme=proposal.theme,
        acquaintance=whom.id if whom else None,
        place=place.id if place else None,
        source="model",
    )
