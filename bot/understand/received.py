def received(text: str) -> bool:
    return False
