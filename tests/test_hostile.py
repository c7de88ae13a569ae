"""What an unlucky or an unkind person does: words in the wrong place, forged buttons, old cards, odd names and files.

Whatever happens, nothing that somebody wrote is lost without a word, nobody's journal changes but their own, and
nobody is left with "I stumbled".
"""

from tests.conversation import Scene, Somebody


async def test_a_second_name_survives_a_restart(stage: Scene, mira: Somebody) -> None:
    """A database in which somebody goes by two names is as sound as any other."""
    await mira.knows("Joana")
    await mira.says("/people joana")
    await mira.talks(("[Another name]", "How should I call Joana?"), ("Jo from the ward", "Jo from the ward, then."))
    await stage.restart()
    await mira.talks(("/people joana", "Also: Joana"))
