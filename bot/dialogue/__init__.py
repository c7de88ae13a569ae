"""What is said. One module a conversation; here it is decided which of them an event belongs to.

A dialogue gets an event, a journal and the time, and answers with a Turn. It knows no channel, no clock and no other
person's journal. The order below is the whole of the politeness: a wish for quiet comes first, then what is hard for
somebody, then commands and buttons, then the question that is open, then the check-in that is open, then anything else.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from bot import understand
from bot.dialogue import (
    about,
    actions,
    admin,
    answers,
    aside,
    bettering,
    bringing,
    check_in,
    consent,
    draft,
    editing,
    erasing,
    follow_up,
    hard,
    history,
    keepsakes,
    meeting,
    names,
    notes,
    noticing,
    passing_on,
    people,
    places,
    quiet,
    sent,
    settings,
    story,
    suggestion,
    takeaway,
    taking,
    thanks,
    themes,
    would_come,
)
from bot.dialogue.asking import resume
from bot.dialogue.planning import is_late, plan_anew, when
from bot.dialogue.talk import House, Part, Talk, parts
from bot.domain import (
    Blocked,
    Brought,
    CardFace,
    Counted,
    DraftFace,
    Due,
    Edited,
    Event,
    Face,
    Incoming,
    Pressed,
    Proposed,
    Reply,
    Said,
    Sent,
    Shared,
    StoryFace,
    TooMuch,
    Turn,
    Unreadable,
)
from bot.journal import Journal
from bot.words import Words, _, speaking

LONG_AWAY = timedelta(days=21)

ABOUT: dict[str | None, Callable[[Talk], None]] = {
    "help": about.overview,
    "privacy": about.privacy,
    "erase": erasing.begin,
}
"""Wishes that are answered at once, whatever is open, and leave it open."""


class Open(NamedTuple):
    """A question that is open outside a check-in. *said* takes words; it gives False if they were about something
    else. *resume* asks it again; a question without may be left as it is."""

    said: Callable[[Said, Talk], bool | None]
    resume: Callable[[Talk], None] | None = None


OPEN: dict[str, Open] = {
    **{name: Open(takes, meeting.resume) for name, takes in meeting.ANSWERED.items()},
    "card": Open(taking.said),
    "moment": Open(taking.moment, taking.resume),
    "lacks": Open(suggestion.told_lack, suggestion.ask_again),
    "consent": Open(consent.said, consent.resume),
    "better": Open(keepsakes.said, keepsakes.resume),
    "pass_on": Open(passing_on.told, passing_on.resume),
    "happened": Open(follow_up.said, follow_up.resume),
    "came": Open(follow_up.said, follow_up.resume),
    "kind": Open(notes.sorted_by_word),
    "whose": Open(answers.whose_said),
    "good_turn": Open(notes.told, notes.resume),
    "names": Open(names.told, names.resume),
    "words": Open(sent.described, sent.resume),
    "thanks": Open(thanks.said, thanks.resume),
    "reword": Open(editing.reworded, editing.resume),
    "draft": Open(draft.said, draft.resume),
    "keep_draft": Open(draft.said_after),
    "person": Open(people.renamed, people.resume),
    "same": Open(people.same),
    "noticed": Open(noticing.said, noticing.resume),
    "go": Open(would_come.told, would_come.resume),
    "settings": Open(settings.said),
    "places": Open(places.told, places.resume),
    "theme_list": Open(themes.said),
    "theme": Open(themes.told, themes.resume),
    "import": Open(bringing.said, bringing.resume),
    "beside": Open(bringing.beside),
    "erase": Open(erasing.confirmed, erasing.resume),
}
"""Every such question, by the name under which it is pending."""

BUTTONS: dict[str, Callable[[Pressed, Talk, list[Part]], bool]] = {
    "meet": meeting.pressed,
    "ask": answers.pressed,
    "later": check_in.pressed,
    "card": taking.pressed,
    "lacks": suggestion.pressed_lack,
    "did": follow_up.pressed,
    "actions": actions.pressed,
    "received": passing_on.pressed,
    "consent": consent.pressed,
    "better": keepsakes.pressed,
    "note": notes.pressed,
    "history": history.pressed,
    "import": bringing.pressed,
    "edit": editing.pressed,
    "draft": draft.pressed,
    "names": names.pressed,
    "people": people.pressed,
    "come": would_come.pressed,
    "noticed": noticing.pressed,
    "whose": answers.whose_pressed,
    "erase": erasing.pressed,
    "quiet": quiet.pressed,
    "media": sent.pressed,
    "thanks": thanks.pressed,
    "hard": hard.pressed,
    "place": places.pressed,
    "settings": settings.pressed,
    "story": story.pressed,
    "theme": themes.pressed,
}
"""Which dialogue a button belongs to, by the first part of its action; it says whether the button still meant
something."""

DUE: dict[str, Callable[[Due, Talk], None]] = {
    "check-in": check_in.due,
    "later": check_in.due,
    "zones": check_in.due,
    follow_up.KIND: follow_up.due,
}
"""Which dialogue a planned moment belongs to, by its kind."""

BETTER: dict[type[Face], Callable[[Proposed, Talk], Reply | None]] = {
    CardFace: bettering.better,
    DraftFace: draft.better,
    StoryFace: story.better,
}
"""Who puts a held reply together again with what a language model proposed, by the kind of its face; None leaves it as
it is."""


class Dialogue:
    """Every conversation that Tenfold can hold. If anybody is *allowed*, all others but its owner are turned away."""

    def __init__(
        self,
        words: Words,
        allowed: frozenset[int] = frozenset(),
        house: House = House(),  # noqa: B008 - it is frozen
    ) -> None:
        self._words = words
        self._allowed = allowed
        self._house = house

    def __call__(self, event: Event, journal: Journal, now: datetime) -> Turn:
        """What is said to *event*. All it changes is in *journal*."""
        talk = Talk(journal, self._words, now, self._house)
        welcome = not self._allowed or talk.person.id in self._allowed or admin.is_owner(talk)
        match event:
            case Blocked() if not welcome and talk.person.state == "apart":
                pass  # or they would be told once more when they come again
            case Blocked():
                journal.change(state="blocked")
            case Due(kind="move"):
                settings.moved(event, talk)
            case Due() if welcome:
                DUE.get(event.kind, check_in.due)(event, talk)
            case Due():
                check_in.skip(event, talk)
            case Proposed():
                if reply := BETTER[type(event.wish.face)](event, talk):
                    talk.reply(reply)
            case Brought():
                bringing.brought(event, talk, _resume)
            case Counted():
                if admin.is_owner(talk):
                    admin.counted(event, talk)
            case TooMuch():
                if welcome and talk.person.id > 0:
                    about.too_much(talk)
            case Unreadable(kind="group journal"):
                journal.change(state="apart")
                about.no_journal_here(talk)
            case _ if talk.person.id < 0:
                _once(talk, about.group)
            case _ if welcome:
                _hear(event, talk)
            case _:
                _once(talk, about.turned_away)
        return talk.turn()


def _once(talk: Talk, line: Callable[[Talk], None]) -> None:
    """Say *line* to somebody who is not talked with, and nothing more after that. Of a stranger not even the name is
    kept."""
    if talk.person.state != "apart":
        talk.journal.change(state="apart", name="" if talk.journal.is_empty else talk.person.name)
        line(talk)


def _hear(event: Event, talk: Talk) -> None:
    _welcome(talk, talk.now - talk.person.seen_at)
    if _let_be(event, talk) or hard.heard(event, talk) or draft.heard(event, talk):
        return
    match event:
        case Said(text=text, forwarded=str()) if text.strip():  # somebody else's words are no wish of theirs
            thanks.forwarded(event, talk)
        case Said(text=text) if text.startswith("/"):
            _command(event, talk)
        case Said(text=text) if understand.wish(text) in ("stop", "pause"):
            quiet.pause(talk, text)
        case Said(text=text) if talk.quiet and understand.wish(text) == "back":
            quiet.come_back(talk)
        case Said(text=text) if not talk.attachment and erasing.confirms(text, talk):
            erasing.erase(talk)  # what stands below a file erases nothing
        case Said(text=text) if about_it := ABOUT.get(understand.wish(text)):
            about_it(talk)
        case Said(text=text) if talk.person.state != "new" and (looked_for := history.looked_for(text)):
            history.show(talk, looked_for)
        case Said(text=text) if text.strip():
            _said(event, talk)
        case Said():
            sent.light(Sent(kind="text"), talk)
        case Pressed():
            _pressed(event, talk)
        case Shared():
            meeting.shared(event, talk)
        case Edited(text=text, message=message) if text.startswith("/") and not talk.journal.answer_in(message):
            _command(Said(text=text, message=message), talk)
        case Edited():
            notes.edited(event, talk)
        case Sent() if bringing.is_meant(event, talk):
            bringing.sent(event, talk)
        case Sent():
            sent.sent(event, talk, _hear)
        case Unreadable(kind=kind):
            sent.light(Sent(kind=kind), talk)


def _let_be(event: Event, talk: Talk) -> bool:
    """Whether words below a card that names somebody said that they are to be let be; danger comes before that."""
    match event:
        case Said() if talk.asked == "draft":
            return False
        case Said(text=text) if text.strip() and not text.startswith("/") and not hard.is_danger(text, talk):
            return understand.wish(text) not in ("stop", "pause") and taking.let_be(event, talk)
    return False


def _welcome(talk: Talk, away: timedelta) -> None:
    """They are here: whatever slowed down or stopped while they were *away* is as it was."""
    person = talk.person
    stopped = person.state in ("silent", "blocked", "apart")
    if stopped or away > LONG_AWAY:
        talk.greeting = _("Good to see you.")
    if stopped:
        talk.journal.change(state="here" if person.zone else "new")
    talk.journal.change(seen_at=talk.now, unanswered=0)
    if person.zone and (person.unanswered or person.state != "here") and not is_late(talk):
        plan_anew(talk)


# Commands


def _command(event: Said, talk: Talk) -> None:
    command, _space, rest = event.text.partition(" ")
    rest = rest.strip()
    match command.casefold(), rest.casefold():
        case "/start", _:
            _start(talk)
        case "/checkin" | "/settings" | "/themes" | "/suggest", _ if talk.person.state == "new":
            _start(talk)
        case "/checkin", "full" | "one" | "short" as length:
            check_in.by_hand(talk, length)
        case "/checkin", _:
            check_in.by_hand(talk, None)
        case "/goodturn", _:
            notes.good_turn(Said(text=rest, message=event.message), talk)
        case "/suggest", _:
            suggestion.by_hand(talk)
        case "/actions", _:
            actions.show(talk)
        case "/history", _:
            history.show(talk, rest)
        case "/story", _:
            story.show(talk, rest)
        case "/people", _:
            people.show(talk, rest)
        case "/erase", _:
            erasing.begin(talk)
        case "/draft", _:
            draft.command(Said(text=rest, message=event.message), talk)
        case "/export", _:
            takeaway.show(talk)
        case "/import", _:
            bringing.begin(talk)
        case "/settings", _ if understand.wish(rest) in ("stop", "pause"):
            quiet.pause(talk, rest)
        case "/settings", _:
            settings.command(Said(text=rest, message=event.message), talk)
        case "/themes", _:
            themes.command(Said(text=rest, message=event.message), talk)
        case "/pause", _:
            quiet.pause(talk, rest)
        case "/cancel", _:
            _cancel(talk)
        case "/privacy", _:
            about.privacy(talk)
        case "/help", _:
            about.overview(talk)
        case "/admin", _ if admin.is_owner(talk):
            admin.begin(talk)
        case _:
            talk.say(_("I don't know that one. /help lists what I do."))


def _start(talk: Talk) -> None:
    """Hello, or hello again: nothing is ever reset."""
    if talk.person.state == "new" and talk.asked in ("", "quiet"):
        meeting.hello(talk)
        return
    talk.greeting = talk.greeting or _("Hello again.")
    if _resume(talk):
        return
    if talk.quiet:
        quiet.remind(talk)
        return
    planned = talk.journal.planned("check-in")
    at = planned[1] if planned else plan_anew(talk)
    talk.say(_("I'll come by {when}. /help says what else I do.").format(when=when(talk, at)))


def _resume(talk: Talk) -> bool:
    """Ask again whatever is open. False if nothing is."""
    if talk.asked in OPEN and (again := OPEN[talk.asked].resume):
        again(talk)
    elif open_one := talk.journal.open_check_in():
        resume(talk, open_one)
    else:
        return False
    return True


def _cancel(talk: Talk) -> None:
    if talk.asked in ("settings", "theme_list"):  # a card that lay over what is meant
        talk.restore()
    match talk.asked:
        case "erase":
            erasing.keep(talk)
        case "when":
            meeting.usual_time(talk)
        case _ if "before" in talk.pending:
            aside.back(talk, _("Left it."))
        case _ if talk.person.state == "new":
            talk.say(_("There's no hurry. Write to me whenever you like."))
        case "themes" | "city" | "moment" | "happened" | "came":
            talk.journal.settle()
            talk.say(_("Left it."))
        case _ if open_one := talk.journal.open_check_in():
            check_in.leave(talk, open_one)
        case _:
            talk.say(_("Nothing is open just now."))


# Words and buttons


def _said(event: Said, talk: Talk) -> None:
    """Words: they answer what is open, or are kept. A reply belongs to what it replies to, once the meeting is over."""
    is_new, is_met = talk.person.state == "new", talk.asked not in meeting.ANSWERED
    if event.text.strip(" .!").casefold() == "cancel":
        _cancel(talk)
    elif is_met and event.reply_to and (replied := talk.journal.asked_by(event.reply_to)):
        answers.said(event, talk, replied)
    elif _taken(event, talk) or names.wished(event, talk):
        pass
    elif is_new and talk.quiet:
        talk.keep(event)
        quiet.remind(talk)
    elif is_new:
        meeting.first_words(event, talk)
    elif settings.wished(event, talk) or follow_up.labelled(event, talk):
        pass
    elif open_one := talk.journal.open_check_in():
        answers.said(event, talk, open_one)
    elif not (_meant(event, talk) or answers.more(event, talk)):
        notes.plain(event, talk)


def _meant(event: Said, talk: Talk) -> bool:
    """Whether words that no question waits for were a wish, or news of the latest card."""
    return (
        themes.wished(event, talk)
        or follow_up.told_early(event, talk)
        or taking.after_all(event, talk)
        or (talk.quiet and quiet.said(event, talk))
    )


def _taken(event: Said, talk: Talk) -> bool:
    """Whether a question that is open outside a check-in took the words. One that was put in yields to what it was put
    into."""
    asked = talk.asked
    if asked not in OPEN:
        return False
    return OPEN[asked].said(event, talk) is not False or (talk.asked != asked and _taken(event, talk))


def _pressed(event: Pressed, talk: Talk) -> None:
    name, _colon, rest = event.action.partition(":")
    understood = name in BUTTONS and BUTTONS[name](event, talk, parts(rest))
    if not understood:
        talk.say(_("That button has had its day. /help says what I can do now."))


def is_urgent(incoming: Incoming) -> bool:
    """Whether somebody who writes too much is heard all the same: with a command, with a wish for quiet or to have all
    erased, or because they are gone."""
    match incoming.event:
        case Blocked():
            return True
        case Pressed(action=action):
            return action.partition(":")[0] in ("erase", "quiet", "hard")
        case Said(text=text, forwarded=None):
            with speaking(incoming.sender.language):
                is_erasing = understand.folded(text) == understand.folded(erasing.confirmation())
            return is_erasing or text.startswith("/") or understand.wish(text) in ("stop", "pause", "erase")
    return False


def warm(words: Words) -> None:
    """Make ready what is made when it is first needed: the patterns by which the first words of all are read."""
    hard.warm(words)
    readings: tuple[Callable[[str], object], ...] = (
        understand.wish,
        understand.names,
        understand.received,
        understand.setting,
        understand.listed,
        understand.themes,
        understand.hours,
        understand.share,
        understand.denies,
        understand.is_moment,
    )
    for read in readings:
        for text in ("My neighbour said she likes Fridays, so I helped Ana move.", "helped my neighbour move"):
            read(text)
