"""What a language model may say of a story: every rule, broken by itself, and what is near a rule and keeps it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import StoryBrief, StoryProposal
from bot.suggest.telling import FLAWS, flaws

BRIEF = StoryBrief(
    span="these weeks",
    themes=("sourdough", "being patient with new nurses"),
    people=("Joana", "Rui", "your sister", "Mrs Alves"),
    told=(
        ("given", "covered 20 min for Joana so she could eat"),
        ("what came of it", "she does handovers alone now"),
        ("received", "Rui drove me home in the rain"),
        ("given", "rang my sister and only listened"),
    ),
    caption="“sourdough” carried these weeks. It keeps returning to Joana.",
)
FIRST = "These weeks were carried by “being patient with new nurses”, and Joana is all through them."
LATER = "You “covered 20 min for Joana”, and later it was “she does handovers alone now”."
GOOD = (
    f"{FIRST} {LATER} Rui was there, too.",
    f"{LATER} And you “rang my sister and only listened”. “sourdough” has been quiet since September.",
    f"Joana, Rui and your sister are in it. {LATER} Of Mrs Alves you wrote nothing since May.",
    f"There is a thread through these weeks: Rui “drove me home in the rain”. {LATER}",
)
BAD = {
    "empty": ("", "  "),
    "lines": (f"{FIRST}\nRui was there, too.",),
    "characters": (f"{FIRST} Rui was there 🙂.", f"{FIRST} \u202eRui\u202c was there."),
    "too-long": (f"{FIRST} Rui was there{', and it was in the rain' * 20}.",),
    "markup": (f"**{FIRST}** Rui was there.", f"{FIRST} <b>Rui</b> was there."),
    "link": (f"{FIRST} Rui is at example.org.", f"{FIRST} Rui is @rui."),
    "english": ("Diese Wochen gehörten Joana, “she does handovers alone now”. Rui fuhr durch den Regen nach Hause.",),
    "sentences": (
        FIRST,
        f"{FIRST} Rui was there. So was Joana. And your sister was. Mrs Alves was, too.",
        f"{FIRST} Who was there?",
    ),
    "not-quoted": ("These weeks were for Joana. And Rui was there.",),
    "misquoted": (
        f"{FIRST} You “covered 30 min for Joana”.",
        f"{FIRST} Rui said “thank you so much”.",
        f"{FIRST} It was “covered 20 min for Joana.",
    ),
    "figures": (
        f"{FIRST} Rui was there 3 of these weeks.",
        f"{FIRST} Rui was there twice.",
        f"{FIRST} It took hours.",
        f"{FIRST} Your sister came up four times.",
    ),
    "scores": (
        f"{FIRST} It is a streak.",
        f"{FIRST} It was more than before.",
        f"{FIRST} You made progress.",
        f"{FIRST} It went on for weeks in a row.",
    ),
    "blames": (
        f"{FIRST} You neglected “sourdough”.",
        f"{FIRST} You let “sourdough” slip.",
        f"{FIRST} Rui was ignored.",
        f"{FIRST} You owe Rui a call.",
    ),
    "advice": (f"{FIRST} You could ring Rui.", f"{FIRST} Perhaps you ask Rui.", f"{FIRST} It's time to ring Rui."),
    "reach": (f"{FIRST} It grew your network.", f"{FIRST} Your followers are with Rui."),
    "platform": (f"{FIRST} Rui is on LinkedIn.",),
    "praise": (f"{FIRST} Well done with Rui.", f"{FIRST} Rui was there!", f"{FIRST} What a wonderful time with Rui."),
    "therapy": (f"{FIRST} It was a journey with Rui.", f"{FIRST} Rui could feel it."),
    "another-name": (f"{FIRST} Rosa was there, too.", f"{FIRST} It was about Joana Prado."),
    "leak": (f"{FIRST} I see Rui in it.", f"{FIRST} As an AI it names Rui.", f"{FIRST} Our Rui was there."),
}


@pytest.mark.parametrize("caption", GOOD)
def test_good_sentences(caption: str) -> None:
    """Plain sentences with a few of their own words, and nobody is blamed for what went quiet."""
    assert flaws(StoryProposal(caption=caption), BRIEF) == ()


@pytest.mark.parametrize(("flaw", "caption"), [(flaw, each) for flaw, some in BAD.items() for each in some])
def test_sentences_that_break_a_rule(flaw: str, caption: str) -> None:
    """They are told by the rule that they break."""
    assert flaw in flaws(StoryProposal(caption=caption), BRIEF)


def test_every_rule_is_broken_here() -> None:
    """A new rule joins the table."""
    assert BAD.keys() == FLAWS.keys()


@given(st.text(max_size=800))
def test_anything_can_be_said(caption: str) -> None:
    """Whatever a model says is read, and no more than known rules are broken."""
    assert {*flaws(StoryProposal(caption=caption), BRIEF)} <= FLAWS.keys()


@given(st.sampled_from(GOOD), st.integers(0, 100), st.sampled_from(["https://x.org", "🙂", "\u202e", "5", "`", "!"]))
def test_a_harm_anywhere_is_found(caption: str, at: int, harm: str) -> None:
    """A good caption with something in it that may be nowhere outside a quotation is refused."""
    words = caption.split()
    place = at % len(words)
    assert flaws(StoryProposal(caption=" ".join([*words[:place], harm, *words[place:]])), BRIEF) != ()
