"""One person's journal: all that a dialogue may read or write.

It is a capability. It is opened for one person inside one transaction, every query it runs names that person, and it
offers no way to anybody else's, so no dialogue can leak. Each chapter is a class in a file of its own, on one page.
"""

from bot.journal.answers import media
from bot.journal.arrivals import UPLOADED, Arrivals
from bot.journal.history import EVER, History
from bot.journal.page import FAREWELL

__all__ = ["EVER", "FAREWELL", "UPLOADED", "Journal", "media"]


class Journal(History, Arrivals):
    """One person's journal. Nothing reached through it belongs to anyone else."""
