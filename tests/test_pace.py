"""Telegram's limits are kept, whatever is asked for, and within them nobody waits for nothing."""

from collections.abc import Iterable
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pace import Pace

NOW = 1_000_000.0


def picked(pace: Pace, now: float) -> int | None:
    """Whom a message is sent to that arrives at once."""
    if (chat := pace.pick(now)) is not None:
        pace.arrived(now, chat)
    return chat


def sends(pace: Pace, now: float = NOW, until: float = inf) -> list[tuple[float, int]]:
    """What a dispatcher that does nothing else sends: (moment, chat) until nobody waits."""
    sent = []
    while (wait := pace.wake(now)) is not None and now + wait < until:
        now += wait
        while (chat := picked(pace, now)) is not None:
            sent.append((now, chat))
    return sent


def fullest(moments: Iterable[float], window: float = 1) -> int:
    """The most of *moments* in any stretch of time shorter than *window*."""
    moments = sorted(moments)
    return max((sum(start <= moment < start + window for moment in moments) for start in moments), default=0)


def test_replies_overtake_check_ins() -> None:
    """A lower priority number goes first, and within one priority whoever came first."""
    pace = Pace(overall=1)
    for chat, priority in [(1, 1), (2, 1), (3, 0), (4, 1), (5, 0)]:
        pace.add(chat, priority)
    assert [chat for _moment, chat in sends(pace)] == [3, 5, 1, 2, 4]


def test_a_waiting_reply_promotes_its_chat() -> None:
    """A chat whose check-in waits goes ahead as soon as a reply waits behind that; it waits only once."""
    pace = Pace(overall=1)
    for chat, priority in [(1, 1), (2, 1), (3, 1), (3, 0), (3, 1)]:
        pace.add(chat, priority)
    assert [chat for _moment, chat in sends(pace)] == [3, 1, 2]


def test_a_chat_gets_three_at_once_and_then_one_a_second() -> None:
    """The bucket of a chat holds three and fills at one a second; it is full again after a while of silence."""
    pace, moments, now = Pace(), [], NOW
    for _message in range(6):
        pace.add(7)
        [(now, _chat)] = sends(pace, now)
        moments.append(now - NOW)
    assert moments[:3] == [0, 0, 0]
    assert all(1 < later - earlier < 1.1 for earlier, later in pairwise(moments[2:]))
    later = now + 60
    for _message in range(3):
        pace.add(7)
        assert picked(pace, later) == 7


def test_a_resting_chat_delays_nobody() -> None:
    """Who was told to wait by Telegram is passed over until then, and everybody else goes on."""
    pace = Pace()
    for chat in (1, 2, 3):
        pace.add(chat)
    pace.rest(1, NOW + 30)
    assert [(moment - NOW, chat) for moment, chat in sends(pace)] == [(0, 2), (0, 3), (30, 1)]


def test_a_chat_told_to_wait_longer_waits_longer() -> None:
    """The later of two moments counts, also when the chat stepped aside for the earlier one."""
    pace = Pace()
    pace.add(1)
    pace.rest(1, NOW + 5)
    assert picked(pace, NOW) is None
    pace.rest(1, NOW + 9)
    pace.rest(1, NOW + 2)
    assert sends(pace) == [(NOW + 9, 1)]


def test_a_reply_promotes_a_chat_that_stepped_aside() -> None:
    """A chat that rests goes before the others once it may, if a reply came meanwhile, and only once."""
    pace = Pace(overall=1)
    pace.rest(1, NOW + 3)
    pace.add(1, 1)
    assert picked(pace, NOW) is None
    pace.rest(1, NOW + 5)
    pace.add(1, 0)
    assert pace.wake(NOW) == 5
    pace.add(2, 1)
    assert picked(pace, NOW + 4.5) == 2
    pace.add(3, 1)
    assert [chat for _moment, chat in sends(pace, NOW + 5)] == [1, 3]


