"""Wishes about themes: add, rename, merge, pause, wake or drop one, said in a sentence of its own."""

import re
from functools import cache
from typing import Literal, NamedTuple

from bot.understand.phrases import phrases, straight

Verb = Literal["add", "rename", "merge", "pause", "wake", "drop"]

_LONGEST = 160  # characters of the longest message that is only such a wish

_POLITE = """
    please | pls | ok | okay | so | well | hi | hey | hello | (can | could | would | will) (you | we)
    [i | id | i'd] (want | like | would like | need) [you] to | let's | lets | let us | and
"""
_THEME = "[the | my | a | another] [new] [themes? | topics?]"
_AFTER = (
    r"(?:\s+(?:please|pls|thanks|thank you|for now|for a while|to my themes|as a theme|from my themes|too|again))*\W*"
)


class ThemeWish(NamedTuple):
    """What somebody would like done with a theme: the *verb*, and the words of each theme as they wrote them. *pairs*
    are the ways in which two themes may be meant: "merge bread and butter and bees" leaves two of them."""

    verb: Verb
    theme: str
    pairs: tuple[tuple[str, str], ...] = ()


@cache
def _ways() -> list[tuple[Verb, re.Pattern[str]]]:
    theme = phrases(_THEME, r"(?:\s+|\s*:\s*)")
    ways: list[tuple[Verb, str]] = [
        ("rename", rf"(?:rename|reword|change) {theme}?(?P<two>.+ (?:to|into|as) .+)"),
        ("rename", rf"call {theme}?(?P<two>.+? (?:rather|instead) .+)"),
        ("merge", rf"(?:merge|join|combine|unite|put together) {theme}?(?P<two>.+ (?:and|with|into|&) .+)"),
        ("merge", r"(?P<two>.+ and .+) (?:are|is|mean) (?:really |actually )?(?:the same|one)(?: thing| theme)?"),
        ("merge", r"(?P<two>.+ is) (?:really |actually )?(?:the same as|part of) (?P<into>.+)"),
        ("wake", rf"(?:wake|wake up|resume|unpause|bring back|take up) {theme}?(?P<one>.+?)"),
        ("pause", rf"(?:pause|rest|suspend|nothing for|no suggestions for) {theme}?(?P<one>.+?)"),
        ("drop", rf"(?:drop|remove|delete|forget|take out|no more) {theme}?(?P<one>.+?)"),
        ("add", rf"(?:add|put in) {theme}?(?P<one>.+?)"),
    ]
    before, space = phrases(_POLITE, r"\b[\s,]*"), r"\s+"
    return [
        (verb, re.compile(f"{before}*{way.replace(' ', space)}{_AFTER}", re.IGNORECASE | re.DOTALL))
        for verb, way in ways
    ]


_BETWEEN = {
    "rename": re.compile(r"\s+(?:to|into|as|rather|instead)\s+", re.IGNORECASE),
    "merge": re.compile(r"\s+(?:and|with|into|&)\s+", re.IGNORECASE),
}
_QUOTES = " \t\r\n\"'“”„«»:.!"


def theme_wish(text: str) -> ThemeWish | None:
    """What *text* as a whole would like done with somebody's themes, or None if it says anything else. Whether there
    are such themes is for whoever asks to find out."""
    if len(text) > _LONGEST or "?" in text.rstrip("? "):
        return None
    said = straight(text).strip().rstrip("? ")
    for verb, way in _ways():
        if (found := way.fullmatch(said)) is None:
            continue
        part = found.groupdict(default="")
        if "one" in part:
            theme = part["one"].strip(_QUOTES)
            return ThemeWish(verb, theme) if theme else None
        if "into" in part:
            pair = (part["two"].removesuffix("is").strip(_QUOTES), part["into"].strip(_QUOTES))
            return ThemeWish(verb, pair[0], (pair,)) if all(pair) else None
        pairs = _pairs(part["two"], _BETWEEN[verb])
        return ThemeWish(verb, pairs[0][0], pairs) if pairs else None
    return None


def _pairs(words: str, between: re.Pattern[str]) -> tuple[tuple[str, str], ...]:
    """Every way to take *words* for two themes."""
    ways = ((words[: gap.start()].strip(_QUOTES), words[gap.end() :].strip(_QUOTES)) for gap in between.finditer(words))
    return tuple(way for way in ways if all(way))
