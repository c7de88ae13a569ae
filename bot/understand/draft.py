"""What stands in a draft: a post, a mail or a caption that somebody means to send out.

Nothing here says whether a draft is good. Each signal is something that plainly stands in it, and comes with the words
in which it stands, so that whoever wrote it can see what is meant. A draft takes part in something where it names or
answers somebody, asks something that a reader could answer, gives credit, invites to something, or hands on what
others can use. It broadcasts where it announces, is hardly more than a link, has a row of hashtags, stays with its
writer or asks for attention.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

from bot.text import preview, units
from bot.understand.names import names
from bot.understand.people import kin, same_person
from bot.understand.phrases import LOOSE, phrases, straight, vocabulary

READ = 4_096
"""Characters of a draft that are read: as many as one message has."""

Kind = Literal[
    "answers", "asks", "credits", "invites", "gives", "names", "announces", "reach", "itself", "hashtags", "link"
]
Side = Literal["takes part", "broadcasts", "both", "tells"]

TAKES_PART: tuple[Kind, ...] = ("answers", "asks", "credits", "invites", "gives", "names")
BROADCASTS: tuple[Kind, ...] = ("announces", "reach", "itself", "hashtags", "link")
"""The signals of each side, the most telling first."""

_TURNS_TO_OTHERS: tuple[Kind, ...] = ("answers", "asks", "invites")
"""Who does one of these doesn't stay with themselves, however often they say I: "Can I borrow your ladder?"."""

_HASHTAGS = 3
"""Hashtags that make a row: one or two may say what it is about."""

_FEW = 12
"""Words beside a link that say hardly more than "look here"."""

_OWN = 2
"""How often a draft says I or my before it can be said to stay with its writer: once is how anybody begins."""

_TIMES = 4
"""How many times as often it then says I and my as it speaks of anybody else."""

_LEAST = 3
"""Words of a question that a reader could answer: "Agree?" and "Your thoughts?" ask nothing."""

_SENTENCE_READ = 400
"""Characters of a sentence that are read at once."""

_QUOTE = 70
"""UTF-16 units that are quoted of a draft at once, so that two quotations stay two lines on a phone."""


class Signal(NamedTuple):
    """A *kind* of signal, and the *words* in which it stands, as they were written; a name, or a question to its mark.
    No words where there is nothing to quote."""

    kind: Kind
    words: str = ""


# ---- phrases

_SOME = r"[\w+] [\w+] [\w+] [\w+] [\w+] [\w+]"
"""A few words of any kind."""

