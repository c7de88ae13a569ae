"""Where people are spoken to. A channel makes events of updates and messages of replies; it decides nothing."""
