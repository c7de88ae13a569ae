"""Wishes: the few things that are meant by a whole message, whatever the question is."""

import re
from functools import cache, lru_cache
from typing import Literal

from bot.understand.phrases import bare, lowered, phrases

Wish = Literal[
    "stop",
    "pause",
    "back",
    "help",
    "privacy",
    "erase",
    "skip",
    "never",
    "later",
    "nothing",
    "enough",
    "unsure",
    "yes",
    "no",
    "usual",
    "hello",
    "thanks",
]

LONGEST = 90
"""Characters of the longest message that can be a wish."""

_WHEN = """(this | last | the past | for this | for the) (week | time | month | year | one | round)
           | today | tonight | lately | recently"""
_UNTIL = """(till | til | until | unti) ...
            | for [...] (days? | weeks? | months? | years? | fortnight | while | bit | winter | summer | now)"""
_TELL = "say | answer [that | this | it] | tell | talk about (it | that | this) | share | go into (it | that)"
_WRITE = "message | text | write [to] | contact | bother | ping"
_AGAIN = "again | anymore | any more | ever | ever again"

# Words around a wish that change nothing about it. Apostrophes are gone by now: "that's" is "thats".
_BEFORE = """
    please | pls | plz | kindly | just | well | um+ | uh+ | ugh+ | argh+ | er+m? | hm+ | oh | ah | eh | ok | okay
    so | hey | hi | hello | sorry | actually | honestly | tbh | and | but | lets | (can | could) (you | we)
    i (think | guess | suppose) | i would say | id say
    probably | really | right | yes | yeah | yep | no | nope | nah | im afraid | then
"""
_AFTER = """
    please | pls | plz | thanks | thank you [(very | so) much] | thx | ty | cheers | ta | tbh | really | honestly
        | actually | sorry | lol
    haha+ | mate | friend | buddy | dude | man | bro | bot | tenfold | now | for now | then | today | at all
    i (think | guess | suppose) | im afraid | if thats (ok | okay | fine) | if you dont mind | ok | okay | either
    as well | though | anyway | for me | from me | over here | here | again | indeed | so far | already
"""

