"""The first meeting: hello, themes, city, and a card in hand. Three messages, and nobody has to answer well."""

from datetime import date, datetime, timedelta

from bot import understand
from bot.cities import City, by_offset, cities, clear
from bot.dialogue import suggestion
from bot.dialogue.planning import hour, plan, rhythm, when
from bot.dialogue.talk import Row, Talk, asks_back, choice, clock, weekday
from bot.domain import Pressed, Said, Shared
from bot.text import emphasised, units
from bot.words import _

STORY = 60
"""UTF-16 units from which an answer to a small question is a story: what it says besides is kept as a note."""

APART = timedelta(days=4)
"""Between the last visit and the next, when their day or hour is changed in between."""


def hello(talk: Talk) -> None:
    """The first words ever."""
    talk.journal.change(quiet_until=None)
    talk.journal.ask("themes")
    talk.say(
        _(
            "Hello. Once a week I ask what you did for someone, keep it, and hand you one small thing to do."
            " Whoever runs this bot could read it (/privacy)."
        ),
        _which_themes(),
        choices=[_unsure()],
    )


def _which_themes() -> str:
    return _("What would you like people to come to you for? A few words, commas between.")


def _unsure() -> Row:
    return (choice(_("Don't know yet"), "meet", "unsure"),)


def first_words(event: Said, talk: Talk) -> None:
    """They began by telling something, before they were asked anything."""
    if understand.wish(event.text) is None:
        talk.journal.add("note", text=event.text, message=event.message)
        talk.greeting = _("I've kept that.")
    hello(talk)


def hello_again(talk: Talk) -> None:
    """They stopped in the middle of the meeting and are back."""
    talk.greeting = _("I'm here again.")
    if talk.journal.themes():
        ask_city(talk)
    else:
        talk.journal.ask("themes")
        resume(talk)


def resume(talk: Talk) -> None:
    """Ask again what is still open."""
    match _open(talk):
        case "themes":
            talk.say(_which_themes(), choices=[_unsure()])
        case "when":
            _ask_when(talk)
        case _:
            ask_city(talk)


def _open(talk: Talk) -> str:
    return str((talk.person.pending or {}).get("ask", ""))


# Themes


def themes(event: Said, talk: Talk) -> None:
    """What they would like people to come to them for, in their own words."""
    found = understand.themes(event.text)
    wish = understand.wish(event.text)
    if wish in ("unsure", "skip", "later", "no", "never", "nothing", "enough") or _wonders(event.text):
        no_themes(talk, why=_wonders(event.text))
    elif asks_back(event.text):
        talk.say(
            _("I'm a small program that comes by once a week; /help says more."),
            _which_themes(),
            choices=[_unsure()],
        )
    elif wish:
        talk.say(_("A few words will do, like “fixing bikes, listening”. Not knowing is fine."), choices=[_unsure()])
    elif found:
        talk.journal.set_themes(found)
        shown = " · ".join(emphasised(theme) for theme in found)
        ask_city(talk, _("{themes}. Kept.").format(themes=shown) if talk.person.zone else shown, change=True)
    else:
        talk.journal.add("note", text=event.text, message=event.message)
        if (talk.person.pending or {}).get("again"):
            ask_city(talk, _("Kept. We can find out the few words as we go."))
        else:
            talk.journal.ask("themes", again=True)
            talk.say(_("Kept. Which few words would you underline?"), choices=[_unsure()])


def _wonders(text: str) -> bool:
    return "?" in text and "why" in text.casefold()


def no_themes(talk: Talk, *, why: bool = False) -> None:
    """Not knowing is an answer."""
    if why:
        line = _("So that what I suggest sounds like you. We can find out as we go.")
    elif talk.journal.themes():
        line = _("Then they stay as they are.")
    else:
        line = _("We can find out as we go.")
    ask_city(talk, line)


# The city, for its clock


