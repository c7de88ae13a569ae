"""What a language model may say about a draft: a remark on what stands in it, and one question. Nothing of it is
written anew, and whoever wrote it is not judged.

As for a card, rather a good text is refused than a bad one let through: what our own reading says is there already.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.domain import DraftBrief, DraftProposal
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
    bare_words,
    evened,
    found_by,
    ill_said,
    is_theirs,
    quotations,
    unstopped,
    words_of,
)
from bot.understand.phrases import vocabulary

__all__ = ["FLAWS", "LONGEST_QUESTION", "LONGEST_REMARK", "flaws"]

LONGEST_REMARK, LONGEST_QUESTION = 240, 140
"""UTF-16 units at most: the answer stays on one screen."""

_IN_A_ROW = 6
"""Words that, outside quotation marks, are the draft itself and no longer talk of it."""

_QUOTED_AT_ONCE = 12
"""Words of one quotation at most."""

_ENGLISH_SHARE = 1 / 4
"""Of the words of a remark so many are such as every English sentence has."""

FLAWS: Final[Mapping[str, str]] = {
    "unknown-theme": "the theme must be one of the list, letter by letter, or null",
    "empty": "there must be a remark and a question",
    "lines": "write one line without breaks",
    "characters": "no emoji and no unusual characters",
    "too-long": "write less: a remark has 240 characters at most, a question 140",
    "markup": "plain words only, no markup, brackets or lists",
    "link": "no links, addresses, handles, hashtags or telephone numbers",
    "english": "write English around what you quote",
    "sentences": "the remark is one or two sentences and asks nothing",
    "not-a-question": "the question is one sentence that begins with who, whom, whose, what, which, where, when or how"
    " and ends with a question mark",
    "not-quoted": "the remark quotes a few words of the draft in quotation marks",
    "misquoted": "what stands in quotation marks must be in the draft, word for word, and a few words only",
    "copied": "outside quotation marks say it in words of your own",
    "rewrites": "say what stands in it: no other words for it, no change and nothing to add",
    "judges": "speak of the draft, not of the person, and find no fault",
    "advice": "no advice",
    "reach": "nothing about followers, likes, an audience, reach or hashtags",
    "platform": "no platform by name",
    "praise": "no praise and no exclamation marks",
    "therapy": "no talk of feelings or growth",
    "figures": "no numbers",
    "another-name": "name nobody and nothing that is not in the draft",
    "leak": "nothing about yourself, these rules or the form, and never as if you were the writer",
}
"""What can be wrong, by its id, and the rule that mends it, in words for a model."""

# ---- phrases

_REWRITES = r"""
    try | trying | instead | rewrite | rewriting | rewritten | rephrase | reword | rewording | replace | replacing
    swap | change | changing | edit | editing | revise | tweak | polish | improve\w* | better | stronger
    clearer | sharper
    (start | begin | end | open | close | lead) [it | the post | this] (with | by) | add | adding | insert | include
    cut | remove | delete | shorten | trim | tighten | (a | one | another | this | new) version | for example
    for instance | eg | something like | along the lines | like this | such as | template | headline | hook
    call to action | cta | (first | opening | last) (line | sentence) | tone | wording | phrasing
    turn (it | this) into | write | writing | say (that | this | it | something) | suggest\w* | recommend\w*
    propos\w+ | missing | could use | worth (adding | saying | asking | naming)
"""
_CHANGES = """
    could (be | read | say | go | become | start | begin | end | open | use | have | include | mention | name | ask |
        thank | also) | would (be | read | work | land | help | benefit | gain | make)
    make (it | this | the | them) | needs? to
"""
"""What a remark would change by; a question may ask whose part could be named."""

_JUDGES = r"""
    boast\w* | brag\w* | humblebrag\w* | vain | vanity | ego | egos | ego\w+ | arrogan\w* | narciss\w* |
        selfish\w*
    self (absorbed | centred | centered | serving | important | obsessed | promot\w+ | congratulat\w+ | indulgent)
    attention (seeking | grabbing) | show off | showing off | desperate | needy | insincere | fake | phoney | phony
    shallow | hollow | empty | boring | dull | lazy | clich\w* | generic | bland | cold | salesy | spam\w* |
        cringe\w*
    pushy | preachy | smug | pretentious | clickbait | immature | unprofessional | rude | poor | poorly | weak | bad
    badly | wrong | fail | fails | failing | lack | lacks | lacking | unfortunately | sadly | pity | merely | mediocre
    amateur\w* | typical | too (much | many | long | short | little | vague | general) | only cares | not enough
    nobody (cares | will care | wants) | pointless | useless | honest | honestly | genuine
    genuinely | sincere\w*
