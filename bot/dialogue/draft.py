"""`/draft`: a post, a mail or a caption, looked at before it is sent out.

The answer says what plainly stands in it, in a few of its own words: whether it takes part in something or broadcasts,
and which theme it serves. Then one question that would open it, and a few places and people of theirs where a reply
may do as much. Nothing is written for them, and nobody is judged.

A draft is not kept. Its words wait in the question that is open, whether to keep it, and are gone with that: at Done,
or when anything else is asked.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import understand
from bot.dialogue import aside, hard
from bot.dialogue.talk import RATHER_NOT, Part, Row, Talk, choice
from bot.domain import (
    Acquaintance,
    Better,
    DraftBrief,
    DraftFace,
    DraftProposal,
    Edited,
    Event,
    File,
    Place,
    Pressed,
    Proposed,
    Reply,
    Said,
    Scrub,
    Sent,
    Theme,
)
from bot.suggest import remark
from bot.suggest.catalogue import may_meet
from bot.text import emphasised
from bot.understand import Signal
from bot.understand.draft import BROADCASTS, TAKES_PART
from bot.understand.phrases import bare, vocabulary
from bot.words import _

AWAITED = timedelta(hours=12)
"""How long the next words are taken for the draft that was asked for."""

QUIET = timedelta(weeks=8)
"""Who wasn't spoken of for so long went quiet."""

LOOK_BACK = 200
"""Answers that are searched for who belongs to a theme."""

SWAPS, PEOPLE = 3, 2
"""Places and people that are offered instead, and how many of them are people where there are places as well."""

_COMMAND = re.compile(r"/[a-z_]+(?:@\w+)?(?:\s|$)", re.IGNORECASE)
_KEEP = re.compile(
    r"\W*(?:(?:yes|ok|okay|please)\b\W*)*keep(?: it| this| that| the draft)?(?: please)?\W*", re.IGNORECASE
)
_WHY = re.compile(r"\W*(?:why|how|huh|what|what for|what is (?:that|this)|what do you mean|how come)\W*", re.IGNORECASE)
_CONDOLES = re.compile(
    r"\b(?:condolences|sorry for your loss|the loss of your|beileid|"
    r"(?:your(?: \w+){1,2}|he|she) (?:has |had |have )?(?:died|passed away))\b",
    re.IGNORECASE,
)
"""A letter to somebody who has lost somebody."""
_FOR = vocabulary("to for just only maybe perhaps probably mostly mainly i think guess well hm oh and or really")
"""What may stand beside a name where somebody says who a draft is for."""


# What comes


def command(event: Said, talk: Talk) -> None:
    """`/draft`, with the draft behind it or asked for."""
    if event.text:
        _look(talk, event.text, event.message)
    else:
        talk.put_in("draft", since=talk.now.isoformat(), files=[], album="")
        resume(talk)


def heard(event: Event, talk: Talk) -> bool:
    """Whether *event* is the draft that was asked for, in whatever form, or belongs to the one that was looked at."""
    match event:
        case Said(text=text, message=message) if _is_awaited(talk) and text.strip() and not _means_us(text, talk):
            _look(talk, text, message)
        case Sent(caption=caption) if caption.casefold().startswith("/draft"):
            _see(event, caption.partition(" ")[2].strip(), talk)
        case Sent(caption=caption) if _is_awaited(talk) and not _COMMAND.match(caption):
            _see(event, caption, talk)
        case Sent(file=File() as file, album=album) if album and talk.pending.get("album") == album:
            talk.journal.change(pending={**talk.pending, "files": [*talk.pending["files"], _noted(file)]})
        case Edited(text=text, message=message) if _is_held(talk) and talk.pending["message"] == message:
            _look(talk, text.partition(" ")[2].strip() if text.startswith("/draft") else text, message)
        case _:
            return False
    return True


def _is_awaited(talk: Talk) -> bool:
    since = talk.pending.get("since")
    return talk.asked == "draft" and talk.now - datetime.fromisoformat(str(since)) <= AWAITED


def _is_held(talk: Talk) -> bool:
    return talk.asked == "keep_draft"


