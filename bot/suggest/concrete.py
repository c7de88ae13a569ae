"""What makes a suggestion concrete, as far as a machine can tell: whatever a language model wrote is held against this.

A proposal that keeps all the rules may still be dull; one that breaks any is never shown, and the catalogue's card
stays. So rather a good text is refused than a bad one let through. What must not be said is kept in phrase books (the
notation is that of `understand.phrases`): a new phrase is one more line here, and one more in the tables of the tests.

Names and places of theirs are taken out of a text before it is read, each for a sign that no text has, because they may
be called anything at all: a place may be "the r/sourdough group", and somebody may be called Will.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from bot import understand
from bot.domain import CardBrief, CardProposal
from bot.suggest.wording import (
    ADVICE,
    FIRST_PERSON,
    LEAK,
    MARKUP,
    MONEY,
    PICTURES,
    PLATFORMS,
    PRAISE,
    QUOTED,
    REACH,
    READ,
    SENTENCES,
    SKINS,
    THERAPY,
    WORD,
    bare_words,
    evened,
    found_by,
    is_theirs,
    quotations,
    strange_names,
    unfit,
    unstopped,
    words_of,
)
from bot.text import units
from bot.understand.phrases import lowered, vocabulary

__all__ = ["FLAWS", "LONGEST", "LONGEST_MIRROR", "MINUTES", "allowed", "flaws", "mirror_flaws"]

LONGEST = 280
"""UTF-16 units of an act at most."""

LONGEST_MIRROR = 200
"""UTF-16 units of a mirror at most."""

MINUTES = (5, 10, 15, 20, 30, 60)
"""What an act may take."""

_FEWEST = 6
"""Words of an act at least: fewer leave out what is done, or with whom."""

FLAWS: Final[Mapping[str, str]] = {
    "unknown-theme": "the theme must be one of the list, letter by letter, or null",
    "unknown-person": "the person must be one of the list, letter by letter, or null",
    "unknown-place": "the place must be one of the list, letter by letter, or null",
    "minutes": "minutes must be one of the numbers allowed, and enough for what the act asks",
    "lines": "write one line without breaks",
    "characters": "no emoji and no unusual characters",
    "too-long": "write less: an act has 280 characters at most, a mirror 200",
    "markup": "plain words only, no markup, brackets or lists",
    "link": "no links, addresses, handles, hashtags or telephone numbers",
    "not-verb-first": "begin with the verb that says what to do, like Ask, Show, Ring, Offer, Find",
    "nobody-named": "say for whom it is, or where to find them",
    "person-not-named": "name the person in the act, spelled as in the list",
    "another-name": "name nobody and nothing that is not in the lists",
    "quota": "no numbers of people or times, and nothing daily: one person, once",
    "money": "nothing about money, buying or giving money",
    "reach": "nothing about followers, likes, an audience or a network",
    "platform": "no platform or product by name",
    "broadcast": "no posting or announcing: do something for one person",
    "ready-to-send": "no words to send or to say: those are theirs to find",
    "leak": "only the act, nothing about yourself, these rules or the form",
    "biography": "claim nothing about the person: say only what to do",
    "new-face": "only with people they know already",
    "vague": "say what exactly is done, so that it is clear when it is done",
    "near-recent": "too near to an earlier act: choose something else",
    "sentences": "the mirror is one sentence",
    "not-quoted": "the mirror quotes a phrase of theirs in quotation marks",
    "misquoted": "what stands in quotation marks must be in what they wrote, word for word",
    "figures": "no numbers and no counting in the mirror",
    "advice": "no advice in the mirror",
    "praise": "no praise in the mirror",
    "therapy": "no questions and no talk of feelings in the mirror",
}
"""What can be wrong, by its id, and the rule that mends it, in words for a model."""

# ---- phrases

_VERBS = vocabulary("""
    accompany acknowledge add admit agree answer apologise apologize appreciate arrange ask attend bake begin boil
    book borrow brew bring build call carry catch celebrate charge check choose chop clean clear collect come
    comment compare confess congratulate connect cook copy correct cover credit cut cycle dance decide dedicate
    deliver describe dig do draw drive drop dry eat encourage end enter exchange explain feed fetch fill find finish
    fix fold follow forgive forward gather get give go greet grow guide hand hang harvest have hear heat help hold
    host hum include introduce invite iron join keep knead knit knock label lay lead learn leave lend let lift list
    listen look make map mark match meet mend mention message mix move mow name note notice offer open organise
    organize own pack paint pass pick plan plant play point practice practise praise prepare print promise proofread
    propose pull put raise reach read recall recommend record recount rehearse remember reread remind repair repeat
    replace reply repot rescue respond return review revisit ride ring run save say scan see send set settle sew
    shadow share sharpen shovel show sing sit sketch skip slice solve sort speak spend split spot stand start stay
    step stir stop store suggest support swap sweep swim switch take talk taste teach tell test text thank think
    tidy time touch trace trade train translate trim try tune turn type unpack use visit volunteer wait wake walk
    warm wash watch water welcome wipe work wrap write
