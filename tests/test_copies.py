"""A backup as one file: looked into, restored into what is empty, refused where it is no backup or more than it says."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from bootstrap import Services, Settings, build
from survey import backup_words, limits
from survey.access import OPERATOR, Role, Viewer
from survey.errors import NotAllowed, SurveyError
from survey.i18n import Locale
from survey.source import Source
from tests.command_line import stored
from tests.small_world import add_account, open_wave

GOOD = "bon tu khong lien quan"
EN = Locale("en")
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Of an installation with two organizers, one of whom has not chosen a password yet, and a wave in the field."""
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("old"))}))
    add_account(services, "boss", Role.ORGANIZER, GOOD)
    services.accounts.invite(OPERATOR, "lan.anh", Role.ORGANIZER)
    open_wave(services)
    content = services.copying.packed(OPERATOR)
    services.close()
    return content


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Services]:
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "new")}))
    yield services
    services.close()


def files(packed: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(held: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_looking_into_one_says_what_is_in_it_and_changes_nothing(
    packed: bytes, new: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    before = stored(new.settings)
    held = new.copying.examined(OPERATOR, Source("x.zip", packed))
    assert stored(new.settings) == before and list(temporary.iterdir()) == []
    assert (held.current, held.organizers, held.changed, held.manifest.in_field) == (True, ("boss",), (), ("2026",))
    said = " ".join([*backup_words.lines(held, EN), *backup_words.notes(held, EN)])
    for words in ("2 accounts", "1 waves", "this version", "boss", "Wave 2026 was open"):
        assert words in said
    assert "lan.anh" not in said  # nobody knows a password of hers


def test_the_link_of_the_set_up_restores_once_and_is_over(packed: bytes, new: Services, tmp_path: Path) -> None:
    link, backup = new.accounts.give_set_up_link(), tmp_path / "backup.zip"
    assert link is not None
    backup.write_bytes(packed)
    with pytest.raises(SurveyError, match="not known here"):
        new.copying.begin("khong-co", backup)
    assert new.joining.nobody_yet()
    held = new.copying.begin(link.token, backup)
    assert held.organizers == ("boss",) and new.signing_in.sign_in("boss", GOOD)
    assert [one.action for one in new.access_log.entries(OPERATOR)][:2] == ["sign-in", "backup-restored"]
    assert new.access_log.verify(OPERATOR).broken is None
    before = stored(new.settings)
    for late in (lambda: new.copying.begin(link.token, backup), lambda: new.joining.choose(link.token, GOOD, "ke.trom")):
        with pytest.raises(SurveyError, match="first account already"):
            late()
    assert stored(new.settings) == before


def test_a_link_to_an_account_restores_nothing(packed: bytes, new: Services, tmp_path: Path) -> None:
    (tmp_path / "backup.zip").write_bytes(packed)
    link = new.accounts.invite(OPERATOR, "lan.anh", Role.ORGANIZER)
    with pytest.raises(SurveyError) as refused:
        new.copying.begin(link.token, tmp_path / "backup.zip")
    assert refused.value.code == "not-the-set-up"


def test_what_holds_something_is_not_written_over(packed: bytes, new: Services, tmp_path: Path) -> None:
    (tmp_path / "backup.zip").write_bytes(packed)
    new.installing.save(OPERATOR, {"contact": "Phòng CCHC"})
    link, before = new.accounts.give_set_up_link(), stored(new.settings)
    assert link is not None
    with pytest.raises(SurveyError, match=r"not empty.*set LANGNGHE_DATA_DIR"):
        new.copying.begin(link.token, tmp_path / "backup.zip")
    assert stored(new.settings) == before and new.joining.nobody_yet()


@pytest.mark.parametrize("viewer", [None, Viewer(name="x.y", role=Role.LEADER), Viewer(name="x.y", role=Role.CUSTODIAN)])
def test_they_are_for_organizers(new: Services, viewer: Viewer | None, tmp_path: Path) -> None:
    for call in (new.copying.packed, lambda one: new.copying.examined(one, tmp_path), lambda one: new.copying.restore(one, tmp_path)):
        with pytest.raises(NotAllowed):
            call(viewer)


# The file itself


def in_a_folder(held: Files) -> bytes:
    """As a desktop packs it, with what it adds; Windows' older programs write the other slash."""
    return zipped({f"2026-11\\{name}": content for name, content in held.items()} | {"__MACOSX/._x": b"", "2026-11/desktop.ini": b"x"})


def with_paths(held: Files) -> bytes:
    return zipped({**held, "../../evil": b"x", "/etc/evil": b"x", "langnghe.db/../evil": b"x"})


@pytest.mark.parametrize("pack", [in_a_folder, with_paths, lambda held: zipped(held, zipfile.ZIP_STORED)])
def test_however_it_was_packed_only_what_the_manifest_names_is_taken(
    packed: bytes, new: Services, tmp_path: Path, pack: Callable[[Files], bytes]
) -> None:
    backup = tmp_path / "x.zip"
    backup.write_bytes(pack(files(packed)))
    assert new.copying.restore(OPERATOR, backup).organizers == ("boss",)
    assert not list(tmp_path.rglob("evil")) and not Path("/etc/evil").exists()


def renamed(held: Files) -> bytes:
    """A manifest that names a file outside."""
    said = json.loads(held["manifest.json"])
    said["files"]["../evil"] = sha256(b"x").hexdigest()
    return zipped({**held, "manifest.json": json.dumps(said).encode(), "../evil": b"x"})


def with_a_view(held: Files) -> bytes:
    """A store in which a table is something to be reckoned, its digest made to agree: the same rows, or rows without end."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "langnghe.db"
        path.write_bytes(held["langnghe.db"])
        store = sqlite3.connect(path)
        store.executescript("CREATE TABLE kept AS SELECT * FROM unit; DROP TABLE unit; CREATE VIEW unit AS SELECT * FROM kept")
        store.close()
        content = path.read_bytes()
    said = json.loads(held["manifest.json"])
    said["files"]["langnghe.db"] = sha256(content).hexdigest()
    return zipped({**held, "langnghe.db": content, "manifest.json": json.dumps(said).encode()})


def fewer_rows(held: Files) -> bytes:
    said = json.loads(held["manifest.json"])
    said["rows"]["account"] += 1
    return zipped({**held, "manifest.json": json.dumps(said).encode()})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda held: b"", "not-a-backup"),
        (lambda held: b"PK\3\4 and then nothing", "not-a-backup"),
        (lambda held: zipped(held)[:-40], "not-a-backup"),
        (lambda held: zipped({"a.txt": b"x"}), "not-a-backup"),
        (lambda held: zipped({**held, "copy/manifest.json": held["manifest.json"]}), "not-a-backup"),
        (lambda held: zipped({**held, "manifest.json": b"[" * 5_000}), "not-a-backup"),
        (lambda held: zipped({f"{number:05}-{'x' * 90}": b"" for number in range(8_000)} | held), "not-a-backup"),
        (lambda held: zipped({name: content for name, content in held.items() if name != "hom-phieu.db"}), "backup-changed"),
        (lambda held: zipped({**held, "langnghe.db": held["langnghe.db"][:-1] + b"x"}), "backup-changed"),
        (renamed, "not-a-backup"),
        (with_a_view, "backup-damaged"),
        (fewer_rows, "backup-damaged"),
    ],
)
def test_what_is_no_backup_is_refused_and_nothing_is_stored(
    packed: bytes, new: Services, tmp_path: Path, change: Callable[[Files], bytes], code: str
) -> None:
    content, backup, before = change(files(packed)), tmp_path / "x.zip", stored(new.settings)
    backup.write_bytes(content)
    for call in (lambda: new.copying.restore(OPERATOR, backup), lambda: new.copying.examined(OPERATOR, Source("x.zip", content))):
        with pytest.raises(SurveyError) as refused:
            call()
        assert refused.value.code == code and str(tmp_path) not in refused.value.text(EN)
    assert stored(new.settings) == before


def test_a_file_that_unpacks_to_more_than_it_may_is_cut_off(
    packed: bytes, new: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = files(packed)
    monkeypatch.setattr(limits, "BACKUP_BYTES", sum(map(len, held.values())) + 2**20)
    new.copying.examined(OPERATOR, Source("x.zip", zipped(held)))
    bomb = zipped({**held, "langnghe.db": bytes(2**27)})
    assert len(bomb) < 2**18
    with pytest.raises(SurveyError) as refused:
        new.copying.examined(OPERATOR, Source("x.zip", bomb))
    assert refused.value.code == "backup-large"
