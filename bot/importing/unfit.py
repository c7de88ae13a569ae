"""Why a file can't be taken in."""

from bot.domain import Why


class Unfit(Exception):
    """A file can't be taken in: *why*, and the *place* where that shows ("cards[3].minutes", "14" for a line)."""

    def __init__(self, why: Why, place: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.place = place
