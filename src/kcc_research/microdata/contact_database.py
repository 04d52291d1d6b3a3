"""DuckDB for contact records: in a temporary folder, with limited memory.

DuckDB is imported here and only when records are read; nothing else in the package
starts its threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcc_research.temporary_folders import passing_folder

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "256MB"
THREADS = 2


class Database:
    """A connection, and rows as plain tuples."""

    def __init__(self, connection: DuckDBPyConnection, folder: Path) -> None:
        self.connection, self.folder = connection, folder

    def run(self, sql: str) -> None:
        self.connection.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def row(self, sql: str) -> tuple[Any, ...]:
        """The one row of a query that gives one."""
        return self.rows(sql)[0]


@contextmanager
def database() -> Iterator[Database]:
    """A database that leaves nothing behind: what it read is gone when it closes."""
    import duckdb

    with passing_folder() as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "threads": THREADS,
            "temp_directory": str(folder),
            "enable_external_access": True,
            "autoinstall_known_extensions": False,
        }
        connection = duckdb.connect(str(folder / "work.duckdb"), config=settings)
        try:
            connection.execute("SET TimeZone = 'UTC'")
            # Jupyter without ipywidgets has it off, and refuses to be told so.
            on = connection.sql("SELECT current_setting('enable_progress_bar')")
            if on.fetchall()[0][0]:
                connection.execute("SET enable_progress_bar = false")
            yield Database(connection, folder)
        finally:
            connection.close()