def _means_us(text: str, talk: Talk) -> bool:
    """Whether *text* as a whole is something that works in the middle of any question, or leaves this one."""
    wish = understand.wish(text)
    return (
        wish in ("stop", "pause", "help", "privacy", "erase", "later", *RATHER_NOT)
        or (talk.quiet and wish == "back")
        or text.strip(" .!").casefold() == "cancel"
        or _WHY.fullmatch(text) is not None
        or _COMMAND.match(text) is not None
    )


def _see(event: Sent, text: str, talk: Talk) -> None:
    """A draft that came below a picture, or a picture whose words are still to come."""
    files = [*talk.pending.get("files", ()), *([_noted(event.file)] if event.file else [])]
    if text:
        _look(talk, text, event.message, files=files, album=event.album)
        return
    talk.put_in("draft", since=talk.now.isoformat(), files=files, album=event.album)
    if event.kind in ("photo", "video"):
        _ask(talk, _("I can only read words. What would stand below it?"))
    else:
        _ask(talk, _("I can only read words. What does it say?"))


def _noted(file: File) -> dict[str, Any]:
    """*file* as an open question holds it."""
    return {"kind": file.kind, "id": file.id, "name": file.name, "size": file.size, "path": file.path}


def resume(talk: Talk) -> None:
    """Ask for the draft, or ask again."""
    line = _("Paste it here: a post, a mail, or a photo with its caption. I won't keep it unless you say so.")
    _ask(talk, f"{line} {_('The language model will see it, as you agreed.')}" if talk.asks_model else line)


def _ask(talk: Talk, line: str) -> None:
    talk.say(line, choices=[(choice(_("Never mind"), "draft", "leave"),)])


def said(event: Said, talk: Talk) -> bool:
    """Words that are no draft while one is asked for. Whether they were about it."""
    wish = understand.wish(event.text)
    if not _is_awaited(talk):
        talk.restore()
        return False
    if wish in (*RATHER_NOT, "later"):
        aside.back(talk, _("Left it."))
    else:
        _ask(talk, _why())
    return True


def _why() -> str:
    return _(
        "I look for a few plain things: names, an answer, a question, thanks, an invitation; or news, links and much"
        " “I”. I only say what stands there; it's yours to send as it is."
    )


# The answer


def _look(talk: Talk, text: str, message: int | None, *, files: Sequence[dict[str, Any]] = (), album: str = "") -> None:
    """Say what stands in the draft *text*, and hold it until it is kept or let go. Of one that speaks of a loss nothing
    is said unless they want it."""
    held = talk.person.counter
    talk.put_in(
        "keep_draft",
        draft=held,
        text=text,
        message=message,
        files=list(files or talk.pending.get("files", ())),
        album=album or talk.pending.get("album", ""),
    )
    if hard.is_hard(text, talk) or _CONDOLES.search(text):
        line = _("I'm sorry. I'd rather say nothing about this one; it's yours as it is.")
        talk.say(line, choices=[(choice(_("Look at it all the same"), "draft", "look", held),), _kept_or_done(held)])
    else:
        _tell(talk, text, held)


def _kept_or_done(held: int) -> Row:
    return choice(_("Keep it"), "draft", "keep", held), choice(_("Done"), "draft", "done", held)


def _tell(talk: Talk, text: str, held: int) -> None:
    """Say what stands in the draft *text*, which is *held* under that number. Who agreed to a language model may hear
    it from that."""
    signals, theme = _signals(talk, text), talk.journal.spoken_of(text)
    is_first = talk.journal.asking("draft").asked_at is None
    talk.journal.note_asking("draft", asked_at=talk.now)
    said, question = _remark(talk, signals), _question(talk, text, signals)
    below = _("I keep it only if you tap.") if is_first else ""
    face = DraftFace(above=talk.greeting, below=below)
    talk.say(
        *_answer(talk, text, theme, said, question),
        below,
        choices=[_kept_or_done(held)],
        held=talk.asks_model,
    )
    if talk.asks_model:
        themes = tuple(each.text for each in talk.journal.themes() if not each.paused)
        talk.wish(Better(brief=DraftBrief(text=text, themes=themes, remark=said, question=question), face=face))


