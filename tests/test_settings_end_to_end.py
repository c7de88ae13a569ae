"""Settings and themes with the real process over real HTTP, killed in the middle of every step that waits for words."""

import pytest

from tests.botapi import BotApi, Message
from tests.running import WAIT, Bot, heard, met


def card(message: Message) -> list[str]:
    """The lines of the settings' card."""
    return message.text.splitlines()


@pytest.mark.both_stores
def test_settings_change_in_place_and_outlive_a_kill(bot: Bot, telegram: BotApi) -> None:
    """The card is one message however often it is tapped; a question stays open when the process is killed."""
    mira = telegram.person(7, "Mira")
    bot.start()
    met(mira)
    mira.says("/settings")
    shown = heard(mira, "by the clock of Porto.")
    before = len(mira.sees())
    mira.presses("Day")
    assert heard(mira, "Which day?").id == shown.id
    mira.presses("Sunday")
    sundays = heard(mira, "Sundays, about four")
    assert sundays.id == shown.id
    assert sundays.marked("italic")[0] == "Sundays, about four, by the clock of Porto."
    assert "Sunday" in card(sundays)[-1]
    assert len(mira.sees()) == before

    mira.presses("City")
    heard(mira, "In which city are you?")
    bot.kill()
    bot.start()
    mira.says("springfield")
    heard(mira, "Which one?")
    bot.kill()
    bot.start()
    mira.presses("Springfield, Illinois, US")
    heard(mira, "By the clock of Springfield, then.")
    assert bot.rows("SELECT city, zone, weekday FROM person") == [("Springfield", "America/Chicago", 6)]

    mira.says("/settings utc+2, lisbon from the 14th")
    heard(mira, "UTC+2 for now, and Lisbon from ")
    assert bot.rows("SELECT subject FROM due WHERE kind = 'move'") == [("Europe/Lisbon Lisbon",)]


def test_themes_outlive_a_kill(bot: Bot, telegram: BotApi) -> None:
    """A name that is asked for is still asked for when the process is killed; what is renamed is so once."""
    mira = telegram.person(7, "Mira")
    bot.start()
    met(mira)
    mira.says("/themes add canary bread")
    heard(mira, "canary bread. Kept.")
    mira.presses("canary bread")
    heard(mira, "“canary bread”")
    mira.presses("Rename")
    heard(mira, "What would you call")
    bot.kill()
    bot.start()
    mira.says("canary rolls")
    heard(mira, "“canary bread” is “canary rolls” now.")
    themes = [text for (text,) in bot.rows("SELECT text FROM theme ORDER BY id")]
    assert themes[-1] == "canary rolls"
    assert "canary bread" not in themes
    mira.says("/themes drop canary rolls")
    assert mira.waits_for(timeout=WAIT)[-1].text.startswith("“canary rolls” is gone.")