_ANSWERS = r"""
    you (asked | were asking | wanted to know | wrote | mentioned | told me | wondered | said (that | you | it))
    as you said | since you ask | no you didn'?t | yes you (can | could | may | should)
    (\w+ | some | several | many | lots | a few | people | both) of you (asked | wondered | wanted to know | wrote)
    [to] answer your question | (in (reply | answer) | replying | answering) to
    your (question | note | letter) (about | on | from)
    (thanks | thank you) for (your | the) [\w+] (message | mail | e-?mail | letter | question | note | comment |
        reply | call | card | photos?)
    (good | great | fair | lovely) question
    (someone | somebody | people | \w+) (asked | keeps? asking) (me | us | here | how | what | why | whether | if |
        about | for | yesterday | last | on)
    (you | she | he) (was | were) (right | wrong) | what you (said | wrote)
    (to | for) (the (person | one) | whoever | those | everyone | everybody | anyone | all of you) who (asked | wanted |
        wondered | wrote | commented | missed it)
    you (wanted (to (know | hear | see) | the | my) | were looking for) | as promised | i promised (you | her |
        him | them)
    following up on | sorry (to hear | for the late | i missed) | about your
"""
_EVERYBODY = (
    r"(everyone | everybody | all | you all | followers | (my | our) (amazing | incredible | wonderful | followers))"
)
_CREDITS = rf"""
    thanks to !({_EVERYBODY} | the (support | love) | your (support | love))
    thank you !(for (your (support | attention | interest | patience | purchase | order | likes | follows | time) |
        (following | reading | watching | listening | tuning | subscribing)) | so much for \d | {_EVERYBODY})
    thanks (a lot | so much | again)* for !(reading | watching | following | listening | your (support | attention |
        interest))
    many thanks
    (i | we | i've | ive) [only | also | first] (learned | learnt | stole | borrowed | copied | nicked) [\w+] [\w+]
        [\w+] (from | off)
    (taught | showed) (me | us)
    \w+'s (idea | recipe | method | trick | pattern | words | doing | design | work | patience | photo | advice | tip)
    the idea (was | is) \w+'s
    (idea | recipe | photos? | pictures? | pattern | drawing | words | music | design | translation | advice | tip |
        hat tip | ht) (by | from | is from | was from | came from | via | to) | inspired by
    credit (to | goes to | where) | props to | kudos to | hats? off to
    (could not | couldn'?t | wouldn'?t) have (done | made | managed | finished) (it | this | any of it) without
    with the help (of | from) | (it | that) was \w+ who | the (one | person | people) who (actually | really)
    hardly (anyone | anybody) (saw | noticed | knows) | nobody (saw | noticed) | saying it here
    (helped | let | lent) (me | us) !(to | grow) | (carried | drove) (me | us) home
    (she | he | they) (did | made | built | wrote | fixed | hung | carried | stayed | found | drew | baked | sewed |
        painted | cooked) (it | this | that | them | every | the | all | most)
    all (her | his | their) (doing | work | idea) | (i | we) owe (you | her | him | them) | because of (you |
        her | him)
    saved (my | the | our | me | us) | without (you | her | him | them) | grateful (to | that you) | pointed me
    lent (me | us) | told me (how | about | to) | congrat\w* (to | on) | well done | happy birthday
    proud of (you | her | him | them) | thank (her | him | them)
"""
_INVITES = rf"""
    come (along | over | by | round | in | and | to | on | at | with | for | join | sit | help | say | as you are |
        saturday | sunday | monday | tuesday | wednesday | thursday | friday | tomorrow | tonight)
    (drop | stop | swing | pop) (by | in | round | over)
    bring (a | an | the | your | some | something | whatever | what | them | it | one | along | anything | anybody |
        someone | cake | soup) !(back)
    (tell | show | teach) me !(to) | let me know | write (to me | back | me) | (ring | call | text) me
    ask (me | her | him | them | us) (about | anything | how | when | if | for | what)
    join (us | me | in) !(on (this | our | my) (journey | mission))
    take (what | as many | as much | one | some | them | a few) | help yourself | pick (one | some | them) up
    free to (take | a good home)
    (if | when | should) (anyone | anybody | someone | somebody | you) (wants? | needs? | could use | would | have |
        has | know | knows | is | are | feel | feels | fancy | fancies) {_SOME} (call | ring | write | come | take |
        tell | ask | message | send | join | let me | shout | say)
    (i'?m | i am | we'?re | we are | i'?d be | i'?ll | i will) (always | very | more than)* (happy | glad | keen |
        pleased) to (show | lend | help | share (the | it | them | what | how | my (notes | recipe)) | explain |
        listen | teach | come | go | read)
    (spare | free) (seats? | chairs? | places?) | (chairs? | seats? | places?) (left | free) | add (yours | your own)
    send me (yours | a | your) !(link) | keep asking
    (who | anybody | anyone) (wants to | would like to | fancies | is up for | has time to) !(be (rich | successful))
    say (hello | hi) | (there's | theres | there is | there are) (room | space | plenty | enough)
    until (it's | its | they're) gone
    (all | everyone | everybody | beginners | kids | children | dogs | newcomers | you're | you are) [is | are] [all |
        very | most] welcome | welcome to (come | join | take | use | borrow) | feel free to (take | come | use |
        borrow | ask | join)
    (you | anyone | anybody | everyone | everybody) can (have | take | use | borrow | copy | come | join | keep)
    (we | i) (need | could use) (a | an | two | three | some | someone | somebody | people | hands | help | one)
    looking for (someone | somebody | a | an | two | three | people | volunteers | hands)
    (hands | help) (needed | wanted)
    meet (me | us) (at | by | in | on) | see you (there | on | at) | borrow (it | mine | ours | them)
"""
_GIVES = rf"""
    (my | the | our | a) [\w+] mistake (was | is | of mine | i | we | for | in)
    (the | one) [\w+] (trick | fix | knack | remedy) (is | was | that)
    turned out to be | turns? out [that] (it | you | the | if | a | my | i | we)
    what (helped | worked | fixed | saved) (me | us | it | in the end | was | for)
    (i | we) (found | worked) (that | this | it)* out | (i | we) wish (i | we) had known | in my case
    next time (you | push | take | use | try | turn | put | do)
    if your? {_SOME} (look | check | try | turn | put | add | use | take | let | make | cut | wait | sit | they were |
        it was)
    if (a | the | it | they) {_SOME} (look | check | try | turn | put | add | use | take | let | make | cut | wait |
        sit)
    (pour | soak | bake | boil | simmer | rest | leave | heat | chill | dry | wash | sand | drill | tighten | water |
        feed | knead | fold | mix | stir | press | hold | wait | walk | write | add) [\w+] [\w+] [\w+] [\w+] [\w+]
        (minutes? | hours? | overnight | days? | degrees | grams? | g | ml | cm | mm | weeks? | nights? | twice | first)
    instead of (\w+ing | the | a) {_SOME} (use | try | put | take | do)
    (first | then) (pull | push | turn | lift | unplug | switch | open | close | take | cut | add)
    (step | tip) (1 | one) | don'?t (pull | bother | use | buy | rinse | throw | go) {_SOME} (it | they | use | but)
    here'?s what (worked | helped | i (did | do | use) | to do) | so you don'?t have to
    (else | otherwise) (the | it | it's | its | they | you) | (watch out for | careful with | beware of) !(imitations)
    it took me [\w+] [\w+] [\w+] [\w+] [\w+] to (find | learn | notice | understand | see) | you only need
    (i | we) (lost | ruined | wasted | broke | burnt | burned | killed) (two | three | my | a | an | several | the)
        [\w+] [\w+] before | that's (because | why) | never (let | put | use | leave | store | rinse | wash) | always
        (let | put | use | leave | store | rinse | wash | check)
"""
_ANNOUNCES = r"""
    (excited | thrilled | proud | happy | delighted | pleased | honou?red | humbled | stoked | pumped | over the moon |
        beyond \w+ | glad) [and \w+] to (announce | introduce | present | reveal | launch | report | be (named | part |
        joining | included | selected | featured | a (finalist | speaker)) | have (been | joined | launched | won) |
        join | let (you | everyone) know | share (with you)* (that | our | my | this | some | a | the news | with))
    (proud | humbled | honou?red) to (share | say | be) | (i am | i'm | we are | we're) [so] (humbled | honou?red)
    (big | huge | great | exciting | personal | fantastic) news
    (it'?s | it is) (official | finally here | live | here | out now)
    (is | are) (finally | now | officially) (here | live | open | out | available) | is live
    announcing | introducing | announcement | (we've | weve | i've | ive | we have | i have) launched | just (launched |
        released | dropped)
    out now | now (live | available | open | booking) | coming soon | stay tuned | save the date | launching | launches
    new (post | video | episode | article | blog | single | collection | course | product | website | newsletter) (is |
        up | out | on | alert | just) | new on the (blog | channel | site)
    (tickets | spots | seats | bookings? | registration) (on | are | is | now) | on sale | (we'?re | we are) hiring
    after [\w+] (months | years) of (building | hard | work) | (returns | is back) (on | with | for) !(me | us)
    featured in | as seen in | (milestone | record) (reached | year) | named (one of | among)
    the wait is over | opens? (its | our | the) doors | grand opening | meet \w+ (our | the | your | a) | reveal |
        revealing | (receive | received | winning | won) the | (so | very | super | incredibly) (excited | thrilled |
        honou?red | humbled | blessed) | dream come true | what a (year | journey | ride) | (new | next) chapter
    [just] (hit | reached | passed | crossed) \d+ | available (now | on | from | in) | sneak peek | testament to
    (excited | thrilled | proud | happy | delighted | pleased) to (finally | officially | now) | press release
"""
_REACH = r"""
    like (and | if | this | you)* (share | follow | subscribe | comment) | like this post
    (smash | hit) (that | the) (like | follow | subscribe | bell) | subscribe | repost | swipe up
    follow (me | us | for | along for | my page | our page)
    (please | pls)* share (this | if | to | widely) !(with me | recipe)
    tag (a | \d | three | two | someone | somebody | your) | link in | links? (is)* below
    sign up | register (now | today | here | at) | download (it | now | today | the | our | my)
    (buy | order | book | grab | get | shop | pre-?order) (now | today | yours | your (copy | ticket | tickets | spot |
        seat | free))
    (don'?t | never) miss (out | it | this | an update | a) | limited (time | edition | offer | spots | seats)
    special (price | offer) | use (the | my)* code | (\d+ | fifty | twenty) off
    free (ebook | e-?book | webinar | masterclass | guide | shipping | trial)
    comment [\w+] (below | and (i'?ll | we'?ll)) | (drop | leave) a (like | comment | follow | heart | emoji)
    turn on notifications | giveaway | (dm | message) me (for | to (book | buy | learn | get)) | dm me
    check out (my | our) | head over to | visit (my | our) (website | site | shop | page | profile)
    (needs? | have) to (hear | see | read) this | (save | bookmark) this (post | for later) | who'?s with me
    let that sink in | read that again
    spread the word | rate (us | me | my | our) | (leave | write) (us | me | a) review | (spots | tickets) left
    book (your | a) [free] (discovery | call | spot | slot | session | demo | ticket | seat) | last chance | hurry
    (offer | sale) ends | join (my | our) (list | mailing | newsletter | programme | program | community | waitlist)
    watch (until | till) the end | vote for (me | us) | on my (profile | page | channel | website)
"""