# In the order in which they are tried.
_WISHES: dict[Wish, str] = {
    # These two act at once wherever they are said, so nothing is here that despair or a story might say as well.
    "stop": f"""
        stop
        stop (it | this | that | all | everything | all of (it | this) | sending | asking | writing | texting
              | messaging | bothering) [me] [messages | questions | things]
        unsubscribe [me] | opt out | quit [it] | (remove | delete) me
        go away | leave me (alone | be) | let me be | shut up | (fuck | piss | bugger | sod | back) off
        no more messages | (dont | do not | never) ({_WRITE}) me [{_AGAIN}] | i (want | would like) you to stop
    """,
    "pause": f"""
        pause [it | this | me | everything | things | a (bit | while) | [the] check ins | [the] checkins]
        pause [\\w+] ({_UNTIL})
        (stay | be | go | keep | remain | you can be) (quiet | silent)
        [stay | be | go | keep | remain] (quiet | silent) ({_UNTIL})
        (stay | go | keep | remain) away ({_UNTIL}) | leave me (alone | be) ({_UNTIL})
        no (messages | questions | check ins? | checkins?) ({_UNTIL}) | dont ({_WRITE} | ask) me ({_UNTIL})
        [i] (need | want | would like | could use) a (break | pause | rest) | (take | taking) a (break | pause)
        (take | taking) a (break | pause | rest) {_UNTIL} | quiet please {_UNTIL}
        give me (a | one | two | three | four | some | a few) (days? | weeks? | months? | time) off
        [im | i am | ill be | were] (away | off | on holidays? | on vacation | travelling | traveling | out of town)
            (till | til | until | for) [\\w+] [\\w+] \\w+
        pause [for | over | through] [the | this | my] [next | whole | few | couple of | rest of the]
            (\\d+ | a | one | two | three | four | five | six | half a)* (days? | weeks? | months? | years? | fortnight
            | holidays | christmas | easter | winter | summer | december | january | july | august)
        give me a break | hold off [{_UNTIL}] | come back (in | after | on) ...
    """,
    "back": """
        (come | start | begin | come by | you can (come | come by | start | begin | ask) | ask | ask me) (back | again)
        come back | [im | i am] back [again] [from \\w+ [\\w+]] | [im] here again | continue | resume | unpause
            | wake up | start over | no more quiet | carry on
    """,
    "help": """
        help | commands | menu | how does (this | it) work | what can (you | i) do [here]
    """,
    "privacy": """
        who (can | could | will | else)* (reads? | sees?) (this | that | it | these | my \\w+
            | what i (write | say | tell you))
        (can | does | will) (anyone | anybody | someone | somebody | you | they) [else] (read | see) (this | it | that)
        is (this | it) (private | secret | confidential | encrypted | safe)
    """,
    "erase": """
        (delete | erase | remove | wipe | destroy | forget)
            (everything | all | all of (it | this | my \\w+) | [all] [of] my (data | account | journal | history | info
            | information | messages | entries | stuff)) [about me | you (have | know | kept) [about me | on me]]
        (forget | erase | wipe) me | (delete | erase) me and everything
    """,
    "never": f"""
        [thats | its | it is] none of (your | ur | yer | yo | ya) [damn | bloody | god damn | goddamn | f\\w+]
            (business | bizniz | biz | beeswax | bees wax | concern)
        nunya [business | biz | beeswax] | nun ya [business] | noyb | not (your | ur) (business | concern)
        mind (your | ur) [own] [damn | bloody] business | thats my [own] business
        [thats | its] [too | very | rather | quite | a bit | a little] (private | personal)
        (dont | do not | never | stop) (ask | asking) [me] (that | this | it | about (that | this | it)) [question]
            [{_AGAIN}]
        (dont | do not | never) ask [me] (again | ever again) | [id | i would] rather you didnt [ask] [that | this]
        i dont want (to be asked | you to ask) [me] (that | this) | butt out | keep out of (it | that | this)
    """,
    "skip": f"""
        skip | nvm | never mind | nevermind | n a
        skip (it [this time] | this [one | time | week] | that [one] | (this | the | that) question | one | me)
        skip the week | skipping [this | it | that] [one]
        [i | ill | im going to | i want to | i would like to] (pass | skip) [on] [this | that | it] [one]
        [a] hard pass | next [one | question] | move on | moving on | no (comment | answer)
        [id | i would | i] (rather | prefer | would prefer) [to] not [to] [{_TELL}]
        [i] (dont | do not | dont really) (want | wish | care | feel like) [to] ({_TELL} | answering)
        [i] wont ({_TELL}) | not (saying | answering | telling) [you] | [i] dont wanna ({_TELL})
        ask [me] something else | leave (that | this | it) [one] out | wouldnt you like to know
        [id | i would | ill] [rather] keep (that | this | it) (to myself | private)
    """,
    "later": """
        [maybe | perhaps | rather | a bit | bit | a little] (later | tomorrow | tonight | this evening)
        [maybe | perhaps] (later | tomorrow) (today | tonight | on | morning | evening | afternoon | night | this week
            | maybe)
        not (now | right now | just now | yet | today | tonight | (this | at the) moment | this second)
        (ask | remind | ping | try | text | message) [me] [again]
            (later | tomorrow | tonight | this evening | in an? ... | on (\\w+day | the \\w+) [...] | some other time)
        (come | check) back (later | tomorrow | tonight)
        (ill | i will) (do it | answer | reply | tell you | get back to you | write) [later | tomorrow | tonight | soon]
        (some other | another | other) (time | day | moment) | snooze | postpone | wait | bad (time | timing)
            | talk [to you] later | ttyl | brb
        in a (bit | while | moment | minute | sec | second | few | little while) | in an hour
        give me (a | an | some | five | ten)
            (bit | day | few | hour | min | minutes? | moment | more time | sec | second | time | while)
        [im | i am] [a bit | very | too | really] busy [right] | [i] cant [talk | chat | answer] [right] now
        [im | i am] (at work | driving | in a meeting) | after (work | dinner | lunch | breakfast)
    """,
    "usual": """
        [nothing [new | special | much | different | has changed]] [just | only] (unchanged | no change | ditto
            | business as usual | as per usual | nothing different
            | [pretty much | more or less | about | much] [the] same [thing | things | stuff | same | here]
              [(as | like) (always | usual | ever | before | last (week | time) | every (week | time) | the last time)]
            | [the] same old [same old | stuff | story | thing | things]
            | (as | like) (always | usual | ever | every week | last (week | time))
            | [pretty much | more or less | about | much] [the | my] usual [stuff | things | thing | suspects]
              [as (always | usual | ever | before | last (week | time))])
    """,
    "enough": f"""
        (thats | that is | that was | that s | this is | its | thatd be | that would be | thatll be | that will be)
            (it | all | everything | enough | about (it | all) | plenty | all folks | the lot | all of it | me [done])
            [for] [{_WHEN}] [i (can think of | remember | have | got | did)]
        [im | i am | all | were] (done | finished) [for (today | now | this week | tonight)] | im through
        enough [of (this | that) | for (today | now)] | no more [questions] | (thatll | that will | thatd) do [it]
        nothing (else | more | further) [to (add | say | report | tell)] [{_WHEN}] | nowt else
        [the] end | fin | finish | stop here | leave it (there | here | at that) | wrap [it] up | call it a day
        cant think of anything (else | more)
        (no one | noone | nobody | none | not anyone | not anybody) (else | more)
        (just | only) (that | those | these | this | the one)
        not that i (can (think of | remember | recall) | know [of] | remember | recall | noticed)
        (too | so) many questions | stop asking [so many] questions
    """,
    "nothing": f"""
        [absolutely | really | basically | literally | sadly | nearly | almost | pretty much]
            (nothing | none | nada | nil | zilch | nowt | naught | nought | nothin | nuffin | nobody | no one | noone
            | nix | zip | not a thing | sod all)
            (really | much | special | new | major | big | worth (mentioning | telling | noting) | in particular
                | at all
            | whatsoever | yet | nothing | to (report | say | tell | add | speak of | write home about | share
            | see here) | comes to mind | happened | i know of | [that] i (can | could) (think of | remember | recall)
            | that i (know | can think | remember | noticed) [of] | on my side)* [{_WHEN}]
        not [really] (much | a lot | anything | anyone | anybody | a soul | this (week | time)) [really] [{_WHEN}]
        [i] (did | have | had | got | done | have got | ive got) nothing [to (report | say | tell | share) | special
            | much] [{_WHEN}]
        [i] (didnt | did not | havent | have not | couldnt) [really | actually | even]
            (do | do a | help | see | meet | talk to | speak to | done | helped | seen | met)
            [anything | anyone | anybody | much | thing
            | anything for (anyone | anybody)] [{_WHEN}]
        [i] (cant | cannot | couldnt) think of (anything | any | anyone | one | a thing) [right now
            | just now] [{_WHEN}]
        [i] cant say [that] i (did | have)
        no good turns? [{_WHEN}]
    """,
    "unsure": """
        [i] dunno [yet] | idk [yet | why | what] | i d k | dk | [i] wouldnt know | who (knows | can say)
        [i] [really | honestly | just | simply | still] (dont | do not | dont really | didnt) know [yet | why
            | what [to (say | write | put | answer)] | how to (say | answer) [that] | myself | really | about that]
        [im | i am] not [really | quite | so | too | very | entirely] (sure | certain) [yet | about that] | unsure
        [ive | i have] [got] no (idea | clue) [yet] | not a clue
        [i] havent (a clue | got a clue | the (foggiest | faintest) [idea] | thought about it)
        [its] (hard | difficult | tough) (to (say | tell | know) | question | one) | (beats | search) me
        [i] [really] (cant | couldnt) (tell [you] | say | remember | recall) | [i] dont (remember | recall)
        [i] [totally | completely | clean] (forgot | forget) | [i | ive | i have] forgotten | hm+
        maybe | perhaps | possibly | good question [dunno | idk | no idea] | undecided | whatever | meh | ugh
            | no opinion | we will see
        well see | lets see | let me think [about (it | that)]
        im not [really | very | that] good at (anything | much) | (ill | [i] need to
            | [i] have to) think about (it | that)
    """,
    "no": """
        [not really] no | n | nope | nah | nay | naw | no (way | never | no | need) | negative | never | dont
        not (really | at all | for me | interested) | (certainly | of course | absolutely | definitely) not
        nope nope | nah nah | nein | non | não | nao | нет | 不
    """,
    "yes": """
        y | yes | yep | yup | yeah | yea | ya | yas | ye | aye | yes yes | yeah yeah | ok | okay | okey | okey dokey
        k | kk | sure [thing | why not] | why not | (of course | for sure | absolutely | definitely | certainly)
        by all means
        please do | do (it | that) | go (on | ahead | for it) | sounds (good | great | fine | right | lovely
            | nice | perfect | wonderful)
        [thats] (fine | right) | that works | yes do | yup yup | np | no problem | id love that | fine by me
            | works for me | correct | exactly | alright | all right | gladly | happily
        i (do | would) | id like that | id love to | with pleasure | affirmative
        si | sí | oui | ja | sim | да [да] | hai | はい | 是
    """,
    "hello": """
        (hi | hiya | hey | hello | hullo | howdy | yo) [there | again | you] | [good] (morning | afternoon | evening)
        good day | greetings | how are you [doing] | hows it going | whats up | nice to (meet | see) you
            | welcome back | hola | hallo
    """,
    "thanks": """
        [many | big] (thanks | thank you | thx | ty | cheers | ta) [a lot | a bunch | so much | very much]
        much appreciated | great | nice [one] | cool | lovely | perfect | got it | i see | understood | noted | wow
        aw+ | lol | haha+ | hehe
    """,
}
_SIGNS: dict[str, Wish] = {
    "👍": "yes", "👌": "yes", "✅": "yes", "✔": "yes", "🆗": "yes",
    "👎": "no", "❌": "no", "🙅": "no",
    "🤷": "unsure", "❓": "unsure",
    "⏭": "skip", "⏩": "skip",
    "🛑": "stop", "⏸": "pause", "🤐": "never",
    "👋": "hello", "❤": "thanks", "🙏": "thanks", "🙂": "thanks", "😊": "thanks", "😂": "thanks",
}  # fmt: skip


