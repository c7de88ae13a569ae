"""A suggestion: one act on a card, with the theme it serves. What is answered to it is bot.dialogue.taking's matter.

The catalogue's card is always written first. For whoever agreed to a language model it waits a moment to be bettered,
and is sent as it is if nothing better came.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot import understand
from bot.dialogue import mirror
from bot.dialogue.talk import RATHER_NOT, Part, Row, Talk, asks_back, choice
from bot.domain import Acquaintance, Brief, Card, Draft, Place, Pressed, Reply, Said, Suggest, Suggested, Theme
from bot.suggest import catalogue, concrete
from bot.suggest.catalogue import Pick, Standing, Wanted
from bot.text import emphasised
from bot.words import _

CARDS = 200
"""Cards that are looked at when the next act is chosen: more than half a year has."""

OTHERS = 2
"""How often another act can be asked for."""

_ASKED_AFTER = {"place": 5, "person": 7}
"""So many cards go before one for which a place, or a person, is asked for."""

LATELY = timedelta(days=7)
"""For so long a card that nobody answered is the one that `/suggest` shows again."""

WEEKS_TOLD = timedelta(weeks=6)
"""What they wrote since then, a model may see."""

ACTS, TOLD, WENT, NAMED = 8, 24, 12, 12
"""Of each how much a model is shown at most."""


# Offering


def offer(
    talk: Talk,
    *lines: str,
    mirror: str = "",
    quick: bool = False,
    close: bool = False,
    last: str = "",
    rows: Iterable[Row] = (),
    may_ask: bool = True,
) -> None:
    """Say *lines*, the *mirror* and, below them, one act with moments to choose from; a kind word if no act fits. What
    it needs and nobody told yet is asked for, once, unless it *may_ask* nothing. The *last* line and *rows* of buttons
    stand below it all."""
    standing = _standing(talk, may_ask=may_ask and not quick and not close)
    wanted = Wanted(minutes=catalogue.QUICK if quick else 60, close=close)
    pick = catalogue.chosen(talk.words.acts, standing, wanted)
    if pick is None and quick and close:  # whoever could call nobody isn't left with nothing
        pick = catalogue.chosen(talk.words.acts, standing, Wanted(close=True))
    if pick is None:
        talk.say(*lines, mirror, _nothing_fits(talk), last, choices=rows)
    elif pick.lacks:
        _ask_for(talk, pick, *lines, mirror, last=last, rows=rows)
    else:
        lay(talk, pick, above=lines, mirror=mirror, below=last, rows=rows)


def _nothing_fits(talk: Talk) -> str:
    return talk.one_of(
        "nothing fits",
        _("Nothing comes to mind this week that would really be yours. The usual counts."),
        _("I have nothing new that fits you just now, and won't repeat myself. What you do anyway counts."),
        _("No suggestion this time: nothing I know would fit. You'll see what is needed."),
    )


def _standing(talk: Talk, *, may_ask: bool = False) -> Standing:
    journal, local = talk.journal, talk.local(talk.now)
    year, week, _day = local.isocalendar()
    people, places, cards = journal.acquaintances(), journal.places(), journal.cards(CARDS)
    known = {"place": places, "person": people}
    lacking = [
        need
        for need, after in _ASKED_AFTER.items()
        if may_ask and not known[need] and len(cards) >= after and journal.asking(_lack(need)).asked_at is None
    ]
    return Standing(
        person=talk.person.id,
        week=f"{year}-W{week:02}",
        now=talk.now,
        themes=journal.themes(),
        people=people,
        places=places,
        cards=cards,
        alive=journal.alive(talk.now - catalogue.HALF_A_YEAR),
        may_ask=lacking,
    )


def lay(
    talk: Talk,
    pick: Pick,
    *,
    above: Sequence[str] = (),
    mirror: str = "",
    below: str = "",
    rows: Iterable[Row] = (),
    others: int = 0,
) -> Card:
    """Lay *pick* out as a card, after *others* that were passed over for it. With their consent a language model may
    better it before it is sent."""
    journal = talk.journal
    is_first = not journal.cards(1)
    card = journal.add_card(
        act=pick.act.id,
        text=pick.text,
        minutes=pick.act.minutes,
        theme=pick.theme.text if pick.theme else None,
        acquaintance=pick.whom.id if pick.whom else None,
        place=pick.place.id if pick.place else None,
    )
    asks_model = talk.house.model and talk.person.model is True
    show(talk, card, above=(*above, mirror), below=below, rows=rows, others=others, plain=is_first, held=asks_model)
    if asks_model:
        brief = _brief(talk, minutes=60 if others == 0 else max(card.minutes, 10))
        talk.wish(Suggest(card=card.id, brief=brief, above=tuple(above), mirror=mirror, below=below))
    return card


def show(
    talk: Talk,
    card: Card,
    *,
    above: Sequence[str] = (),
    below: str = "",
    rows: Iterable[Row] = (),
    others: int = 0,
    plain: bool = False,
    held: bool = False,
) -> None:
    """Say *card* with its buttons, and let what is said next be about it. A *plain* one has no buttons for
    another in its place."""
    talk.journal.ask("card", card=card.id, others=others, plain=plain)
    taken = _("{themes}. Kept.").format(themes=emphasised(card.theme)) if card.theme else ""
    talk.say(
        *(_("Kept, in your words.") if line and line == taken else line for line in above),
        *body(talk, card),
        below,
        choices=[*_choices(talk, card, others, plain=plain), *rows],
        card=card.id if held else None,
    )


def body(talk: Talk, card: Card) -> tuple[str, ...]:
    """What a card says: its theme, or what it gives thanks for, on a line of its own, and the act."""
    return quoted(talk, card), _("{act} {minutes} minutes.").format(act=card.text, minutes=card.minutes)


def quoted(talk: Talk, card: Card) -> str:
    """The theme of *card*, or what it gives thanks for or passes on, in their own words; empty if there is neither."""
    received = talk.journal.answer(card.received) if card.received else None
    words = mirror.phrase(received.text) if received and received.text else card.theme
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


def shown(talk: Talk, card: Card, others: int, *, plain: bool = False) -> tuple[str, ...]:
    """The answers whose buttons *card* has, in their order."""
    return (
        *moments(talk),
        "own",
        *(("smaller",) if not plain and card.minutes > catalogue.QUICK else ()),
        *(("another",) if not plain and others < OTHERS else ()),
        "no",
    )


def _choices(talk: Talk, card: Card, others: int, *, plain: bool) -> list[Row]:
    names = labels()
    buttons = [
        choice(names[each], "card", card.id, each, *((others,) if each in ("smaller", "another") else ()))
        for each in shown(talk, card, others, plain=plain)
    ]
    return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]


# Smaller, and another


def smaller(talk: Talk, card: Card, others: int) -> None:
    """Something smaller than *card*, for the same theme and the same person or place."""
    people = {each.id: each for each in talk.journal.acquaintances() if not each.let_be}
    places = {each.id: each for each in talk.journal.places()}
    whom, place = people.get(card.acquaintance or 0), places.get(card.place or 0)
    kind = next((act.kind for act in talk.words.acts if act.id == card.act), "")
    less = Wanted(minutes=max((each for each in (5, 10, 15, 20, 30) if each < card.minutes), default=0))
    standing = _standing(talk)
    tries = [
        replace(less, theme=card.theme, whom=whom, place=place, kinds=(kind,)),
        replace(less, theme=card.theme, whom=whom, place=place),
        replace(less, theme=card.theme),
        less,
    ]
    _instead(talk, card, standing, tries, others, _("I have nothing smaller that fits. A part of it counts as well."))


def another(talk: Talk, card: Card, others: int) -> None:
    """Another act than *card*, of another kind than those that were passed over; twice, and no more."""
    if others >= OTHERS:
        talk.say(_("That's as many as I'd hand you at once. This one stays, or none: both are fine."))
        return
    by_id = {act.id: act.kind for act in talk.words.acts}
    passed = [each for each in talk.journal.cards(OTHERS + 1) if each.id == card.id or each.state == "passed"]
    wanted = Wanted(without={by_id.get(each.act, "") for each in passed})
    none = _("Nothing else comes to mind that would fit. This one stays, or none: both are fine.")
    _instead(talk, card, _standing(talk), [wanted], others + 1, none)


def _instead(talk: Talk, card: Card, standing: Standing, tries: Sequence[Wanted], others: int, none: str) -> None:
    picks = (catalogue.chosen(talk.words.acts, standing, wanted) for wanted in tries)
    pick = next((each for each in picks if each), None)
    if pick is None:
        talk.say(none)
        return
    talk.journal.set_card(card, state="passed")
    lay(talk, pick, others=others)


# By hand


def by_hand(talk: Talk) -> None:
    """`/suggest`: the card that is still open, or a new one."""
    newest = next(iter(talk.journal.cards(1)), None)
    if newest and newest.state == "open" and talk.now - newest.shown_at < LATELY:
        show(talk, newest, above=[_("This one is still open:")], others=int(talk.pending.get("others", 0)))
        return
    opening = talk.one_of(
        "suggest", _("One thing, then:"), _("Here is one:"), _("How about this?"), _("This one came to mind:")
    )
    offer(talk, opening)


# What an act needs and nobody told yet


def _lack(need: str) -> str:
    return f"lacks {need}"


def _ask_for(talk: Talk, pick: Pick, *lines: str, last: str, rows: Iterable[Row]) -> None:
    """Ask for the person or the place that *pick* needs, in the same breath as *lines*."""
    talk.journal.note_asking(_lack(pick.lacks), asked_at=talk.now)
    talk.journal.ask("lacks", need=pick.lacks, act=pick.act.id, theme=pick.theme.id if pick.theme else 0)
    skip = choice(_("Rather something else"), "lacks", "skip")
    talk.say(*lines, _asking_for(pick.lacks), last, choices=[(skip,), *rows])


def _asking_for(need: str) -> str:
    if need == "place":
        return _(
            "I have one that happens where you are anyway. Where do you meet people, online or off?"
            " A few words, like “the library, the Rust forum”."
        )
    return _("I have one that wants a name. Who comes to mind, for something small? First names will do.")


def ask_again(talk: Talk) -> None:
    """Ask once more for what the act needs."""
    talk.say(_asking_for(str(talk.pending["need"])), choices=[(choice(_("Rather something else"), "lacks", "skip"),)])


def told_lack(event: Said, talk: Talk) -> bool:
    """The person or the place that was asked for. Whether the words were about that."""
    wish, need = understand.wish(event.text), talk.pending["need"]
    if event.forwarded is not None:
        return False
    if wish in (*RATHER_NOT, "later", "enough"):
        _without(talk)
    elif (
        asks_back(event.text)
        or wish is not None
        or understand.is_moment(event.text)
        or understand.is_occasion(event.text)
    ):
        ask_again(talk)
    elif understand.tells(event.text):
        talk.journal.settle()
        return False
    elif need == "place":
        return _told_places(event, talk)
    else:
        return _told_people(event, talk)
    return True


def _is_moment(text: str) -> bool:
    return understand.is_moment(text) or understand.is_occasion(text)


def _told_places(event: Said, talk: Talk) -> bool:
    named = understand.themes(event.text)[:NAMED]
    if not named:
        talk.journal.settle()
        return False
    for text in named:
        talk.journal.add_place(text)
    places = talk.journal.places()
    kept = _("{places}. Kept.").format(places=" · ".join(emphasised(each.text) for each in places))
    _with_it(talk, kept, place=places[0])
    return True


def _told_people(event: Said, talk: Talk) -> bool:
    named = understand.listed(event.text) or understand.names(event.text, list(talk.journal.known()))
    people = [talk.journal.meet(name) for name in named[:NAMED] if len(name) <= 60]
    welcome = [each for each in people if not each.let_be]
    if not welcome:
        talk.journal.settle()
        return False
    names = ", ".join(understand.addressed(each.name) for each in people)
    _with_it(talk, _("{names}, then.").format(names=names[:1].upper() + names[1:]), whom=welcome[0])
    return True


def _with_it(talk: Talk, line: str, *, whom: Acquaintance | None = None, place: Place | None = None) -> None:
    """The act that was waiting, now that it has what it needs."""
    act = next((act for act in talk.words.acts if act.id == talk.pending["act"]), None)
    theme = next((each for each in talk.journal.themes() if each.id == talk.pending["theme"]), None)
    talk.journal.settle()
    if act is None:
        offer(talk, line, may_ask=False)
    else:
        lay(talk, Pick(act=act, theme=theme, whom=whom, place=place), above=[line])


def _without(talk: Talk) -> None:
    talk.journal.settle()
    offer(talk, _("Something else, then."), may_ask=False)


def pressed_lack(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """Rather an act that needs nothing."""
    if parts != ["skip"]:
        return False
    if talk.asked == "lacks":
        talk.chosen = event.label
        _without(talk)
    return True


# With a language model


def _brief(talk: Talk, *, minutes: int) -> Brief:
    """All that a model is shown of this person."""
    journal = talk.journal
    standing = _standing(talk)
    recent = [card for card in standing.cards if talk.now - card.shown_at < catalogue.HALF_A_YEAR]
    named, used = {card.acquaintance for card in recent[1:]}, {card.place for card in recent[1:]}
    people = [each for each in journal.acquaintances() if not each.let_be and each.id not in named]
    people.sort(key=lambda each: (each.seen_at or talk.person.joined_at, each.id))
    before = replace(standing, cards=standing.cards[1:])  # the card that may be bettered is the first
    picks = [pick for pick in catalogue.ranked(talk.words.acts, before, Wanted(minutes=minutes)) if not pick.lacks]
    quiet = {name for name, each in journal.known().items() if each.let_be}
    return Brief(
        themes=tuple(theme.text for theme in journal.themes() if not theme.paused),
        places=tuple(each.text for each in journal.places() if each.id not in used)[:NAMED],
        people=tuple(understand.addressed(each.name) for each in people[:NAMED]),
        told=tuple(_told(talk, quiet)),
        went=tuple((card.text, card.felt or card.state) for card in recent[1:] if card.state != "open")[:WENT],
        acts=tuple(pick.text for pick in picks[:ACTS]),
        recent=tuple(card.text for card in recent[1:]),
        minutes=max((pick.act.minutes for pick in picks[:ACTS]), default=catalogue.QUICK),
        new_faces=any(pick.act.faces == "new" for pick in picks[:ACTS]),
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


def better(event: Suggested, talk: Talk) -> Reply | None:
    """The waiting reply with what the model wrote, as far as it keeps the rules; None if there is nothing to change. No
    question is opened or closed by it."""
    wish, draft = event.wish, event.draft
    card = talk.journal.card(wish.card)
    if card is None or card.state != "open":
        return None
    mirror = wish.mirror
    if draft.mirror and not concrete.mirror_flaws(draft.mirror, wish.brief):
        mirror = draft.mirror
    if not concrete.flaws(draft, wish.brief) and _may_meet(talk, draft):
        card = _bettered(talk, card, draft)
    elif mirror == wish.mirror:
        return None
    lines = (*wish.above, mirror, *body(talk, card), wish.below)
    fits = tuple(
        tuple(each for each in row if card.minutes > catalogue.QUICK or ":smaller" not in each.action)
        for row in event.reply.choices
    )
    return replace(event.reply, text="\n".join(line for line in lines if line), choices=fits)


def _may_meet(talk: Talk, draft: Draft) -> bool:
    """Whether no circle is crossed by whom, where and what for *draft* brings together."""
    parts: list[Theme | Acquaintance | Place | None] = [
        next((each for each in talk.journal.themes() if each.text == draft.theme), None),
        _acquaintance(talk, draft.person),
        next((each for each in talk.journal.places() if each.text == draft.place), None),
    ]
    return len({part.circle.casefold() for part in parts if part and part.circle}) < 2


def _acquaintance(talk: Talk, addressed: str | None) -> Acquaintance | None:
    people = (each for each in talk.journal.acquaintances() if not each.let_be)
    return next((each for each in people if understand.addressed(each.name) == addressed), None)


def _bettered(talk: Talk, card: Card, draft: Draft) -> Card:
    """*card* with the words of *draft*; its act stays the catalogue's, whose kind it counts for."""
    whom = _acquaintance(talk, draft.person)
    place = next((each for each in talk.journal.places() if each.text == draft.place), None)
    return talk.journal.set_card(
        card,
        text=draft.act,
        minutes=draft.minutes,
        theme=draft.theme,
        acquaintance=whom.id if whom else None,
        place=place.id if place else None,
        source="model",
    )