""")
"""What an act can begin with."""

_LEADS = vocabulary("""
    in at on over during before after within near by under from while when once this next the today tonight tomorrow
    one with without instead along if as between around outside inside sometime
""")
"""What a few words before the verb, up to a comma, can begin with: "In the choir, ask ..."."""

_HOW = vocabulary("quietly first then simply just once next now again today tonight tomorrow only kindly gently")
"""What can stand right before the verb."""

_SOMEBODY = """
    who | whoever | whose | whom | someone | somebody | someones | somebodys | anyone | anybody | nobody
    (a | an | the | one | another | that | some | your | other | two | old | each | any) [old | new | good | close |
        dear | \\w+est | fellow | quiet | older | younger | elderly | nearest | first | last | longtime | complete]
        (person | people | woman | man | women | men | girl | boy | friends? | neighbours? | neighbors? | colleagues? |
        coworkers? | beginners? | newcomers? | learners? | relatives? | cousins? | aunts? | uncles? | sisters? |
        brothers? | siblings? | sons? | daughters? | parents? | mothers? | fathers? | mum | mom | dad | grandparents? |
        grandmother | grandfather | grandma | grandpa | kids? | child | children | teenagers? | teachers? | students? |
        pupils? | apprentices? | trainees? | interns? | mentors? | mentees? | nurses? | carers? | patients? | bosses |
        boss | managers? | teammates? | classmates? | flatmates? | roommates? | housemates? | partner | wife | husband
        | girlfriend | boyfriend | families | family | customers? | clients? | regulars? | guests? | visitors? |
        members? | players? | bakers? | gardeners? | beekeepers? | developers? | authors? | makers? | writers? |
        organisers? | maintainers? | volunteers? | drivers? | cashiers? | cleaners? | postman | caretaker |
        shopkeepers? | reader | group | team | family | choir | club | class | crew | circle | household)
    beginners | newcomers | the (newest | quietest | youngest | oldest | next | last | other) (one | person | of them)
    others (use | read | come | look | ask | need) | (one | two | a few) of (them | you | your)
    (somewhere | where | wherever) (you | they | people | beginners | the next) | a (question | reply | comment) (to
        you | about | that | nobody | no one | left | without | still) | in a group you | the people who | people who
"""
"""For whom an act may be, or where they are found, when it is nobody of the lists."""

_BROADCAST = """
    post (a | an | the | about | something | your | on | online | this | one | to | in | regularly | more)
    (write | publish | make | create | draft | put up | schedule | do | send out | start) (a | an | your | another |
        one | the) [short | quick | public | new | little | weekly] (post | thread | tweet | story | reel | video |
        vlog | blog | newsletter | podcast | update | broadcast | campaign | announcement | article | carousel |
        status)
    publish | publicise | publicize | announce | announcing | tweet | broadcast | livestream | go live | promote
    tell (the world | everyone | everybody | all your | your followers) | let everyone know | let (the world | people)
        know | spread the word | raise awareness | shout it | on your (feed | timeline | profile | wall | page |
        channel | story | status | blog | socials) | social media | on socials | showcase | show off
    share (a | an | your | some | the | one | what | this | it) ... (publicly | online | with the world | with everyone
        | with your network | with your community) | share (a | your) [quick | best | top] (post | story publicly |
        tips? | insights? | thoughts | journey | wisdom)
"""
_QUOTA_OF = """
    [other | new | different | more | of your | of the | close | old | good | random] [new | old] (people | persons |
        friends | strangers | colleagues | coworkers | neighbours | neighbors | beginners | newcomers | others |
        contacts | comments | posts | messages | questions | compliments | things | times | times a (day | week) | acts
        | letters | notes | calls | texts | replies | answers | members | learners | guests | customers | family |
        students | teammates | connections | ways | reasons | days)
"""
_MANY = (
    r"(three | four | five | six | seven | eight | nine | ten | twelve | twenty | a dozen | several | \d+ | as many)"
)
_QUOTA = f"""
    {_MANY} {_QUOTA_OF.strip()}
    two {_QUOTA_OF.replace("people | persons", "persons").strip()}
    (at least | up to | two or | one or two | a minimum of) (two | three | four | five | \\d+)
    as many as | as often as you can | (everyone | everybody) you (know | meet | see) | once a (day | week)
    twice a (day | week) | all (of)* your (friends | colleagues | neighbours | contacts | family)
    a daily | (¦ | ʘ | them | him | her | someone | somebody) (daily | (every | each) (day | morning | evening | night
        | week))