@cache
def _wishes() -> re.Pattern[str]:
    named = "|".join(f"(?P<{name}>{phrases(book)})" for name, book in _WISHES.items())
    return re.compile(f"{phrases(_BEFORE)}*?(?:{named}){phrases(_AFTER)}*")


@lru_cache(maxsize=1)  # a dialogue looks for one wish after another in the same message
def wish(text: str) -> Wish | None:
    """What *text* as a whole asks for or says in a word, or None if it says more than that.

    "nothing" is no good turn, "enough" no further ones; "never" is no answer to this question ever; "unsure" is an
    honest don't-know; "usual" is the same as before; "back" ends a pause.
    "pause till january" is a "pause": `pause` reads until when.
    """
    if len(text) > LONGEST:
        return None
    words = bare(text)
    if not words:
        return next((_SIGNS[sign] for sign in text if sign in _SIGNS), None)
    found = _wishes().fullmatch(f"{words} ")
    return next(name for name in _WISHES if found[name] is not None) if found else None


_CLAUSE_END = re.compile(r"[,.;:!…(]| - | because ")
_DONE = (
    "did|helped|gave|brought|drove|took|made|listened|lent|fixed|taught|showed|cooked|baked|called|rang|visited|carried"
    "|looked after|thanked|wrote"
)
DONE = re.compile(
    rf"\b(?:{_DONE}|covered|walked|watched|read|spent|talked|repaired|stayed|fed|bought|sent|told|shared|cleaned|met|went"
    r"|came|got|let|said|asked|was|were|had)\b"
)
DEED = re.compile(  # after "not much" something is told after all
    rf"\b(?:but|just|only|except|apart|besides|though|although|unless|other than|{_DONE})\b"
)


_AWAY = re.compile(
    r"\b(?:busy|ill|sick|tired|exhausted|(?:on|had a) holiday|was away|in bed|a cold|the flu|work was)\b"
)


def denies(text: str) -> bool:
    """Whether *text* says that nothing was done, alone or with what came between: "not much, I've had a cold"."""
    first, *rest = _CLAUSE_END.split(lowered(text), maxsplit=1)
    if not rest or wish(text):
        return wish(text) in ("nothing", "no")
    away = wish(first) == "nothing" or (wish(first) == "no" and _AWAY.search(rest[0]) is not None)
    return away and DEED.search(rest[0]) is None