_RHETORICAL = r"""
    (who'?s | who is) (with me | in | ready | excited) | who else | (are you | you | feeling)* ready (to | for)* | agree
    (do you)* (agree | thoughts | right | sound familiar | sounds familiar | curious | interested | true | relatable |
        can you relate | coincidence | deal | cool | excited | guess what | or is it)
    (do you)* want (to (know | learn | see | hear) | more | results | in)
    did you know | what if (i | we) told you | (can | could) you (believe | imagine)
    (have you)* ever (wondered | noticed | dreamed | felt | feel) | isn'?t (it | that | this | life)
    what'?s (not to love | your excuse | stopping you | holding you back)
    (so)* (the)* (result | outcome | lesson | takeaway | secret | answer | best part | catch | reason | moral)
    (so)* why (not | should you care | does (it | this) matter | me | now) | guess (what | who | where)
    (how | what | why) (did | do | could | am | was | have) (i | we) | what (is | was) (success | the secret)
    who (am i | would have thought | doesn'?t (love | want) | needs | knew) | (what are)* you waiting for | why wait
    what more (could | can) | looking for | tired of | struggling with | sick of | need (a | an | some | help) | love (a
        | it | this) | thoughts on this | (your | any) thoughts
"""
"""Questions that nobody is meant to answer."""

