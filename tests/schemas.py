"""The schema of a database as its own catalogue tells it, the same for both kinds, so that they can be compared."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from tests.databases import Database, PostgresDatabase


class Column(NamedTuple):
    """A column; its *kind* is TEXT, BIGINT or BYTEA, its *default* as SQL has it."""

    name: str
    kind: str
    filled: bool
    default: str | None


class Index(NamedTuple):
    """An index over *columns*; for a partial one, *where* says of which rows. One that a rule made has no name."""

    name: str
    columns: tuple[str, ...]
    unique: bool
    where: str


class Reference(NamedTuple):
    """Which *columns* refer to which *others* of *table*."""

    columns: tuple[str, ...]
    table: str
    others: tuple[str, ...]
    on_delete: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns and its key in order, the rest sorted."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    indexes: tuple[Index, ...]
    references: tuple[Reference, ...]

    def __str__(self) -> str:
        """In one line: columns in order, * in the key, ? may be empty; then what is unique or has an index."""
        columns = " ".join(
            f"{each.name}{'*' if each.name in self.key else '' if each.filled else '?'}" for each in self.columns
        )
        indexes = "".join(
            f"; {'unique' if each.unique else 'index'} {', '.join(each.columns)}"
            f"{f' where {each.where}' if each.where else ''}"
            for each in self.indexes
        )
        return f"{self.name}: {columns}{indexes}"


def schema(database: Database) -> list[Table]:
    """Every table of Tenfold's in *database*, by name."""
    read = _postgres if isinstance(database, PostgresDatabase) else _sqlite
    return [read(database, table) for table in database.tables()]


def _sqlite(database: Database, table: str) -> Table:
    columns = database.rows('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)', table)
    indexes = []
    for name, unique, origin, sql in database.rows(
        "SELECT i.name, i.\"unique\", i.origin, COALESCE(s.sql, '') FROM pragma_index_list(?) i "
        "JOIN sqlite_master s ON s.name = i.name",
        table,
    ):
        if origin != "pk":
            over = [column for (column,) in database.rows("SELECT name FROM pragma_index_info(?)", name)]
            indexes.append(
                Index(name if origin == "c" else "", tuple(over), bool(unique), sql.partition(" WHERE ")[2].strip())
            )
    references: dict[int, Reference] = {}
    for id, other, mine, theirs, on_delete in database.rows(
        'SELECT id, "table", "from", "to", on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq', table
    ):
        before = references.get(id, Reference((), other, (), on_delete))
        references[id] = before._replace(columns=(*before.columns, mine), others=(*before.others, theirs))
    return Table(
        name=table,
        columns=tuple(Column(name, kind, bool(filled), default) for name, kind, filled, default, _key in columns),
        key=tuple(name for *_more, name in sorted((row[4], row[0]) for row in columns if row[4])),
        indexes=tuple(sorted(indexes)),
        references=tuple(sorted(references.values())),
    )


def _postgres(database: Database, table: str) -> Table:
    columns = database.rows(
        "SELECT a.attname, UPPER(format_type(a.atttypid, a.atttypmod)), a.attnotnull, pg_get_expr(d.adbin, d.adrelid) "
        "FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
        "WHERE a.attrelid = CAST(? AS regclass) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        table,
    )
    over = (
        "ARRAY(SELECT a.attname::text FROM unnest(CAST({0} AS smallint[])) WITH ORDINALITY k (number, place) "
        "JOIN pg_attribute a ON a.attrelid = {1} AND a.attnum = k.number ORDER BY k.place)"
    )
    indexes = database.rows(
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u')) "
        "THEN '' ELSE c.relname::text END, " + over.format("string_to_array(i.indkey::text, ' ')", "i.indrelid") + ", "
        "i.indisunique, i.indisprimary, COALESCE(pg_get_expr(i.indpred, i.indrelid), '') "
        "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = CAST(? AS regclass)",
        table,
    )
    references = database.rows(
        "SELECT " + over.format("conkey", "conrelid") + ", confrelid::regclass::text, "
        "" + over.format("confkey", "confrelid") + ", CASE confdeltype WHEN 'c' THEN 'CASCADE' ELSE 'NO ACTION' END "
        "FROM pg_constraint WHERE contype = 'f' AND conrelid = CAST(? AS regclass)",
        table,
    )
    return Table(
        name=table,
        columns=tuple(Column(name, kind, filled, _plain(value)) for name, kind, filled, value in columns),
        key=next(tuple(over) for _name, over, _unique, key, _where in indexes if key),
        indexes=tuple(
            sorted(
                Index(name, tuple(over), unique, _plain(where) or "")
                for name, over, unique, key, where in indexes
                if not key
            )
        ),
        references=tuple(
            sorted(Reference(tuple(mine), other, tuple(theirs), ends) for mine, other, theirs, ends in references)
        ),
    )


def _plain(expression: str | None) -> str | None:
    """What PostgreSQL made of an *expression*, as it was written."""
    return expression and re.sub(r"::\w+|[()]", "", expression)
