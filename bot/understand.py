"""What people mean by what they write: wishes, themes, hours, shares, days, times, clocks, pauses and places.

Everything here is pure and quick: a text goes in, a reading or nothing comes out, and nothing is guessed where asking
again costs one button. A wish counts only if it is the whole message ("skip", "skip it please"), because the words of
a wish are also the words of stories ("skip the bakery closed so I drove him"). Messages are short, so longer ones are
read only at their beginning; every pattern steps through plain words and cannot run away.

General parsers of dates were tried and left out: they take 30-95 ms to wake up and know neither "sundays 9am" nor
"till january".
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Literal

__all__ = ["Share", "Wish", "also", "hours", "offset", "pause", "place", "rhythm", "share", "themes", "wish", "wonders"]

Wish = Literal[
    "stop", "pause", "skip", "never", "later", "nothing", "enough", "unsure", "yes", "no", "usual", "hello", "thanks"
]
Share = Literal["none", "quarter", "half", "most"]

# ------------------------------------------------------------------------------------------------ words and numbers

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʼ＇", "'"))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
_FRACTIONS = str.maketrans({"½": ".5", "¼": ".25", "¾": ".75"})
_READ = 400  # characters; what somebody means by a short answer is said by then


def _lowered(text: str) -> str:
    """The beginning of *text* in lower case, with one kind of apostrophe, dash and space."""
    plain = text[:_READ].translate(_APOSTROPHES).translate(_DASHES).translate(_FRACTIONS)
    return " ".join(unicodedata.normalize("NFKC", plain).casefold().split())


_DRAWN_OUT = re.compile(r"([^\W\d])\1{2,}")
_NOT_WORD = re.compile(r"[\W_]+")


def _words(text: str) -> str:
    """The bare words of *text*: "That's it!!" is "thats it", "nooooo" is "no"."""
    return _NOT_WORD.sub(" ", _DRAWN_OUT.sub(r"\1", _lowered(text)).replace("'", "")).strip()


_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBERS = {word: number for number, word in enumerate(_ONES)} | {word: 20 + 10 * at for at, word in enumerate(_TENS)}
_NUMBER_WORDS = re.compile(rf"\b(?:({'|'.join(_TENS)})[ -]({'|'.join(_ONES[1:10])})|({'|'.join(_NUMBERS)}))\b")
_SET_AMOUNTS = (
    (r"\bhalf a dozen\b", "6"),
    (r"\b(?:a|one) dozen\b", "12"),
    (r"\b(?:a |one )?couple(?: of)?\b", "2"),
    (r"(?<!half )(?<!quarter of )(?<!quarters of )\ban? (hour|hr|minute|min|day|week|month|year)\b", r"1 \1"),
    (r"\b(\d+) (hours?|hrs?|weeks?|months?|years?) and a half\b", r"\1.5 \2"),
    (r"\b(\d+) and a half\b", r"\1.5"),
    (r"\b(?:a |one )?half (?:an )?(?=hour|hr\b|h\b)", "0.5 "),
    (r"\bhalf (?:of )?an? (?=day|week|month|year)", "0.5 "),
    (r"\b(?:a |one )?quarter (?:of )?an (?=hour)", "0.25 "),
    (r"\b3[ -]quarters of an (?=hour)", "0.75 "),
    (r"(\d) (\.\d)", r"\1\2"),
    (r"(?<![\d.,])(\d{1,3}),(\d)(?![\d,])", r"\1.\2"),
)


@cache
def _set_amounts() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), digits) for pattern, digits in _SET_AMOUNTS]


def _digits(words: str) -> str:
    """*words* with the numbers in them as digits: "an hour and a half" is "1.5 hour"."""

    def digits(found: re.Match[str]) -> str:
        tens, one, alone = found.groups()
        return str(_NUMBERS[alone] if alone else _NUMBERS[tens] + _NUMBERS[one])

    words = _NUMBER_WORDS.sub(digits, words)
    for pattern, amount in _set_amounts():
        words = pattern.sub(amount, words)
    return words


# ----------------------------------------------------------------------------------------------------------- wishes

_WHEN = (
    r"(?: (?:this|last|the past|for this|for the) (?:week|time|month|year|one|round)| today| tonight| lately"
    r"| recently)"
)
_UNTIL = r"(?:(?:till|til|until|unti) .+|for .*(?:days?|weeks?|months?|years?|fortnight|while|bit|winter|summer|now))"
_TELL = r"(?:say|answer|tell|talk about (?:it|that|this)|share|go into (?:it|that))"

# Words around a wish that change nothing about it. Apostrophes are gone by now: "that's" is "thats".
_BEFORE = (
    "please|pls|plz|kindly|just|well|um+|uh+|er+m?|hm+|oh|ah|eh|ok|okay|so|hey|hi|hello|sorry|actually|honestly"
    "|tbh|and"
    "|but|lets|can you|could you|can we|could we|i think|i guess|i suppose|i would say|id say|probably|really|right"
    "|yes|yeah|yep|no|nope|nah|im afraid|then"
)
_AFTER = (
    "please|pls|plz|thanks|thank you|thx|ty|cheers|ta|tbh|really|honestly|actually|sorry|lol|haha+|mate|friend|buddy"
    "|dude|man|bro|bot|tenfold|now|for now|then|today|at all|i think|i guess|i suppose|im afraid|if thats (?:ok"
    "|okay|fine)"
    "|if you dont mind|ok|okay|either|as well|though|anyway|for me|from me|over here|here|again|indeed|so far|already"
)
_WISHES: dict[Wish, str] = {
    # These two act at once wherever they are said, so nothing is here that despair or a story might say as well.
    "stop": (
        "stop|stop (?:it|this|that|all|everything|all of (?:it|this)|sending|asking|writing|texting|messaging"
        "|bothering)"
        "(?: me)?(?: (?:messages|questions|things))?|unsubscribe(?: me)?|opt out|quit|quit it|remove me|delete me"
        "|go away|leave me (?:alone|be)|let me be|shut up|(?:fuck|piss|bugger|sod|back) off|no more messages"
        "|(?:dont|do not|never) (?:message|text|write|write to|contact|bother|ping) me"
        "(?: (?:again|any ?more|ever again|ever))?|i (?:want|would like) you to stop"
    ),
    "pause": (
        "pause|pause (?:it|this|me|everything|things|a (?:bit|while)|(?:the )?check ?ins)"
        f"|pause (?:\\w+ )?{_UNTIL}|(?:stay|be|go|keep|you can be|remain) (?:quiet|silent)"
        f"|(?:(?:stay|be|go|keep|remain) )?(?:quiet|silent) {_UNTIL}|(?:stay|go|keep|remain) away {_UNTIL}"
        f"|leave me (?:alone|be) {_UNTIL}|no (?:messages|questions|check ?ins) {_UNTIL}"
        f"|dont (?:message|text|write|write to|contact|bother|ping|ask) me {_UNTIL}"
        "|(?:i )?(?:need|want|would like|could use) a (?:break|pause|rest)|(?:take|taking) a (?:break|pause)"
        f"|give me a break|hold off(?: {_UNTIL})?|come back (?:in|after|on) .+"
    ),
    "never": (
        r"(?:thats |its |it is )?none of (?:your|ur|yer|yo|ya) (?:damn |bloody |god ?damn |f\w+ )?"
        "(?:business|bizniz|biz|beeswax|bees wax|concern)"
        "|nunya(?: (?:business|biz|beeswax))?|nun ya(?: business)?|noyb|not (?:your|ur) (?:business|concern)"
        "|mind (?:your|ur) (?:own )?(?:damn |bloody )?business|(?:thats |its )?(?:too |very |rather "
        "|quite )?(?:private|personal)"
        "|thats my (?:own )?business|(?:dont|do not|never|stop) ask(?:ing)?(?: me)? (?:that|this|it|about (?:that"
        "|this|it))"
        "(?: question)?(?: (?:again|any ?more|ever|ever again))?|(?:dont|do not|never) ask(?: me)?(?: again"
        "| ever again)"
        "|(?:id |i would )?rather you didnt(?: ask)?(?: (?:that|this))?|i dont want (?:to be asked"
        "|you to ask)(?: me)? (?:that|this)|butt out|keep out of (?:it|that|this)"
    ),
    "skip": (
        "skip|nvm|never ?mind|skip (?:it|this|that|one|this one|that one|(?:this|the|that) question|me|this time"
        "|it this time"
        "|(?:this|the) week)"
        "|skipping(?: this| it| that)?(?: one)?|pass|ill (?:pass|skip)(?: on)?(?: this| that| it)?(?: one)?"
        "|i(?:m going to| want to| would like to)? (?:pass|skip)(?: on)?(?: this| that| it)?(?: one)?"
        "|(?:a )?hard pass|pass on (?:this|that|it)(?: one)?|next|next (?:one|question)|move on|moving on"
        "|no (?:comment|answer)"
        f"|(?:id |i would |i )?(?:rather|prefer|would prefer)(?: to)? not(?: to)?(?: {_TELL})?"
        f"|(?:i )?(?:dont|do not|dont really) (?:want|wish|care|feel like)(?: to)?(?: {_TELL}| {_TELL[:-1]}"
        f"|answering))"
        f"|(?:i )?wont {_TELL}|not (?:saying|answering|telling)|n a"
    ),
    "later": (
        "(?:maybe |perhaps |rather |a bit |bit |a little )?(?:later|tomorrow|tonight|this evening)"
        "|(?:maybe |perhaps )?(?:later|tomorrow) (?:today|tonight|on|morning|evening|afternoon|night|this week|maybe)"
        "|not (?:now|right now|just now|yet|today|tonight|this moment|at the moment|this second)"
        "|(?:ask|remind|ping|try|text|message)(?: me)?(?: again)? (?:later|tomorrow|tonight|this evening"
        "|in an? .+|on .+|some other time)"
        "|(?:come|check) back (?:later|tomorrow|tonight)|(?:ill|i will) (?:do it|answer|reply|tell you"
        "|get back to you|write)"
        "(?: later| tomorrow| tonight| soon)?|(?:some other|another|other) (?:time|day|moment)|snooze"
        "|in a (?:bit|while|moment|minute|sec|second|few|little while)|in an hour|give me (?:a|an|some|five"
        "|ten) (?:bit|day|few|hour|min|minutes?|moment|more time|sec|second|time|while)"
        "|(?:im |i am )?(?:a bit |very |too |really )?busy(?: right)?|(?:i )?cant(?: talk| chat"
        "| answer)?(?: right)? now"
        "|(?:im |i am )?(?:at work|driving|in a meeting)|bad time|after (?:work|dinner|lunch|breakfast)|postpone|wait"
    ),
    "usual": (
        "(?:nothing (?:new |special |much |different )?)?(?:just |only )?(?:unchanged|no change|"
        "(?:the )?same(?: (?:as|like) (?:always|usual|ever|before|last (?:week|time)|every (?:week|time)"
        "|the last time))?"
        "|(?:the )?same old(?: (?:same old|stuff|story|thing|things))?|(?:the )?same (?:thing|things|stuff|same|here)"
        "(?: (?:as|like) (?:always|usual|ever|before|last (?:week|time)|every week))?"
        "|(?:pretty much |more or less |about |much )(?:the )?(?:same|usual)(?: as (?:always|usual|ever|before"
        "|last (?:week|time)))?"
        "|(?:as|like) (?:always|usual|ever|every week|last week|last time)|(?:the |my )?usual(?: stuff| things"
        "| thing| suspects)?"
        "|business as usual|ditto)"
    ),
    "enough": (
        "(?:thats|that is|that was|that s|this is|its|thatd be|that would be) (?:it|all|everything|enough"
        "|about it|about all|plenty"
        f"|all folks|the lot|all of it|me done|me)(?: for)?{_WHEN}?(?: i (?:can think of|remember|have|got|did))?"
        "|(?:(?:im |i am |all |were )?(?:done|finished)|im through)(?: for (?:today|now|this week|tonight))?"
        "|finished|enough|enough (?:of this|of that"
        "|for (?:today|now))"
        f"|no more(?: questions)?|nothing (?:else|more|further)(?: to (?:add|say|report|tell))?{_WHEN}?"
        "|(?:thatll|that will|thatd) do(?: it)?|(?:the )?end|fin|finish|stop here|leave it (?:there|here|at that)"
        "|wrap (?:it )?up|call it a day|nowt else|cant think of anything (?:else|more)"
        "|(?:no ?one|nobody|none|not anyone|not anybody) (?:else|more)|(?:just|only) (?:that|those|these|this|the one)"
        "|not that i (?:can (?:think of|remember|recall)|know of|remember|recall|noticed)"
        "|(?:too|so) many questions|stop asking (?:so many )?questions"
    ),
    "nothing": (
        "(?:(?:absolutely |really |basically |literally |sadly |nearly |almost |pretty much )?"
        "(?:nothing|none|nada|nil|zilch|nowt|naught|nought|nothin|nuffin|nobody|noone|no one|nix|zip|not a thing"
        "|sod all)"
        "(?: (?:really|much|special|new|major|worth (?:mentioning|telling|noting)|in particular|at all|whatsoever"
        "|yet|nothing"
        "|to (?:report|say|tell|add|speak of|write home about|share|see here)|comes to mind|happened|i know of"
        "|(?:that )?i (?:can|could) (?:think of|remember|recall)|that i (?:know|can think|remember"
        "|noticed)(?: of)?|on my side))*"
        f"|not (?:much|a lot|anything|anyone|anybody|a soul|this (?:week|time))(?: really)?"
        "|(?:i )?(?:did|have|had|got|done|have got|ive got) nothing(?: (?:to (?:report|say|tell|share)|special|much))?"
        "|(?:i )?(?:didnt|did not) (?:do|help|do a)(?: (?:anything|anyone|anybody|much|thing"
        "|anything for (?:anyone|anybody)))?"
        "|(?:i )?(?:cant|cannot|couldnt) think of (?:anything|any|anyone|one|a thing)|no good turns?)"
        f"{_WHEN}?"
    ),
    "unsure": (
        "(?:i )?dunno(?: yet)?|idk|i d k|dk|(?:i )?(?:really |honestly |just |simply |still )?(?:dont|do not"
        "|dont really"
        "|didnt) know"
        "(?: (?:yet|why|what|what to (?:say|write|put|answer)|how to (?:say|answer)(?: that)?|myself|really"
        "|about that))?"
        "|idk (?:yet|why|what)|(?:i )?wouldnt know|(?:im |i am )?not (?:really |quite |so |too |very "
        "|entirely )?(?:sure|certain)(?: yet| about that)?"
        "|unsure|(?:ive |i have )?(?:got )?no (?:idea|clue)(?: yet)?|havent (?:a clue|got a clue|the foggiest"
        "|thought about it)|who knows"
        "|(?:its )?(?:hard|difficult|tough) (?:to (?:say|tell|know)|question|one)|beats me|search me"
        "|(?:i )?(?:cant|couldnt) "
        "(?:tell|say|remember|recall)|(?:i )?dont (?:remember|recall)|maybe|perhaps|possibly|good question"
        "|let me think"
        "|(?:ill|i need to|i have to|have to|need to) think about (?:it|that)|we(?:ll| will) see|undecided"
        "|whatever|meh|ugh"
        "|no opinion|who can say"
    ),
    "no": (
        "(?:not really )?no|n|nope|nah|nay|naw|no way|negative|not really|not at all|never|no never|certainly not"
        "|of course not"
        "|absolutely not"
        "|definitely not|not for me|not interested|no need|dont|no no|nope nope|nah nah|nein|non|não|nao|нет|不"
    ),
    "yes": (
        "y|yes|yep|yup|yeah|yea|ya|yas|ye|aye|yes yes|yeah yeah|sure|sure thing|sure why not|ok|okay|okey"
        "|okey dokey|k|kk"
        "|of course|absolutely|definitely|certainly|please do|do it|do that|go on|go ahead|go for it"
        "|sounds (?:good|great|fine|right)"
        "|fine|thats fine|fine by me|works for me|correct|thats right|right|exactly|by all means|alright"
        "|all right|gladly|why not"
        "|for sure|happily|i do|i would|id like that|id love to|with pleasure|affirmative|si|sí|oui|ja|sim|да"
        "|да да|hai|はい|是"
    ),
    "hello": (
        "(?:hi|hiya|hey|hello|hullo|howdy|yo)(?: (?:there|again|you))?|(?:good )?(?:morning|afternoon|evening)|good day"
        "|greetings|how are you(?: doing)?|hows it going|whats up|nice to (?:meet|see) you|welcome back"
    ),
    "thanks": (
        "(?:many |big )?(?:thanks|thank you|thx|ty|cheers|ta)(?: (?:a lot|a bunch|so much|very much))?"
        "|much appreciated|great|nice|nice one|cool|lovely|perfect|got it|i see|understood|noted|wow|aw+|lol|haha+|hehe"
    ),
}
_SIGNS: dict[str, Wish] = {
    "👍": "yes", "👌": "yes", "✅": "yes", "✔": "yes", "🆗": "yes",
    "👎": "no", "❌": "no", "🙅": "no",
    "🤷": "unsure", "❓": "unsure",
    "⏭": "skip", "⏩": "skip",
    "🛑": "stop", "⏸": "pause", "🤐": "never",
    "👋": "hello", "❤": "thanks", "🙏": "thanks", "🙂": "thanks", "😊": "thanks", "😂": "thanks",
}  # fmt: skip
_LONGEST_WISH = 90


@cache
def _wishes() -> re.Pattern[str]:
    named = "|".join(f"(?P<{name}>{words})" for name, words in _WISHES.items())
    return re.compile(f"(?:(?:{_BEFORE}) )*?(?:{named})(?: (?:{_AFTER}))*")


def wish(text: str) -> Wish | None:
    """What *text* as a whole asks for or says in a word, or None if it says more than that.

    "nothing" is no good turn, "enough" no further ones; "never" is no answer to this question ever; "unsure" is an
    honest don't-know; "usual" is the same as before. "pause till january" is a "pause": `pause` reads until when.
    """
    if len(text) > _LONGEST_WISH:
        return None
    words = _words(text)
    if not words:
        return next((_SIGNS[sign] for sign in text if sign in _SIGNS), None)
    found = _wishes().fullmatch(words)
    if found is None:
        return None
    return next(name for name in _WISHES if found[name] is not None)


# ----------------------------------------------------------------------------------------------------------- themes

_PAIRS = (
    "arts and crafts|back and forth|black and white|bread and butter|country and western|cut and paste|diversity and"
    " inclusion|drum and bass|dungeons and dragons|fish and chips|friends and family|give and take|health and safety"
    "|hide and seek|ins and outs|law and order|life and death|lost and found|mac and cheese|mergers and acquisitions"
    "|nuts and bolts|odds and ends|peace and quiet|pros and cons|q and a|r and b|r and d|research and development"
    "|rhythm and blues|rock and roll|salt and pepper|supply and demand|track and field|trial and error"
    "|ups and downs|wear and tear|wine and cheese|bed and breakfast|hit and run|sticks and stones|stop and search"
)
_LEAD = (
    r"(?:i(?:'d| would| want| wish|'d really)? ?(?:would )?(?:like|love|want|wish)? ?(?:for )?)?(?:people|folks"
    r"|others|them|everyone|someone|friends)"
    r"(?: (?:to|can|could|should|might|may|usually|already|often|mostly|always|do))* (?:come|turn|go"
    r"|look) to me (?:for|about|with)"
    r"|(?:come|turn) to me (?:for|about|with)|(?:people )?(?:can )?ask me about"
    r"|i(?:'d| would) (?:like|love) to be (?:known|the one|asked|remembered) (?:for|about)|(?:i want "
    r"|i'd like )?to be known for"
    r"|(?:the )?(?:things |stuff )?(?:that )?i(?:'m| am) (?:known for|(?:pretty |quite |really |very |rather "
    r"|fairly )?good (?:at|with)|into"
    r"|passionate about|best at|not bad at|decent at)"
    r"|i know (?:a lot |a bit |something |quite a bit |stuff |things )?about|i(?: really)? (?:love|like|enjoy"
    r"|care about)(?! to\b)"
    r"|i can (?:help|help people|help out|help others) (?:with|about)|(?:things|stuff|something|anything"
    r"|topics) (?:like|such as|about|around|to do with)"
    r"|i (?:guess|think|suppose)|i(?:'d| would) say|for (?:example|instance|sure)|it(?:'s| is| would be)"
    r"|that would be|my (?:answer|themes?|words?)(?: is| are|:)"
    r"|mostly|maybe|probably|perhaps|mainly|definitely|certainly|obviously|also|and|or|plus|then|well|um+|uh+|hm+"
    r"|oh|ok(?:ay)?|so|hi|hello|for|possibly|especially|both|like"
)
_TRAIL = (
    r"i (?:guess|think|suppose)|maybe|probably|mostly|perhaps|lol|haha+|etc|and so on|and (?:such|stuff|things"
    r"|the like|more)|as well|too|tbh"
    r"|or (?:something|so|whatever)(?: like that)?|and|or|things like that|please|thanks|for sure"
)
_STORY = re.compile(
    r"(?:and |then |but |so |because |when |after )*(?:i|we|he|she|they|my \w+)(?:'\w+)? ?(?:\w+)? ", re.IGNORECASE
)
_ASKED = re.compile(
    r"(?:why|what|how|who|when|where|which|do|does|can|could|is|are|should|like what|huh|eh"
    r"|really)\b.*\?$",
    re.IGNORECASE,
)
_MOST_THEMES, _LONGEST_THEME, _STORY_LENGTH = 8, 60, 200


@cache
def _theme_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(rf"\b(?:{_PAIRS.replace(' and ', r'(?: and | & |&| n | ʼnʼ )')})\b", re.IGNORECASE),
        re.compile(
            r"[,;\n،؛、，；•·●▪◦‣|]+|(?:^|(?<=\n))\s*(?:[-*–—]|\d{1,2}[.)])\s+|\s+(?:and|&|\+|/|-|–|—)\s+"
            r"|(?<=\w{4})[.!]\s+",
            re.IGNORECASE,
        ),
        re.compile(rf"^(?:(?:{_LEAD})(?=[\s:,]|$)[\s:,.…-]*)+", re.IGNORECASE),
        re.compile(rf"(?:^|[\s,]+)(?:{_TRAIL})$", re.IGNORECASE),
    )


def themes(text: str) -> tuple[str, ...]:
    """The phrases of *text*, as written: at most 8, each at most 60 characters, no two alike.

    () if there are none, or if *text* tells a story rather than naming things: then ask which words to underline.
    """
    pairs, between, lead, trail = _theme_patterns()
    text = text.translate(_APOSTROPHES).strip()
    if wish(text) in ("unsure", "skip", "nothing", "never", "later", "stop", "pause", "no", "yes"):
        return ()
    if len(text) > 1_000 or (len(text) > _STORY_LENGTH and re.search(r"\w[.!?]\s+\w", text)):
        return ()
    held = pairs.sub(lambda pair: pair[0].replace(" ", "\0"), text)
    found: dict[str, str] = {}
    told = 0
    for piece in between.split(held):
        phrase = piece.replace("\0", " ").strip()
        phrase = _stripped(lead.sub("", phrase))
        while (shorter := _stripped(trail.sub("", phrase))) != phrase:
            phrase = shorter
        if not phrase or _ASKED.match(piece.strip()) or not any(sign.isalnum() for sign in phrase) or wish(phrase):
            continue
        if len(phrase) > _LONGEST_THEME:
            return ()
        told += _STORY.match(phrase) is not None
        found.setdefault(phrase.casefold(), phrase)
    return () if told > 1 else tuple(found.values())[:_MOST_THEMES]


def _stripped(phrase: str) -> str:
    phrase = phrase.strip(' \t\r\n-*:,;.!?…–—"“”„«»')
    return phrase[1:-1].strip() if phrase[:1] == "(" and phrase[-1:] == ")" else phrase


# -------------------------------------------------------------------------------------------------- hours and shares

_AMOUNT = r"(\d{1,4}(?:\.\d{1,2})?|\.\d{1,2})"
_UNIT = r"(hours?|hrs?|h|std|minutes?|mins?|m)"
_A_DAY = r"(?: ?(?:a|1|per|each|every|/) ?day| daily)"
_HEDGE = (
    r"(?:idk|dunno|way|not sure|about|around|roughly|approximately|approx\.?|circa|ca\.?|c\.|maybe|perhaps"
    r"|probably|some|like|say|only"
    r"|just|i'd say|i would say|i think|i guess"
    r"|i suppose|it was|it's|i spent|spent|well|um+|uh+|hm+|oh|ok|so|nearly|almost|close to|easily|at most"
    r"|at least|up to|under|over|below"
    r"|less than|fewer than|more than|no more than|between|from|max|maximum|min|minimum|total|in total"
    r"|my estimate|my guess|good|a good|estimate|guess|honestly|tbh|~|≈|<|>|=|:|-|,|\.|"
    r"a|the|to|probably|something like|somewhere|in the region of|not more than|not much more than|my|is|was)"
)
_REST = (
    r"(?:$|[,.;:!?()\n…-]|(?:or so|or more|ish|or thereabouts|tops|max|maximum|at most|at least|in total|total"
    r"|altogether|all in all|this week|last week|a week|per week|each week"
    r"|week|weekly|i think|i guess|i'd say|i suppose|maybe|probably|roughly|about|give or take|tbh|honestly|of it"
    r"|overall|on|and|but|half|most|with|if|sorry|lol|too|which|hours?|please)\b)"
)
_NO_TIME = re.compile(
    r"(?:(?:absolutely|probably|basically|practically|honestly|well|oh|um|about|i think|i'd say"
    r"|i spent) )*(?:none|nothing|zero|0|nil|nada|zilch|no time|not at all|didn't|not any|no hours)"
    r"(?: (?:at all|really|whatsoever|tbh|honestly|this week|i think|of it|hours?|h|minutes?|this time|today"
    r"|for once))*[.! ]*"
)
_LITTLE_TIME = re.compile(
    r"(?:(?:probably|honestly|well|oh|about) )*(?:hardly any|barely any|almost none|almost nothing"
    r"|next to nothing|next to none|very little|not much|hardly|barely|a few minutes|minutes)"
    r"(?: (?:at all|really|tbh|this week|i think|of it|time))*[.! ]*"
)


@cache
def _hour_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    end = rf"(?: ?{_UNIT}\b)?"
    ish = r"(?: ?-?ish)?"
    return (
        re.compile(
            rf"(?<![\w.:/€$£-]){_AMOUNT}{ish}{end}(?: ?(?:-|to|or|and|/|bis|through) ?(?:maybe "
            rf"|even )?){_AMOUNT}{ish} ?\+?{end}({_A_DAY})?"
        ),
        re.compile(
            rf"(?<![\w.:/€$£-])(\d{{1,2}}) ?(?:h|hrs?|hours?|:)(?: and)? ?(\d{{2}})(?: ?(?:m|mins?"
            rf"|minutes?))?\b({_A_DAY})?"
        ),
        re.compile(rf"(?<![\w.:/€$£-]){_AMOUNT}{ish} ?(?:\+|plus)?{ish}{end}({_A_DAY})?"),
        re.compile(rf"(?:^|[,;:.!?(]\s)\s*(?:{_HEDGE}(?:\s+|(?<=[~≈<>=:,.-])|$))*$"),
    )


def hours(text: str) -> tuple[float, float] | None:
    """How many hours *text* says, as (least, most), or None. "10+" is (10, 10), "under 5" (0, 5), "a day" times seven.

    A number with a unit counts wherever it stands; one without only if hardly anything but hedging stands before it
    and no other thing is counted ("3 friends").
    """
    said = _digits(_lowered(text))
    if _NO_TIME.fullmatch(said):
        return (0.0, 0.0)
    if _LITTLE_TIME.fullmatch(said):
        return (0.0, 1.0)
    said = re.sub(r"\ba few (?=hours?|hrs?|h\b|minutes?|mins?)|^(?:maybe |just |only )?a few(?=$|[,.!])", "2-4 ", said)
    said = re.sub(r"\bseveral (?=hours?|hrs?|minutes?|mins?)", "3-7 ", said)
    said = re.sub(r"\b1 hour or (\d+)\b", r"1-\1 hours", said)
    span, clock, single, hedges = _hour_patterns()
    for pattern in (clock, span, single):
        found = pattern.search(said)
        if found is None:
            continue
        before, after = said[: found.start()], said[found.end() :].lstrip()
        parts = found.groups()
        factor = 7.0 if parts[-1] else 1.0
        if pattern is clock:
            low = high = int(parts[0]) + int(parts[1]) / 60
            unit: str | None = "h"
            if int(parts[1]) > 59:
                continue
        elif pattern is span:
            unit = parts[3] or parts[1]
            low, high = float(parts[0]) * _in_hours(parts[1] or unit), float(parts[2]) * _in_hours(unit)
        else:
            unit = parts[1]
            low = high = float(parts[0]) * _in_hours(unit)
        if unit is None and not (hedges.search(before) and re.match(_REST, after)):
            if pattern is span:
                return None
            continue
        if pattern is single and re.search(
            r"(?:under|below|(?<!no )(?:less|fewer) than|up to|at most|<|max|maximum)[ :]*$", before
        ):
            low = 0.0
        low, high = sorted((low * factor, high * factor))
        return (round(low, 2), round(high, 2)) if high <= 168 else None
    return None


def _in_hours(unit: str | None) -> float:
    return 1 / 60 if unit and unit[0] == "m" else 1.0


_CLAUSE = re.compile(r"[,.;:!?\n()…]+| - | and | but | so |(?<=\d)ish\b| of which ")
_PART_LEAD = (
    r"(?:(?:about|around|roughly|maybe|perhaps|probably|i'd say|i would say|i think|i guess|almost|nearly|only"
    r"|just|like|say|well|um|oh|easily|at least|at most|up to"
    r"|some|a good|good|honestly|tbh|of that|of it|of those|of them|it was|it's|i spent|spent|over|more than"
    r"|less than|under|not even|not quite|a bit over|a bit under|slightly over|slightly under) )*"
)
_OF_IT = (
    r"(?: ?-?ish)?(?: (?:of (?:it|that|them|those|this|the time|my time|the hours?|my hours?|all)\b.*|(?:was|were"
    r"|is|are|went|with|on|the time|or so|i'd say|i think|i guess|probably|maybe|really|tbh|then|each"
    r"|i suppose)\b.*))?"
)
_SURE_PARTS: dict[float, str] = {
    0.5: (r"(?:a |one |the )?half|1/2|50[ /-]50|fifty[ /-]fifty|half and half|halves|halfway|\.5"),
    0.25: (r"(?:a |one )?quarter|1/4|\.25|1 in 4"),
    0.33: (r"(?:a |one |1 )?third|1/3|1 in 3"),
    0.2: (r"(?:a |one |1 )?fifth|1/5|1 in 5"),
    0.1: (r"(?:a |one |1 )?(?:tenth|10th)|1/10|1 in 10"),
    0.75: (r"2[ -]thirds|2/3|\.75|3[ -]quarters|3/4"),
    0.9: (
        r"(?:the )?(?:vast |large |overwhelming )?majority|(?:by far )?(?:the )?(?:most|lion's share|bulk"
        r"|best part|better part)|mostly|mainly|(?:almost |nearly |pretty much |practically )?(?:all|everything"
        r"|entirely)"
    ),
    0.0: (
        r"(?:almost |nearly |practically |close to )?(?:none|nothing|nil|zero)|hardly(?: any(?:thing)?)?"
        r"|barely(?: any(?:thing)?)?|scarcely any|next to (?:none|nothing)|(?:very |precious )?little|not much"
        r"|a tiny (?:bit|part)"
    ),
}
_LONE_PARTS: dict[float, str] = {
    0.0: (r"0|no|nope|not (?:at all|any|really|a lot)|no time|never|a tad|a minute|minimal|negligible|hardly ever"),
    0.25: (
        r"some|a (?:bit|little|part|small part|few|fraction)|little bit|a little bit|somewhat|sometimes"
        r"|occasionally|a small portion|a fair bit"
    ),
    0.5: (r"even|evenly|so so|equal|equally|medium|middling|a fair amount|quite some"),
    0.9: (
        r"(?:quite )?a lot|lots|loads|much|very much|always|plenty|tons|completely|totally|100|yes all"
        r"|the whole (?:lot|time)|a great deal|quite a bit|all the time"
    ),
}
_PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d+)?) ?(?:%|percent|per cent|pct)")


@cache
def _part_patterns() -> list[tuple[re.Pattern[str], float]]:
    sure = [(re.compile(rf"({_PART_LEAD})(?:{words}){_OF_IT}"), part) for part, words in _SURE_PARTS.items()]
    lone = [
        (re.compile(rf"({_PART_LEAD})(?:{words})(?: (?:of it|really|tbh|i think|i guess|i'd say|i suppose))?"), part)
        for part, words in _LONE_PARTS.items()
    ]
    return sure + lone


def share(text: str) -> Share | None:
    """How large a part of something *text* says was so, to the nearest of four, or None.

    "most" is two thirds and up, "none" less than a tenth ("hardly any"). It may be one clause among others ("8ish,
    half was ..."), but half an hour and half a dozen are no shares.
    """
    said = _lowered(text)
    if found := _PERCENT.search(said):
        return _nearest(float(found[1]) / 100) if float(found[1]) <= 100 else None
    said = re.sub(r"\d+[.,:]\d+", "6", said)
    said = re.sub(r"\bhalf (?:a dozen|an? (?:hour|day|minute))\b|\b(?:quarter|quarters) of an hour\b", "6", said)
    said = re.sub(r"\band (?:a half|half an hour|a quarter|some)\b|\bhalf past\b", "", _number_words_in_parts(said))
    for clause in (said, *_CLAUSE.split(said)):
        for pattern, part in _part_patterns():
            if found := pattern.fullmatch(clause.strip(" -~\"'")):
                return _nearest(_shifted(part, found[1]))
    return None


def _number_words_in_parts(said: str) -> str:
    said = re.sub(r"\btwo(?=[ -]thirds)", "2", said)
    said = re.sub(r"\bthree(?=[ -](?:quarters|fourths))", "3", said).replace("fourth", "quarter")
    return re.sub(r"\bone in (three|four|five|ten)\b", lambda found: f"1 in {_NUMBERS[found[1]]}", said)


def _shifted(part: float, lead: str) -> float:
    if "slightly" in lead or "a bit" in lead:
        return part
    more, less = re.search(r"more than|over", lead), re.search(r"less than|under|not even", lead)
    return part + 0.2 if more else part - 0.2 if less else part


def _nearest(part: float) -> Share:
    return "none" if part < 0.1 else "quarter" if part < 0.4 else "half" if part < 0.65 else "most"


# -------------------------------------------------------------------------------------------------- days and clocks

_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_DAY = re.compile(
    r"\b(?:(mon)|(tue|tues)|(wed|weds|wednes)|(thu|thur|thurs)|(fri)|(sat|satur)|(sun))(?:days?|day's)?\b(?:'s)?"
    r"|\b(?:(mondy|monady)|(tuseday|teusday)|(wensday|wedneday|wednsday)|(thrusday|thirsday|thursdy)|(firday"
    r"|frday|fridy)|(saterday|satuday)|(sundy|sunady))s?\b"
)
_PART_OF_DAY: tuple[tuple[str, time], ...] = (
    (r"early morning|early in the morning|sunrise|dawn", time(7)),
    (r"breakfast", time(8)),
    (r"late morning", time(11)),
    (r"mornings?|forenoon", time(9)),
    (r"lunch ?(?:time|break)?", time(12, 30)),
    (r"noon|midday|mid-day", time(12)),
    (r"late afternoon|after work|teatime|tea time", time(17)),
    (r"afternoons?|arvo", time(15)),
    (r"late evening|late at night|late night|bed ?time", time(22)),
    (r"dinner(?: ?time)?|supper|evenings?|eve|sunset", time(19)),
    (r"midnight", time(0)),
    (r"nights?|tonight", time(21)),
)
_HOUR = r"(\d{1,2})"
_SUFFIX = r" ?(a\.?m\.?|p\.?m\.?|a|p)?(?![\w])"


@cache
def _clock_patterns() -> dict[str, re.Pattern[str]]:
    return {
        "past": re.compile(
            rf"\b(half|quarter|\d{{1,2}}(?: minutes?| mins?)?) ?(past|to|before|after|till) {_HOUR}{_SUFFIX}"
        ),
        "half": re.compile(rf"\bhalf {_HOUR}{_SUFFIX}"),
        "full": re.compile(
            rf"(?<![\d.:/+-]){_HOUR} ?(?::|\.|h|u) ?(\d{{2}})(?::\d{{2}})?(?: ?(?:uhr|h|hrs"
            rf"|o'?clock))?{_SUFFIX}(?![:./]\d)"
        ),
        "four": re.compile(r"(?<![\d.:/+-])([01]\d|2[0-3])([0-5]\d) ?(?:h|hrs|hours)\b"),
        "hour": re.compile(
            rf"(?<![\d.:/+-]){_HOUR} ?(?:(a\.?m\.?|p\.?m\.?)(?!\w)|o'? ?clock\b|uhr\b|h\b|hrs?\b"
            rf"|sharp\b)(?: ?(a\.?m\.?|p\.?m\.?)(?!\w))?"
        ),
        "bare": re.compile(
            rf"(?:\b(?:at|around|about|by|from|past)|days?|\b(?:mon|tues?|weds?|thu|thurs?|fri|sat|sun)s?|'s|^"
            rf"|[,@~]) ?{_HOUR}(?:ish)?(?=$|[,;!?-]|\.(?!\d)"
            rf"| (?:in the|at night|please|thanks|if|works|sharp|on|every|would|is|or so|instead|mon|tue|wed|thu"
            rf"|fri|sat|sun|every|each))"
        ),
    }


def _clock(said: str, *, bare: bool = True) -> tuple[int, int, str] | None:
    """The hour, minute and half of the day ("am", "pm", "24" if sure, "" if not) that *said* (lower case) tells."""
    patterns = _clock_patterns()
    hour = minute = 0
    half = ""
    if found := patterns["past"].search(said):
        away, direction, digits, half = found.groups(default="")
        minute = 30 if away == "half" else 15 if away == "quarter" else int(away.split()[0])
        hour = int(digits)
        if direction in ("to", "before", "till"):
            hour, minute = (hour - 1) % 24 or (12 if hour == 1 else 0), 60 - minute
    elif found := patterns["full"].search(said):
        hour, minute, half = int(found[1]), int(found[2]), found[3] or ("24" if found[1][0] == "0" else "")
    elif found := patterns["four"].search(said):
        hour, minute, half = int(found[1]), int(found[2]), "24"
    elif found := patterns["hour"].search(said):
        hour, half = int(found[1]), found[2] or found[3] or ""
    elif found := patterns["half"].search(said):
        hour, minute, half = int(found[1]), 30, found[2] or ""
    elif bare and (found := patterns["bare"].search(said)):
        hour = int(found[1])
    else:
        return None
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    half = half.replace(".", "")[:2]
    half = {"a": "am", "p": "pm"}.get(half, half)
    if not half:
        if re.search(r"\bmornings?\b", said):
            half = "am"
        elif re.search(r"\b(?:afternoons?|evenings?|tonight)\b", said) or (
            re.search(r"\bnights?\b", said) and hour > 5
        ):
            half = "pm"
        elif re.search(r"\bat night\b", said):
            half = "am"
    if hour == 0 or hour > 12:
        half = "24"
    if half == "am" and hour == 12:
        hour = 0
    elif half == "pm" and hour < 12:
        hour += 12
    return hour % 24, minute, "24" if half else ""


def rhythm(text: str) -> tuple[int | None, time | None]:
    """The weekday (Monday is 0) and the wall time that *text* names, each None if it names none.

    An hour that says neither morning nor evening is taken as one people are awake and free at: 1 to 7 are in the
    afternoon, 8 to 12 before it; "07:00" is meant as written. A part of the day is its middle: "saturday morning" is
    9:00, "evenings" 19:00.
    """
    said = _digits_of_clock(_lowered(text))
    day = next(
        (at % 7 for found in [_DAY.search(said)] if found for at, name in enumerate(found.groups()) if name), None
    )
    if day is None and re.search(r"\bweekends?\b", said):
        day = 5
    told = _clock(said)
    if told:
        hour, minute, sure = told
        return day, time(hour + 12 if not sure and 1 <= hour <= 7 else hour, minute)
    for words, moment in _PART_OF_DAY:
        if re.search(rf"\b(?:{words})\b", said):
            return day, moment
    return day, None


def _digits_of_clock(said: str) -> str:
    """*said* with the numbers as digits, leaving "half" and "quarter" as a clock says them."""
    return _NUMBER_WORDS.sub(
        lambda found: str(_NUMBERS[found[3]] if found[3] else _NUMBERS[found[1]] + _NUMBERS[found[2]]), said
    )


_UTC = re.compile(
    r"(?<!\w)(?:utc|gmt)(?: ?time)? ?(?:([+-]) ?(\d{1,2})(?:(?::|\.|h)?(\d{1,2}))?(?!\d))?(?=$|[\s,;.!?)])"
)
_BARE_OFFSET = re.compile(r"([+-]) ?(\d{1,2})(?::?(\d{2}))?(?: ?(?:h|hours?))?[.! ]*")
_HERE = re.compile(
    r"\b(?:here|now|it's|its|it is|my (?:time|clock|watch|phone|place|city)|local(?:ly)?|the time|current(?:ly)?"
    r"|o'?clock"
    r"|right now|clock)\b"
)


def offset(text: str, now: datetime) -> timedelta | None:
    """How far the clock that *text* tells of is from UTC, at *now* (aware): "utc+2", "GMT-3:30", "it's 3pm here".

    To the nearest quarter hour, from -12 to +14 hours. A clock half a day off is told by who would be awake ("it's
    3:20 here" is in the afternoon); where that leaves both, as at half past nine, None.
    """
    said = _digits_of_clock(_lowered(text))
    if found := _UTC.search(said) or _BARE_OFFSET.fullmatch(said):
        sign, whole, part = found.groups()
        if sign is None:
            return timedelta(0)
        minutes = {"5": 30, "25": 15, "75": 45}.get(part, 0) if f".{part}" in found[0] else int(part or 0)
        away = timedelta(hours=int(whole), minutes=minutes) * (-1 if sign == "-" else 1)
        fits = minutes < 60 and timedelta(hours=-12) <= away <= timedelta(hours=14)
        return _quarter(away) if fits else None
    bare = re.sub(r"[^\w:.']+", " ", said).strip()
    if not (_HERE.search(said) or len(bare) <= 12):
        return None
    if not (told := _clock(said, bare=False) or _clock(re.sub(r"^.*\b(?:it's|its|it is) ", "", said))):
        if not (found := re.search(r"\b(noon|midday|midnight)\b", said)):
            return None
        told = (0 if found[1] == "midnight" else 12, 0, "24")
    hour, minute, sure = told
    if not sure:
        awake = [choice for choice in (hour % 12, hour % 12 + 12) if 7 <= choice <= 22]
        if len(awake) != 1:
            return None
        hour = awake[0]
    there = now.astimezone(UTC)
    away = _quarter(timedelta(hours=hour, minutes=minute) - timedelta(hours=there.hour, minutes=there.minute))
    day = timedelta(days=1)
    # From +12 on two offsets share each clock: more people live at +12 and +13 than at -12 and -11, but fewer at +14
    # than at -10.
    while away < timedelta(hours=-10, minutes=-30):
        away += day
    while away >= timedelta(hours=13, minutes=30):
        away -= day
    return away


def _quarter(away: timedelta) -> timedelta:
    return timedelta(minutes=15) * round(away / timedelta(minutes=15))


# ----------------------------------------------------------------------------------------------------------- pauses

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_NTH = r"(\d{1,2})(?:st|nd|rd|th)?"
_LONGEST_PAUSE = timedelta(days=3 * 366)


@cache
def _pause_patterns() -> dict[str, re.Pattern[str]]:
    return {
        "for": re.compile(
            r"(?:\bfor |\bin |^(?:/?pause )?)(?:(?:a|the|next|about|at least|another|around|maybe|like"
            r"|roughly) )*(\d{1,3}(?:\.5)?|few) ?(?:more )?(days?|d|weeks?|w|wks?|months?|years?|fortnights?)\b"
        ),
        "iso": re.compile(r"\b(20\d\d)-(\d{1,2})-(\d{1,2})\b"),
        "dots": re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(20\d\d)?(?!\d)|\b(\d{1,2})/(\d{1,2})(?:/(20\d\d))?\b"),
        "day month": re.compile(rf"\b{_NTH}(?: of)? {_MONTH}(?:,? (20\d\d))?"),
        "month day": re.compile(rf"\b{_MONTH} (?:the )?{_NTH}(?!\d)(?:,? (20\d\d))?"),
        "month": re.compile(rf"\b(?:(mid|middle of|end of|late|after)[ -](?:the )?)?{_MONTH}(?: (20\d\d))?"),
        "nth": re.compile(r"\bthe (\d{1,2})(?:st|nd|rd|th)\b"),
    }


def pause(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Until when *text* asks for quiet, aware UTC: the first moment of that day in *zone*; None if it doesn't say.

    A month without a day is its first; what has passed this year is next year's. A span counts from the day it is in
    *zone* at *now*, so "for two weeks" ends as that day begins.
    """
    said = _digits(_lowered(text).replace("a fortnight", "2 weeks"))
    today = now.astimezone(zone).date()
    try:
        until = _until(said, today)
        if until is None or not today < until <= today + _LONGEST_PAUSE:
            return None
        return datetime.combine(until, time(0), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None  # no such day, as in "till 31 november"


def _until(said: str, today: date) -> date | None:
    patterns = _pause_patterns()
    if found := patterns["for"].search(said):
        number = 3.0 if found[1] == "few" else float(found[1])
        unit = found[2][0]
        if unit in "dwf":
            return today + timedelta(days=round(number * {"d": 1, "w": 7, "f": 14}[unit]))
        return _months_on(today, round(number * (1 if unit == "m" else 12)))
    if re.search(r"\bfor a (?:few|couple of) days\b", said):
        return today + timedelta(days=3)
    if found := patterns["iso"].search(said):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := patterns["dots"].search(said):
        return _dotted(found, today)
    if found := patterns["day month"].search(said):
        return _next(today, _MONTHS_AT[found[2][:3]], int(found[1]), found[3])
    if found := patterns["month day"].search(said):
        return _next(today, _MONTHS_AT[found[1][:3]], int(found[2]), found[3])
    if found := re.search(
        r"\b(after |the end of )?(?:christmas|xmas|the holidays|new year'?s?|the new year|next year)\b", said
    ):
        if "christmas" in found[0] or "xmas" in found[0]:
            return _next(today, 12, 27 if found[1] else 25, None)
        return date(today.year + 1, 1, 7 if found[1] and "year" not in found[0] else 1 if "next" in found[0] else 2)
    if re.search(r"\b(?:the )?end of (?:the|this) month\b|\bnext month\b", said):
        return _months_on(today.replace(day=1), 1)
    if re.search(r"\bnext week\b|\bend of (?:the|this) week\b", said):
        return today + timedelta(days=7 - today.weekday())
    if found := patterns["nth"].search(said):
        day = today.replace(day=int(found[1])) if int(found[1]) > today.day else None
        return day or _months_on(today.replace(day=1), 1).replace(day=int(found[1]))
    if re.search(r"\btomorrow\b", said):
        return today + timedelta(days=1)
    if re.search(r"\bafter the weekend\b", said):
        return today + timedelta(days=7 - today.weekday())
    if re.search(r"\bweekend\b", said):
        return today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    if re.search(r"\b(?:till|til|until|to|on|next|before|after)\b", said) and (found := _DAY.search(said)):
        weekday = next(at % 7 for at, name in enumerate(found.groups()) if name)
        return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)
    if found := patterns["month"].search(said):
        if found[2] == "may" and not re.search(
            r"\b(?:till|til|until|to|in|before|after|of|mid|late)[ -](?:\w+ )?may\b", said
        ):
            return None
        month = _next(today.replace(day=1) if found[1] else today, _MONTHS_AT[found[2][:3]], 1, found[3])
        if found[1] in ("mid", "middle of"):
            return month.replace(day=15)
        return _months_on(month, 1) if found[1] else month
    return None


_MONTHS_AT = {name[:3]: at for at, name in enumerate(_MONTHS, 1)}


def _dotted(found: re.Match[str], today: date) -> date | None:
    """A day in numbers: 3.12. is the third of December; of 3/12 nobody knows, of 14/12 everybody."""
    day, month, year = (found[1], found[2], found[3]) if found[1] else (found[4], found[5], found[6])
    one, two = int(day), int(month)
    if not found[1]:
        if one <= 12 and two <= 12 and one != two:
            return None
        one, two = (one, two) if two <= 12 else (two, one)
    return _next(today, two, one, year)


def _next(today: date, month: int, day: int, year: str | None) -> date:
    if year:
        return date(int(year), month, day)
    this = date(today.year, month, day)
    return this if this > today else date(today.year + 1, month, day)


def _months_on(start: date, months: int) -> date:
    """The same day *months* later, or that month's last."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(start.day, last))


# -------------------------------------------------------------------------------------------------------- and so on

_ALSO = re.compile(
    r"(?:(?:oh|ah|and|so|wait|ok|okay|hey|yes|hm+|um+)[ ,.!-]+)*?"
    r"(?:also\b(?! (?:fine|ok|okay|not|no)\b)|(?:oh|ah)[ ,.!-]+(?:and|yes|i|yeah|another|one more|forgot)\b"
    r"|plus\b|and (?:then )?(?:i|also|another|one more|we|then)\b"
    r"|i also\b|we also\b|another (?:one|thing|good turn)\b|one more\b|(?:i )?(?:almost |nearly )?forgot\b"
    r"|on top of that\b|additionally\b|in addition\b|p\.? ?s\b\.?|besides\b)"
)


def also(text: str) -> bool:
    """Whether *text* plainly adds one more to what was said before: "also gave Rui some starter", "oh and I ..."."""
    said = _lowered(text)
    return bool(_ALSO.match(said)) and not said.endswith("?") and len(said.split()) > 2


_WONDERS = re.compile(
    r"(?:(?:but|and|so|wait|hm+|ok|okay|sorry|oh)[ ,.!-]+)*"
    r"(?:why|what|whats|what's|who|who's|whose|how|when|where|which|do|does|did|is|are|am|can|could|should|would|will"
    r"|may|like what|such as|for example|huh|eh|pardon|really|meaning)\b.*\?+|\?+"
)


def wonders(text: str) -> bool:
    """Whether *text* as a whole asks something back, as in "why?" or "does my mum count?"."""
    return len(text) <= _LONGEST_WISH and _WONDERS.fullmatch(_lowered(text)) is not None


_IN = re.compile(
    r"^(?:(?:hi|hello|hey|well|um+|uh+|oh|ok|okay|so|currently|right now|at the moment|now|these days|for now"
    r"|mostly|usually|probably|just|actually|still|"
    r"of course|think|guess|greater|the(?! (?:hague|bronx|dalles|woodlands|colony|villages)\b)|"
    r"i(?:'m| am|m)|we(?:'re| are)|it(?:'s| is)|i|we|live|lives|living|stay|staying|based|located|situated|from"
    r"|in|at|near|nearby|around|close|to|by|outside|of|"
    r"city|town|village|called|my|place|home|is|somewhere|a|an|small|little|big|suburb|born|over|here|from|next"
    r"|put|use|take|make|try|say|say|please|set|moved|moving|been)"
    r"(?:[\s,:]+|$))+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:^|[\s,]+)(?:(?:from|until|till|til|since|starting|as of|after|before|through)\s+(?:the|next|this|last|\d"
    r"|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|now|tomorrow|today"
    r"|about|around|mid|end|early|late)\b.*"
    r"|(?:right now|now|at the moment|at present|currently|these days|for now|for the moment|today|(?:this|next"
    r"|last) (?:week|month|year|summer|winter|spring|autumn)|please|pls|thanks|thank you|i (?:think|guess"
    r"|suppose)|but|because|though|although|where|which|with|when|while|time|(?:bay |metro(?:politan)? )?area"
    r"|mostly|usually|here|btw|tbh|lol"
    r"|if)\b.*"
    r"|for (?:the|a|an|two|three|few|\d+)\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_LIVES = re.compile(
    r"\b(?:live|living|based|stay|staying|moved|i'm|i am|we're|am|are) (?:in|near|to|around|at|outside) ([^.;!?\n]+)",
    re.IGNORECASE,
)


def place(text: str) -> str:
    """The words of *text* that name a city, as written, or "" if none seem to: "I'm in porto" is "porto".

    When a person tells of a move ("lisbon from the 14th"), the place is taken and the date left.
    """
    said = " ".join(text[:_READ].translate(_APOSTROPHES).replace("\n", ", ").split())
    if wish(said):
        return ""
    if len(said) > 60 and (found := _LIVES.search(said)):
        said = found[1]
    clauses = []
    for clause in re.split(r"[,;!?]|\.(?=\s|$)(?<!\bst\.)(?<!\bSt\.)|\s[-–—]\s", said):
        if _UTC.search(_lowered(clause)) or _clock(_digits_of_clock(_lowered(clause))):
            continue
        bare = clause.strip(" \t.:\"'“”")
        bare = _IN.sub("", bare)
        bare = re.sub(r"\s+[^\w)]\W*$", "", _TAIL.sub("", bare)).strip(" .:,\"'“”").replace(" in ", ", ")
        if bare and any(sign.isalpha() for sign in bare) and len(bare.split()) <= 6:
            clauses.append(bare)
    return ", ".join(clauses[:3])[:100]
