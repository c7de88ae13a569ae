"""What is answered to a card: a moment to do it, something smaller, another one, or no."""

import re

from bot import understand
from bot.dialogue import cards, follow_up, suggestion
from bot.dialogue.talk import RATHER_NOT, Part, Talk, choice
from bot.domain import Acquaintance, Card, Pressed, Said
from bot.schedule import zone
from bot.words import _

_WHY = re.compile(
    r"\W*(?:(?:hm+|and|but|so|ok|oh)\b[\s,]*)*(?:why|how come)(?: (?:this|that|me|her|him|them|that one|this one"
    r"|is (?:that|it)|do you (?:say|ask|suggest) (?:this|that)))?\W*",
    re.IGNORECASE,
)
_SMALLER = re.compile(
    r"\W*(?:(?:no|nah|hm+|sorry|please|maybe|rather|that'?s|that is|it'?s)\b[\s,]*)*"
    r"(?:(?:something |a )?(?:smaller|shorter|quicker|easier|less|less time)(?: one)?"
    r"|(?:a bit |a little )?too (?:much|long|big)"
    r"|(?:i )?(?:have|got) (?:less|no) time)(?: please)?\W*",
    re.IGNORECASE,
)
_WELCOME = re.compile(
    r"\W*(?:(?:oh|ok|okay|yes|yeah|ah|hm+|i|that'?s|what|a|really|do)\b[\s,]*)*"
    r"(?:(?:good|nice|lovely|great) (?:one|idea)|lovely|like (?:it|(?:that|this)(?: one)?)|will(?: do)?"
    r"|i'?ll (?:do|try) (?:it|that|this)|can do that)\b(?! (?:never|not)\b)",
    re.IGNORECASE,
)


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """A moment, their own time, smaller, another, or no. A card is spent by one press."""
    labels = cards.labels()
    match parts:
        case [int(id), "keep"] if talk.journal.card(id):
            if talk.asked == "moment" and talk.pending.get("card") == id:
                talk.chosen = event.label
                talk.journal.settle()
            return True
        case [int(id), str(answer), *rest] if answer in labels and (card := talk.journal.card(id)):
            asked_before = answer == "own" and talk.asked == "moment" and _pending(talk) == card
            if card.state == "open" and not asked_before:
                talk.chosen = labels[answer]
                _settle(talk, card, answer, others=next((each for each in rest if isinstance(each, int)), 0))
            return True
    return False


def said(event: Said, talk: Talk) -> bool:
    """Words after a card: what its buttons say, or a yes or no. Whether they were about it at all."""
    card = _pending(talk)
    if card is None or card.state != "open":
        return False
    others = int(talk.pending.get("others", 0))
    match _labelled(event, talk, card, others), understand.wish(event.text):
        case None, _ if _WELCOME.fullmatch(event.text.strip(" .!")):
            _settle(talk, card, "own")
        case str(answer), _:
            _settle(talk, card, answer, others=others)
        case None, "no" | "skip" | "never":
            _settle(talk, card, "no")
        case None, "yes":
            _settle(talk, card, "own")
        case None, "later":
            moment(event, talk)
        case None, None if _SMALLER.fullmatch(event.text):
            _settle(talk, card, "smaller", others=others)
        case None, None if suggestion.OTHER.fullmatch(event.text):
            _settle(talk, card, "another", others=others)
        case None, None if _is_welcome(event):
            _settle(talk, card, "own")
        case None, None if _WHY.fullmatch(event.text):
            talk.say(_reason(card))
        case None, None if _is_moment(event, talk):
            moment(event, talk)
        case _:
            return False
    return True


def _labelled(event: Said, talk: Talk, card: Card, others: int) -> str | None:
    """The answer whose button *event* means, by its label, or by its number among those that are shown."""
    text, labels = follow_up.moment_said(event.text), cards.labels()
    every, shown = tuple(labels), cards.answers(talk, card, others)
    at = understand.label(text, list(labels.values()))
    if at is None or _WELCOME.fullmatch(event.text.strip(" .!")):  # "oh I like that one" is no number
        return None
    here = understand.label(text, [labels[each] for each in shown])
    if here is not None:
        return shown[here]
    return None if any(map(str.isdigit, text)) else every[at]


def _is_welcome(event: Said) -> bool:
    """Whether words are a yes of more than one: "oh I like that one"."""
    return event.forwarded is None and len(event.text) <= 60 and _WELCOME.match(event.text) is not None


def _reason(card: Card) -> str:
    """Why it is this one: there is no more to it than that."""
    if card.theme:
        line = _("It goes with “{theme}”: it was that one's turn. “Not for me” is a good answer too.")
        return line.format(theme=card.theme)
    return _("It's small, and somebody may be glad of it. That's all I know. “Not for me” is a good answer too.")


def _is_moment(event: Said, talk: Talk) -> bool:
    """Whether words are when they'll do it, though nobody has asked yet: "sunday morning, before the others are up"."""
    if event.forwarded is not None:
        return False
    if understand.is_occasion(event.text):
        return True
    return understand.is_moment(event.text) and (
        understand.moment(event.text, talk.now, zone(talk.person.zone or "UTC")) is not None
    )