def ask_city(talk: Talk, line: str = "", *, change: bool = False) -> None:
    """Ask where they are, unless that is known; then the meeting is over."""
    if talk.person.zone and talk.person.state == "new":
        arrive(talk, talk.person.city, talk.person.zone, line)
        return
    if talk.person.zone:
        talk.journal.settle()
        talk.say(line, choices=[_change()] if change else [])
        return
    talk.journal.ask("city")
    day = weekday(rhythm(talk).weekday)
    at = hour(talk)
    if talk.person.minute is None:
        coming = _("I'll come by on {weekday}s at four. In which city?").format(weekday=day)
    else:
        coming = _("I'll come by on {weekday}s at {clock}. In which city?").format(weekday=day, clock=at)
    talk.say(line, coming, choices=[(*(_change() if change else ()), choice(_("Other time"), "meet", "when"))])


def _change() -> Row:
    return (choice(_("Change"), "meet", "change"),)


def city(event: Said, talk: Talk) -> None:
    """A city, or what time it is there, or another hour to come by."""
    pending = talk.person.pending or {}
    tried = int(pending.get("tried", 0))
    wish = understand.wish(event.text)
    offered = [each for each in pending.get("found", []) if event.text.strip(" .!?").casefold() in each[2].casefold()]
    if len(offered) == 1:
        name, zone, _label = offered[0]
        arrive(talk, name, zone)
        return
    if wish in ("hello", "thanks", "yes"):
        ask_city(talk)
        return
    if asks_back(event.text) and not clear(cities(understand.place(event.text))):
        if _wonders(event.text):
            talk.say(_("Only for its clock, so that I come by at your time. A bigger city near you will do."))
        else:
            ask_city(talk, _("I'm a small program that comes by once a week; /help says more."))
        return
    if units(event.text) > STORY:
        talk.journal.add("note", text=event.text, message=event.message)
    offset = understand.offset(event.text, talk.now)
    found = cities(understand.place(event.text))
    meant = clear(found)
    if meant:
        arrive(talk, meant.name, meant.zone)
    elif offset is not None and (near := by_offset(offset, talk.now)):
        _which(talk, near, _("Then your clock shows the same as one of these. Which is nearest?"))
    elif found:
        _which(talk, found, _("Which one?"))
    elif _set_hour(talk, event.text):
        ask_city(talk)
    elif tried:
        if wish is None and units(event.text) <= STORY:
            talk.journal.add("note", text=event.text, message=event.message)
        arrive(talk, None, "UTC")
    elif wish:  # they'd rather not
        talk.journal.ask("city", tried=1)
        talk.say(_("You needn't name one. What time is it there? “It's 3pm” is enough, and I'll go by that."))
    else:
        if len(event.text.split()) > 3 and units(event.text) <= STORY:
            talk.journal.add("note", text=event.text, message=event.message)
        talk.journal.ask("city", tried=1)
        talk.say(_("I can't place that one. A bigger city near you? Or tell me the time there, like “it's 3pm here”."))


def _which(talk: Talk, found: tuple[City, ...], question: str) -> None:
    talk.journal.ask("city", found=[[each.name, each.zone, each.label] for each in found], tried=1)
    rows = [(choice(each.label, "meet", "city", number),) for number, each in enumerate(found)]
    talk.say(question, choices=[*rows, (choice(_("Somewhere else"), "meet", "elsewhere"),)])


def shared(event: Shared, talk: Talk) -> None:
    """A location: only its clock is taken."""
    person = talk.person
    if person.state == "new":
        talk.journal.change(zone=event.zone, city=None)
        if person.pending is None:
            hello(talk)
        elif _open(talk) == "city":
            arrive(talk, None, event.zone)
        else:
            talk.greeting = _("Then I go by the clock there.")
            resume(talk)
        return
    talk.journal.change(zone=event.zone, city=None)
    talk.say(_("Then I go by the clock there. Next time: {when}.").format(when=when(talk, _moved(talk))))


def _moved(talk: Talk) -> datetime:
    planned = talk.journal.planned("check-in")
    return plan(talk, earliest=date.fromisoformat(planned[0]) if planned else None)


