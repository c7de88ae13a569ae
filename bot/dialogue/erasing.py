"""`/erase`: everything of theirs is gone for good, once they have typed that they mean it."""

from bot import understand
from bot.dialogue import aside
from bot.dialogue.talk import Part, Talk, choice
from bot.domain import Erase, Pressed, Said
from bot.words import _


def begin(talk: Talk) -> None:
    """Say what goes, and ask for the words."""
    talk.put_in("erase")
    resume(talk)


def resume(talk: Talk) -> None:
    """Ask for the words again."""
    talk.say(
        _("This deletes everything of yours for good: every word, name, theme and file. There is no way back."),
        _("If you'd like a copy first, /export makes one."),
        _("If you're sure, write: {words}").format(words=confirmation()),
        choices=[(choice(_("Keep everything"), "erase", "keep"),)],
    )


def confirmation() -> str:
    """What has to be typed."""
    return _("erase everything")


def confirms(text: str, talk: Talk) -> bool:
    """Whether *text* is just what was asked for, while it is asked."""
    return talk.asked == "erase" and understand.folded(text) == understand.folded(confirmation())


def confirmed(event: Said, talk: Talk) -> bool:
    """Other words after that. They leave everything as it is, and unless they say no more than that they are answered
    as they would have been: False."""
    if understand.wish(event.text) in ("no", "skip", "later", "nothing", "unsure", "never", "enough"):
        keep(talk)
        return True
    talk.restore()
    talk.greeting = _("Nothing is erased.")
    return False


def keep(talk: Talk) -> None:
    """They thought better of it."""
    aside.back(talk, _("Everything stays as it is."))


def erase(talk: Talk) -> None:
    """All of it is gone. Nothing may be written after this but the farewell."""
    talk.journal.erase()
    talk.wish(Erase())
    talk.say(
        _("Everything of yours is gone. Our chat stays in Telegram until you delete it there."),
        _("Thank you for what you told me. Be well."),
    )


def pressed(event: Pressed, talk: Talk, parts: list[Part]) -> bool:
    """Keep everything."""
    if parts != ["keep"]:
        return False
    if talk.asked == "erase":
        talk.chosen = event.label
        keep(talk)
    return True