_WONDERS = r"""
    (i | we | i'm | we're | im | am | been | still | just) [\w+] wonder(s)* (if | whether | how | what | which | who |
        why | where | when)
    wondering (if | whether | how | what | which | who | why | where | when)
    (does | do) (anyone | anybody | any of you) (know | have | remember)
    (anyone | anybody) (know | knows | have | tried | got) (an? | any | how | what | why | where | who | the | some |
        this | that | of) | (any | looking for) (tips | advice | ideas | recommendations) (on | for | about | how)
    i'?d (love | like | be glad) to (know | hear) (how | what | which | who | why | whether | from (you | people |
        anyone)) | (what | how) did you (say | do | use | try | learn | get)
    (can | could | does | do | did | has | have | is | are | would | will) (anyone | anybody | someone | somebody |
        any of you | one of you)
"""
"""What asks without a question mark."""

_FIRST_PERSON = vocabulary(
    "i my me mine myself im ive id ill i'm i've i'd i'll we our us ours ourselves we're we've we'd"
)
_ANYBODY = vocabulary("""
    you your yours yourself u ur you're you've you'd you'll she he her him his hers they them their she's he's they're
    mum mom dad nan neighbour neighbours neighbor friend friends sister brother colleague colleagues somebody someone
    anyone anybody who people
""")

# ---- reading

