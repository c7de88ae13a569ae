"""Whether a good turn that somebody tells is one they got: "boss said I did well", "Rui drove me home".

It costs one question, so it is meant to be right rather than complete. A message is taken clause by clause: one must
tell of something that came to the writer, and none of anything the writer did for somebody.
"""

import re
from functools import cache

from bot.understand.phrases import READ, lowered, phrases

_CLAUSE = re.compile(
    r"[.;,!()…:]+(?:\s|$)|\s-\s|\sso (?=(?:i|we|he|she|they) )"
    r"|\s(?:and|but|because|cause|cos|while|when|(?<!looked )after|before|then|since|until|till)\s"
)
# What a good turn begins with, said of oneself: "I helped", "we gave", or "helped" alone.
_DEEDS = r"""
    accompanied | advised | answered | apologi[sz]ed | babysat | baked | bought | brought | built
    calmed | called | cared | carried | checked | cheered | cleaned | comforted | complimented | congratulated
    cooked | covered | cut | defended | delivered | donated | drove | encouraged | explained | fed | fetched
    filled | fixed | found | gave | guided | handed | held | helped | hosted | hugged | introduced | invited | kept
    led | lent | lifted | listened | looked after | made | mended | mentored | messaged | moved | offered | opened
    organi[sz]ed | packed | paid | phoned | picked | praised | prepared | proofread | proof read | passed on | put
    rang | read | reassured | recommended | repaired | replaced | replied | returned | sat | sent | set up | shared
    shopped | showed | sorted | spent | spoke | stayed | stood | stopped | supported | swapped | talked | taught
    texted | thanked | told | took | trained | translated | tried | visited | volunteered | waited | walked | washed
    watched | watered | welcomed | wrote
    let (some\w+ | her | him | them | people | the | an? | my) | went (to | over | with | and)
    did (it | that | the | her | his | their | some | shopping | a)
"""
_ONESELF = "i | we | i've | we've | i have | we have | i'd | i had"
_DID = re.compile(r"(?:i|we) did(?: it| so| that| too| for \w+)?$|i (?:always|usually|often) \w+")
_DOING = re.compile(
    r"(?:i was |i've been |been )?"
    r"(?!being|getting|receiving|having|something|nothing|during|evening|morning)\w{3,}ing\b"
)

