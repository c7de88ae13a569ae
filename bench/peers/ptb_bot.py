"""The check-in bot as python-telegram-bot's own examples would write it: Application, handlers, sequential, HTTPX.

`python -m bench.peers.ptb_bot` reads TELEGRAM_BOT_TOKEN, TELEGRAM_API_BASE_URL and DATABASE_URL (sqlite:///FILE).
"""

import os

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bench.peers.journal import Journal, Said

Context = ContextTypes.DEFAULT_TYPE


def keyboard(said: Said) -> InlineKeyboardMarkup | None:
    """One row of buttons, if there are any."""
    if not said.buttons:
        return None
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data) for label, data in said.buttons]])


def run(token: str, server: str, journal: Journal) -> None:
    """Poll *server* until SIGTERM."""

    async def reply(update: Update, said: Said) -> None:
        assert update.effective_message is not None
        await update.effective_message.reply_text(said.text, reply_markup=keyboard(said))

    async def start(update: Update, _context: Context) -> None:
        user = update.effective_user
        assert user is not None
        await reply(update, journal.start(user.id, user.first_name, user.language_code))

    async def check_in(update: Update, _context: Context) -> None:
        assert update.effective_user is not None
        await reply(update, journal.check_in(update.effective_user.id))

    async def cancel(update: Update, _context: Context) -> None:
        assert update.effective_user is not None
        await reply(update, journal.leave(update.effective_user.id))

    async def answer(update: Update, _context: Context) -> None:
        assert update.effective_user is not None
        assert update.message is not None
        await reply(update, journal.answer(update.effective_user.id, update.message.text))

    async def press(update: Update, _context: Context) -> None:
        query = update.callback_query
        assert query is not None
        await query.answer()
        person = query.from_user.id
        await reply(update, journal.leave(person) if query.data == "later" else journal.answer(person, None))

    application = Application.builder().token(token).base_url(f"{server}/bot").build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CommandHandler("checkin", check_in))
    application.add_handler(CommandHandler("cancel", cancel))
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, answer))
    application.add_handler(CallbackQueryHandler(press))
    application.run_polling()


if __name__ == "__main__":
    run(
        os.environ["TELEGRAM_BOT_TOKEN"],
        os.environ["TELEGRAM_API_BASE_URL"],
        Journal(os.environ["DATABASE_URL"].removeprefix("sqlite:///")),
    )
