"""Good turns that were got and not given, told in answer to "What did you do for someone this week?"."""

import time as stopwatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand import received

GOT = """
    boss said I did well
    Boss said I did well!
    my boss said that I did a great job
    the boss told me I was good with the new ones
    Rui drove me home
    Rui drove me home in the rain
    rui drove me to the station at 5am
    my neighbour brought me soup
    My neighbour brought me soup because I was ill
    got a lovely card from Ana
    I got a lovely card from Ana
    got flowers from the ward
    received a letter from my old teacher
    someone let me go first
    Someone let me go first at the till
    a stranger let me borrow her phone
    was given a lift
    I was given a lift home
    got given a free coffee
    Joana helped me with the printer
    my flatmate helped me move the sofa
    people thanked me
    People thanked me at work
    a patient thanked me
    My mother-in-law babysat for me
    a driver stopped for me
    The neighbours cleared my snow
    a nurse was so kind to me
    Colleagues collected money for me
    my kid let me sleep
    Ana told me I'm a good friend
    I got a surprise parcel from my aunt
    Ana cooked for me
    my brother was there for me
    a colleague covered for me
    Lena covered my shift
    Idris fixed my bike
    the new nurse made me a coffee
    mum sent me a parcel
    mum made me laugh
    my sister called just to see how I was
    a kid gave me a drawing
    gran gave me a scarf she had knitted
    Tom lent me his car
    an old man held the door for me
    someone gave up their seat for me
    Ana listened to me for an hour
    I was ill and Rui brought me bread
    well, Rui picked me up from the airport
    my team surprised me with a cake
    got a compliment
    I got a big hug
    got a thank you card
    a lovely message from an old friend
    flowers from my boss
    had help from my neighbour
    had a friend help me with the boxes
    was invited to dinner
    I was helped by a stranger
    my dad paid for my train
    the bus driver waited for me
    Priya showed me how to fold the dough
    Priya told me my bread was the best
    my manager said she was proud of me
    a customer said nice things about us
    Ana did the dishes for me
    my husband took care of me when I had the flu
    a woman on the train shared her lunch with me
    this week Rui taught me chess
    they invited me for dinner
    my neighbour looked after me
    Someone returned my wallet
    everyone congratulated me
    I asked Rui for help and he drove me there
    Idris offered me his seat
    my kids brought me breakfast in bed
    He hugged me
    boss praised me in front of everyone
    """

GAVE = """
    I helped Ana
    helped Ana
    gave Rui a lift
    I gave Rui a lift
    she asked me to help and I did
    boss asked me to train the new one
    told Ana she did well
    I told Ana that she did well
    my sister called me crying and I listened for an hour
    Rui told me about his week; I listened
    nothing this week
    nothing
    the usual
    covered 20 min for Joana so she could eat
    drove my neighbour home
    brought my boss soup
    let someone go first
    I let someone go first
    Lent Tom my car
    thanked the driver
    got Ana a coffee
    got a card for Ana
    got my neighbour a parcel from the post
    sent my sister a card
    made my flatmate laugh
    Joana needed help with the printer
    Joana asked me for help with the printer
    Ana helped Rui
    my neighbour is ill, brought soup
    listened to my sister
    Rui's starter is alive
    Ana wanted me to look at her CV
    my boss gave me more work
    my boss wanted me to stay late and I stayed
    she sent me her CV and I proofread it
    Ana gave me her keys and I fed her cat
    I showed Priya how to fold the dough
    it took me an hour to fix her bike
    the rain made me late
    it made me happy to help Ana
    held the door for a stranger
    a stranger asked me the way
    called mum
    mum called me
    mum called and we talked for an hour
    Tom drove me crazy but I helped him
    Tom drove me crazy
    I helped Ana and she thanked me
    helped a stranger, he said thank you
    Ana brought me cake because I fixed her bike
    boss said I was late
    my boss told me I was too slow
    nobody helped me
    no one thanked me
    Rui helped me so I cooked for him
    listening to Ben, he thanked me
    helping my neighbour with the bins
    my sister let me know she was sad, so I called
    Joana did a handover alone
    I was there for my brother
    was there for my brother
    my kid was ill, I stayed home
    I got up early for the food bank
    got groceries from Aldi for my neighbour
    received a parcel for my neighbour
    I was asked to help with the move
    was given the job of training Lena
    who helped me?
    does it count if Rui helped me?
    Ana and I cooked for the shelter
    We baked bread for the ward
    I taught my son to ride a bike
    my friend called me because her dog died
    my neighbour knocked, she needed sugar
    a beginner asked me about Rust and I answered
    a card for my gran
    carried a pram up the stairs for a woman
    walked with Lena who is new
    I met a lost tourist and took him to the station
    he asked me to read his letter
    someone thanked me for listening
    a beginner thanked me for my answer on reddit
    my friend came to me for advice
    a student talked to me about dropping out
    a patient told me I was the first to ask
    my neighbour let me take her dog for a walk
    my daughter made me tea? no I made it
    Ana sent me a message asking for help
    he told me I had to fix it
    she told me I helped her a lot
    my friend called to ask if i could help
    Ana picked me to be her witness
    my neighbour gave me a parcel for Ana
    a friend stayed with me for the week
    got a request from a beginner
    got a message from Ana, she was sad, called her
    got a call from mum and fixed her phone over it
    my sister said I was mean
    Ana let me help
    a colleague came to me with a problem and I listened
    Translated a letter. The man gave me a hug
    Bread
    """


def rows(table: str) -> list[str]:
    return [line.strip() for line in table.strip().splitlines()]


@pytest.mark.parametrize("text", rows(GOT))
def test_got(text: str) -> None:
    """What somebody else did for the writer is one that they got."""
    assert received(text)


@pytest.mark.parametrize("text", [*rows(GAVE), "", "...", "🙂", "Rui drove me home. " + "And more. " * 60])
def test_gave(text: str) -> None:
    """What the writer did stays a good turn, also when thanks came back or others come into it."""
    assert not received(text)


@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    """Every text has an answer."""
    assert received(text) in (True, False)


@pytest.mark.parametrize("word", ["me ", "a ", "gave me a ", "for ", "someone really ", "x "])
def test_no_pattern_runs_away(word: str) -> None:
    """However often a word is repeated, reading it takes a moment."""
    begun = stopwatch.process_time()
    received((word * 400)[:400])
    assert stopwatch.process_time() - begun < 0.25
