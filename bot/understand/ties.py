"""Words that tie one text to another, because they mean something by themselves."""

import re

_FILLERS = frozenset(
    re.findall(
        r"\w+",
        "about above after again against almost along already also although always another answer answered anyone "
        "anything around asked back because been before began being best better between both bought brought called "
        "came could covered day days did does doing done down during each even ever every everyone everything felt "
        "finally first found from gave getting give given gives giving glad going gone good great had half happy hard "
        "have having heard help helped helping helps here hers herself him himself hour hours however inside instead "
        "into just keep kept knew know known last later least left less let life like listened little long looked "
        "made make making many maybe mine minute minutes month more morning most much myself need needed never next "
        "nice night nobody nothing often once only other others ours outside over people person perhaps please quick "
        "quite rather read ready really right said same sent several shall she should show showed since small some "
        "somebody someone something sometimes spent started still stopped such sure take taken taking talked tell "
        "than thank thanked thanks that the their them then there these they thing things think this those though "
        "thought through time times today together told tomorrow took toward tried trying twice under until very "
        "wanted was week weekend weeks well went were what when where which while who whole whom whose will with "
        "without woman work worked working would year years yesterday your yours monday tuesday wednesday thursday "
        "friday saturday sunday evening afternoon wrote write written passed sat held walked walk drove drive carried "
        "carry lent lend fixed visited visit watched offered explained learned taught teach moved picked stayed "
        "waited joined cooked baked cleaned repaired shared prepared finished rang phoned texted question questions "
        "message messages ",
    )
)
"""Words that two texts share by chance."""


def ties(text: str, shortest: int = 5) -> frozenset[str]:
    """The words of *text*, in small letters, that can tie it to another: names, and whatever has at least *shortest*
    letters and isn't said about everything."""
    return frozenset(
        word.casefold()
        for word in re.findall(r"[^\W\d_]+", text)
        if (len(word) >= shortest or (word[:1].isupper() and len(word) > 2)) and word.casefold() not in _FILLERS
    )
