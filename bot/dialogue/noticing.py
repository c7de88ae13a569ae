"""Noticing that they come back to something that is no theme yet, and asking whether it should be one.

It is asked when it has just come up again, at most every eight weeks, and never again about a word they said no to.
Buttons carry the answer in which it was said last and a mark of the word, so one that is pressed a year later still
means the same, as long as that answer says it.
"""

import re
from datetime import UTC, datetime, timedelta

from bot import understand
from bot.dialogue import aside, mirror, themes
from bot.dialogue.talk import Part, Row, Talk, asks_back, choice
from bot.domain import Answer, Pressed, Said
from bot.text import emphasised
from bot.words import _

ASKED = "noticed"
"""The question that is open, and the name under which the journal keeps when it was asked."""

EIGHT_WEEKS = timedelta(weeks=8)
"""From one such question to the next at least, and from the first meeting to the first."""

LATELY = timedelta(weeks=12)
"""What they told within so long is looked at."""

JUST = timedelta(days=7)
"""It is asked when it has just come up again."""

_EVER = datetime.min.replace(tzinfo=UTC)

_CALL_IT = re.compile(
    r"\W*(?:(?:yes|yeah|ok|okay|sure|but|please|rather|i'd|i would|let's)\b[\s,]*)*(?:call|name) (?:it|that|this)\s+"
    r"(?P<name>\S.*?)(?: please)?[\s.!]*",
    re.IGNORECASE,
)
_YES = re.compile(
    r"\W*(?:(?:yes|yeah|ok|okay|sure),? )?(?:a|make it a|it is a|that's a) theme(?: please)?\W*", re.IGNORECASE
)
_NO = re.compile(r"\W*(?:no,? )?(?:not (?:a theme|really|that)|rather not|no theme)\W*", re.IGNORECASE)


# Noticing


def offer(talk: Talk) -> bool:
    """Ask about what they come back to, if it is time and there is anything. Whether it was asked."""
    since = talk.journal.asking(ASKED).asked_at or talk.person.joined_at
    if talk.now - since < EIGHT_WEEKS or talk.asked not in ("", "card") or len(talk.journal.themes()) >= themes.MOST:
        return False
    if (found := _found(talk)) is None:
        return False
    answer, words = found
    talk.journal.note_asking(ASKED, asked_at=talk.now)
    talk.put_in(ASKED, answer=answer.id, mark=themes.mark(words))
    _ask(talk, answer, words)
    return True


def _found(talk: Talk) -> tuple[Answer, str] | None:
    """What comes back in their entries of late and just did again, and the newest of these."""
    told = _told(talk, talk.now - LATELY)
    besides = [
        talk.person.city or "",
        *(theme.text for theme in talk.journal.themes()),
        *(place.text for place in talk.journal.places()),
        *(answer.text or "" for answer in talk.journal.hardships()),
    ]
    days = [(each.text or "", talk.local(each.said_at).date()) for each in told]
    for words in understand.recurring(days, besides, list(talk.journal.known())):
        newest = next((each for each in told if _speaks_of(each, words)), None)
        if newest and talk.now - newest.said_at < JUST and not themes.is_turned_down(talk, words):
            return newest, words
    return None


def _told(talk: Talk, since: datetime) -> list[Answer]:
    """What they told from *since* on that serves no theme, newest first, and reminds of nobody who is let be."""
    gone = mirror.let_be(talk)
    return [each for each in talk.journal.unserving(since) if not gone & {*understand.folded(each.text or "").split()}]


def _speaks_of(answer: Answer, words: str) -> bool:
    return understand.folded(words) in understand.folded(answer.text or "")


