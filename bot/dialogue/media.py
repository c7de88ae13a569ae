"""Files that belong to an answer, in words and sent back."""

from bot.dialogue.talk import Talk, thing, things
from bot.domain import Answer
from bot.journal import Journal
from bot.words import _


def shown(journal: Journal, answer: Answer) -> str:
    """The files of *answer* in a few words, "a photo and 2 voice notes"; empty if there are none."""
    kinds = [media.file.kind for media in journal.media_of(answer.id)]
    parts = [things(kind, kinds.count(kind)) for kind in dict.fromkeys(kinds)]
    if len(parts) < 2:
        return "".join(parts)
    return _("{some} and {last}").format(some=", ".join(parts[:-1]), last=parts[-1])


def send_back(talk: Talk, answer: Answer) -> None:
    """The files of *answer*, each with a line to it."""
    day = talk.date(talk.local(answer.said_at).date())
    for media in talk.journal.media_of(answer.id):
        line = _("{file}, {day}.").format(file=thing(media.file.kind), day=day)
        talk.say(line[:1].upper() + line[1:], attached=f"media {media.id}")
