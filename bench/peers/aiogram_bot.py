"""The check-in bot as aiogram's own examples would write it: a router, its dispatcher, a task for each update.

`python -m bench.peers.aiogram_bot` reads TELEGRAM_BOT_TOKEN, TELEGRAM_API_BASE_URL and DATABASE_URL (sqlite:///FILE).
"""

import asyncio
import os

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bench.peers.journal import Journal, Said


def keyboard(said: Said) -> InlineKeyboardMarkup | None:
    """One row of buttons, if there are any."""
    if not said.buttons:
        return None
    row = [InlineKeyboardButton(text=label, callback_data=data) for label, data in said.buttons]
    return InlineKeyboardMarkup(inline_keyboard=[row])


def conversation(journal: Journal) -> Router:
    """All that the bot answers to."""
    router = Router()

    async def reply(message: Message, said: Said) -> None:
        await message.answer(said.text, reply_markup=keyboard(said))

    @router.message(CommandStart())
    async def start(message: Message) -> None:
        assert message.from_user is not None
        user = message.from_user
        await reply(message, journal.start(user.id, user.first_name, user.language_code))

    @router.message(Command("checkin"))
    async def check_in(message: Message) -> None:
        assert message.from_user is not None
        await reply(message, journal.check_in(message.from_user.id))

    @router.message(Command("cancel"))
    async def cancel(message: Message) -> None:
        assert message.from_user is not None
        await reply(message, journal.leave(message.from_user.id))

    @router.message(F.text)
    async def answer(message: Message) -> None:
        assert message.from_user is not None
        await reply(message, journal.answer(message.from_user.id, message.text))

    @router.callback_query()
    async def press(query: CallbackQuery) -> None:
        await query.answer()
        person = query.from_user.id
        if isinstance(query.message, Message):
            await reply(query.message, journal.leave(person) if query.data == "later" else journal.answer(person, None))

    return router


async def run(token: str, server: str, journal: Journal) -> None:
    """Poll *server* until SIGTERM."""
    dispatcher = Dispatcher()
    dispatcher.include_router(conversation(journal))
    async with Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(server))) as bot:
        await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(
        run(
            os.environ["TELEGRAM_BOT_TOKEN"],
            os.environ["TELEGRAM_API_BASE_URL"],
            Journal(os.environ["DATABASE_URL"].removeprefix("sqlite:///")),
        )
    )