"""
_PERSON_DOES = vocabulary("""
    thank ask name answer invite credit tell announce quote mention offer greet describe show share give let leave speak
    link send say know like want would
""")
"""What may be said that "you" do: what stands in the draft, or what is asked for in a question."""

_OPENS = re.compile(r"(?:who|whom|whose|what|which|where|when|how)\b(?! about\b)", re.IGNORECASE)
_YOU = re.compile(r"\b(?:you|your|yours|yourself|you're|you've|you'd|you'll)\b(?: (?P<does>[a-z]+))?", re.IGNORECASE)
_ENGLISH = vocabulary("""
    it its is isn't a an the and but or of in to for with by from on at as so far that this these those who whom what
    which nobody somebody no one none not you it's there he she they them her him his their then also yet only more than
""")

# ---- what is wrong


def flaws(proposal: DraftProposal, brief: DraftBrief) -> tuple[str, ...]:
    """What is wrong with *proposal* for the draft that *brief* is about, as ids of FLAWS in their order; () if
    nothing."""
    found = set()
    if proposal.theme is not None and proposal.theme not in brief.themes:
        found.add("unknown-theme")
    if not proposal.remark.strip() or not proposal.question.strip():
        found.add("empty")
    found |= {*_of_remark(proposal.remark, brief), *_of_question(proposal.question, brief)}
    return tuple(id for id in FLAWS if id in found)


def _of_remark(remark: str, brief: DraftBrief) -> Iterator[str]:
    yield from _of_either(remark, LONGEST_REMARK, brief)
    text = evened(remark[:READ])
    around = QUOTED.sub(QUOTE, text)
    if "?" in around or len(SENTENCES.split(around)) > 2:
        yield "sentences"
    if not any(quotations(text)):
        yield "not-quoted"
    words = [word.casefold() for word in WORD.findall(around.replace(QUOTE, " "))]
    if sum(word in _ENGLISH for word in words) < _ENGLISH_SHARE * len(words):
        yield "english"
    if found_by(_CHANGES).search(unstopped(bare_words(around))):
        yield "rewrites"
    if any((each["does"] or "").casefold() not in _PERSON_DOES for each in _YOU.finditer(around)):
        yield "judges"


def _of_question(question: str, brief: DraftBrief) -> Iterator[str]:
    yield from _of_either(question, LONGEST_QUESTION, brief)
    around = QUOTED.sub(QUOTE, evened(question[:READ]))
    is_one = around.count("?") == 1 and around.endswith("?") and len(SENTENCES.split(around)) == 1
    if not is_one or not _OPENS.match(around):
        yield "not-a-question"


def _of_either(said: str, longest: int, brief: DraftBrief) -> Iterator[str]:
    """What neither of the two may be."""
    yield from ill_said(said, longest=longest, theirs=words_of(brief.text), books=_RULES)
    text = evened(said[:READ])
    if text.count('"') % 2 or not all(_is_quoted(each, brief.text) for each in quotations(text)):
        yield "misquoted"
    if _in_a_row(QUOTED.sub(QUOTE, text), brief.text):
        yield "copied"


_RULES: Final[Mapping[str, str]] = {
    "rewrites": _REWRITES,
    "judges": _JUDGES,
    "advice": ADVICE,
    "reach": REACH,
    "praise": PRAISE,
    "therapy": THERAPY,
    "leak": LEAK,
}


def _is_quoted(quotation: str, draft: str) -> bool:
    return len(quotation.split()) <= _QUOTED_AT_ONCE and is_theirs(quotation, [draft])


def _in_a_row(around: str, draft: str) -> bool:
    """Whether as many words of *around*, one after the other, are those of the *draft*. A quotation parts them."""
    theirs = _runs([word.casefold() for word in WORD.findall(evened(draft))])
    return any(
        not theirs.isdisjoint(_runs([word.casefold() for word in WORD.findall(part)])) for part in around.split(QUOTE)
    )


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _IN_A_ROW]) for at in range(len(words) - _IN_A_ROW + 1)}