def test_three_hundred_at_once_keep_the_limit_and_lose_no_time() -> None:
    """300 people due at once are asked in hardly more than the ten seconds that 30 a second take."""
    pace = Pace()
    for chat in range(300):
        pace.add(chat)
    sent = sends(pace)
    assert sorted(chat for _moment, chat in sent) == list(range(300))
    assert fullest(moment for moment, _chat in sent) == 30
    assert sent[-1][0] - NOW < 10


def test_what_is_long_on_its_way_counts_until_it_is_there() -> None:
    """When everything stood still, what was on its way may all have arrived at the end: only a second later more is
    sent. What arrives in good time costs no time."""
    pace = Pace()
    for chat in range(90):
        pace.add(chat)
    early = [pace.pick(NOW) for _message in range(30)]
    assert None not in early
    assert pace.pick(NOW + 2) is None
    assert pace.wake(NOW + 2) is None, "it is called again when something arrives"
    for each in early:
        pace.arrived(NOW + 3, each or 0)
    assert pace.pick(NOW + 4) is None
    later = [pace.pick(NOW + 4.1) for _message in range(30)]
    assert None not in later
    for each in later:
        pace.arrived(NOW + 4.25, each or 0)
    assert pace.pick(NOW + 5) is None
    assert pace.pick(NOW + 5.21) is not None


def test_a_limit_is_shared() -> None:
    """Several replicas together send as much as one alone; whoever is left alone sends it all again."""
    pace = Pace()
    for chat in range(120):
        pace.add(chat)
    pace.share(replicas=4, rank=3)
    assert len(sends(pace, until=NOW + 1)) == 7
    pace.share(replicas=1)
    assert len(sends(pace, NOW + 10, until=NOW + 11)) == 30


@given(overall=st.integers(1, 40), replicas=st.integers(1, 7))
def test_parts_of_a_limit_add_up_to_it(overall: int, replicas: int) -> None:
    """Whatever doesn't divide evenly, all together never send more than one alone, and hardly less."""
    sent = []
    for rank in range(replicas):
        pace = Pace(overall=overall)
        pace.share(replicas, rank)
        for chat in range(400):
            pace.add(chat)
        sent += sends(pace, until=NOW + 10)
    assert fullest((moment for moment, _chat in sent), 1.01) <= max(overall, replicas)
    assert len(sent) >= 0.9 * overall * 10


def test_a_reply_hardly_waits_while_many_are_asked() -> None:
    """What has no haste goes evenly, so at whatever moment somebody writes, they hear at once; and no time is lost."""
    pace, now, asked = Pace(), NOW, 0
    for chat in range(300):
        pace.add(chat, 1)
    for reply in range(1000, 1040):
        asked += len(sends(pace, now, until=now + 0.13))
        now += 0.13
        pace.add(reply)
        wait = pace.wake(now)
        assert wait is not None
        assert wait < 0.1
        now += wait
        assert picked(pace, now) == reply
    sent = sends(pace, now)
    assert asked + len(sent) == 300
    assert sent[-1][0] - NOW < 340 / 30 * 1.15


@pytest.mark.parametrize("off", [0, inf])
def test_a_limit_can_be_switched_off(off: float) -> None:
    """Zero or infinity is no limit: everything goes at once."""
    pace = Pace(overall=off, chat=off)
    for _message in range(100):
        pace.add(1)
        assert picked(pace, NOW) == 1
    assert pace.wake(NOW) is None
    assert pace.spare(NOW, 1)


def test_what_is_slower_than_one_a_second_is_kept_too() -> None:
    """A limit of one message in two seconds is one message in two seconds."""
    pace = Pace(overall=0.5)
    for chat in range(4):
        pace.add(chat)
    assert all(2 < later - earlier < 2.3 for (earlier, _), (later, _) in pairwise(sends(pace)))


