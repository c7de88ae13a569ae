"""What many weeks add up to: the story that a person's journal tells, without any figure.

`past` gathers some weeks of a journal; `story` and `letter` say what can be drawn of them, `caption` tells of them in a
few sentences.
"""

from bot.story.caption import caption
from bot.story.drawn import LENGTHS, Chain, Letter, Line, Mark, Picture, Story
from bot.story.letter import letter
from bot.story.past import Past, Turn, names, past, story

__all__ = [
    "LENGTHS",
    "Chain",
    "Letter",
    "Line",
    "Mark",
    "Past",
    "Picture",
    "Story",
    "Turn",
    "caption",
    "letter",
    "names",
    "past",
    "story",
]
