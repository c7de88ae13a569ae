"""A stand-in for Telegram: a Bot API server in a process of its own, and the client by which tests move people."""

from tests.botapi.client import BotApi, Button, Call, Group, Message, Person, Unmet

__all__ = ["BotApi", "Button", "Call", "Group", "Message", "Person", "Unmet"]
