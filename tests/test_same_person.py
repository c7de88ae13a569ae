"""Who is who: spellings of one person, slips of the finger, and answers to "Who was it, then?"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand import addressed, listed, match, nearly, same_person

SAME = """
    Priya | priya
    Priya | Priya S.
    Priya | priya s
    Priya | Priya Sharma
    Priya S. | Priya Sharma
    P. Sharma | Priya Sharma
    Mrs Okafor | Okafor
    Mrs. Okafor | mrs okafor
    Mrs Okafor | Ms Okafor
    Mrs Okafor | Ada Okafor
    Dr. Chen | Dr Chen
    João | Joao
    Zoë | zoe
    Łukasz | Lukasz
    Jean-Luc | Jean Luc
    O'Brien | O’Brien
    Ana | Ana Maria
    Ana Maria | ana maria
    Rui da Costa | rui Da Costa
    Mrs van der Berg | van der Berg
    Aunt May | auntie May
    Aunt May | May
    Маша | маша
    小明 | 小明
    mum | my mum
    mum | Mom
    my mother | mum
    dad | my father
    my sister | my sis
    our neighbour | my neighbor
    Ana's mum | Ana's mom
    gran | Granny
    """

OTHER = """
    Priya S. | Priya K.
    Priya Sharma | Priya Kumar
    Priya Sharma | Priya K.
    Joana | Joanna
    Ana | Anna
    Ana | Rui
    Maria | Ana Maria
    Mr Okafor | Mrs Okafor
    Mr Okafor | Ada Okonkwo
    P | Priya
    my sister | my brother
    my sister | Ana
    my little brother | my brother
    mum | Ana's mum
    mum | gran
    gran | nan
    Jean | Jean-Luc
    van der Berg | van Dijk
    小明 | 小红
    Маша | Даша
    "" | Ana
    "..." | "..."
    """


def pairs(table: str) -> list[list[str]]:
    return [line.strip().replace('"', "").split(" | ") for line in table.strip().splitlines()]


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_same_person(one: str, other: str) -> None:
    """Case, accents, titles, initials and a missing family name make no new person, whichever comes first."""
    assert same_person(one, other)
    assert same_person(other, one)


@pytest.mark.parametrize(("one", "other"), pairs(OTHER))
def test_other_people(one: str, other: str) -> None:
    """What tells two people apart keeps them apart, and a slip of the finger may do so."""
    assert not same_person(one, other)
    assert not same_person(other, one)


def test_match() -> None:
    """The one that is certain: alike to the letter, or else the only one that fits."""
    assert match("priya", ["Rui", "Priya"]) == "Priya"
    assert match("priya", ["Priya Sharma", "Rui"]) == "Priya Sharma"
    assert match("priya", ["Priya", "Priya Sharma"]) == "Priya"
    assert match("priya sharma", ["Priya", "Rui"]) == "Priya"
    assert match("priya", ["Priya S.", "Priya K."]) is None
    assert match("priya k", ["Priya S.", "Priya K."]) == "Priya K."
    assert match("Joanna", ["Joana"]) is None
    assert match("my mum", ["mum", "Rui"]) == "mum"
    assert match("Ana", []) is None
    assert match("", ["Ana"]) is None


@pytest.mark.parametrize(
    ("name", "known", "asked"),
    [
        ("Joanna", ["Rui", "Joana"], ("Joana",)),
        ("Joana", ["Joanna", "Joan"], ("Joanna", "Joan")),
        ("Pirya", ["Priya"], ("Priya",)),
        ("Priay S.", ["Priya Sharma"], ("Priya Sharma",)),
        ("Ana", ["Anna", "Ina", "Eva"], ("Anna",)),
        ("Sara", ["Sarah"], ("Sarah",)),
        ("Jon", ["John"], ("John",)),
        ("Kristina", ["Cristina"], ("Cristina",)),
        ("Alexandre", ["Alexander"], ("Alexander",)),
        ("Priya", ["Priya S.", "Priya K.", "Rui"], ("Priya S.", "Priya K.")),
        ("Priya", ["Priyo", "Priya Sharma"], ("Priya Sharma", "Priyo")),
        ("Joao", ["João"], ("João",)),
        ("Ben", ["Ken", "Bea"], ()),
        ("Rui", ["Ana"], ()),
        ("my sister", ["my brother", "Mister"], ()),
        ("Priya K.", ["Priya S."], ()),
        ("Dana", ["Lana"], ()),
        ("Маша", ["Даша"], ()),
        ("", ["Ana"], ()),
    ],
)
def test_nearly(name: str, known: list[str], asked: tuple[str, ...]) -> None:
    """Whoever fits or is a slip away is asked about, the likeliest first; short names and other initials are others."""
    assert nearly(name, known) == asked


LISTED = """
    joana and rui | Joana, Rui
    Joana | Joana
    Joana, Rui | Joana, Rui
    joana rui & ana | Joana Rui, Ana
    Joana, my sister | Joana
    my sister, joana | Joana
    Joana (my sister) | Joana
    Joana - my sister | Joana
    Joana, my sister and Rui | Joana, my sister, Rui
    just Rui | Rui
    only rui really | Rui
    it was Rui | Rui
    It was for my neighbour Bento | Bento
    my neighbour bento | Bento
    my neighbour | my neighbour
    the neighbour | the neighbour
    neighbour | my neighbour
    mum | mum
    Mum and dad | mum, dad
    mum, dad | mum, dad
    my mum and my sister | my mum, my sister
    My boss! | my boss
    jean-luc o'brien | Jean-Luc O'Brien
    mrs okafor | Mrs Okafor
    dr. chen and mr lee | Dr. Chen, Mr Lee
    ana's mum | Ana's mum
    priya s. | Priya S.
    mrs van der berg | Mrs van der Berg
    PRIYA AND RUI | Priya, Rui
    will | Will
    grace and mark | Grace, Mark
    joão | João
    маша и рая | Маша, Рая
    joana e rui | Joana, Rui
    小明 | 小明
    Joana\\nRui\\nAna | Joana, Rui, Ana
    um, joana I think | Joana
    yes, Rui | Rui
    no, it was ana | Ana
    sorry, I meant joanna | Joanna
    both joana and rui | Joana, Rui
    Joana from work | Joana
    the first was Ana, the second Rui | Ana, Rui
    Rui who lives next door | Rui
    the lady downstairs | the lady downstairs
    her name is Ana | Ana
    Ana. And Rui. | Ana, Rui
    ana/rui | Ana, Rui
    ana, Ana and ANA | Ana
    my flatmate tom | Tom
    I helped Joana so that she could eat | Joana
    """

NOBODY = [
    "nobody", "Nobody really", "no one", "noone", "none", "nothing", "skip", "not sure", "dunno", "a stranger",
    "someone at work", "somebody I don't know", "I don't know her name", "no idea", "none of your business", "later",
    "that's all", "", "...", "🙂", "myself", "everyone", "the usual", "a woman at the bus stop", "some people", "me",
    "nobody in particular", "strangers", "not anyone", "people at the food bank", "one of the nurses",
]  # fmt: skip


@pytest.mark.parametrize("row", [line.strip().replace("\\n", "\n") for line in LISTED.strip().splitlines()])
def test_listed(row: str) -> None:
    """Who is asked for names may answer in small letters; what somebody is to the writer stays in small letters."""
    text, _, who = row.rpartition(" | ")
    assert listed(text) == tuple(who.split(", "))


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_listed(text: str) -> None:
    """Nobody is an answer too, and a stranger is left unnamed."""
    assert listed(text) == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Joana", "Joana"),
        ("my sister", "your sister"),
        ("mum", "your mum"),
        ("Mum", "your mum"),
        ("my little brother", "your little brother"),
        ("our neighbour", "your neighbour"),
        ("my sister's husband", "your sister's husband"),
        ("my neighbour’s daughter", "your neighbour’s daughter"),
        ("Ana's mum", "Ana's mum"),
        ("mum's friend", "your mum's friend"),
        ("Aunt May", "Aunt May"),
        ("Mrs Okafor", "Mrs Okafor"),
        ("the lady downstairs", "the lady downstairs"),
        ("boss", "your boss"),
        ("My Tran", "My Tran"),
        ("", ""),
    ],
)
def test_addressed(name: str, said: str) -> None:
    """Theirs is said back as theirs, and a name stays a name."""
    assert addressed(name) == said


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_spelling_is_compared(one: str, other: str) -> None:
    """Whatever is written can be compared, both ways alike; and whoever is certain may be asked about as well."""
    assert same_person(one, other) == same_person(other, one)
    assert not match(one, [other]) or nearly(one, [other]) == (other,)
    assert all(name.strip() for name in listed(one))
    addressed(one)
