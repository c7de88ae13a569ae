"""The check-in step written the ordinary way: once with python-telegram-bot, once with aiogram."""