_LINK = re.compile(r"\b(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|net|io|co|me|app|dev|ly)(?:/\S*)?\b", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<!\w)#[^\W\d]\w*|(?<!\w)#\d\w+")
_HANDLE = re.compile(r"(?<![\w@.])@\w[\w.]*\w")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"')”]*\s+|\n+")
_CLAUSE = re.compile(r"[.,;:!?…()\n]|\s[-–—]\s")
_WRAPPED = re.compile(r"(?<=[^\n]{60})\n(?=\S)")
"""The end of a line within a paragraph, as mails are pasted."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ADDRESSED = re.compile(r"[^\W\d_]+[,!:]\s")
_PRESENTED = re.compile(
    r"\b(?:introducing|meet|join(?:ed|ing)?|launch\w*|called|at|using|download|the|an?|this|that|new|old|\d+)$",
    re.IGNORECASE,
)
"""What stands before a company, a product or a place, and hardly before somebody."""

_REPLY = re.compile(r"\s*(?:re|aw|sv)\s*:", re.IGNORECASE)
_QUOTED = re.compile(r"^\s*>+\s*\S.*", re.MULTILINE)
_SALUTED = re.compile(r"(?:hi|hello|hey|dear)\b[^,!?]{0,30}[,!]\s+", re.IGNORECASE)
_GREETING = re.compile(r"\s*(?:(?:hi|hello|hey|dear|good (?:morning|evening|afternoon)|hola|oi)\b\s*)?", re.IGNORECASE)


@cache
def _books() -> dict[Kind, re.Pattern[str]]:
    books: dict[Kind, str] = {
        "answers": _ANSWERS,
        "credits": _CREDITS,
        "invites": _INVITES,
        "gives": _GIVES,
        "announces": _ANNOUNCES,
        "reach": _REACH,
    }
    return {kind: _pattern(book) for kind, book in books.items()}


@cache
def _questions() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How a question begins that nobody is meant to answer, and what asks without a question mark."""
    before = r"(?:and|but|so|oh|now|well)\b\W*"
    return (
        re.compile(rf"\W*(?:{before})*{phrases(_RHETORICAL, LOOSE)}", re.IGNORECASE),
        _pattern(_WONDERS),
    )


def _pattern(book: str) -> re.Pattern[str]:
    # The gap gives nothing back, or what must not come next would be looked for a space too early.
    return re.compile(rf"(?<![\w'@#])(?<!will )(?<!'ll ){phrases(book, f'{LOOSE}+')}", re.IGNORECASE)


def draft_signals(text: str, known: Sequence[str] = (), own: str = "") -> tuple[Signal, ...]:
    """What stands in the draft *text*, at most one signal of a kind, in the order of `TAKES_PART` and then of
    `BROADCASTS`. *known* are the names in the journal already, *own* is the writer's, which names nobody."""
    plain = _WRAPPED.sub(" ", straight(text[:READ]).strip())
    bare = _HASHTAG.sub(" ", _LINK.sub(" ", plain))
    sentences = [part for each in _SENTENCE.split(bare) for part in _pieces(each.strip())]
    named = [name for name in _people(bare, known) if not (own and same_person(name, own))]
    found: dict[Kind, str] = {}
    for kind, words in (*_said(sentences, plain), *_named(named, sentences), *_form(plain, bare, named)):
        found.setdefault(kind, words)
    if not found.keys().isdisjoint(_TURNS_TO_OTHERS):
        found.pop("itself", None)
    return tuple(Signal(kind, found[kind]) for kind in (*TAKES_PART, *BROADCASTS) if kind in found)


def _pieces(sentence: str) -> Iterator[str]:
    """*sentence* in pieces that no pattern takes long for."""
    yield from (sentence[at : at + _SENTENCE_READ] for at in range(0, len(sentence), _SENTENCE_READ))


def _people(bare: str, known: Sequence[str]) -> Iterator[str]:
    """Who is named in a draft. Posts are full of products: what only begins a sentence, or is introduced like one, must
    be known, or addressed as people are."""
    said = _REPLY.sub("", bare)
    for name in names(f"Hi {said}" if _ADDRESSED.match(said) else said, known):
        if not kin(name) and (name in known or " " in name or _is_person(name, said)):
            yield name