def better(event: Proposed, talk: Talk) -> Reply | None:
    """The waiting answer with the remark, the question and the theme of a language model, if they keep the rules; None
    if it stays as it is. Places and people stay ours."""
    brief, face, proposal = event.wish.brief, event.wish.face, event.proposal
    assert isinstance(brief, DraftBrief)  # the three are of one kind
    assert isinstance(face, DraftFace)
    assert isinstance(proposal, DraftProposal)
    if remark.flaws(proposal, brief):
        return None
    theme = next((each for each in talk.journal.themes() if each.text == proposal.theme), None)
    lines = (face.above, *_answer(talk, brief.text, theme, proposal.remark, proposal.question), face.below)
    return replace(event.reply, text="\n".join(line for line in lines if line))


def _answer(talk: Talk, text: str, theme: Theme | None, said: str, question: str) -> tuple[str, ...]:
    """The lines of the answer: what is *said* of the draft *text*, its *theme*, a *question*, and whom to answer
    instead."""
    return said, _theme(talk, theme), question, _swap(talk, text, theme)


def _theme(talk: Talk, theme: Theme | None) -> str:
    if theme:
        return _("It goes with {theme}.").format(theme=emphasised(f"“{theme.text}”"))
    return _("It goes with none of your themes, which may be just right.") if talk.journal.themes() else ""


# What stands in it


def _signals(talk: Talk, text: str) -> Sequence[Signal]:
    return understand.draft_signals(text, list(talk.journal.known()), talk.person.name)


def _remark(talk: Talk, signals: Sequence[Signal]) -> str:
    """Whether it takes part or broadcasts, and by which of its words."""
    part, cast = _some(signals, TAKES_PART), _some(signals, BROADCASTS)
    match understand.draft_side(signals):
        case "takes part":
            ways = _("It takes part: it {does}."), _("This one takes part. It {does}.")
            cast = [each for each in cast if each.kind != "itself"]  # whoever hands on what they did says I
            also = _("It also {does}.").format(does=_does(cast[0])) if cast else ""
            return _lines(talk.one_of("draft takes part", *ways).format(does=_both(part)), also)
        case "broadcasts":
            ways = _("So far it broadcasts: it {does}."), _("It mostly broadcasts. It {does}.")
            nobody = _("Nobody is named, asked or answered in it."), _("I see nobody named, asked or answered.")
            also = _("It also {does}.").format(does=_does(part[0])) if part else talk.one_of("draft nobody", *nobody)
            return _lines(talk.one_of("draft broadcasts", *ways).format(does=_both(cast)), also)
        case "both":
            ways = _("It does both: it {part}, and it {cast}."), _("Some of both: it {part}, and it {cast}.")
            line = talk.one_of("draft does both", *ways).format(part=_does(part[0]), cast=_does(cast[0]))
            asks = any(each.kind == "asks" for each in signals)
            return line if asks else _lines(line, _("It tells more than it asks."))
        case _:
            told = (
                _("It tells something. I find nobody named, asked or answered in it, which may be as you mean it."),
                _("It tells something and leaves it there: nobody named, asked or answered that I can see."),
            )
            return talk.one_of("draft tells", *told)