def _pending(talk: Talk) -> Card | None:
    return talk.journal.card(int(talk.pending.get("card", 0)))


def _settle(talk: Talk, card: Card, answer: str, *, others: int = 0) -> None:
    if answer in ("smaller", "another"):
        (suggestion.smaller if answer == "smaller" else suggestion.another)(talk, card, others)
        return
    if answer == "own":
        talk.journal.ask("moment", card=card.id)
        talk.say(_("When, in your own words? Something like “thursday lunch, after stand-up”."))
        return
    if talk.pending.get("card") == card.id:  # whatever else is open stays open
        talk.journal.settle()
    if answer == "no":
        talk.journal.set_card(card, state="declined")
        line = talk.one_of(
            "declined", _("That's fine."), _("Not that one, then."), _("Fair enough."), _("All right, I'll remember.")
        )
    else:
        _take(talk, card, answer)
        line = talk.one_of(
            "taken", _("Good. It's yours."), _("Lovely."), _("Good, that's settled."), _("Then it has its moment.")
        )
    talk.say(line)


def change(talk: Talk, card: Card) -> None:
    """Ask for another moment for *card*, which was taken before."""
    talk.journal.ask("moment", card=card.id)
    talk.say(
        _("When would suit you better, in your own words? Something like “thursday lunch, after stand-up”."),
        choices=[(choice(_("Leave it as it is"), "card", card.id, "keep"),)],
    )


def _take(talk: Talk, card: Card, moment: str) -> None:
    follow_up.plan(talk, talk.journal.set_card(card, state="taken", moment=moment))


def moment(event: Said, talk: Talk) -> None:
    """Their own if-then words, kept as they are."""
    card = _pending(talk)
    talk.journal.settle()
    if card is None or card.state not in ("open", "taken"):
        talk.say(_("That one has been settled already."))
    elif understand.wish(event.text) in RATHER_NOT:
        talk.say(
            _("It stays as it was.") if card.state == "taken" else _("No matter. It's there if a moment turns up.")
        )
    else:
        _take(talk, card, event.text)
        talk.say(_("“{moment}”. Kept.").format(moment=follow_up.moment_said(event.text)))


def after_all(event: Said, talk: Talk) -> bool:
    """Words that answer the newest card, though a note came in between: "on the weekend, then", "smaller". Whether
    they did."""
    card = next(iter(talk.journal.cards(1)), None) if talk.asked in ("", "kind") else None
    if card is None or card.state != "open" or event.forwarded is not None:
        return False
    if _is_moment(event, talk):
        talk.journal.ask("moment", card=card.id)
        moment(event, talk)
    elif _SMALLER.fullmatch(event.text) or suggestion.OTHER.fullmatch(event.text):
        talk.journal.ask("card", card=card.id)
        return said(event, talk)
    else:
        return False
    return True


def resume(talk: Talk) -> None:
    """Ask again for the moment."""
    talk.say(_("When would you do it, in your own words?"))


# Whoever is named on it


def let_be(event: Said, talk: Talk) -> bool:
    """Words below a card that names somebody: that they are dead, gone, estranged, or not to be named again. Whether
    they were. They are never suggested again then, and nothing is offered instead."""
    card, open_here = _naming(talk)
    named = talk.journal.acquaintance(card.acquaintance) if card and card.acquaintance else None
    if card is None or named is None or named.let_be or event.forwarded is not None:
        return False
    names = [name for name, each in talk.journal.known().items() if each.id == named.id]
    parting = understand.parting(event.text, names, by_name=not open_here)
    if parting is None:
        return False
    if parting != "no":  # more was told than an answer to the card
        talk.journal.mention(talk.keep(event, reading="hard"), [named.name])
    talk.journal.set_acquaintance(named, let_be=True)
    _withdraw(talk, card, named)
    them = {"her": _("her"), "him": _("him"), "them": _("them")}.get(understand.pronoun(event.text) or "")
    line = (
        _("All right, I won't suggest {them} again.")
        if parting == "no"
        else _("I'm sorry. I won't suggest {them} again.")
    )
    talk.say(line.format(them=them or understand.addressed(named.name)))
    return True


def _naming(talk: Talk) -> tuple[Card | None, bool]:
    """The card that is spoken about, and whether anything about it is open; else the newest that may still be done."""
    if talk.asked in ("card", "moment", "happened", "came"):
        return _pending(talk), True
    newest = next(iter(talk.journal.cards(1)), None) if not talk.asked else None
    return (newest, False) if newest and newest.state in ("open", "taken") else (None, False)


def _withdraw(talk: Talk, card: Card, named: Acquaintance) -> None:
    """*card* is off, and so is the question after any act for *named*."""
    if card.state in ("open", "taken"):
        talk.journal.set_card(card, state="declined")
    if talk.pending.get("card") == card.id:
        talk.journal.settle()
    planned = talk.journal.planned(follow_up.KIND)
    later = talk.journal.card(int(planned[0])) if planned else None
    if later and later.acquaintance == named.id:
        talk.journal.unplan(follow_up.KIND)