"""
_VAGUE = """
    be kind | being kind | spread [some | the] (kindness | joy | love | positivity | cheer | smiles) | random acts? of
    make (someones | somebodys | their | her | his | a strangers | ʘs) day | (your | their) passion | with passion
    show [your | some] (appreciation | gratitude | kindness | love | support | care) | be there for | be present
    support (your community | others | people | one another) | (connect | engage | interact | network) with
    (practise | practice) (gratitude | kindness | compassion | empathy) | share your [\\w+] (passion | journey | story
        | knowledge | love | expertise | experience | experiences | wisdom | skills | enthusiasm | joy) | help (others
        | people | out | someone in need | those in need | someone out) | give back !(the | a | an | what | that |
        those | her | his | their | your | ʘs | something | whatever) | make a (difference | positive) | positive |
        positivity | inspire
    inspiring | inspiration | uplift\\w* | empower\\w* | brighten | do something (nice | kind | good) | something nice
    an act of kindness | meaningful (way | connection | conversation) | a kind gesture | good deeds? | a good deed
    lend an ear | deepen | embrace | reflect on | in some way
    (in | to) any way you can | whatever you can | raise their spirits | check in (with | on) yourself | self care
"""
_TO_SEND = """
    copy (this text | and paste | this and) | send this (message | text | note | to) | this message | the following | a
        message (saying | like | such as | that says) | (saying | something) like | along the lines of | with the words
    heres (a | the | your | what) | (hey | hi | hello | dear) (ʘ | there)
    happy birthday | get well soon | (great | good) (job | work) | well done | (note | text | card | line) like | thank
        you (so much | for (your | being | always | everything | all) | ʘ) | thanks (so much | for ... me | a lot) |
        miss you
    love you | hope you (are | re) | hope youre | just wanted to | thinking of you
"""
_NEW_FACE = """
    strangers? | passers? by | newcomers? | you (dont | do not | dont yet | never) know | you (havent | have not | have
        never | never | ve never) (met | spoken | talked | seen | known) | nobody (answered | has answered | replied |
        has replied | welcomed) | no one (answered | has answered | replied | has replied) | (unanswered | without an
        answer)
    the next (person | one | reader | beginner) [who | that] (lands | looks | comes | will | asks | searches | needs)
    for the next (person | one) | introduce yourself | where (beginners | newcomers | the next person | people) (ask |
        look | start | will look) | someone (asking | who asks | who is asking | whos asking) | somebody asking
    whoever reads it next | the author of | whoever (wrote | made | maintains) | somebody new to you | a new face
    new faces | complete beginner you meet | (meet | talk to | greet) someone new
    (someone | somebody) (new to | who is just beginning | whos just beginning | who comes late)
    whoever is newest (to | now | there) | whoever comes in last | (nobody | no one) (took up | takes up) | got no reply
    only ever nodded to | (have | never) spoken to
"""
"""What is done with people they don't know."""

_TELLING = """
    (¦ | because | since | as | so | and | but | for | now that | given that | knowing | after all) (shes | hes |
        theyre | theyve | shed | hed | theyd | shell | hell | theyll | (she | he | they | ʘ | ʘs \\w+) (is | are | was
        | were | isnt | arent | wasnt | has | have | had | hasnt | needs? | loves? | hates? | likes | misses |
        struggles | feels? | seems? | looks | lives | works | lost | got | just | recently | always | never | still |
        keeps | wants? | deserves? | appreciates? | enjoys? | adores? | prefers? | knows | thinks | cant | cannot |
        doesnt | dont | didnt | must be | might need | may need | could use | would love | will (love | appreciate | be
        | feel | like)))
    ʘs (been | an? | the | so | not | having | going | struggling | feeling | just | very | always | never | too)
    ʘ [¦] (who | which) (is | was | has | needs | loves | feels)
    (ʘ | them | him | her) [that] (shes | hes | theyre | (she | he | they) (is | are | was | were | has | have))
    congratulate (ʘ | them | him | her) on (her | his | their)
    who (is | are | feels) (struggling | lonely | grieving | depressed | sad)
    (her | his | their | ʘs) (loss | illness | divorce | grief | struggles? | stress | depression | loneliness |
        anxiety | diagnosis | allergy | breakup | debts? | pain | recovery | pregnancy | troubles)
"""
"""What tells something about somebody instead of saying what to do; ¦ is where a clause begins."""

