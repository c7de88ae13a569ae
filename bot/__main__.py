"""`python -m bot` is `tenfold`."""

from bot.cli import main

main()
