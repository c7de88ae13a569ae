"""What a language model may say about a draft: every rule, broken by itself, and what is near a rule and keeps it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.draft import _openings
from bot.domain import DraftBrief, DraftProposal
from bot.suggest.remark import FLAWS, LONGEST_QUESTION, LONGEST_REMARK, flaws

DRAFT = (
    "Hi Ana, which shade dries faster? You asked how I got the shelf straight: Tom's idea, a marble on the board. "
    "Excited to announce that the workshop opens on Saturday. Bring the chair you gave up on 🙂 #repair"
)
BRIEF = DraftBrief(
    text=DRAFT,
    themes=("repairing things", "being patient"),
    remark="It takes part: it answers somebody (“You asked how I got the shelf straight”), and names Ana.",
    question="Whom will you answer first?",
)
REMARK = "It answers Ana and gives Tom his due (“Tom's idea”), then it announces as well."
QUESTION = "Who would you most like to see there?"


def proposal(remark: str = REMARK, question: str = QUESTION, theme: str | None = None) -> DraftProposal:
    return DraftProposal(theme=theme, remark=remark, question=question)


GOOD_REMARKS = (
    REMARK,
    "You thank nobody, and ask “which shade dries faster”.",
    "It asks Ana “which shade dries faster?” and invites people by “Bring the chair you gave up on”.",
    "So far it tells more than it asks: “Excited to announce”. Nobody but Ana is spoken to.",
    "It hands on how it was done, “a marble on the board”.",
    "It says whose idea it was, 'Tom's idea', and when to come.",
    "It asks for “the chair you gave up on”, on Saturday.",
    "Both: it is written to Ana and to everybody (“Excited to announce”).",
)

GOOD_QUESTIONS = (
    QUESTION,
    "What would you like to know from Ana?",
    "Whose chair would you be glad to see?",
    "Which of them knows about “a marble on the board”?",
    "Where does Tom stand in this?",
    "When will you look in on the answers?",
)

BAD_REMARKS = {
    "empty": ("", "  "),
    "lines": ("It names Ana.\nIt quotes “Tom's idea”.", "It names Ana and “Tom's idea”.\u2028More of it."),
    "characters": (
        "It names Ana and “Tom's idea” 🙂.",
        "It names \u202eAna\u202c and “Tom's idea”.",
        "It names ʘ, “Ana”.",
    ),
    "too-long": (f"It names Ana and “Tom's idea”{', and it is long' * 20}.",),
    "markup": (
        "It names **Ana** and “Tom's idea”.",
        "It names <b>Ana</b> and “Tom's idea”.",
        "- It says “Tom's idea”.",
    ),
    "link": (
        "It names Ana, “Tom's idea”, see https://example.org.",
        "It names @ana and “Tom's idea”.",
        "“Tom's idea” #repair.",
    ),
    "english": (
        "Der Text nennt Ana beim Namen und fragt “which shade dries faster”.",
        "El texto nombra a Ana y pregunta “which shade dries faster”.",
    ),
    "sentences": (
        "It names Ana. It quotes “Tom's idea”. It announces as well.",
        "It names Ana and “Tom's idea”, doesn't it?",
    ),
    "not-quoted": ("It names Ana and gives Tom his due.", "It takes part."),
    "misquoted": (
        "It names Ana and says “Tom had the idea”.",
        "It says “thank you so much, dear Tom”.",
        "It says “Tom's idea.",
        "It says “Tom's ideas”.",
        "It says “which shade dries faster? You asked how I got the shelf straight: Tom's idea, a marble”.",
    ),
    "copied": (
        "It says “Tom's idea” and then you asked how I got the shelf straight.",
        "It says “Tom's idea”, and that the workshop opens on Saturday, bring the chair you gave up on.",
    ),
    "rewrites": (
        "It names Ana. Try “Tom's idea” in the beginning.",
        "It could begin with “Tom's idea”.",
        "Instead of “Excited to announce” it could ask.",
        "A better version of “Excited to announce” asks.",
        "Start with “Tom's idea”, it is clearer.",
        "Replace “Excited to announce” by a question.",
        "It is missing a name beside “Tom's idea”.",
        "For example “which shade dries faster” in the first line.",
    ),
    "judges": (
        "You are showing off with “Excited to announce”.",
        "It is boastful in “Excited to announce”.",
        "You sound unsure in “which shade dries faster”.",
        "Your post announces, “Excited to announce”.",
        "It is too long after “Tom's idea”.",
        "It is a little generic, “Excited to announce”.",
        "It lacks a name beside “Excited to announce”.",
        "It is sincere in “Tom's idea”.",
    ),
    "advice": (
        "It should name Tom before “Tom's idea”.",
        "It says “Tom's idea”, and why not more of that.",
    ),
    "reach": (
        "It gets more engagement by “which shade dries faster”.",
        "It says “Tom's idea” to its audience.",
        "It has a row of hashtags after “Tom's idea”.",
        "Nothing goes viral with “Tom's idea” in it.",
    ),
    "platform": ("On LinkedIn it says “Tom's idea”.", "It is fit for Instagram, “Tom's idea”."),
    "praise": (
        "It names Ana and “Tom's idea”!",
        "It is wonderful how it says “Tom's idea”.",
        "An inspiring “Tom's idea”.",
    ),
    "therapy": ("It is in touch with its feelings in “Tom's idea”.", "It is a journey to “Tom's idea”."),
    "figures": ("It names 2 people, one by “Tom's idea”.", "It is 8/10 for “Tom's idea”."),
    "another-name": ("It names Rosa, who had “Tom's idea”.", "It names Ana Prado and “Tom's idea”."),
    "leak": (
        "As an AI I see that it says “Tom's idea”.",
        "I see that it says “Tom's idea”.",
        "It says “Tom's idea”, and we announce it.",
        "It says “Tom's idea”; the system prompt allows no more.",
    ),
}

BAD_QUESTIONS = {
    "empty": ("",),
    "too-long": (f"Who would you like to hear from{' and from the next one' * 8}?",),
    "not-a-question": (
        "Tell Ana.",
        "Who would you ask",
        "Who would you ask? And why?",
        "Would you ask Ana?",
        "Have you thought of Ana?",
        "Ana: who is she?",
        "How about asking Ana?",
        "Who? Ana.",
    ),
    "misquoted": ("Who said “Ana is right”?",),
    "copied": ("Who knows how I got the shelf straight with it?",),
    "rewrites": ("What could be the first line?", "Which word would you replace?", "What would make it better?"),
    "judges": ("Why is it so boastful?", "Who cares for a generic post?"),
    "advice": ("What if you asked Ana?", "Where should Tom stand in it?"),
    "reach": ("What would your followers like?", "Which hashtags fit?"),
    "platform": ("Who reads it on Instagram?",),
    "praise": ("Who wouldn't love such a wonderful idea?",),
    "therapy": ("What did you feel?",),
    "figures": ("Which 3 people would you ask?",),
    "another-name": ("What would Rosa say?",),
    "leak": ("What do I say to Ana?",),
    "link": ("Who is @ana?",),
    "lines": ("Who\nis Ana?",),
    "markup": ("Who is *Ana*?",),
}


@pytest.mark.parametrize("remark", GOOD_REMARKS)
def test_a_good_remark(remark: str) -> None:
    """Plain words on what stands there, with a few of the draft's own."""
    assert flaws(proposal(remark), BRIEF) == ()


