"""A question put in between, and the way back to whatever was open before it.

Somebody in the middle of a check-in, or of the first meeting, may fix a name, reword an answer or look for a setting.
What they say next answers that; then the question that was open is asked again.
"""

from collections.abc import Sequence
from typing import Any

from bot.dialogue import asking, meeting
from bot.dialogue.talk import Row, Talk


def put_in(talk: Talk, question: str, **details: Any) -> None:
    """Open *question* until `back`; what was open waits for that."""
    before = talk.pending.get("before", talk.person.pending)
    talk.journal.ask(question, **details, before=before)


def back(talk: Talk, *lines: str, rows: Sequence[Row] = ()) -> None:
    """Say *lines* with *rows* of buttons, and ask again what was open before the question put in."""
    if "before" in talk.pending:
        talk.journal.change(pending=talk.pending["before"])
    check_in = talk.journal.open_check_in()
    if talk.asked in meeting.ANSWERED:
        if rows:
            talk.say(*lines, choices=rows)
        else:
            talk.greeting = "\n".join(line for line in (talk.greeting, *lines) if line)
        meeting.resume(talk)
    elif check_in and not talk.asked:  # if that answered its last question, it is over
        asking.resume(talk, check_in, *lines, rows=rows)
    else:
        talk.say(*lines, choices=rows)
