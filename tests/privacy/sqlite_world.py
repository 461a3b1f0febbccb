"""A thousand people answer into SQLite files. One machine: the attacker has the whole folder, cover key
included, copied while the wave was open or after it, and later the custodians' shares."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from sqlalchemy import event

from bootstrap import Services, Settings, build
from db.cover import Covers
from survey.collect import slips
from tests.privacy.crowd import WAVE, Crowd, answer, answer_through, gather
from tests.privacy.findings import Findings, after_close, lengths, placed
from tests.privacy.linking import Linked, Person, link
from tests.privacy.naive import naive_stores
from tests.server import serving

NEVER = 1e6  # seconds: the box is not written anew before the test has looked


def sqlite_world(folder: Path, seed: int, *, live: bool) -> tuple[Findings, Findings]:
    """(findings, leaky controls). `live`: through a real server; else through the service."""
    environment = {"LANGNGHE_DATA_DIR": str(folder)}
    found, control = Findings(), Findings()
    services = build(Settings.read(environment))
    crowd = gather(services, seed)
    if live:
        services.close()
        with serving(environment, folder) as server:
            before = server.log.stat().st_size
            answer_through(server.base, crowd, crowd.order)
            found.counts["bytes the server logged"] = server.log.stat().st_size - before
    else:
        hurry(services)
        services.box.stirring.pause = NEVER
        answer(services, crowd, crowd.order)
        control.linked["SQLite box before it is written anew: place of the content"] = in_box(folder, crowd)["place of the content"]
        services.close()
    control.linked.update(naive_stores(folder, crowd, seed))
    found.linked.update({f"SQLite box: {name}": one for name, one in in_box(folder, crowd).items()})
    found.counts["lengths of a ballot beyond one (SQLite)"] = lengths(covered for _key, covered in ballots(folder))
    control.counts["lengths of answers without padding, beyond one"] = lengths(json.dumps(raw).encode() for raw in crowd.raw)
    code = {person: slips.digest(WAVE, crowd.code[person]) for person in crowd.order}
    found.linked["SQLite registry: place of the code"] = link(crowd.came, placed((folder / "langnghe.db").read_bytes(), code))
    found.counts["codes in SQLite's write-ahead log"] = sum(len(placed(log.read_bytes(), code)) for log in folder.glob("langnghe.db-wal"))
    found.counts["bytes in the box's journal"] = sum(path.stat().st_size for path in folder.glob("hom-phieu.db-*"))
    again = build(Settings.read(environment))
    found.linked.update({f"SQLite results: {name}": one for name, one in after_close(again, crowd).items()})
    again.close()
    written = {person: comment.encode() for person in crowd.order for comment in crowd.comments(person)}
    found.linked["SQLite results: place of the comment"] = link(crowd.came, placed((folder / "langnghe.db").read_bytes(), written))
    found.counts["cover keys after the close (SQLite)"] = len(list(folder.glob("*.key")))
    return found, control


def hurry(services: Services) -> None:
    """SQLite without waiting for the disk: what is written, and where, stays the same."""
    for engine in services.engines:
        engine.dispose()
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))


def ballots(folder: Path) -> list[tuple[bytes, bytes]]:
    """(row key, covered content) as the box gives them."""
    box = sqlite3.connect(folder / "hom-phieu.db")
    try:
        return box.execute("SELECT nullifier, ciphertext FROM ballot").fetchall()
    finally:
        box.close()


def in_box(folder: Path, crowd: Crowd) -> dict[str, Linked]:
    """Every order in the box's file, for somebody with the cover key and the custodians' key."""
    cover = Covers(folder).read(WAVE)
    assert cover is not None
    rows = ballots(folder)
    writer: dict[bytes, Person] = {}
    for key, covered in rows:
        person = crowd.writer(cover.take_off(covered))
        assert person is not None
        writer[key] = person
    assert len(writer) == len(crowd.order)
    content = (folder / "hom-phieu.db").read_bytes()
    return {
        "order of reading": link(crowd.came, [writer[key] for key, _ in rows]),
        "row key": link(crowd.came, [writer[key] for key in sorted(writer)]),
        "content": link(crowd.came, [writer[key] for key, _ in sorted(rows, key=lambda row: row[1])]),
        "place of the row": link(crowd.came, placed(content, {person: key for key, person in writer.items()})),
        "place of the content": link(crowd.came, placed(content, {writer[key]: covered[-64:] for key, covered in rows})),
    }
