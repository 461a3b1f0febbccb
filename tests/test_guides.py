"""docs/huong-dan: every command of the organizers' guide runs, in its order; the staff's guide is one sheet of paper."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bootstrap import Settings
from survey.collect.slips import LENGTH
from survey.design.questionnaire import Questionnaire
from survey.disclose.policy import Policy
from tests import guide_page
from tests import translations_update as catalogues
from tests.command_line import Line
from tests.conftest import REPOSITORY
from tests.invited_world import ADDRESS, mailbox
from tests.officer import FILES, VALUES, Office
from tests.printed import pages, words

GUIDES = REPOSITORY / "docs" / "huong-dan"
ORGANIZERS = (GUIDES / "nguoi-to-chuc.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"^ *(langnghe .+)$|`(langnghe [^`]+)`", re.MULTILINE)
LABEL = re.compile(r"(?:[Tt]rang|[Tt]hẻ|[Nn]út|[Mm]ục|[Bb]ấm) (?:\*\*|“)(.+?)(?:\*\*|”)")
WORD = re.compile(r"[^\W\d_]{2,}(?:_[^\W\d_]+)*")  # one in capitals stands for what an officer writes there


def commands(text: str) -> list[str]:
    return [found[1] or found[2] for found in COMMAND.finditer(text)]


def run(office: Office, command: str) -> str:
    """What a line of the guide says when it is typed."""
    typed = WORD.sub(lambda word: office.value(word[0]) if word[0].isupper() else word[0], command)
    arguments = shlex.split(typed)[1:]
    for word in arguments:
        office.ready(word)
    elsewhere = Settings.read({"LANGNGHE_DATA_DIR": str(office.folder / "other-machine")})
    line = Line(elsewhere, office.line.language, office.line.extra) if arguments[0] == "restore" else office.line
    result = line.run(*arguments)
    assert result.exit_code == 0, f"{command}\n{typed}\n{result.output}"
    return result.stdout


@pytest.fixture
def office(tmp_path: Path, questionnaire: Questionnaire, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An installation as docs/huong-dan/cai-dat.md leaves it: a key of its own, an address, a mail server, an organizer."""
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    with mailbox() as box, ExitStack() as stack:
        mail = {"LANGNGHE_MAIL_SERVER": box.server.address, "LANGNGHE_MAIL_SENDER": box.server.sender}
        given = {"LANGNGHE_COOKIE_KEY": "a long secret of this very test's own", "LANGNGHE_ADDRESS": ADDRESS, **mail}
        line = Line(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path / "stores")}), "vi", given)
        line.done("account", "add", "to.chuc", "--role", "organizer")
        yield Office(line, tmp_path / "desk", questionnaire, stack)


def test_every_command_of_the_organizers_guide_runs_in_its_order(office: Office) -> None:
    lines = commands(ORGANIZERS)
    assert len(lines) == len(re.findall(r"\blangnghe [a-z]", ORGANIZERS)) > 50  # none stands where it is not seen
    for command in lines:
        run(office, command)
    assert "151" in words(pages(Path("bien-ban.pdf").read_bytes())[0])  # the slips handed out stand in the protocol
    assert all(path.stat().st_size for path in map(Path, ("ket-qua.xlsx", "ket-qua.csv", "ket-qua.sav", "bao-cao.docx")))
    assert set(FILES) <= {path.name for path in office.folder.rglob("*")}, "a file that no line reads"
    assert set(VALUES) == {word for command in lines for word in WORD.findall(command) if word.isupper()}, "a name that no line holds"


@pytest.mark.parametrize(
    "wrong",
    [
        "langnghe wave create MÃ_LẠ --questionnaire vhcs-core",
        "langnghe units import khong-co.xlsx",
        "langnghe wave lst",
        "langnghe wave publish 2026",
    ],
)
def test_a_line_that_does_not_work_is_caught(office: Office, wrong: str) -> None:
    with pytest.raises((KeyError, AssertionError)):
        run(office, commands(f"```\n{wrong}\n```")[0])


def test_the_staff_sheet_is_one_page_of_a4_and_the_pdf_beside_it_says_the_same() -> None:
    text = guide_page.GUIDE.read_text(encoding="utf-8")
    made, kept = pages(guide_page.sheet(text)), pages(guide_page.PDF.read_bytes())
    assert len(made) == len(kept) == 1
    assert [round(float(side) / 72 * 25.4) for side in kept[0].mediabox[2:]] == [210, 297]
    assert words(kept[0]) == words(made[0]), "make it anew: python -m tests.guide_page"
    printed = words(kept[0])
    for line in text.splitlines():
        for word in re.sub(r"^#+ |^- |\*\*", "", line).split():
            assert word.strip(".") in printed, word
    assert len(pages(guide_page.sheet(text + "\n\n" + text))) == 2  # it does count


@pytest.mark.parametrize("guide", sorted(GUIDES.glob("*.md")), ids=lambda guide: guide.stem)
def test_every_page_and_button_a_guide_names_is_called_so_on_the_screen(guide: Path) -> None:
    said = {text.rstrip(".") for text in catalogues.texts(catalogues.load("vi")).values()}
    named = LABEL.findall(guide.read_text(encoding="utf-8"))
    assert named
    for name in named:
        pattern = re.escape(name.rstrip(".")).replace("…", ".*")
        assert any(re.fullmatch(pattern, text) for text in said), name


def test_the_staff_sheet_gives_the_numbers_of_the_policy() -> None:
    policy, text = Policy.load(), guide_page.GUIDE.read_text(encoding="utf-8")
    for said in (
        f"khi có ít nhất {policy.unit} phiếu",
        f"khi có ít nhất {policy.item} người trả lời",
        f"ở đơn vị có ít nhất {policy.breakdown_unit} phiếu và mỗi nhóm ít nhất {policy.category} phiếu",
        f"Đơn vị dưới {policy.reporting_headcount} người được gộp",
        f"ít nhất {policy.comments_respondents} phiếu, trong đó ít nhất {policy.comments} phiếu có ý kiến",
        f"mã gồm {LENGTH} chữ và số",
    ):
        assert said in text, said