def _is_person(name: str, said: str) -> bool:
    for found in re.finditer(rf"\b{re.escape(name)}\b", said):
        before, after = said[: found.start()].rstrip(), said[found.end() :]
        begins = before[-1:] in ("", ".", "!", "?", ":", "\n")
        if not _PRESENTED.search(before) and (not begins or after.startswith(("'s", ",", ":", "!"))):
            return True
    return False


def _said(sentences: Sequence[str], plain: str) -> Iterator[Signal]:
    """What its sentences do."""
    if _REPLY.match(plain) or _QUOTED.search(plain):
        yield Signal("answers")
    rhetorical, wonders = _questions()
    for sentence in sentences:
        is_question = sentence.rstrip("\"')” ").endswith("?")
        is_idle = is_question and (len(_WORD.findall(sentence)) < _LEAST or bool(rhetorical.match(sentence)))
        if is_question and not is_idle:
            yield Signal("asks", _shortened(sentence))
        elif found := wonders.search(sentence):
            yield Signal("asks", _quoted(sentence, found))
        for kind, book in _books().items():
            if (found := book.search(sentence)) and not (is_idle and kind in TAKES_PART):
                yield Signal(kind, _quoted(sentence, found))


def _named(named: Sequence[str], sentences: Sequence[str]) -> Iterator[Signal]:
    """Whom it names; a handle counts where it is part of a sentence."""
    if named:
        yield Signal("names", named[0])
    for sentence in sentences:
        handles = _HANDLE.findall(sentence)
        if handles and len(_WORD.findall(_HANDLE.sub("", sentence))) >= _LEAST:
            yield Signal("names", handles[0])


def _form(plain: str, bare: str, named: Sequence[str]) -> Iterator[Signal]:
    """What it looks like as a whole."""
    if len(_HASHTAG.findall(plain)) >= _HASHTAGS:
        yield Signal("hashtags")
    words = [word.casefold() for word in _WORD.findall(bare)]
    if _LINK.search(plain) and len(words) <= _FEW:
        yield Signal("link")
    own = sum(word in _FIRST_PERSON for word in words)
    others = sum(word in _ANYBODY for word in words) + len(named) + len(_HANDLE.findall(bare))
    if own >= _OWN and own >= _TIMES * others:
        yield Signal("itself")


def _quoted(sentence: str, found: re.Match[str]) -> str:
    """The clause in which something was *found* in *sentence*; of a long one what is from there on."""
    stop = _CLAUSE.search(sentence, max(found.start() + 1, found.end() - 2))
    end = stop.start() if stop else len(sentence)
    start = max((each.end() for each in _CLAUSE.finditer(sentence, 0, found.start() + 1)), default=0)
    clause, rest = (sentence[at:end].strip(" \"'“”") for at in (start, found.start()))
    return clause if units(clause) <= _QUOTE else preview(rest, _QUOTE)


def _shortened(question: str) -> str:
    """*question* without a greeting; of a long one its end with what it asks."""
    plain = _SALUTED.sub("", question.strip(" \"'“”"))
    if units(plain) <= _QUOTE:
        return plain
    clauses = re.split(r"(?<=[,:;])\s+|\s[-–—]\s", plain)
    last = clauses[-1]
    is_whole = len(_WORD.findall(last)) > _LEAST and units(last) <= _QUOTE
    return last if is_whole else preview(plain, _QUOTE)


def draft_side(signals: Sequence[Signal]) -> Side:
    """Whether a draft with these *signals* takes part or broadcasts: what there is more of. Where there are as many of
    both, or one more of broadcasting, it is both. Without any it tells something, and nobody can say for whom."""
    part = sum(each.kind in TAKES_PART for each in signals)
    cast = len(signals) - part
    if part > cast:
        return "takes part"
    if cast == 0:
        return "tells"
    return "both" if part and cast - part <= 1 else "broadcasts"


def written_to(text: str, named: str) -> bool:
    """Whether the draft *text* is written to the one *named*, whose name stands at its beginning: "Hi Ana, ..."."""
    plain = straight(text[:READ])
    begins = _GREETING.match(plain)
    rest = plain[begins.end() if begins else 0 :]
    after = r"\s" if named.startswith("@") else r"\s*(?:[,!:.\n]|[-–—]\s)"
    name = re.compile(rf"{re.escape(straight(named))}{after}", re.IGNORECASE)
    return bool(named) and name.match(rest) is not None
