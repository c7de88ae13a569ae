"""Who it was, when that was asked: everything in such an answer may be a name, so capitals don't matter."""

import re
import unicodedata

from bot.understand.capitals import named_too, ordinary
from bot.understand.names import OWN, names
from bot.understand.people import CALLED, FAMILY_TITLES, KIN, PARTICLES, TITLES, kin, same_person, written
from bot.understand.phrases import LOOSE, phrases, straight
from bot.understand.wishes import wish

_READ = 300
_MOST = 8

_LEAD = """
    (it | that | this | they | he | she | there | those | these | one | [the] (first | second | third | last | other))
        [one] (s | was | were | is | are)
    (the | her | his | their | whose) names? (s | is | was | are)
    i (think | guess | mean | meant | helped | did (it | that) for | was (with | helping))
    um+ | uh+ | oh | ah | well | ok | okay | yes | yeah | yep | sorry | so | hm+ | of course | hi | hey | the (first |
        second | third | last | other) [one]
    just | only | both | all | mostly | mainly | probably | maybe | also | actually | again | named | called | first |
        then
    for | with | to | about | no | and
"""
_TRAIL = """
    really | please | thanks | thank you | i (think | guess | suppose | believe) | of course | mostly | too | as well
    again | only | this time | both | lol | haha+ | next door | actually
    from (work | school | church | uni | next door | (the | my | our) ...) | (at | in) (work | school | (the | my |
        our) ...)
    who ... | that's it | that's all
"""
_BEFORE = re.compile(rf"(?!no one){phrases(_LEAD, LOOSE)}+(?=\w)", re.IGNORECASE)
_AFTER = re.compile(rf"[\s,]+{phrases(_TRAIL, LOOSE)}$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[,;\n/+&、，؛،]|(?<=\w{3})\.\s|\b(?:and|AND|plus|und|et|e|y|и)\b)\s*")
_EDGES = re.compile(r"^[^\w]+|(?<!\b\w)[\s.:!?…\"'“”]+$")
_ASIDE = re.compile(r"\s*\(.*?\)|\s+[-–—]\s+my \w+$")
_NAME = re.compile(r"[^\W\d_][\w'-]*\.?(?: [^\W\d_][\w'-]*\.?){0,3}")
_THE = re.compile(r"the (?!other|usual|same|whole)[^\W\d_]+(?: [^\W\d_]+){0,3}", re.IGNORECASE)
_NOT = re.compile(r"(?:not|a|an|some|any|one|no|don't|didn't|nobody|someone|somebody|i) ", re.IGNORECASE)


def listed(text: str) -> tuple[str, ...]:
    """The people in an answer to "Who was it, then?", with the capitals of names: "joana and rui" is Joana, Rui.

    At most eight; () if nobody is named.
    """
    said = _ASIDE.sub("", unicodedata.normalize("NFC", straight(text))[:_READ])
    if wish(said):
        return ()
    pieces = [name for part in _BETWEEN.split(said) for name in _named(part)]
    if len(pieces) == 2 and re.fullmatch(r"[^,]+, [^,]+", said.strip()) and not re.search(r"\band\b", said):
        pieces = _without_relation(*pieces)
    found: list[str] = []
    for name in pieces:
        if not any(same_person(name, other) for other in found):
            found.append(name)
    return tuple(found[:_MOST])


def _without_relation(one: str, two: str) -> list[str]:
    """ "Joana, my sister" is one person, "mum, dad" are two."""
    if kin(one) == kin(two) or not {one[:3], two[:3]} & {"my ", "our"}:
        return [one, two]
    return [two if kin(one) else one]


def _named(part: str) -> tuple[str, ...]:
    """Who is named in one *part* of a list."""
    said = _BEFORE.sub("", _EDGES.sub("", part), count=1).strip()
    while (shorter := _AFTER.sub("", said)) != said:
        said = shorter
    if own := OWN.match(said):
        rest = said[own.end() :].strip(" :")
        return (written(rest),) if _name(rest) else (own[0].lower(),)
    if said.lower() in KIN:
        return (said.lower() if said.lower() in CALLED else f"my {said.lower()}",)
    if found := re.fullmatch(r"(\w+)'s (\w+)", said):
        return (f"{written(found[1])}'s {found[2].lower()}",) if found[2].lower() in KIN else ()
    if _THE.fullmatch(said):
        return (said[:1].lower() + said[1:],)
    if _name(said):
        return (written(said),)
    return () if _NOT.match(said) else names(f"I helped {said}")


def _name(said: str) -> bool:
    """Whether *said* has the form of a name, and no everyday word in it."""
    words = said.replace(".", "").split()
    if not _NAME.fullmatch(said) or _NOT.match(f"{said} "):
        return False
    small = PARTICLES | TITLES | FAMILY_TITLES
    return (
        all(word.lower() in small or not ordinary(word) or (len(words) == 1 and named_too(word)) for word in words)
        and words[-1].lower() not in TITLES
    )
