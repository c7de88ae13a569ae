"""Figures as a plain table, with what is wanted of them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of the table: a figure of each column, None where there is none. *most* or *least* is what is wanted of
    the first so many *judged*."""

    name: str
    values: Sequence[float | None]
    form: str
    least: float | None = None
    most: float | None = None
    judged: int = 1

    def row(self) -> tuple[str, ...]:
        """Its cells: the name, a value for each column, what is wanted and whether it is so."""
        judged = [value for value in self.values[: self.judged] if value is not None]
        wanted = ""
        if self.least is not None:
            wanted = f"at least {self.least:g}: {'yes' if min(judged) >= self.least else 'NO'}"
        if self.most is not None:
            wanted = f"under {self.most:g}: {'yes' if max(judged) < self.most else 'NO'}"
        return self.name, *("" if value is None else format(value, self.form) for value in self.values), wanted


def table(header: Sequence[str], lines: Sequence[Line]) -> str:
    """*lines* in columns under *header*: the first and the last to the left, numbers to the right."""
    rows = [(*header,), *(line.row() for line in lines)]
    last = len(header) - 1
    widths = [max(len(row[column]) for row in rows) for column in range(last + 1)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if 0 < column < last else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