_COUNTS = """
    two | three | four | five | six | seven | eight | nine | ten | eleven | twelve | twenty | thirty | forty | fifty
    sixty | hundreds? | thousands? | dozens? | twice | thrice | doubled? | tripled? | half | percent | per cent | times
    as many | as much | (more | less | fewer) (than | \\w+ than) | several | many | most | a third | a quarter |
        average
"""

_RULES: Final[Mapping[str, str]] = {
    "quota": _QUOTA,
    "money": MONEY,
    "reach": REACH,
    "broadcast": _BROADCAST,
    "vague": _VAGUE,
    "leak": LEAK,
}

_PERSON, _PLACE = "ʘ", "ǂ"
"""What stands for their person and place while a text is read: letters of languages that nobody writes to a bot."""

_CURRENCY = re.compile(r"[$€£¥₹₽₿¢]|\b(?:usd|eur|gbp)\b", re.IGNORECASE)
_DICTATED = re.compile(
    r"\b(?:say|write|send|text|message|tell|ask|reply|answer|with|saying|like|them)\b[^.:;!?]{0,60}:\s*"
    r"(?:[^\W\d_a-zʘǂ]|hey|hi\b|hello|dear|thanks|thank)"
)
_GREETED = re.compile(r"(?:^|[,:;]\s*)(?:hey|hi|hello|dear|thanks|thank you)\b[ ,!]", re.IGNORECASE)
_MINUTES_SAID: Final[Mapping[str, int]] = {
    "five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "half an hour": 30, "an hour": 60,
    "one hour": 60, "a full hour": 60, "two hours": 120, "hours": 120, "a whole day": 480,
}  # fmt: skip
_TAKES = re.compile(
    r"\b(?:(?P<figure>\d{1,4})|(?P<word>five|ten|fifteen|twenty|thirty|forty))(?:-| )minutes?\b"
    r"|\b(?:spend|give|offer|for|take|set aside)\b[^.;:,]{0,30}?"
    r"\b(?P<long>half an hour|an hour|one hour|a full hour|two hours|hours|a whole day)\b"
)
"""How long an act says it takes."""


# ---- reading


@lru_cache(maxsize=64)
def _called(name: str) -> re.Pattern[str]:
    """Finds *name* as it is written, or with a capital where a sentence begins with it."""
    plain = evened(name)
    first = f"[{re.escape(plain[0])}{re.escape(plain[0].upper())}]" if len(plain[0].upper()) == 1 else plain[0]
    return re.compile(rf"(?<!\w){first}{re.escape(plain[1:])}(?!\w)")


def _without(text: str, names: Iterable[tuple[str | None, str]]) -> str:
    """*text* with its sign for each of *names* (name, sign), the longest first."""
    for name, sign in sorted(names, key=lambda pair: -len(pair[0] or "")):
        if name and name.strip():
            text = _called(name).sub(sign, text)
    return text


def _begins_with_verb(text: str) -> bool:
    lead, comma, rest = text.partition(",")
    begins = [text]
    if comma and len(lead) <= 70 and not re.search(r"[.;:!?]", lead) and lead.split(" ")[0].casefold() in _LEADS:
        begins = [rest]
    for beginning in begins:
        first, second, *_ = [*[word.casefold() for word in WORD.findall(beginning)[:2]], "", ""]
        if first in _VERBS or (first in _HOW and second in _VERBS):
            return True
    return False


def _takes(text: str) -> int:
    """The minutes that *text* speaks of; 0 if it says nothing."""
    longest = 0
    for found in _TAKES.finditer(lowered(text)):
        said = found["word"] or found["long"]
        longest = max(longest, int(found["figure"]) if found["figure"] else _MINUTES_SAID[said])
    return longest


def allowed(brief: CardBrief) -> tuple[int, ...]:
    """The minutes that an act for *brief* may take, at least the fewest there are."""
    return tuple(minutes for minutes in MINUTES if minutes <= brief.minutes) or MINUTES[:1]


# ---- what is wrong


def flaws(proposal: CardProposal, brief: CardBrief) -> tuple[str, ...]:
    """What is wrong with the act of *proposal* for whom *brief* is about, as ids of FLAWS in their order; () if
    nothing. Its mirror is not looked at."""
    found = {*_misfits(proposal, brief), *unfit(proposal.act[:READ]), *_misworded(proposal, brief)}
    return tuple(id for id in FLAWS if id in found)