def _lines(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _some(signals: Sequence[Signal], kinds: Sequence[str]) -> list[Signal]:
    """Those of *signals* that are of *kinds*, and no words twice."""
    some: list[Signal] = []
    for each in signals:
        if each.kind in kinds and not any(each.words and each.words in other.words for other in some):
            some.append(each)
    return some


def _both(signals: Sequence[Signal]) -> str:
    """What the first two of *signals* are, in words."""
    does = [_does(signal) for signal in signals[:2]]
    return _("{one}, and {other}").format(one=does[0], other=does[1]) if len(does) > 1 else does[0]


def _does(signal: Signal) -> str:
    """What a draft with *signal* does, after "it"."""
    if signal.kind == "answers" and not signal.words:
        return _("answers somebody")
    if signal.kind == "credits" and "thank" in signal.words.casefold():
        return _("says thanks (“{words}”)").format(words=signal.words)
    ways = {
        "answers": _("answers somebody (“{words}”)"),
        "asks": _("asks “{words}”"),
        "credits": _("gives credit (“{words}”)"),
        "invites": _("invites (“{words}”)"),
        "gives": _("hands something on (“{words}”)"),
        "names": _("names {words}"),
        "announces": _("announces (“{words}”)"),
        "reach": _("asks for attention (“{words}”)"),
        "itself": _("stays with “I” and “my”"),
        "hashtags": _("has a row of hashtags"),
        "link": _("is hardly more than a link"),
    }
    return ways[signal.kind].format(words=signal.words)


# What would open it


def _question(talk: Talk, text: str, signals: Sequence[Signal]) -> str:
    """One question, after what the draft lacks most."""
    kinds, to = {signal.kind for signal in signals}, _written_to(talk, text, signals)
    if to:
        lack = "to reply" if "asks" in kinds else "to know from"
    elif kinds.isdisjoint(TAKES_PART):
        lack = "somebody"
    elif "asks" not in kinds:
        lack = "unsure" if "gives" in kinds else "to know"
    else:
        lack = (
            "then" if kinds & {"names", "credits"} else "names" if kinds & {"answers", "invites", "gives"} else "whom"
        )
    return talk.one_of(f"draft lacks {lack}", *_openings(lack)).format(name=to)


def _openings(lack: str) -> tuple[str, ...]:
    """Questions for a draft that has a *lack*; none can be answered with a yes, which would be to keep it."""
    return {
        "somebody": (
            _("Who would you like to answer this?"),
            _("Who is the one person you'd most like to read it?"),
            _("Whom would you tell this across a table?"),
        ),
        "to know": (
            _("What would you like to know from whoever reads it?"),
            _("What could a reader tell you that you don't know yet?"),
            _("Whose answer would you be glad of?"),
        ),
        "unsure": (
            _("Which part of it are you still unsure of yourself?"),
            _("What would somebody say who has done it for longer?"),
        ),
        "names": (
            _("Whose part in it could be named?"),
            _("Who would be glad to find their name in it?"),
        ),
        "whom": (
            _("Who would you most like to hear from?"),
            _("Whom would you ask by name as well?"),
            _("Whom do you know that may have the answer?"),
        ),
        "then": (_("Whose answer are you most curious about?"), _("When will you look in on the answers?")),
        "to know from": (
            _("What would you like to know from {name}?"),
            _("What could {name} tell you that you don't know yet?"),
        ),
        "to reply": (
            _("What would make it easy for {name} to answer?"),
            _("What would {name} be glad to hear first?"),
        ),
    }[lack]


def _written_to(talk: Talk, text: str, signals: Sequence[Signal]) -> str:
    """The name of whoever the draft is written to, as a mail is; empty if it's to nobody by name, or let be."""
    name = next((signal.words for signal in signals if signal.kind == "names"), "")
    somebody = talk.journal.known().get(name)
    return name if understand.written_to(text, name) and not (somebody and somebody.let_be) else ""


# Instead


def _swap(talk: Talk, text: str, theme: Theme | None) -> str:
    """Three places and people of theirs where replies may do as much, as an offer; fewer if there are fewer."""
    if talk.quiet and hard.told_lately(talk):
        return ""
    some = _instead(talk, text, theme)
    if not some:
        return ""
    if understand.draft_side(_signals(talk, text)) == "takes part":
        lines = _("And for a reply: {some}."), _("And for two replies: {some}."), _("And for three replies: {some}.")
    else:
        lines = (
            _("Or one reply instead: {some}."),
            _("Or two replies instead: {some}."),
            _("Or three replies instead: {some}."),
        )
    return lines[len(some) - 1].format(some="; ".join(some))


def _instead(talk: Talk, text: str, theme: Theme | None) -> list[str]:
    """Whom and where to, as it is said: what belongs to *theme* first, then whoever went quiet longest."""
    named = understand.names(text, list(talk.journal.known()))
    told, spared = _told_of(talk, theme), talk.journal.in_hardships()
    circle = theme.circle if theme else None

    def fits(words: Iterable[str]) -> bool:
        return bool(told & set(words))

    people = [
        each
        for each in talk.journal.acquaintances()
        if not each.let_be and each.id not in spared and each.name not in named and may_meet(each.circle, circle)
    ]
    people.sort(key=lambda each: (not fits(_words(each.name)), each.seen_at or talk.person.joined_at, each.id))
    places = [each for each in talk.journal.places() if may_meet(each.circle, circle)]
    places.sort(key=lambda each: (not fits(_words(each.text)), each.id))
    some: list[Acquaintance | Place] = [*people[:1], *places[:1], *people[1:PEOPLE], *places[1:], *people[PEOPLE:]]
    return list(_shown(talk, some[:SWAPS]))


def _shown(talk: Talk, some: Iterable[Acquaintance | Place]) -> Iterator[str]:
    """*some* as they are said. That it has been a while is said of one of them, and goes for the others too."""
    is_said = False
    for each in some:
        if isinstance(each, Place):
            yield each.text
            continue
        name, seen_at = understand.addressed(each.name), each.seen_at
        if not is_said and seen_at is not None and talk.now - seen_at >= QUIET:
            name, is_said = _("{name} (it's been a while)").format(name=name), True
        yield name


def _words(text: str) -> set[str]:
    return set(understand.folded(text).split())


def _told_of(talk: Talk, theme: Theme | None) -> set[str]:
    """The words of *theme* and of what they told of it lately: who stands there belongs to it."""
    if theme is None:
        return set()
    told = [each.text for each in talk.journal.written(LOOK_BACK) if each.theme == theme.id and each.text]
    words = {word for text in told for word in _words(text)}
    return words | _words(" ".join(understand.ties(theme.text, shortest=4)))


# Afterwards


def said_after(event: Said, talk: Talk) -> bool:
    """Words after the answer: to keep it, to let it go, another version of it, or whom it is for. Whether they were
    about it at all."""
    wish, text = understand.wish(event.text), event.text
    if event.forwarded is not None:
        return False
    if wish == "yes" or _KEEP.fullmatch(text):
        _keep(talk)
    elif wish in (*RATHER_NOT, "later", "thanks"):
        _let_go(talk)
    elif understand.near(text, str(talk.pending["text"])):
        _look(talk, text, event.message)
    elif _WHY.fullmatch(text):
        talk.say(_why())
    elif wish is None and (named := _named(text)):
        line = _("{name}, then. How would it go if nobody else read it?").format(name=named)
        talk.say(line[:1].upper() + line[1:])
    else:
        talk.restore()
        return False
    return True


def _named(text: str) -> str:
    """Whoever is named in *text*, as they are addressed, if hardly more than that is said: "Ana, probably"."""
    listed = understand.listed(text)
    beside = {*bare(text).split()} - {*bare(" ".join(listed)).split()} - _FOR
    return understand.addressed(listed[0]) if listed and not listed[0].startswith("the ") and not beside else ""


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """Keep the draft, or be done with it."""
    match parts:
        case ["leave"]:
            if talk.asked == "draft":
                talk.chosen = event.label
                aside.back(talk, _("Left it."))
        case ["keep" | "done" as what, int(held)] if _is_held(talk) and talk.pending["draft"] == held:
            talk.chosen = event.label
            (_keep if what == "keep" else _let_go)(talk)
        case ["look", int(held)] if _is_held(talk) and talk.pending["draft"] == held:
            talk.chosen = event.label
            _tell(talk, str(talk.pending["text"]), held)
        case ["keep" | "look", int()]:
            talk.say(_("I don't have that one in hand any more. If you like, paste it again."))
        case ["done", int()]:
            pass
        case _:
            return False
    return True


def _keep(talk: Talk) -> None:
    """The draft becomes part of the journal: told to nobody, and no good turn."""
    held = talk.pending
    answer = talk.keep(Said(text=str(held["text"]), message=held["message"]), "draft")
    for file in held["files"]:
        talk.attach(answer, File(**file))
    aside.back(talk, talk.one_of("draft kept", _("Kept, as a draft."), _("Kept. /history has it."), _("It's kept.")))


def _let_go(talk: Talk) -> None:
    """Nothing of the draft stays, on the disk neither."""
    talk.wish(Scrub())
    aside.back(
        talk,
        talk.one_of(
            "draft gone", _("Done. I've kept nothing of it."), _("All right, I've let it go."), _("I've let it go.")
        ),
    )
