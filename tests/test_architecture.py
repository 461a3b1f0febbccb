"""Rules of the house that a machine can check."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

SOURCES = [path for folder in ("survey", "db", "pages") for path in sorted((REPOSITORY / folder).rglob("*.py"))]


def test_no_page_script_stands_where_streamlit_would_serve_it_alone() -> None:
    assert [path.name for path in (REPOSITORY / "pages").glob("*.py")] == ["__init__.py"]


def test_the_request_is_looked_at_in_one_file_only() -> None:
    users = [path for path in SOURCES if _does(path, re.compile(r"\bst\.context\b"), "context")]
    assert [path.relative_to(REPOSITORY).as_posix() for path in users] == ["pages/account/sign_in.py"]


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if p.parent.name in ("leader", "organizer", "respondent", "custodian", "account")], ids=str
)
def test_pages_run_nothing_when_imported(path: Path) -> None:
    allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.If)
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        assert docstring or isinstance(node, allowed), f"{path}:{node.lineno}"
        if isinstance(node, ast.If):
            assert ast.unparse(node.test) == "TYPE_CHECKING"


@pytest.mark.parametrize("path", [p for p in SOURCES if p.parent.name == "leader"], ids=str)
def test_a_leaders_page_is_choosing_one_reading_and_laying_out(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 80, "what it reckons or words has its room in survey/disseminate"


def test_respondent_code_writes_no_log() -> None:
    for folder in ("survey/collect", "pages/respondent", "pages/plain"):
        for path in (REPOSITORY / folder).rglob("*.py"):
            assert not _does(path, re.compile(r"\b(logging|logger)\b|\bprint\("), "logg", "print"), path


def test_commands_stand_above_the_composition_root() -> None:
    above = re.compile(r"\b(from|import) (commands|cli|pages|app)\b")
    assert not above.search(_code(REPOSITORY / "bootstrap.py"))
    assert above.search(_code(REPOSITORY / "cli.py"))  # the control


def test_the_machine_is_asked_for_the_day_in_one_file_only() -> None:
    """`date.today()` is the server's day; a wave opens and closes at the province's midnight."""
    asking = re.compile(r"\bdate\.today\(|datetime\.(now|today|utcnow|fromtimestamp)\b|localtime|astimezone\(\)|\btime\.(time|strftime)\b")
    product = [*SOURCES, *REPOSITORY.glob("*.py"), *(REPOSITORY / "commands").rglob("*.py"), REPOSITORY / "benchmarks" / "stores.py"]
    words = ("today", "now", "fromtimestamp", "localtime", "astimezone", "time")
    users = [path for path in product if _does(path, asking, *words)]
    assert [path.relative_to(REPOSITORY).as_posix() for path in users] == ["survey/clock.py"]


@pytest.mark.slow
def test_importing_everything_opens_no_socket_and_builds_nothing() -> None:
    program = """
import importlib, pkgutil, socket, sqlite3
def refuse(*a, **k): raise AssertionError("opened at import")
socket.socket.connect = refuse
sqlite3.connect = refuse
for package in ("survey", "db"):
    module = importlib.import_module(package)
    for found in pkgutil.walk_packages(module.__path__, package + "."):
        if "migrations" not in found.name:
            importlib.import_module(found.name)
import bootstrap, cli
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_names_a_registry_or_a_path_of_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.split("\n")
    hosts = re.compile(r"https?://[\w.-]*(pypi|pythonhosted|npmjs|debian)\.(org|com)")
    paths = re.compile(r"(^|[^A-Za-z0-9_.])/(wo" + r"rk|fa" + r"rm)/")
    for name in filter(None, listed):
        path = REPOSITORY / name
        if path.suffix in (".png", ".ttf", ".woff2", ".ico") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        assert not hosts.search(text), name
        assert not paths.search(text), name


def _does(path: Path, pattern: re.Pattern[str], *words: str) -> bool:
    """Does its code match? One of `words` stands in whatever does: a file without them is not parsed."""
    text = path.read_text(encoding="utf-8")
    return any(word in text for word in words) and bool(pattern.search(_code(path)))


@cache
def _code(path: Path) -> str:
    """The source without docstrings and comments."""
    return ast.unparse(_Bare().visit(ast.parse(path.read_text(encoding="utf-8"))))


class _Bare(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) else node
