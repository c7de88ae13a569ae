"""Placeholder until the real one is merged."""

from bot.dialogue.talk import Talk
from bot.domain import Answer
from bot.journal import Journal


def shown(journal: Journal, answer: Answer) -> str:
    return "a file" if journal.media_of(answer.id) else ""


def send_back(talk: Talk, answer: Answer) -> None:
    for each in talk.journal.media_of(answer.id):
        talk.say("Here it is.", attached=f"media {each.id}")
