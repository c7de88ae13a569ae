"""`/export`: everything of theirs, to keep."""

from bot.dialogue.talk import Talk
from bot.words import _


def show(talk: Talk) -> None:
    """It comes along with this very message. Nothing is written where there is nothing to take."""
    journal = talk.journal
    if journal.entry_before(None) is None and not journal.themes():
        talk.say(_("There's nothing to take along yet. Tell me something first, whenever you like."))
    else:
        talk.say(
            _("Here it all is, yours to keep: a text to read, tables, and a file for other programs."),
            attached="export",
        )