def _ask(talk: Talk, answer: Answer, words: str) -> None:
    line = talk.one_of(
        "notice",
        _("You've told me of {words} a few times now. Is that something people can come to you for?"),
        _("One more thing: {words} keeps coming back in what you tell me. Shall it be a theme?"),
        _("{words} comes up again and again when you write. Would you want people to come to you for that?"),
    )
    key = answer.id, themes.mark(words)
    buttons: Row = (choice(_("Yes, a theme"), ASKED, "yes", *key), choice(_("No"), ASKED, "no", *key))
    talk.say(line.format(words=emphasised(f"“{words}”")), choices=[buttons])


# What they answer


def resume(talk: Talk) -> None:
    """Ask again."""
    found = _again(talk, int(talk.pending["answer"]), str(talk.pending["mark"]))
    if found is None:
        aside.back(talk, _lost())
    else:
        _ask(talk, *found)


def _lost() -> str:
    return _("I can't find those words any more. /themes adds whatever you like.")


def _again(talk: Talk, id: int, mark: str) -> tuple[Answer, str] | None:
    """The answer *id* and the words in it that *mark* stands for, if it still says them."""
    answer = talk.journal.answer(id)
    words = understand.spoken(answer.text or "", lambda words: themes.mark(words) == mark) if answer else None
    return (answer, words) if answer and words else None


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """By button, however late. Whether it still meant something."""
    match parts:
        case ["yes" | "no" as said, int(id), str(mark)]:
            pass
        case _:
            return False
    if talk.asked == ASKED and talk.pending.get("mark") == mark:
        talk.restore()
    found = _again(talk, id, mark)
    if found is None:
        talk.say(_lost())
    elif themes.called(talk, found[1]) is None and not (said == "no" and themes.is_turned_down(talk, found[1])):
        talk.chosen = event.label
        if said == "yes":
            _take(talk, found[1])
        else:
            _leave(talk, found[1])
    return True


def said(event: Said, talk: Talk) -> bool:
    """In words: yes, no, or another name for it. Whether they were about it."""
    found = _again(talk, int(talk.pending["answer"]), str(talk.pending["mark"]))
    wish, named = understand.wish(event.text), _CALL_IT.fullmatch(event.text)
    if found is None or event.forwarded is not None:
        talk.restore()
        return False
    if named and len(named["name"]) <= themes.LONGEST:
        talk.restore()
        _take(talk, found[1], name=named["name"])
    elif wish == "yes" or _YES.fullmatch(event.text):
        talk.restore()
        _take(talk, found[1])
    elif wish in ("no", "never", "nothing") or _NO.fullmatch(event.text):
        talk.restore()
        _leave(talk, found[1])
    elif wish in ("later", "unsure", "skip"):
        talk.restore()
        talk.say(_("There's no hurry. /themes adds one whenever you like."))
    elif asks_back(event.text):
        talk.say(_("A theme is what I choose suggestions for. A no is fine, and I won't ask about it again."))
    else:
        talk.restore()
        return False
    return True


def _take(talk: Talk, words: str, name: str = "") -> None:
    """*words* are a theme, by *name* if they gave it one, and whatever spoke of them serves it."""
    taken, _left = themes.take(talk, [name.strip(" “”\"'") or words])
    if not taken:
        talk.say(_("Eight are as many as I can keep in mind. Drop or merge one, and there is room again."))
        return
    if name:
        themes.turn_down(talk, words)  # what is told of them next need not share a word with the name
    theme = themes.called(talk, taken[0])
    for each in (each for each in _told(talk, _EVER) if _speaks_of(each, words)):
        talk.journal.amend(each, theme=theme.id if theme else None)
    line = _("{themes}. Kept.").format(themes=emphasised(taken[0]))
    talk.say(line, _("What you told me of it belongs to it from now on."), choices=[themes.change()])


def _leave(talk: Talk, words: str) -> None:
    themes.turn_down(talk, words)
    line = talk.one_of(
        "no theme",
        _("Then it isn't one, and I won't ask again."),
        _("All right. It stays what it is."),
        _("Good to know. I'll leave it at that."),
    )
    talk.say(line)
