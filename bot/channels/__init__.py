"""Where people are spoken to. A channel makes events of updates and messages of replies; it decides nothing."""

import os

# Without this python-telegram-bot, once imported, warns at every RetryAfter that its property will be a timedelta.
os.environ.setdefault("PTB_TIMEDELTA", "true")