@pytest.mark.parametrize("question", GOOD_QUESTIONS)
def test_a_good_question(question: str) -> None:
    """One question for somebody or something that only the writer knows."""
    assert flaws(proposal(question=question), BRIEF) == ()


@pytest.mark.parametrize(("flaw", "remark"), [(flaw, each) for flaw, some in BAD_REMARKS.items() for each in some])
def test_a_remark_that_breaks_a_rule(flaw: str, remark: str) -> None:
    """It is told by the rule that it breaks."""
    assert flaw in flaws(proposal(remark), BRIEF)


@pytest.mark.parametrize(("flaw", "question"), [(flaw, each) for flaw, some in BAD_QUESTIONS.items() for each in some])
def test_a_question_that_breaks_a_rule(flaw: str, question: str) -> None:
    """A question has the same rules, and some of its own."""
    assert flaw in flaws(proposal(question=question), BRIEF)


def test_a_theme_is_one_of_theirs() -> None:
    """Letter by letter, or none."""
    assert flaws(proposal(theme="repairing things"), BRIEF) == ()
    assert flaws(proposal(theme="Repairing things"), BRIEF) == ("unknown-theme",)


def test_every_rule_is_broken_here() -> None:
    """A new rule joins the tables, and its words for a model are one line."""
    assert {*BAD_REMARKS, *BAD_QUESTIONS, "unknown-theme"} == {*FLAWS}
    assert all(rule == " ".join(rule.split()) and not rule.endswith(".") for rule in FLAWS.values())


@pytest.mark.parametrize("lack", ["somebody", "to know", "names", "whom", "then", "unsure", "to know from", "to reply"])
def test_our_own_questions_keep_the_rules(lack: str) -> None:
    """What is asked of a model is asked of us as well."""
    for question in _openings(lack):
        assert flaws(proposal(question=question.format(name="Ana")), BRIEF) == ()


@pytest.mark.parametrize(
    "draft", ["Wer hat einen alten Kinderwagen? Am Samstag ab zehn im Hof.", "誰か椅子を直せますか", ""]
)
def test_a_draft_in_another_language(draft: str) -> None:
    """It is quoted as it is, and spoken of in English."""
    brief = DraftBrief(text=draft, themes=(), remark="", question="")
    remark = "It asks “Wer hat einen alten Kinderwagen” and says when to come, “Am Samstag ab zehn”."
    assert ("misquoted" in flaws(proposal(remark), brief)) == (not draft.startswith("Wer"))


@given(st.text(max_size=300), st.text(max_size=200), st.text(max_size=300))
def test_anything_is_judged(remark: str, question: str, draft: str) -> None:
    """Never an error, and nothing that passes is longer than it may be or asks other than once."""
    brief = DraftBrief(text=draft, themes=(), remark="", question="")
    found = flaws(proposal(remark, question), brief)
    assert {*found} <= {*FLAWS}
    if not found:
        assert len(remark) <= LONGEST_REMARK
        assert len(question) <= LONGEST_QUESTION
        assert question.endswith("?")
