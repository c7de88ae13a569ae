"""What became of an act, in the words of whoever did it or didn't: "did it, left on read", "not yet", "let it go"."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal, NamedTuple

from bot.understand.parting import without_names
from bot.understand.phrases import bare, lowered, phrases
from bot.understand.wishes import wish


class Happened(NamedTuple):
    """*what* became of it, how it *felt* if that was said, and whether there is *more* in the words than that."""

    what: Literal["done", "not yet", "dropped"]
    felt: Literal["gladly", "chore"] | None = None
    more: bool = False


_ANY = "yes | yep | yeah | yup | well | so | ok | okay | oh | ah | actually | finally | just | i guess | i think | no"
_IT = "it | that | this | so | them | mine"
_WHEN = """already | now | today | yesterday | this morning | last night | tonight | this week | this time
           | on (monday | tuesday | wednesday | thursday | friday | saturday | sunday) | at last | in the end
           | straight away | right away | thanks | twice | in fact | myself | after all | indeed"""
_SOON = """soon | later | tomorrow | next week | this week | tonight | this weekend | today | on \\w+ | in a bit
           | in a few days | next time"""
_DONE = f"""(i | we | ive | weve | i have | we have)* (did | done | managed | finished | completed) [{_IT}]
           (yes | {_WHEN})*"""
_BOOKS = {
    "chore": f"""
        ({_DONE})* [but | and | though] [{_IT}] (was | felt like | is | more of | bit of | rather | honestly)*
            [a | such a | quite a | a bit of a | kind of a | more of a] (chore | drag | slog | duty)
        ({_DONE})* (grudgingly | reluctantly | unwillingly) | had to force myself | (i | it) hated it
    """,
    "gladly": f"""
        ({_DONE})* (gladly | happily | with pleasure | with joy | willingly) [and]
        ({_DONE})* [and] [i] (loved | enjoyed | liked) (it | that | every minute | every minute of it)
        ({_DONE})* [and] (it | that) (was | felt) [so | really | very] (fun | lovely | good | nice | great | a joy)
    """,
    "done": f"""
        {_DONE} | (it | that | its | thats | it is | it has | all) (happened | done | sorted | finished | settled)
            [{_WHEN}]
        sorted | completed | mission accomplished | i (did | have) | sure did | of course | it did
        (it | that) went (well | fine | great | ok | okay | badly | so so | really well | alright)
    """,
    "not yet": f"""
        not (yet | today | this week | so far | quite | really | so far no) [{_SOON}]
        [i] (havent | have not | hadnt | didnt | did not | couldnt | could not | cant)
            (get | got | find | found | have | had | manage | managed | make | made | done | do)
            ({_IT} | to | round | around | the | a | time | moment | chance)* [yet]
        [i] (havent | have not | couldnt | could not) [yet]
        [i] (totally | clean)* (forgot | forgotten) (about | to)* ({_IT} | do it)*
        (theres | there was | had | i had | i have)* no (time | chance | moment | occasion) [yet | for it]
        [its | it is] still (to do | to come | pending | open | planned | on my list | waiting | on)
        (ill | i will | will | gonna | going to | im going to | i am going to | i plan to | planning to | i want to)
            (do | try | ask | call | ring | write | get to) ({_IT} | her | him | them)* [{_SOON}]
        [maybe] ({_SOON})
    """,
    "dropped": f"""
        (let | leave | drop | scrap | forget | cancel) (about)* ({_IT}) (go | be | rest)* [please | now]
        dropped [it] | [i] (gave | given) up | [i] (changed my mind | decided against it | decided not to)
        [i] (wont | will not | am not going to) [do] ({_IT})* | im not (going to | gonna | doing) (do)* ({_IT})*
        (its | that is | thats)* not (going to happen | gonna happen | happening | for me)
        [it] (wont | didnt | never | did not) (happen | happened | work out | work | come to it)
        [i] (didnt | did not) [do] ({_IT})* | (it | that) didnt | it fell through | too late [now]
    """,
}

_CLAUSE = re.compile(r"[,.;:!…()\n]|\s-\s|\b(?:but|and|because|cause|so|then)\b")
_NOT = re.compile(r"\b(?:not|never|didnt|havent|hasnt|wasnt|couldnt|cant|nothing|nobody|no one|wont|no)\b")
_TOLD = re.compile(
    r"(?:(?:yes|yep|yeah|yup|well|so|oh|and|i|we|ive|weve|just|finally|actually|have|then) )*"
    r"(?:did|done|asked|rang|called|phoned|wrote|texted|messaged|sent|thanked|told|visited|met|showed|shown|offered"
    r"|answered|replied|invited|gave|listened|talked|spoke|introduced|reached|tried|managed|helped|read|said|went"
    r"|made) "
    r"(?:(?:\w+ ){0,2}?it|(?:(?:to|with|for|at|on|back|about) )?(?:that|her|him|them|they))\b"
    r"|(?:she|he|they|it) (?:loved|liked|enjoyed|cried|laughed|smiled|beamed|answered|replied|thanked"
    r"|said (?:yes|thanks)"
    r"|(?:was|were) (?:so |very |really |quite )?(?:happy|glad|thrilled|pleased|touched|delighted|moved|grateful"
    r"|surprised|relieved|chuffed|over))\b"
)
_NO = re.compile(r"(?:no|nope|nah|not really) (?!one\b|body\b|idea\b|clue\b|doubt\b|problem\b|reply\b|answer\b)")
_MERE_ASSENT = frozenset(("ok", "okay", "k", "kk", "alright", "all right", "sure", "sure thing", "why not", "fine"))
_YES = re.compile(r"(?:yes|yep|yeah|yup) ")
_STILL_TO_COME = re.compile(r"\b(?:yet|will|ill|going to|gonna|tomorrow|still|later|soon|next|planning|want to)\b")
_UNANSWERED = re.compile(
    r"\b(?:left (?:me )?(?:on|in|at) (?:read|seen)|on read|no (?:reply|answer|response|reaction)|ghosted|radio silence"
    r"|crickets"
    r"|(?:nothing|no word) (?:back|since|so far)|never (?:replied|answered|responded|wrote back|called back|heard back)"
    r"|(?:didnt|hasnt|havent|did not|has not|have not|wouldnt|wont) (?:even )?(?:reply|replied|answer|answered|respond"
    r"|responded|react|reacted|write back|written back|call back|called back|hear back|heard back"
    r"|heard anything|picked up|pick up)"
    r"|ignored (?:me|it)|(?:said|says|told me) no|turned (?:me|it) down|wasnt interested|not interested"
    r"|brushed (?:me|it) off)\b"
)


@cache
def _answers() -> re.Pattern[str]:
    named = "|".join(f"(?P<{name.replace(' ', '_')}>{phrases(book)})" for name, book in _BOOKS.items())
    return re.compile(f"{phrases(_ANY)}*?(?:{named})")


def _reading(words: str) -> str | None:
    found = _answers().fullmatch(f"{words} ")
    return next(name for name in _BOOKS if found[name.replace(" ", "_")] is not None) if found else None


def happened(text: str, names: Sequence[str] = ()) -> Happened | None:
    """What *text* says became of an act for whoever goes by *names*, or None if it doesn't. Words that go on to tell of
    it have *more*."""
    whole = without_names(bare(text), names)
    if reading := _reading(whole) or _wished(text):
        return _as(reading, more=False)
    clauses = [words for each in _CLAUSE.split(lowered(text)) if (words := without_names(bare(each), names))]
    if not clauses:
        return None
    readings = [_reading(clause) or _wished(clause) for clause in clauses]
    felt = next((each for each in readings if each in ("chore", "gladly")), None)
    first = readings[0]
    if first == "dropped" and _wished(clauses[0]) and _STILL_TO_COME.search(whole):
        first = "not yet"  # "no, but I will on sunday"
    if first is None and not _NOT.search(clauses[0]) and (_TOLD.match(clauses[0]) or _YES.match(f"{whole} ")):
        first = "done"
    elif first is None and unanswered(text):
        first = "done"  # there was something to answer
    elif first is None and _NO.match(f"{whole} "):
        first = "not yet" if _STILL_TO_COME.search(whole) else "dropped"
    if first is None and len(clauses) > 1 and readings[-1] in ("dropped", "not yet") and not _YES.match(f"{whole} "):
        first = readings[-1]  # "it rained, so no"
    if first is None:
        return None
    more = not all(readings)
    return _as(felt if felt and first == "done" else first, more=more)


def _as(reading: str, *, more: bool) -> Happened:
    match reading:
        case "chore":
            return Happened("done", "chore", more)
        case "gladly":
            return Happened("done", "gladly", more)
        case "not yet":
            return Happened("not yet", None, more)
        case "dropped":
            return Happened("dropped", None, more)
        case _:
            return Happened("done", None, more)


def _wished(text: str) -> str | None:
    """What a wish comes to here."""
    match wish(text):
        case "yes" if bare(text) not in _MERE_ASSENT:
            return "done"
        case "later" | "unsure":
            return "not yet"
        case "no" | "skip" | "never" | "nothing":
            return "dropped"
        case _:
            return None


def unanswered(text: str) -> bool:
    """Whether *text* says that whoever it was for never answered, or said no: "left on read"."""
    return _UNANSWERED.search(bare(text)) is not None