# Who does nothing for anybody, and how a clause begins that is about the writer.
_NOBODY = """
    i | we | i'm | i've | i'd | we're | it | it's | that | this | these | those | which | what | there | here
    nobody | no | none | nothing | not | never | if | how | why | hope | let | please | don't | didn't | can | could
    will | would | you | your | talking | work | life | asked | asking | wanted | told | said | made | to | got
    my (week | day | work | phone | alarm | back | cold | job | life)
    the (week | weather | rain | day | train | pain | news | alarm | job)
"""
_ADVERBS = """
    also | kindly | very | really | just | even | then | always | actually | finally | again | so | all | once | both
"""
_OPENING = r"""
    also | well | oh | yes | nothing but | (this | last) \w+ | today | yesterday | on \w+day | honestly | actually
"""
# What comes to the writer.
_DONE = r"""
    (helped | assisted | supported | encouraged | rescued | saved | thanked | praised | complimented | congratulated |
        hugged | comforted | consoled | welcomed | invited | surprised | spoiled | spoilt | defended | reassured |
        tutored | mentored | trained | treated | forgave | accompanied | fed) [out] me
    (drove | walked | accompanied | dropped | picked | brought | carried | cheered | calmed | talked | took) me (up |
        home | back | to | through | along | out | off | for | there | down | over | under | across | around | in |
        all | into | round)
    (brought | baked | cooked | bought | lent | knitted | fetched | saved | fixed | poured | ordered | offered |
        taught | loaned | grabbed | handed | gave | sent | passed) me ...
    made me (an? | some | the | tea | coffee | dinner | lunch | breakfast | soup | pancakes | laugh | smile | feel
        (better | welcome | good | at home | loved | seen))
    let me (go | borrow | use | stay | have | sleep | in | off | leave | cut | pass | merge | sit | skip | ride |
        through | try | vent | cry | rant | join | finish | talk)
    showed me (how | around | round | the (way | ropes) | where | what | kindness)
    (listened | was [so] (kind | nice | sweet | good | lovely | patient) | were [so] (kind | nice | good | sweet |
        lovely) | smiled | sang [\w+] [\w+]) to me
    (called | rang | texted | messaged | wrote | phoned | stopped by | came (by | over) | visited) [me] [just] to (see
        | ask | check) (how | if | whether | on) (i | me)
    (visited | checked [in | up] on | looked after | took care of | looked out for | waited for | believed in | cared
        for | covered for | stood [up] for | vouched for | prayed for | cooked for | babysat for | stopped for | sat
        with | waited with | shared [\w+] [\w+] with | put in a [good] word for) (me | us)
    (was | were) there for me | noticed me | asked [me] how i (was | am | felt | feel) | remembered my (birthday |
        name)
    (paid | paid for | cleared | fixed | repaired | carried | watched | mended | looked after | fed | watered |
        covered | bought | praised | complimented | proofread | cleaned | shovelled | mowed | took in | found |
        returned) my \w+
    (did | collected | fixed | held | made | baked | cooked | carried | cleaned | bought | got | kept | saved | left |
        wrote | sang | brought | found | picked | paid | translated | organi[sz]ed | opened | took | swapped |
        proofread | sent | drove) [\w+] [\w+] [\w+] [\w+] [\w+] for me
    (gave | offered | brought | handed | left | read | lent) [\w+] [\w+] [\w+] [\w+] to me
    (gave | offered) up [\w+] (seat | place | spot) for me
    (said | told me) [that] [\w+] (thanks | thank you | thankyou | (nice | kind | lovely | sweet) [\w+] things)
    (told me | said | wrote | reckons | thinks) [that] i did [really | very | so | such a | a | an] (well | good |
        great | fine | brilliantly | excellent | amazing | lovely)
    (told me | said | wrote | reckons | thinks) [that] (i'm | i am | i was | i've been) [really | very | so | such |
        doing] [an? | the] (good | great | best | brilliant | helpful | kind | lovely | amazing | patient | well |
        wonderful)
    (told me | said | wrote) [that] [they | she | he] [\w+] my \w+ [\w+] (was | were | is | are | looked | tasted)
    (told me | said) [that] (she | he | they) (was | were | is | are) [so] (proud | glad | grateful | thankful)
"""
_GOT = r"""
    [i | we | i've | i have] (was | got | have been | been | were) (also | really | just | so | kindly)* ((given |
        offered | handed | sent) (an? | some | flowers | chocolates? | help | advice | lots | such | so | the) | lent
        \w+ | (driven | walked) (home | to | back | all) | helped | thanked | invited | praised | complimented |
        hugged | treated to | shown (how | around | kindness) | taught | cheered up | let (in | off | go | through) |
        congratulated | rescued | looked after | taken (care of | out | home | to) | comforted | welcomed | surprised
        | bought \w+ | brought \w+ | cooked for | told [that] i (did | was | am | had | have) | picked up)
    [i] [also | just | even | finally] [have] (got | received | had) (an? | some | such | so | many | lots | two |
        three | the | loads | flowers | chocolates? | help | thanks | praise) [...] (from | by)
    [i] [also | just | even | finally] [have] (got | received | had) (flowers | chocolates? | help | thanks | praise)
        (from | by)
    [i] [also | just] [have] (got | received | had) (an? | such a | some | the) [\w+] [\w+] (hug | compliment | lift |
        thanks | thank you | praise | kind words? | gift | free \w+ | lovely (card | message | letter | note) | (card
        | message | letter) for \w+ing)
    had (some | a lot of | lots of | such | good | great)* help (from | with)
    had (an? | my | the) \w+ help me
    [an? | some | the | many | lots of | two] [\w+] [\w+] (card | compliments? | hug | lift | gift | present | thank
        you | thanks | flowers | praise | chocolates? | message | note | letter | kind words? | smile | help | ride)
        from
    thanks to \w+ i (got | could | made | was | managed | am)
"""
# What sounds like that and is none.
_BUT = r"""
    (gave | sent | handed | brought | passed) me (her | his | their)
    me (crazy | mad | nuts | up the wall | home early | more work | extra | homework | questions?)
    me (an? | the | another) [\w+] (call | ring | list | hard time | headache | cold | flu | task | job | question |
        request | problem | bug | draft | form | warning | idea | look | story)
    me to (help | do | be | a)
    thanked me for | asking | (if | whether) i (could | can | would | had | want | wanted)
    (gave | handed | brought | left) me (an? | the | some) [\w+] \w+ for
    (got | received | had) (an? | some | lots of | many | two | three) [phone] (requests? | questions? | calls? |
        complaints? | bills? | problems? | bugs? | emails? | messages? | texts?)
    me (if | because | crying | work)
    given (an? | the | some | lots of | so much) [\w+] (task | job | warning | deadline | shift | project | list |
        work | choice)
    (lift | hug | compliment | gift | praise | thanks) for (my | the | her | his | a | \w+'s)
    from (scratch | me | aldi | tesco | lidl | ikea | the (shop | store | market | post | library | bakery))
    looking for me | for my (neighbou?r | sister | brother | mum | dad | mother | father | boss | friend | flatmate |
        son | daughter | kids?)
"""
_BAD = re.compile(
    r"\b(?:late|wrong|bad|badly|lazy|slow|too|not|\w+n't|never|rude|fired|worse|awful|terrible|mean|useless)\b"
)
_SAID = re.compile(r"(?:said|told|wrote|reckons|thinks) ")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A deed of the writer's own, what came to the writer, and what only sounds like it."""
    opening = f"{phrases(_OPENING)}*"
    somebody = rf"(?!{phrases(_NOBODY)})(?:[^\W\d_][\w'-]* ){{1,5}}?"
    return (
        re.compile(rf"{opening}(?:{phrases(_ONESELF)})?(?:{phrases(_ADVERBS)})*{phrases(_DEEDS)}"),
        re.compile(rf"{opening}(?:{somebody}(?:{phrases(_ADVERBS)})*{phrases(_DONE)}|{phrases(_GOT)})"),
        re.compile(rf"\b{phrases(_BUT)}"),
    )


def received(text: str) -> bool:
    """Whether *text*, an answer to what the writer did for somebody, rather tells of something done for the writer."""
    if len(text) > READ or "?" in text:
        return False
    deed, came, but = _patterns()
    clauses = [f"{part.strip()} " for part in _CLAUSE.split(lowered(text)) if part.strip()]
    if any(deed.match(clause) or _DID.match(clause.strip()) or _DOING.match(clause) for clause in clauses):
        return False
    return any(
        came.match(clause) and not but.search(clause) and not (_SAID.search(clause) and _BAD.search(clause))
        for clause in clauses
    )