def _misfits(proposal: CardProposal, brief: CardBrief) -> Iterator[str]:
    """What doesn't fit the brief, whatever the act says."""
    for flaw, given, known in (
        ("unknown-theme", proposal.theme, brief.themes),
        ("unknown-person", proposal.person, brief.people),
        ("unknown-place", proposal.place, brief.places),
    ):
        if given is not None and given not in known:
            yield flaw
    if proposal.minutes not in MINUTES or proposal.minutes > brief.minutes or _takes(proposal.act) > proposal.minutes:
        yield "minutes"


def _misworded(proposal: CardProposal, brief: CardBrief) -> Iterator[str]:
    whole = evened(proposal.act[:READ])
    text = _without(whole, [(proposal.person, _PERSON), (proposal.place, _PLACE)])
    words = bare_words(text)
    bare = unstopped(words)
    if units(proposal.act) > LONGEST:
        yield "too-long"
    signs = {unicodedata.category(sign) for sign in text}
    if signs & PICTURES or SKINS.search(text) or _PERSON in whole or _PLACE in whole:
        yield "characters"
    if MARKUP.search(text):
        yield "markup"
    if not _begins_with_verb(text):
        yield "not-verb-first"
    if _PERSON not in text:
        if proposal.person is not None:
            yield "person-not-named"
        if _PLACE not in text and not found_by(_SOMEBODY).search(bare):
            yield "nobody-named"
    if len(bare.split()) < _FEWEST:
        yield "vague"
    others = [name for name in brief.people if name != proposal.person and name.strip()]
    theirs = words_of(proposal.person, proposal.place, *brief.themes)
    if any(_called(name).search(text) for name in others) or strange_names(text, theirs, _VERBS):
        yield "another-name"
    for flaw, book in _RULES.items():
        if found_by(book).search(words if "¦" in book else bare):
            yield flaw
    if _CURRENCY.search(text):
        yield "money"
    if not PLATFORMS.isdisjoint(bare.split()) or " stack overflow " in bare:
        yield "platform"
    if _sends(text, bare, brief):
        yield "ready-to-send"
    if found_by(_TELLING).search(words):
        yield "biography"
    if not brief.new_faces and found_by(_NEW_FACE).search(bare):
        yield "new-face"
    if any(understand.near(proposal.act[:READ], each) for each in brief.recent):
        yield "near-recent"


def _sends(text: str, bare: str, brief: CardBrief) -> bool:
    """Whether *text* has words in it that are to be said to somebody."""
    if FIRST_PERSON.search(lowered(text)) or _DICTATED.search(text) or _GREETED.search(text):
        return True
    if "?" in text or text.count('"') % 2 or found_by(_TO_SEND).search(bare):
        return True
    own = (*brief.themes, *(said for _question, said in brief.told))
    return not all(is_theirs(each, own) for each in quotations(text))


def mirror_flaws(mirror: str, brief: CardBrief) -> tuple[str, ...]:
    """What is wrong with *mirror* for whom *brief* is about, as ids of FLAWS in their order; () if nothing, or if there
    is no mirror."""
    if not mirror:
        return ()
    found = {*unfit(mirror[:READ]), *_misreflected(mirror, brief)}
    return tuple(id for id in FLAWS if id in found)


def _misreflected(mirror: str, brief: CardBrief) -> Iterator[str]:
    text = evened(mirror[:READ])
    told = [said for _question, said in brief.told]
    quoted = list(quotations(text))
    around = QUOTED.sub("ʘ", text)
    bare = unstopped(bare_words(around))
    if units(mirror) > LONGEST_MIRROR:
        yield "too-long"
    signs = {unicodedata.category(sign) for sign in around}
    if signs & PICTURES or SKINS.search(around) or _PERSON in text or _PLACE in text:
        yield "characters"
    if MARKUP.search(around):
        yield "markup"
    if not quoted:
        yield "not-quoted"
    if text.count('"') % 2 or not all(is_theirs(each, told) for each in quoted):
        yield "misquoted"
    if len(SENTENCES.split(around)) > 1:
        yield "sentences"
    if any(sign.isnumeric() for sign in text) or found_by(_COUNTS).search(bare):
        yield "figures"
    if strange_names(around, words_of(*told)):
        yield "another-name"
    if found_by(ADVICE).search(bare):
        yield "advice"
    if "!" in around or found_by(PRAISE).search(bare):
        yield "praise"
    if "?" in around or found_by(THERAPY).search(bare):
        yield "therapy"
    for flaw in ("money", "reach", "broadcast", "leak"):
        if found_by(_RULES[flaw]).search(bare):
            yield flaw
    if FIRST_PERSON.search(lowered(around)):
        yield "leak"
