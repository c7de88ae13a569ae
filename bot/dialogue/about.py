"""What Tenfold says about itself."""

from datetime import timedelta

from bot.dialogue.talk import Talk
from bot.text import preview
from bot.words import _

COMMANDS = ("checkin", "goodturn", "history", "settings", "help")
"""The five of the command menu, in its order."""

QUOTE = 60
"""Letters of the last that was kept that tell it apart."""


def descriptions() -> dict[str, str]:
    """What each command of the menu does, in a few words."""
    return {
        "checkin": _("The week's questions, now"),
        "goodturn": _("Keep something you did for someone"),
        "history": _("What you told me, newest first"),
        "settings": _("When I come by, and how"),
        "help": _("What I can do"),
    }


def overview(talk: Talk) -> None:
    """Everything there is, on one screen."""
    talk.say(
        _("Once a week I ask, and you answer as you like. Everything can be skipped."),
        _("/checkin – the questions now; “/checkin full” asks all"),
        _("/goodturn – keep something you did for someone"),
        _("/suggest, /actions – one thing to do; what you took on"),
        _("/story – what the weeks add up to; “/story year”, a letter"),
        _("/history – what you told me; “/history Ana” looks for it"),
        _("/people, /themes – who was in it, and what it's about"),
        _("/draft – a post or mail, before it goes out"),
        _("/settings – when I come by, and how"),
        _("/pause – quiet until you call; “stop” does the same"),
        _("/cancel – leave the question that is open"),
        _("/export, /import, /erase – take it along, bring it back, have it gone"),
        _("/privacy – who can read this"),
        _("Or just write. I keep it."),
    )


def privacy(talk: Talk) -> None:
    """Plainly, who can read what, and for how long anything stays."""
    days = talk.house.backup_days
    talk.say(
        _("Whoever runs this bot could read what you write. Telegram carries it and could, too."),
        _("Nobody else who writes to me can see anything of yours."),
        _shown_to(talk),
        _(
            "I keep your words, presses and files, and the names and places in them; your Telegram number, first name"
            " and language; your city and its clock; when you wrote last, and what I asked and suggested."
        ),
        _(
            "A location is used once for its clock and not kept. Nothing is sold; no log holds your words. It's counted"
            " how many people and check-ins there are, never whose."
        ),
        _("/export gives you all of it, /erase deletes all of it here, at once and for good."),
        _("Backups are kept for {days} days; what you erase is gone from them after that.").format(days=days)
        if days
        else _("What you erase may stay, unread, on its disk and in backups: ask whoever runs this bot for how long.")
        if talk.house.database == "PostgreSQL"
        else _("If whoever runs this bot makes backups, ask them how long those are kept."),
    )


def _shown_to(talk: Talk) -> str:
    """Who is sent anything."""
    if talk.asks_model:
        return _(
            "A language model helps me choose, as you agreed: it is shown your themes, places, first names and what you"
            " wrote lately; for /story the good turns of its weeks, for /draft your draft. /settings takes that back."
        )
    if talk.house.model:
        return _("I send nothing to anyone; to a language model only if you agree.")
    return _("I send nothing to anyone.")


def too_much(talk: Talk) -> None:
    """To somebody who wrote more in a minute than is taken in: up to where it is kept, and when to go on. Once, though
    several processes may notice."""
    told_at = talk.journal.asking("too much").asked_at
    if told_at and talk.now - told_at < timedelta(minutes=1):
        return
    talk.journal.note_asking("too much", asked_at=talk.now)
    last = next(iter(talk.journal.written(1)), None)
    if last and last.text and last.reading != "hard" and talk.now - last.said_at <= timedelta(minutes=2):
        words = preview(" ".join(last.text.split()), QUOTE)
        kept = _("I've kept it as far as “{words}”, and nothing after that.").format(words=words)
    else:
        kept = _("What came first is kept; the rest isn't.")
    talk.say(_("That's a lot at once, more than I can take in."), kept, _("Give me a minute, then tell me the rest."))


def group(talk: Talk) -> None:
    """In a group, once."""
    talk.say(_("I'm better company in private. Write to me there."))


def no_journal_here(talk: Talk) -> None:
    """In a group, to whoever wants a journal handed out or taken in there."""
    talk.say(_("A journal is nobody else's to see. Write to me in private, and it stays between us."))


def turned_away(talk: Talk) -> None:
    """To somebody who isn't on the list of this bot's people, once."""
    talk.say(_("Hello. This Tenfold is kept for a few people only, so I can't be yours. You can run one of your own."))
