"""The catalogues kept in step with the code: `make translations`, or `--check` to change nothing.

Messages are read from the syntax tree, not by Babel's extractor: on Python 3.11 that one does not look inside f-strings,
where `f"**{_('Draft')}**"` is a message like any other. Catalogues are read and written by Babel.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from survey.i18n import LANGUAGES

ROOT = Path(__file__).parents[1]
# Who takes a msgid as its first argument; `_.pick`, `_.number`, `_.day` take something else.
MARKERS = frozenset({"_", "N_", "locale", "translate"})
# No dates, no tool versions: the same messages give the same bytes.
_HEADER = 'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def sources() -> list[Path]:
    """Every Python file that may speak to people: the files of the root and its packages."""
    packages = [folder.parent for folder in ROOT.glob("*/__init__.py") if folder.parent.name not in ("tests", "benchmarks")]
    return sorted([*ROOT.glob("*.py"), *(path for package in packages for path in package.rglob("*.py"))])


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def called(node: ast.AST) -> str:
    """`title` for `st.title(...)`, `_` for `_(...)`, else an empty text."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""


def literals(node: ast.AST) -> Iterator[str]:
    """The texts an argument can be when it is written out, alone or as a choice of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


@cache
def calls(path: Path) -> tuple[ast.Call, ...]:
    """Every call of a file."""
    return calls_in(tree(path))


def calls_in(module: ast.AST) -> tuple[ast.Call, ...]:
    return tuple(node for node in ast.walk(module) if isinstance(node, ast.Call))


def marked(among: Iterable[ast.Call]) -> Iterator[str]:
    """Every msgid of these calls, in no order, with repetitions."""
    for node in among:
        if called(node) in MARKERS and node.args:
            yield from literals(node.args[0])


def messages() -> dict[str, str]:
    """msgid -> the first file that uses it."""
    found: dict[str, str] = {}
    for path in sources():
        for text in marked(calls(path)):
            found.setdefault(text, path.relative_to(ROOT).as_posix())
    return found


def catalogue_path(language: str) -> Path:
    return ROOT / "survey" / "locale" / language / "LC_MESSAGES" / "langnghe.po"


def load(language: str) -> Catalog:
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def texts(catalogue: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalogue if message.id}


def updated(language: str, msgids: dict[str, str]) -> Catalog:
    """The catalogue with exactly these messages; English texts are the msgids themselves."""
    held = texts(load(language))
    catalogue = Catalog(locale=language, fuzzy=False)
    for msgid in sorted(msgids):
        flags = ["python-brace-format"] if "{" in msgid else []
        catalogue.add(msgid, msgid if language == "en" else held.get(msgid, ""), flags=flags)
    return catalogue


def written(catalogue: Catalog, language: str) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=0, sort_output=True, omit_header=True, no_location=True)
    return _HEADER.format(language=language).encode() + out.getvalue()


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    msgids = messages()
    wrong = []
    for language in LANGUAGES:
        held = texts(load(language))
        catalogue = updated(language, msgids)
        wrong += [f"{language}: not translated ({msgids[one]}): {one}" for one, text in texts(catalogue).items() if not text]
        if check:
            wrong += [f"{language}: not in the catalogue ({msgids[one]}): {one}" for one in sorted(set(msgids) - set(held))]
            wrong += [f"{language}: no longer used: {one}" for one in sorted(set(held) - set(msgids))]
        else:
            catalogue_path(language).write_bytes(written(catalogue, language))
    for line in wrong:
        print(line)
    print(f"{len(msgids)} messages, {len(wrong)} to mend")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
