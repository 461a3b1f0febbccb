"""A thousand people answer into SQLite files. One machine: the attacker has the whole folder, cover key
included, copied while the wave was open or after it, and later the custodians' shares."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import event

from bootstrap import Services, Settings, build
from db.cover import Covers
from db.engine import box_engine
from db.migrate import upgrade
from db.places import Places
from survey.collect import slips
from tests.nursery import serving
from tests.privacy.crowd import WAVE, Crowd, answer, answer_through, gather
from tests.privacy.findings import Findings, after_close, lengths, lies, placed
from tests.privacy.linking import Linked, Person, link
from tests.privacy.naive import InTheQueue, naive_stores, written_anew

PAGE = 4096
NEVER = 1e6  # seconds: the box is as answers have left it until the test has looked
Lying = dict[bytes, int]  # row key: place


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
        most = len(crowd.order) * 3 // 4
        answer(services, crowd, crowd.order[:most])
        before = at_rest(services, folder)
        answer(services, crowd, crowd.order[most:])
        came = in_box(folder, crowd)
        del came["place in a page of keys"]  # it is written anew soon after: tests/db/test_places.py
        found.linked.update({f"SQLite box when a ballot has just come: {name}": one for name, one in came.items()})
        writer = writers(folder, crowd)
        found.linked["SQLite box: two copies of it, laid side by side"] = link(crowd.came, moved(before, at_rest(services, folder), writer))
        control.linked.update(as_it_came(folder, crowd, writer))
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


def at_rest(services: Services, folder: Path) -> Lying:
    """A copy of the box when all is done that an answer asks for."""
    while services.box._stir():
        pass
    return lying(folder / "hom-phieu.db")


def lying(file: Path) -> Lying:
    box = sqlite3.connect(file)
    try:
        return dict(box.execute("SELECT nullifier, place FROM ballot"))
    finally:
        box.close()


def writers(folder: Path, crowd: Crowd) -> dict[bytes, Person]:
    """Who wrote the ballot of each row, for somebody with the cover key and the custodians' key."""
    cover = Covers(folder).read(WAVE)
    assert cover is not None
    found = {key: crowd.writer(cover.take_off(covered)) for key, covered in ballots(folder)}
    return {key: person for key, person in found.items() if person is not None}


def moved(before: Lying, after: Lying, writer: Mapping[bytes, Person]) -> list[Person]:
    """Those who came between two copies of a box: whoever lay in a newcomer's place went where the newest place was."""
    lay = {place: key for key, place in before.items()}
    came = {key: after[lay[place]] if place in lay else place for key, place in after.items() if key not in before}
    return [writer[key] for key in sorted(came, key=came.__getitem__)]


def as_it_came(folder: Path, crowd: Crowd, writer: Mapping[bytes, Person]) -> dict[str, Linked]:
    """The same ballots laid down one after the other: without drawing a place, and without drawing again."""
    rows = {writer[key]: (key, covered) for key, covered in ballots(folder)}
    most = len(rows) * 3 // 4
    found: dict[str, Linked] = {}
    for name, places in {"queue": InTheQueue(), "once": Places()}.items():
        file = folder / f"{name}.db"
        engine = box_engine(f"sqlite:///{file}")
        upgrade(engine, "box")
        copies: list[Lying] = []
        for people in (crowd.order[:most], crowd.order[most:]):
            with engine.begin() as connection:
                for person in people:
                    places.put(connection, {"wave": WAVE, "nullifier": rows[person][0], "ciphertext": rows[person][1]})
            written_anew(engine)
            copies.append(lying(file))
        engine.dispose()
        if name == "once":
            found["SQLite box whose places are drawn once: two copies of it"] = link(crowd.came, moved(*copies, writer))
        else:
            content = {person: covered[-64:] for person, (_key, covered) in rows.items()}
            found["SQLite box as SQLite lays it: place of the content"] = link(crowd.came, placed(file.read_bytes(), content))
    return found


def in_pages(folder: Path, writer: Mapping[bytes, Person]) -> list[Person]:
    """People by the place of their row key in its page of keys: a page is filled from its end."""
    content = bytearray((folder / "hom-phieu.db").read_bytes())
    for at, piece in lies(bytes(content), (key + covered[:8] for key, covered in ballots(folder))):
        content[at : at + len(piece)] = bytes(len(piece))  # beside its content, it is the key in the table
    place: dict[Person, int] = {}
    for at, key in lies(bytes(content), writer):
        place.setdefault(writer[key], at % PAGE)
    assert len(place) == len(writer)
    return sorted(place, key=place.__getitem__, reverse=True)


def in_box(folder: Path, crowd: Crowd) -> dict[str, Linked]:
    """Every order in the box's file, for somebody with the cover key and the custodians' key."""
    rows, writer = ballots(folder), writers(folder, crowd)
    assert len(writer) == len(rows) == len(crowd.order)
    content = (folder / "hom-phieu.db").read_bytes()
    return {
        "order of reading": link(crowd.came, [writer[key] for key, _ in rows]),
        "row key": link(crowd.came, [writer[key] for key in sorted(writer)]),
        "content": link(crowd.came, [writer[key] for key, _ in sorted(rows, key=lambda row: row[1])]),
        "place of the row": link(crowd.came, placed(content, {writer[key]: key + covered[:8] for key, covered in rows})),
        "place in a page of keys": link(crowd.came, in_pages(folder, writer)),
        "place of the content": link(crowd.came, placed(content, {writer[key]: covered[-64:] for key, covered in rows})),
    }
