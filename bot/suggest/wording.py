"""What any text of a language model is read by, whatever it is for: its words, its quotations, its names, and the
phrases that nobody should hear from a program.

Each task has its own rules (`concrete`, `remark`) and is read with these. The notation of the phrase books is that of
`understand.phrases`.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from bot.text import units
from bot.understand.capitals import PROPER, TIMES, named_too, ordinary
from bot.understand.phrases import lowered, phrases, straight, vocabulary

READ: Final = 1_000
"""Characters that are looked at: what is longer is refused anyway."""

# ---- phrases

MONEY = """
    money | pay !(attention | heed | it (forward | on) | a visit | close | more attention | them a visit | back) |
        paying
    paid !(attention) | buy !(from | \\w+ from | \\w+ \\w+ from) | buying | bought | purchase | sell | selling | donate
        | donating | donation | donations
    fundraiser | fundraising | crowdfund\\w* | sponsor\\w* | invest | investing | investment | tip jar | a tip of
    gift cards? | vouchers? | cash | euros? | dollars? | pounds? !(of) | pence | cents | rupees | bitcoin | crypto\\w*
    salary | discounts? | bank transfer | venmo | paypal | a loan | (lend | give | send) (them | him | her) money
"""
REACH = """
    followers? | following count | subscribers? | impressions | engagement | viral | virality | audience | audiences
    (more | your | get | the | earn | gain | collect | for | many | leave a | give a | drop a) likes?
    like and (share | subscribe | follow | comment) | hit like | reach out | reaching out | your reach | bigger reach
    (your | a | the | build a | grow a) network | networking | network with | personal brand | your brand | branding
    visibility | (your | an) online presence | your influence | influencers? | thought leader\\w* | algorithm
    trending | more views | page views | clicks | subscribe | newsletters? | (more | web | website) traffic | grow your
        | build your | community building | hashtags?
    (generate | new | more) leads | outreach | retweets? | upvotes? | leverage | touch base | circle back
    collaboration opportunity | win win | value add
"""
PLATFORMS = vocabulary("""
    linkedin twitter instagram insta facebook tiktok whatsapp telegram slack discord reddit subreddit mastodon bluesky
    youtube snapchat pinterest github gitlab stackoverflow skype wechat viber substack quora nextdoor tumblr twitch
    messenger imessage facetime patreon kickstarter gofundme meetup eventbrite goodreads wikipedia zoom google chatgpt
    openai
""")
LEAK = """
    as an ai | ai (model | assistant) | language model | (i | we) (cannot | cant | can not | am unable | am not able)
    unable to (comply | help | assist | generate | provide) | system (prompt | message | instructions?) | prompts?
    (ignore | disregard | forget | override) (all | any | the | these | previous | prior | above | your | everything)
    (previous | prior | above | these | following | given | provided) (instructions? | rules? | text | data)
    (instructions? | rules? | text | data | list) above | json | schema | null | undefined | placeholder | your
        (themes? | brief) | the (brief | catalogue | json | quotations? | journal entry | journal entries | given data
        | provided data) | as requested | based on (your | the) journal
    per your | (the | this) user | (helpful | your) assistant | the output | response format | tokens? | begin
        quotations? | end of (data | quotations?)
    (act | mirror | minutes) field
"""
ADVICE = """
    should | shouldnt | ought | try | could you | why not | you (might | could | can | may want | need | must | have
        to)
    next time | consider | dont forget | remember to | keep (it | going | that | this | doing | up) | make sure | lets
    perhaps you | maybe you | its time to | time to | i suggest | be sure | how about | what if | go on and
"""
PRAISE = """
    amazing | awesome | incredible | wonderful | fantastic | brilliant | proud | well done | great [job | work] | bravo
    inspiring | inspiration | beautiful | beautifully | superb | hero | excellent | impressive | good (job | work | for
        you) | nice (job | work | one) | love that | lovely | perfect | kudos | congratulations | admirable |
        remarkable
    powerful | what a | truly | such a | so (kind | generous | thoughtful | caring) | a gift | making a difference
"""
THERAPY = """
    feel | feeling | feelings | felt | emotions? | emotional | heal | healing | trauma | boundaries | self (care | love
        | worth | compassion | esteem) | journey | growth | growing as | your needs | inner | process | processing |
        vulnerab\\w*
    wellbeing | well being | mindful\\w* | therapy | therapist | attachment | coping
