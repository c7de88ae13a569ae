"""What can go wrong, each with its cure. A message never holds a token or a word that anybody wrote."""


class TenfoldError(Exception):
    """Something that whoever runs the bot can mend; its text says how."""


class NotSent(Exception):
    """A message certainly did not reach the channel: send it again later."""


class Unsure(Exception):
    """A message may or may not have arrived (a timeout, a broken answer, a server error)."""


class Refused(Exception):
    """The channel will never take this message as it is."""


class TooFast(Exception):
    """The channel asks this chat to wait. *seconds* is for how long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class Unread(Exception):
    """An update makes no sense; its cause says why. *person* is whose it is, if that much can be told."""

    def __init__(self, person: int | None) -> None:
        super().__init__("an update makes no sense")
        self.person = person


class Gone(Exception):
    """The person blocked the bot or deleted the account."""


class Moved(Exception):
    """The chat has a new number, *chat*."""

    def __init__(self, chat: int) -> None:
        super().__init__("the chat has moved")
        self.chat = chat
