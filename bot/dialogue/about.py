"""What Tenfold says about itself."""

from bot.dialogue.talk import Talk
from bot.words import _

COMMANDS = ("checkin", "goodturn", "history", "pause", "help")
"""The five of the command menu, in its order."""


def descriptions() -> dict[str, str]:
    """What each command of the menu does, in a few words."""
    return {
        "checkin": _("The week's questions, now"),
        "goodturn": _("Keep something you did for someone"),
        "history": _("What you told me, newest first"),
        "pause": _("Stay quiet for a while"),
        "help": _("What I can do"),
    }


def overview(talk: Talk) -> None:
    """Everything there is, on one screen."""
    talk.say(
        _("Once a week I ask, and you answer as you like: a button, a word, a story. Everything can be skipped."),
        _("/checkin – the questions now; “/checkin full” asks all of them, “/checkin one” only the first"),
        _("/goodturn – keep something you did for someone"),
        _("/history – what you told me, newest first; “/history Ana” or “/history november” looks for something"),
        _("/people – who was in it"),
        _("/pause – quiet until you call, or for a while; “stop” does the same"),
        _("/cancel – leave the question that is open"),
        _("/export – all of it, to take along; /erase – all of it gone"),
        _("/privacy – who can read this"),
        _("Or just write. I keep it."),
    )


def privacy(talk: Talk) -> None:
    """Plainly, who can read what."""
    talk.say(
        _("What you write is kept in a database of whoever runs this bot, and that person could read it."),
        _("Telegram carries our messages and can read them too: bots have no end-to-end encryption."),
        _("Nobody else who writes to me can see anything of yours. I send nothing to anyone."),
        _(
            "I keep your words, presses and files, the names in them, and when you last wrote; your Telegram number,"
            " first name and language; your city, its clock, and when I come by; and what I asked and suggested."
        ),
        _("Your files too."),
        _("A location you share is used once for its clock and not kept."),
        _("Nothing is counted, sold or shown to advertisers, and the log holds no word of yours."),
        _("/export gives you all of it. /erase deletes all of it for good, and then it's gone here at once."),
    )


def group(talk: Talk) -> None:
    """In a group, once."""
    talk.say(_("I'm better company in private. Write to me there."))


def turned_away(talk: Talk) -> None:
    """To somebody who isn't on the list of this bot's people, once."""
    talk.say(_("Hello. This Tenfold is kept for a few people only, so I can't be yours. You can run one of your own."))
