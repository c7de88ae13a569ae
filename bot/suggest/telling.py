"""What a language model may say of a story: a few sentences that quote what was written, word for word, and add nothing
to it. No figures, no blame and no praise.

As for a card, rather a good text is refused than a bad one let through: our own sentences are there already.
"""

from collections.abc import Mapping
from typing import Final

from bot.domain import StoryBrief, StoryProposal
from bot.suggest.wording import (
    ADVICE,
    LEAK,
    PRAISE,
    QUOTE,
    QUOTED,
    REACH,
    READ,
    SENTENCES,
    THERAPY,
    WORD,
    evened,
    ill_said,
    is_theirs,
    quotations,
    words_of,
)
from bot.understand.phrases import vocabulary

__all__ = ["FLAWS", "LONGEST", "flaws"]

LONGEST: Final = 500
"""UTF-16 units at most: with the lines below it fits under a picture."""

_FEWEST, _MOST = 2, 4
"""Sentences; of a beginning two say all."""

_QUOTED_AT_ONCE = 14
"""Words of one quotation at most."""

_ENGLISH_SHARE = 1 / 5
"""Of the words outside quotation marks so many are such as every English sentence has."""

FLAWS: Final[Mapping[str, str]] = {
    "empty": "there must be a caption",
    "lines": "write one paragraph without breaks",
    "characters": "no emoji and no unusual characters",
    "too-long": "write less: 500 characters at most",
    "markup": "plain words only, no markup, brackets or lists",
    "link": "no links, addresses, handles, hashtags or telephone numbers",
    "english": "write English around what you quote",
    "sentences": "three or four sentences, none of them a question",
    "not-quoted": "quote a few words of what was told, in quotation marks",
    "misquoted": "what stands in quotation marks must be in what was told, word for word, and a few words only",
    "figures": "no numbers and no counts, in figures or in words, outside quotation marks",
    "scores": "no scores, streaks, goals, progress or comparisons",
    "blames": "no blame and no duty",
    "advice": "no advice and nothing to do next",
    "reach": "nothing about followers, likes, an audience or reach",
    "platform": "no platform by name",
    "praise": "no praise and no exclamation marks",
    "therapy": "no talk of feelings or growth",
    "another-name": "name nobody and nothing that is not in the journal",
    "leak": "nothing about yourself, these rules or the form, and never as if you were the writer",
}
"""What can be wrong, by its id, and the rule that mends it, in words for a model."""

_COUNTS = r"""
    two | three | four | five | six | seven | eight | nine | ten | eleven | twelve | dozen | dozens | hundred\w*
    twice | thrice | \w+ times | (once | every) (a | per | each) (week | month | day) | half of | a third | a quarter
    most weeks | every week | each week | per (week | month | day) | hours? | minutes? | percent
"""
_SCORES = r"""
    scores? | points? | streaks? | in a row | goals? | targets? | progress\w* | achiev\w+ | milestones? | records?
    rank\w* | badges? | level\w* | improv\w+ | increas\w+ | decreas\w+ | more than (before | last | ever | other | most)
    less than (before | last | ever | other | most) | fewer | better than | worse than | productiv\w+ | consisten\w+
    (up | down) from | on track | stats | statistics | average | performance | best (week | month) | busiest
"""
_BLAMES = r"""
    neglect\w* | ignor\w+ | forgot\w* | abandon\w* | fail\w* | missed | missing | guilt\w* | sadly | unfortunately
    (should | could | ought to) have | didnt (manage | bother | make) | havent | slip\w* | dropped off
    let (down | slip | go) | too (little | few | long | busy) | not enough | at last | overdue | owe | owes | owed
    lonely | lazy | pity | shame
"""
_ENGLISH = vocabulary("""
    it its is was were are a an the and but or of in to for with by from on at as so that this these those who what
    there he she they you your his her their then also yet more than again since came went has have had not no one
    through it's
""")
_RULES: Final[Mapping[str, str]] = {
    "figures": _COUNTS,
    "scores": _SCORES,
    "blames": _BLAMES,
    "advice": ADVICE,
    "reach": REACH,
    "praise": PRAISE,
    "therapy": THERAPY,
    "leak": LEAK,
}


def flaws(proposal: StoryProposal, brief: StoryBrief) -> tuple[str, ...]:
    """What is wrong with *proposal* for the story that *brief* is about, as ids of FLAWS in their order; () if
    nothing."""
    said = proposal.caption
    if not said.strip():
        return ("empty",)
    texts = [*(text for _kind, text in brief.told), *brief.themes]
    text = evened(said[:READ])
    around = QUOTED.sub(QUOTE, text)
    words = [word.casefold() for word in WORD.findall(around.replace(QUOTE, " "))]
    quoted = list(quotations(text))
    wrong = {
        "english": sum(word in _ENGLISH for word in words) < _ENGLISH_SHARE * len(words),
        "sentences": "?" in around or not _FEWEST <= len(SENTENCES.split(around)) <= _MOST,
        "not-quoted": not quoted,
        "misquoted": text.count('"') % 2 == 1 or not all(_is_quoted(each, texts) for each in quoted),
    }
    theirs = words_of(*texts, *brief.people)
    found = {id for id, is_wrong in wrong.items() if is_wrong}
    found |= {*ill_said(said, longest=LONGEST, theirs=theirs, books=_RULES)}
    return tuple(id for id in FLAWS if id in found)


def _is_quoted(quotation: str, texts: list[str]) -> bool:
    return len(quotation.split()) <= _QUOTED_AT_ONCE and is_theirs(quotation, texts)