"""

# ---- reading

_BREAKS = re.compile("[\n\r\v\f\x85\u2028\u2029]")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NEVER = frozenset(("Cc", "Cs", "Cn", "Co"))
PICTURES = frozenset(("So", "Cf"))
SKINS = re.compile("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u20e3\U000e0000-\U000e0fff]")
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]*:/|www\.|@|#\w|(?<![\w/])/\w|[^\W_]\.[^\W\d_]{2,}|\bt\.me\b|(?:\+|\b)\d[\d ()/-]{5,}\d",
    re.IGNORECASE,
)
MARKUP = re.compile(r"[*_`#<>{}\[\]|\\~^=•·]|&\w+;|^\s*(?:[-–—]|\d+[.)])\s|\s-\s-|\$")
FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|my|me|mine|myself|we|we're|we've|our|us)\b(?!')")
QUOTED = re.compile(r'"([^"]*)"|(?<!\w)[\'‘](.+?)[\'’](?!\w)')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂〝〞「」『』", '"'))
QUOTE = "ʘ"
"""Stands for a quotation in what is said around it."""

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_START = re.compile(r"(?:^|[.!?:…]|\s-)[\s\"'(]*$")
_OBJECT = re.compile(
    r" (?:it|them|him|her|the|an?|your|their|his|this|that|what|which|who|how|one|together|slowly|both|each|only)\b"
)
"""What stands behind a verb with a capital, and hardly behind a name."""

SENTENCES = re.compile(r"[.!?…]+[\"')]*\s+(?=\S)")
_NO_WORD = re.compile(r"[^\w¦]+")


@cache
def found_by(book: str) -> re.Pattern[str]:
    """Finds a phrase of *book* in words with a space before and after each."""
    return re.compile(rf"(?<= )(?:{phrases(book)})")


def evened(text: str) -> str:
    """*text* with one kind of apostrophe, of double quotes and of accents, and with its spaces folded."""
    plain = unicodedata.normalize("NFC", straight(text).translate(_QUOTES))
    return " ".join(plain.split())


def bare_words(text: str) -> str:
    """The bare words of *text* with a space around each; "¦" is where a clause ends."""
    plain = lowered(text).replace("'", "")
    stops = re.sub(r"(?<!\w)-|-(?!\w)|[.;:!?,()…]+", " ¦ ", plain)
    return f" ¦ {' '.join(_NO_WORD.sub(' ', stops).split())} ¦ "


def unstopped(words: str) -> str:
    return f" {' '.join(words.replace('¦', ' ').split())} "


def quotations(text: str) -> Iterator[str]:
    """What stands in quotation marks in straight *text*."""
    for found in QUOTED.finditer(text):
        yield found[1] if found[1] is not None else found[2]


def is_theirs(quotation: str, texts: Iterable[str]) -> bool:
    """Whether *quotation* stands in one of *texts* word for word, but for a comma or stop that its sentence needed."""
    wanted = evened(quotation).casefold().rstrip(",.;: ").strip()
    if not re.search(r"\w{2}", wanted):
        return False
    found = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    return any(found.search(evened(text).casefold()) for text in texts)


def unfit(text: str) -> Iterator[str]:
    """What no text may have in it, whoever's words they are."""
    if _BREAKS.search(text):
        yield "lines"
    if any(sign in _BIDI or unicodedata.category(sign) in _NEVER for sign in text if not _BREAKS.match(sign)):
        yield "characters"
    if _LINK.search(unicodedata.normalize("NFKC", text)):
        yield "link"
    if "`" in text:  # read as an apostrophe from here on
        yield "markup"


def strange_names(text: str, theirs: frozenset[str], verbs: Collection[str] = ()) -> bool:
    """Whether *text* has a word with a capital that is neither one of *theirs* nor a day or a month; at the beginning
    of a sentence an ordinary word has one as well, or one of the *verbs*."""
    for found in WORD.finditer(text):
        word = found[0]
        plain = word.casefold().removesuffix("'s").removesuffix("’s")
        if not word[0].isupper() or word in ("I", "I'm", "I've", "I'd", "I'll") or plain in theirs or plain in TIMES:
            continue
        begins = bool(_START.search(text[: found.start()][-4:]))
        is_word = ordinary(word) and plain not in PROPER
        if begins and (is_word or (verbs and (plain in verbs or _OBJECT.match(text, found.end())))):
            continue
        if not begins and is_word and not named_too(word):
            continue
        return True
    return False


def words_of(*texts: str | None) -> frozenset[str]:
    """All words of *texts* in small letters, as they would be seen in a sentence."""
    return frozenset(
        word.casefold().removesuffix("'s") for text in texts if text for word in WORD.findall(evened(text))
    )


def ill_said(said: str, *, longest: int, theirs: frozenset[str], books: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with plain talk *said* of somebody's words, as ids of flaws: it is longer than *longest* (UTF-16
    units), holds what is no plain text, a figure, a platform or a name that isn't among *theirs* (see `words_of`), or a
    phrase of one of *books*. What it quotes is another matter."""
    yield from unfit(said[:READ])
    text = evened(said[:READ])
    around = QUOTED.sub(QUOTE, text)
    bare = unstopped(bare_words(around))
    wrong = {
        "too-long": units(said) > longest,
        "characters": bool({unicodedata.category(sign) for sign in around} & PICTURES)
        or SKINS.search(around) is not None
        or QUOTE in text,
        "markup": MARKUP.search(around) is not None,
        "another-name": strange_names(around, theirs),
        "figures": any(sign.isnumeric() for sign in around),
        "praise": "!" in around,
        "platform": not {*bare.split()}.isdisjoint(PLATFORMS),
        "leak": FIRST_PERSON.search(around.casefold()) is not None,
    }
    yield from (flaw for flaw, is_wrong in wrong.items() if is_wrong)
    yield from (flaw for flaw, book in books.items() if found_by(book).search(bare))
