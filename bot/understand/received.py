"""Placeholder until the real one is merged."""


def received(text: str) -> bool:
    return text == "boss said I did well"
