"""A thousand people answer into PostgreSQL. Servers of their own: the attacker has every byte they ever wrote
(tables, write-ahead log, archive, base backups), the printed codes, and later the custodians' shares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg

from bootstrap import Settings, build
from db.box import SealedBox
from db.cover import Cover, Covers
from db.engine import box_engine
from db.migrate import upgrade
from survey.collect import ballot, slips
from survey.design.questionnaire import Response
from survey.design.questionnaire_file import shipped_questionnaires
from tests.nursery import serving
from tests.privacy.archive import Archive
from tests.privacy.crowd import WAVE, Crowd, answer, answer_through, gather
from tests.privacy.findings import Findings, after_close, lengths
from tests.privacy.linking import Linked, Person, link

SAMPLE = 10  # codes looked for in every file


class Naked(Cover):
    """The box as it was before covers: the leaky control."""

    def put_on(self, sealed: bytes, mark: bytes = b"") -> bytes:
        return sealed


def postgres_world(archive: Archive, folder: Path, seed: int, *, live: bool) -> tuple[Findings, Findings]:
    """(findings, leaky controls). `live`: through a real server, base backups before, during and after, and a close."""
    database, box = archive.databases()
    environment = {"LANGNGHE_DATA_DIR": str(folder), "LANGNGHE_DATABASE_URL": database, "LANGNGHE_BOX_URL": box}
    found, control = Findings(), Findings()
    services = build(Settings.read(environment))
    crowd = gather(services, seed)
    if live:
        archive.back_up("before")
        with serving(environment, folder) as server:
            before, half = server.log.stat().st_size, len(crowd.order) // 2
            answer_through(server.base, crowd, crowd.order[:half])
            archive.back_up("during")
            answer_through(server.base, crowd, crowd.order[half:])
            found.counts["bytes the server logged"] = server.log.stat().st_size - before
    else:
        answer(services, crowd, crowd.order)
    cover = services.box.covers.read(WAVE)
    assert cover is not None
    naked, marked = naked_box(archive, crowd), marked_codes(archive, crowd)
    archive.flush()
    found.linked.update(in_ballots(box, crowd, cover))
    found.counts["lengths of a ballot beyond one (PostgreSQL)"] = lengths(read(box, "SELECT ciphertext FROM ballot"))
    found.linked["PostgreSQL registry: place of the code (ctid)"] = link(crowd.came, codes(database, "code", "ctid", crowd))
    found.counts["codes touched after printing"] = sum(kind != "INSERT" for kind, _ in archive.written(database, "code"))
    found.counts["transactions that wrote codes, beyond one"] = len(set(read(database, "SELECT xmin::text FROM code"))) - 1
    for name, people in histories(archive, box, crowd).items():
        found.counts[f"ballots that the shares open, found by {name}"] = sum(person is not None for person in people)
    for name, people in histories(archive, naked, crowd).items():
        control.linked[f"PostgreSQL box without a cover: {name}"] = link(crowd.came, [one for one in people if one is not None])
    control.linked["PostgreSQL codes marked one by one: xmin"] = link(crowd.came, codes(marked, "marked", "xmin::text::bigint", crowd))
    if live:
        found.linked.update({f"PostgreSQL results: {name}": one for name, one in after_close(services, crowd).items()})
        archive.back_up("after")
        archive.flush()
        found.counts["cover keys after the close (PostgreSQL)"] = len(list(folder.glob("*.key")))
        found.counts.update(in_files(archive, crowd, cover))
        [control.counts["digests of codes in the archive"]] = in_archive(archive, [slips.digest(WAVE, crowd.code[0])])
    services.close()
    return found, control


def read(url: str, query: str) -> list[Any]:
    """The rows of a query; of one column, its values."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        rows = connection.execute(query.encode()).fetchall()
    return [row[0] if len(row) == 1 else row for row in rows]


