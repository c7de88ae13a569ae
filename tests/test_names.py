"""Who is found in what people tell. Each row is a message and the names in it, so a new one is one more line."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand import names

NAMED = """
    covered 20 min for Joana so she could eat. gave Rui some starter | Joana, Rui
    Joana did a handover alone on tuesday!! | Joana
    Rui's starter is alive again | Rui
    Rui and Ana needed a lift to the airport | Rui, Ana
    Priya: listened to her for an hour | Priya
    Ben - fixed his bike | Ben
    helped Priya Sharma with her visa forms | Priya Sharma
    helped Priya S. with her visa forms | Priya S.
    Cooked for Ana Maria and the kids | Ana Maria
    Drove Mrs Okafor to the eye clinic | Mrs Okafor
    Mrs Okafor needed someone to read her post to her | Mrs Okafor
    proofread the letter for Dr. Chen | Dr. Chen
    Visited Aunt May in hospital | Aunt May
    took aunt May to the market | Aunt May
    Uncle Bob's hedge, two hours | Uncle Bob
    Carried the sofa up with Jean-Luc | Jean-Luc
    Wrote a reference for Sinead O'Brien | Sinead O'Brien
    Wrote a reference for Sinead O’Brien | Sinead O'Brien
    Listened to João on the phone | João
    babysat for Zoë on Friday | Zoë
    помогла Маше с переездом | Маше
    βοήθησα τη Μαρία | Μαρία
    walked Ana's dog | Ana
    Helped Ana, Rui and Tom move house | Ana, Rui, Tom
    helped Ana, Rui & Tom with the garden | Ana, Rui, Tom
    Ana, Rui and I cleaned the hall | Ana, Rui
    Gave Rui da Costa my old monitor | Rui da Costa
    read a story to old Mr van der Berg | Mr van der Berg
    helped van der Berg at the club | van der Berg
    I taught Idris how to fold the dough | Idris
    stayed late so Lena could pick up her son | Lena
    half was my sister's birthday call | my sister
    called my sister | my sister
    my sister Ana cried on the phone, I just listened | Ana
    took my neighbour to the doctor's | my neighbour
    called mum twice | mum
    Mum's boiler: found her a plumber | mum
    Mum and I made jam for the whole street | mum
    Helped Mum with the internet | mum
    drove gran to church | gran
    covered for my boss at the fair | my boss
    cooked for my little brother | my little brother
    helped my dear old neighbour with the bins | my neighbour
    our neighbour got the spare key | our neighbour
    fetched Ana's mum from the station | Ana's mum
    Looked after my sister's kids | my sister
    helped my neighbour Bento with the wifi | Bento
    my neighbour, Bento, got soup | Bento
    brought soup to Bento, my neighbour | Bento
    helped Bento (my neighbour) carry boxes | Bento
    showed Marta how Excel works | Marta
    paired with Sam on the Python script | Sam
    Drove Sam to Lisbon | Sam
    drove over to Ana's and fixed the tap | Ana
    gave my starter to Rui | Rui
    brought bread to Ana | Ana
    took soup to Ines, she's ill | Ines
    checked in on Ana after her exam | Ana
    kept an eye on Tom while he slept | Tom
    took care of Leo all saturday | Leo
    got Tom a coffee without asking | Tom
    said thanks to Olga for the notes | Olga
    introduced Lena to Idris | Lena, Idris
    Priya from work was down, so we walked | Priya
    Joana was crying in the corridor, I sat with her | Joana
    Emily finally passed, we practised every evening | Emily
    Ahmed asked about the visa and I found the form | Ahmed
    Will needed a reference, wrote it | Will
    Helped Will with the reference | Will
    Grace's garden, pulled weeds | Grace
    had a long talk with Mark about the job | Mark
    Lent Rose my bike | Rose
    On Monday I helped Ana, on Tuesday Rui | Ana, Rui
    Monday: helped Ana. Tuesday: Rui's bike | Ana, Rui
    - Ana's bike\\n- soup for Tom\\n- called mum | Ana, Tom, mum
    1. listened to Ana\\n2. drove Tom home | Ana, Tom
    Helped a new nurse, Lena, with her first night | Lena
    the new guy Bento got a proper tour | Bento
    a colleague called Bento got a proper tour | Bento
    called Ana to ask about her week | Ana
    I called Ana | Ana
    Thanked Priya by name in the meeting | Priya
    told Ana she did well | Ana
    Told Ana that I liked her talk | Ana
    sat with Ines in A&E until 3 | Ines
    helped K and Ana paint | Ana
    Taught Nadia German | Nadia
    lent Omar 20 euros :) | Omar
    Wei and Ling needed a fourth for the game, I stayed | Wei, Ling
    fixed McKenzie's bike | McKenzie
    gave José's daughter a lift | José's daughter
    we sang for Granny Smith | Granny Smith
    took my dad to his appointment | my dad
    grandad's radio works again | grandad
    helped my mother-in-law with her phone | my mother-in-law
    my wife was exhausted so I took the night shift | my wife
    covered a shift for my colleague | my colleague
    Helped Mrs. Silva across the road | Mrs. Silva
    helped mrs silva across the road | Mrs Silva
    Helped Priya. Priya Sharma, that is | Priya Sharma
    Tom: fixed his laptop | Tom
    Showed Tom WhatsApp | Tom
    answered Kofi's question on Stack Overflow | Kofi
    Sent Lucía her photos | Lucía
    watched Ben's and Tom's kids | Ben, Tom
    read over Hannah's CV | Hannah
    Hannah, Ben and Tom asked for help with the CV | Hannah, Ben, Tom
    introduced myself to Rana, the new neighbour | Rana
    helped Ana at Aldi with her bags | Ana
    Gave Yusuf my seat on the Porto train | Yusuf
    Carried Mr Lee's shopping | Mr Lee
    a lift for Ana and mum | Ana, mum
    spent an evening with my best friend | my best friend
    made soup for my flatmate | my flatmate
    made soup for my upstairs neighbour | my upstairs neighbour
    Sarah has been ill so I brought the notes | Sarah
    Dan who sits next to me was stuck | Dan
    helped out w/ Rui & Ana's move | Rui, Ana
    So Joana was sad. Then Rui came | Joana, Rui
    And Rui? He got soup | Rui
    Thankfully Tom was there | Tom
    It was Ana's birthday, I baked | Ana
    Baked Ana a cake | Ana
    For Ana, a postcard | Ana
    Postcard to Ana in Berlin | Ana
    Sent a card to Mum and Dad | mum, dad
    Called Grandpa Joe | Grandpa Joe
    Mentored Chidi, Ngozi and Tunde | Chidi, Ngozi, Tunde
    Kofi Annan quote for Ben | Ben
    Sorted Ana out | Ana
    I think Ana liked it | Ana
    Was at Idris's place, cleaned | Idris
    Helped Joana's son Leo | Leo
    Pushed Mr. Patel's wheelchair. | Mr. Patel
    Prof. Lin got her slides back with notes | Prof. Lin
    Zoomed with Meera | Meera
    Played FIFA with Leo | Leo
    Changed a tyre for a guy named Otto | Otto
    Leo – homework | Leo
    Auntie needed a ride | auntie
    Angel Rosa helped too | Angel Rosa
    Nothing. Rui did it all | Rui
    mum's friend needed a lift | mum's friend
    My mum's friend Carol needed a lift | Carol
    Inês, my neighbour, cried | Inês
    Dana, who had a fever, got soup | Dana
    Bumped into Felix near Lidl and carried his bags | Felix
    On call for Ana Fri-Sun | Ana
    Spent Mother's Day with Aunt Lil | Aunt Lil
    Swapped shifts with Teo on Xmas Eve | Teo
    Made Pho for Linh | Linh
    Made Ben laugh | Ben
    Lent The Hobbit to Ewan | Ewan
    Reviewed a PR for Hana | Hana
    Lifted Mrs. O'Leary's spirits lol | Mrs. O'Leary
    Brought Aiko's mail in while she's in Osaka | Aiko
    Sam's, Ana's and Leo's bikes | Sam, Ana, Leo
    Our lodger Piotr had a bad day, made tea | Piotr
    Texted Jo, Mo and Flo | Jo, Mo, Flo
    rang my aunt Teresa | Aunt Teresa
    My uncle Ted and I fixed the fence | Uncle Ted
    I helped Mr and Mrs Jones | Mrs Jones
    Helped Karo's Mum | Karo's mum
    Went through Magda's Tax Return | Magda
    Did a shift so that Nell can study | Nell
    Jules' bike | Jules
    Hey Tenfold, this week I helped Lea | Lea
    """

NAMELESS = """
    nothing this week
    Helped a stranger with a heavy suitcase
    Gave up my seat on the bus
    Drove in the rain to fetch a parcel for someone
    Covered a shift
    My week was quiet
    Nothing much, I had a cold
    Listening, mostly
    Good week. Baked bread for the whole floor
    Helped at the food bank on Saturday
    Held the door for a woman with a pram
    Volunteered in Porto at a shelter
    moved a friend of a friend to Lisbon
    Went to Lisbon to help with a move
    Drove to Aldi for a sick colleague
    Answered two questions on Stack Overflow
    answered a beginner on Reddit
    Taught a class in Spanish
    helped with German homework
    Proofread a CV for a student
    Fixed the NHS form for an old man
    Explained Rust lifetimes to a newcomer
    wrote a Python script for the team
    Sent a WhatsApp message to cheer someone up
    Set up Zoom for the choir
    Carried an Ikea shelf upstairs
    Made Christmas cards with the kids
    Gave to Oxfam
    baked for Easter
    In January I will do more
    On Tuesday I cooked for everyone
    I DID A LOT OF SHOPPING FOR SOMEBODY
    HELPED EVERYONE ON THE WARD
    Helped A Friend Move House And Cooked Dinner
    Helped Everyone Who Asked Me At Work Today
    Shopping. Cooking. Cleaning.
    Soup for the neighbours
    Dinner was on me
    Work was hard but I covered for someone
    Baby slept, so I cleaned the stairs for the house
    Everyone needed something
    Students asked me about the exam and I stayed
    Someone's cat got out and I found it
    That's all
    It's been a long week
    Today was calm. Somebody asked for directions
    Friends needed a lift
    helped her mum with the bags
    helped a tired mum with her pram
    told a dad joke to a sad kid
    the mum next door got flowers
    She said I saved her day
    He was lost near King's Cross
    watched a film called Amelie with someone lonely
    walked a dog called Rex for the shelter
    a friend from Brazil got my old coat
    Helped someone from Ukraine fill in forms
    spoke French with a lost tourist
    read Kafka aloud at the library, in the Goethe room
    played Mozart at the care home
    Mother's Day flowers for a stranger
    Shared my notes about Brexit and the EU
    lent a colleague my iPhone charger
    cleaned the kitchen. Took out the bins. Watered the plants
    - cooked\\n- cleaned\\n- listened
    Monday: cooked. Tuesday: listened. Wednesday: nothing
    Honestly not much. Mostly listened
    Patience with the kids. Kindness at the till
    Picked up litter in Hyde Park
    a bit of gardening on Oxford Road
    took the kids to Madeira Street
    Red Cross shift on Sunday
    Sports Day at school, I did the lemonade
    held the baby while they ate
    thanked the driver
    GOT the new one through her first shift
    gave a talk at the University of York
    explained how LinkedIn works
    helped a man called yesterday by the clinic
    dunno
    Bread
    Sourdough for the office
    I
    ...
    🙂
    Thank you for asking! Helped out at church
    Happy Birthday cake for the new nurse
    Gave them a hand. They were glad
    Sat on the Night Bus with someone who was afraid
    Hello! I helped
    Yes. And again on Friday
    Congratulated a colleague
    Neighbour's bins
    Cake for the ward
    Team needed cheering up so I told jokes
    Baked Samosas for the office
    Bought Pastel de Nata for everyone
    Muffins for the team!
    Helped at St Mary's
    Read to the kids at St. John's
    Watched Frozen with the kids upstairs
    Walked Luna, the neighbour's dog
    Signed a petition for Amnesty
    Hosted Iftar for the neighbours
    The Smiths next door got soup
    Park's closed so I walked the kids home
    Hope was sad
    @joana_p got a lift
    mail to joana@example.org about her CV
    see www.Joana.pt
    Taught Year 5 maths
    Sunday Roast for the lads
    Gave Blood at the Red Cross
    Christmas Eve shift
    Sat with a woman in the Waiting Room until her son came
    St Patrick's parade helper
    helped someone with Git
    Someone New joined our Team, I gave a tour
    For a Lady on the Tram
    Big Issue seller got a coffee
    In Leeds I helped
    Recommended Dune to a colleague
    Fed Whiskers for the neighbours
    Did Secret Santa for the team
    Nothing but a smile for the bus driver
    Traffic was bad but I drove him anyway
    visited Rome with a group of pensioners and carried bags
    """

KNOWN: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("helped priya move", ("Priya",), ("Priya",)),
    ("HELPED PRIYA MOVE HOUSE", ("Priya",), ("Priya",)),
    ("priya and rui came by", ("Rui", "Priya"), ("Priya", "Rui")),
    ("helped priya move", ("Priya Sharma",), ("Priya Sharma",)),
    ("helped priya s. move", ("Priya S.",), ("Priya S.",)),
    ("helped Priya move", ("Priya S.", "Priya K."), ("Priya",)),
    ("helped priya move", ("Priya S.", "Priya K."), ()),
    ("helped Priya Kumar", ("Priya Sharma",), ("Priya Kumar",)),
    ("cooked for joao", ("João",), ("João",)),
    ("João ate with us", ("Joao",), ("Joao",)),
    ("will do more next week", ("Will",), ()),
    ("Will do more next week", ("Will",), ()),
    ("helped Will", ("Will",), ("Will",)),
    ("gave rose a lift", ("Rose",), ()),
    ("mrs okafor's bins", ("Mrs Okafor",), ("Mrs Okafor",)),
    ("okafor's bins", ("Mrs Okafor",), ("Mrs Okafor",)),
    ("took aunt may out", ("Aunt May",), ("Aunt May",)),
    ("may be back in may", ("Aunt May",), ()),
    ("my mum got flowers", ("mum",), ("mum",)),
    ("mom got flowers", ("my mum",), ("my mum",)),
    ("my sister ana cried", ("Ana",), ("Ana",)),
    ("помогла Маше", ("Маша",), ("Маша",)),
    ("我帮小明搬家", ("小明", "小红"), ("小明",)),
    ("ساعدت ليلى في المطبخ", ("ليلى",), ("ليلى",)),
    ("Helped Ana In The Garden With Her Roses", ("Ana",), ("Ana",)),
    ("jean-luc got the sofa", ("Jean-Luc",), ("Jean-Luc",)),
    ("banana bread for the ward", ("Ana",), ()),
    ("helped Joanna", ("Joana",), ("Joanna",)),
    ("Bread was nice, said rui", ("Rui",), ("Rui",)),
    ("Porto came by", ("Porto",), ("Porto",)),
    ("fed the cat in rui's flat", ("Rui",), ("Rui",)),
]


def rows(table: str) -> list[str]:
    return [line.strip().replace("\\n", "\n") for line in table.strip().splitlines()]


@pytest.mark.parametrize("row", rows(NAMED))
def test_named(row: str) -> None:
    """Whoever is plainly named is found, in order, as written."""
    text, _, who = row.rpartition(" | ")
    assert names(text) == tuple(who.split(", "))


@pytest.mark.parametrize("text", [*rows(NAMELESS), "", " ", "a" * 5_000])
def test_nameless(text: str) -> None:
    """A capital alone makes nobody: not a day, a city, a brand, a language, nor the beginning of a sentence."""
    assert names(text) == ()


@pytest.mark.parametrize(("text", "known", "who"), KNOWN)
def test_known(text: str, known: Sequence[str], who: tuple[str, ...]) -> None:
    """Somebody known is found in any spelling, and called as in the journal, but never by an everyday word."""
    assert names(text, known) == who


def test_everybody_once() -> None:
    """At most eight people, nobody twice, the fuller name where there are two."""
    assert names("Helped Ana. Then Ana helped Rui, and Ana's gran cooked") == ("Ana", "Rui", "Ana's gran")
    assert names("helped mum. my mum laughed") == ("my mum",)
    many = "helped Ana, Rui, Tom, Ben, Lena, Idris, Marta, Omar, Nadia, Kofi"
    assert names(many) == ("Ana", "Rui", "Tom", "Ben", "Lena", "Idris", "Marta", "Omar")


@given(st.text(max_size=200), st.lists(st.text(max_size=12), max_size=4))
def test_any_text_is_read(text: str, known: list[str]) -> None:
    """Whatever is written, there are at most eight names, and none is empty."""
    found = names(text, known)
    assert len(found) <= 8
    assert all(name.strip() for name in found)