def test_what_isnt_important_makes_nobody_wait() -> None:
    """Typing and the like go only if nobody is waiting, and leave a chat one message for the reply that follows."""
    pace = Pace()
    pace.add(1)
    assert not pace.spare(NOW, 2), "somebody else waits"
    assert picked(pace, NOW) == 1
    assert pace.spare(NOW, 1)
    assert not pace.spare(NOW, 1), "the last one is for the reply"
    pace.add(1)
    assert picked(pace, NOW) == 1
    pace.add(1)
    assert picked(pace, NOW) is None
    assert not pace.spare(NOW, 1), "its own message waits"
    assert pace.spare(NOW, 2), "a chat that waits for its own bucket is not in anybody's way"
    pace.rest(3, NOW + 5)
    assert not pace.spare(NOW, 3)


def test_what_isnt_important_counts() -> None:
    """A best-effort call takes from the overall limit like a message."""
    pace = Pace(overall=2)
    assert pace.spare(NOW, 1)
    assert pace.spare(NOW, 2)
    assert not pace.spare(NOW, 3)
    pace.add(3)
    assert picked(pace, NOW) is None


def test_idle_chats_are_forgotten() -> None:
    """Whom nothing was sent to lately takes no memory, however many there have been."""
    pace = Pace(overall=0)
    for chat in range(50_000):
        pace.add(chat)
        assert picked(pace, NOW + chat) == chat
    assert len(pace._chats) <= 1024
    assert not pace._ready
    assert not pace._held


steps = st.lists(
    st.tuples(
        st.floats(0, 1.5),  # seconds since the step before
        st.sampled_from(["add", "add", "add", "add", "rest", "spare"]),
        st.integers(1, 6),  # chat
        st.integers(0, 2),  # priority, or seconds of rest
    ),
    max_size=120,
)


@given(steps=steps, overall=st.integers(1, 6), burst=st.integers(1, 3))
def test_no_limit_is_ever_exceeded_and_everybody_gets_there(
    steps: list[tuple[float, str, int, int]], overall: int, burst: int
) -> None:
    """Whatever comes in whatever order, every stretch of time keeps both limits, rests are kept, and all is sent."""
    pace, now = Pace(overall=overall, chat=1, burst=burst), NOW
    waiting: set[int] = set()
    rests: dict[int, float] = {}
    sent: list[tuple[float, int]] = []

    def note(some: list[tuple[float, int]]) -> None:
        for moment, chat in some:
            assert chat in waiting
            assert moment >= rests.get(chat, 0) - 1e-5
            waiting.remove(chat)
        sent.extend(some)

    for seconds, step, chat, number in steps:
        note(sends(pace, now, until=now + seconds))
        now += seconds
        if step == "add":
            pace.add(chat, number)
            waiting.add(chat)
        elif step == "rest":
            pace.rest(chat, now + number)
            rests[chat] = max(rests.get(chat, 0), now + number)
        elif pace.spare(now, chat):
            sent.append((now, chat))
    note(sends(pace, now))
    assert not waiting
    assert fullest(moment for moment, _chat in sent) <= overall
    for chat in range(1, 7):
        moments = sorted(moment for moment, to in sent if to == chat)
        for first, start in enumerate(moments):
            for last, end in enumerate(moments[first:], start=1):
                assert last <= burst + (end - start) + 1e-5


@given(
    priorities=st.lists(st.integers(0, 3), min_size=1, max_size=60),
    overall=st.integers(1, 10),
)
def test_a_queue_is_served_by_priority_then_by_turn(priorities: list[int], overall: int) -> None:
    """Of people who wait together nobody is overtaken by a less urgent message or by a later one as urgent."""
    pace = Pace(overall=overall)
    for chat, priority in enumerate(priorities):
        pace.add(chat, priority)
    order = [chat for _moment, chat in sends(pace)]
    assert order == sorted(range(len(priorities)), key=lambda chat: (priorities[chat], chat))