def arrive(talk: Talk, city: str | None, zone: str, *before: str) -> None:
    """The clock is known, so the meeting ends: the next visit, and a card in hand."""
    talk.journal.change(zone=zone, city=city, state="here")
    talk.journal.settle()
    # Not today or tomorrow: something has to have happened that can be asked about.
    at = plan(talk, earliest=talk.local(talk.now).date() + timedelta(days=2))
    unplaced = _("For now I go by UTC, then. Share a location any time, and I'll go by its clock.")
    suggestion.offer(
        talk,
        *before,
        unplaced if zone == "UTC" and city is None else "",
        _("{when}. No need to wait, though:").format(when=when(talk, at)),
    )


# Another hour


def _ask_when(talk: Talk) -> None:
    talk.journal.ask("when")
    talk.say(_("Which day and hour suit you? Something like “sundays 9am”."))


def when_instead(event: Said, talk: Talk) -> None:
    """Another day or hour for coming by."""
    if units(event.text) > STORY:
        talk.journal.add("note", text=event.text, message=event.message)
    if _set_hour(talk, event.text):
        if talk.person.state == "new":
            ask_city(talk, _("{rhythm}, then.").format(rhythm=_rhythm(talk)))
        else:
            talk.journal.settle()
            at = plan(talk, earliest=_not_before(talk))
            talk.say(_("{rhythm}, then. Next time: {when}.").format(rhythm=_rhythm(talk), when=when(talk, at)))
    elif (talk.person.pending or {}).get("again") or understand.wish(event.text):
        usual_time(talk)
    else:
        talk.journal.ask("when", again=True)
        talk.say(_("I didn't catch a day or an hour in that. Something like “sundays 9am” or “tuesday 18:30”?"))


def usual_time(talk: Talk) -> None:
    """No other day or hour after all."""
    ask_city(talk, _("We'll leave it as it is, then."))


def _rhythm(talk: Talk) -> str:
    minute = talk.person.minute
    at = _("about four") if minute is None else clock(minute)
    return _("{weekday}s at {clock}").format(weekday=weekday(rhythm(talk).weekday), clock=at)


def _not_before(talk: Talk) -> date:
    """The first day for the next visit: not close to the last one, and not today."""
    last = next((each.opened_at for each in talk.journal.check_ins(8) if each.kind == "planned"), None)
    tomorrow = talk.local(talk.now).date() + timedelta(days=1)
    return max(tomorrow, talk.local(last).date() + APART) if last else tomorrow


def _set_hour(talk: Talk, text: str) -> bool:
    day, at = understand.rhythm(text)
    if day is not None:
        talk.journal.change(weekday=day)
    if at is not None:
        talk.journal.change(minute=at.hour * 60 + at.minute)
    return day is not None or at is not None


# Buttons


def pressed(event: Pressed, talk: Talk, parts: list[str]) -> bool:
    """Whether the button still meant something."""
    pending = talk.person.pending or {}
    found = pending.get("found", [])
    match parts:
        case ["unsure"] if pending.get("ask") == "themes":
            talk.chosen = event.label
            no_themes(talk)
        case ["change"] if pending.get("ask") != "themes":
            talk.chosen = event.label
            talk.journal.ask("themes")
            talk.say(_("Say them again, the way you'd like them."))
        case ["when"] if pending.get("ask") != "when":
            talk.chosen = event.label
            _ask_when(talk)
        case ["city", place] if place in [str(each) for each in range(len(found))]:
            talk.chosen = event.label
            name, zone, _label = found[int(place)]
            arrive(talk, name, zone)
        case ["elsewhere"] if found:
            talk.chosen = event.label
            talk.journal.ask("city", tried=1)
            talk.say(_("Where, then? A city near you is enough, or the time there: “it's 3pm here”."))
        case ["unsure" | "change" | "when" | "elsewhere"] | ["city", "0" | "1" | "2" | "3"]:
            pass  # pressed once before
        case _:
            return False
    return True


PENDING = {"themes": themes, "city": city, "when": when_instead}
"""What answers the meeting's open questions."""