def naked_box(archive: Archive, crowd: Crowd) -> str:
    """The same ballots in a box without a cover; its address."""
    _, url = archive.databases()
    engine = box_engine(url)
    upgrade(engine, "box")
    box = SealedBox(engine, Covers(archive.folder))
    naked = Naked(bytes(32))
    box._door.begin(WAVE, naked.fingerprint, bytes(32))
    box._checked[WAVE] = naked
    assert crowd.wave.public_key is not None
    size = ballot.plaintext_size(shipped_questionnaires()[0])
    for person in crowd.order:
        response = Response(unit=crowd.unit[person], **crowd.raw[person])
        sealed = ballot.seal(ballot.encode(response), WAVE, crowd.wave.public_key, size)
        box.put(WAVE, slips.nullifier(WAVE, crowd.code[person]), sealed)
    engine.dispose()
    return url


def marked_codes(archive: Archive, crowd: Crowd) -> str:
    """A code list in which each code is marked when it is spent; its address."""
    url, _ = archive.databases()
    digests = sorted(slips.digest(WAVE, code) for code in crowd.code)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE marked (digest bytea PRIMARY KEY, used boolean)")
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO marked VALUES (%s, false)", [(digest,) for digest in digests])
        for person in crowd.order:
            connection.execute("UPDATE marked SET used = true WHERE digest = %s", [slips.digest(WAVE, crowd.code[person])])
    return url


def codes(url: str, table: str, order: str, crowd: Crowd) -> list[Person]:
    person = {slips.digest(WAVE, code): number for number, code in enumerate(crowd.code)}
    return [person[digest] for digest in read(url, f"SELECT digest FROM {table} ORDER BY {order}")]


def in_ballots(url: str, crowd: Crowd, cover: Cover) -> dict[str, Linked]:
    """What is left to look at when no ballot can be opened: do row keys or bytes follow the order of arrival?"""
    rows = read(url, "SELECT nullifier, ciphertext FROM ballot")
    assert len(rows) == len(crowd.order)
    writer = {key: crowd.writer(cover.take_off(covered)) for key, covered in rows}
    people = {
        "row key": [writer[key] for key in sorted(writer)],
        "content": [writer[key] for key, _ in sorted(rows, key=lambda row: bytes(row[1]))],
    }
    return {f"PostgreSQL box: {name}": link(crowd.came, [one for one in order if one is not None]) for name, order in people.items()}


def histories(archive: Archive, url: str, crowd: Crowd) -> dict[str, list[Person | None]]:
    """Whose ballots somebody with the shares reads, in the order each history gives; None: cannot be opened."""
    rows = read(url, "SELECT ctid::text, xmin::text::bigint, ciphertext FROM ballot")
    writer = {place: crowd.writer(covered) for place, _, covered in rows}
    logged = [f"({block},{offset})" for _kind, (block, offset) in archive.written(url, "ballot")]
    assert sorted(logged) == sorted(writer)
    return {
        "ctid": [writer[place] for place in sorted(writer, key=lambda place: tuple(map(int, place[1:-1].split(","))))],
        "xmin": [writer[place] for place, _, _ in sorted(rows, key=lambda row: int(row[1]))],
        "the write-ahead log": [writer[place] for place in logged],
    }


def in_archive(archive: Archive, *looked_for: list[bytes]) -> list[int]:
    """In how many files of the server, its archive and its base backups any of these bytes are, for each list of them."""
    found = [0] * len(looked_for)
    for _path, content in archive.everything():
        found = [count + any(piece in content for piece in pieces) for count, pieces in zip(found, looked_for, strict=True)]
    return found


def in_files(archive: Archive, crowd: Crowd, cover: Cover) -> dict[str, int]:
    """After the close."""
    some = crowd.code[:SAMPLE]
    looked_for = {
        "files of PostgreSQL with the cover key": [cover.key],
        "files of PostgreSQL with a printed code": [code.encode() for code in some],
        "files of PostgreSQL with a row key that a printed code gives": [slips.nullifier(WAVE, code) for code in some],
    }
    return dict(zip(looked_for, in_archive(archive, *looked_for.values()), strict=True))
