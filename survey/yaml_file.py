"""YAML with the line of every entry, so that an error can say where; bounded, and refused rather than guessed at.

Every value is the text that stands there: 1, 01, 1.10, Yes, không and 2015-01-01 are those very signs, with or without
quotation marks; nothing at all is None. What a number or a yes is, the reader of the field says (whole, flag).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NoReturn

import yaml

from survey import limits
from survey.errors import N_, InputRefused, Problem, shown
from survey.source import Source, read_text
from survey.vietnamese import same

Path = tuple[str | int, ...]
DEPTH = 30
NODES = 100_000  # with everything that an alias stands for counted again: what a reader would walk through
NUMBER = 40  # characters
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_YES = frozenset(map(same, ("yes", "true", "1", "y", "có", "đúng")))
_NO = frozenset(map(same, ("no", "false", "0", "n", "không", "sai")))
# "Kết luận số #5": YAML ends the text before the sign. A remark has a space behind it.
_CUT = re.compile(r"[ \t]+#\w")


_NOT_READ = N_('what stands behind # is not read: "{rest}".')
_QUOTE = N_("Put the whole text in quotation marks, or a space behind # where it is a remark.")


class Bare(str):
    """A text that stands in the file without quotation marks and has digits alone: a number, to whoever wrote it."""

    __slots__ = ()


def whole(value: object) -> int | None:
    """The whole number a value is: 1 or the text 1; None where it is none."""
    if type(value) is int:
        return value
    return int(value) if isinstance(value, str) and _WHOLE.fullmatch(value) else None


def flag(value: object) -> bool | None:
    """The yes or no a value is, in the words that XLSForm and people use; None where it is neither."""
    if isinstance(value, bool):
        return value
    said = same(str(value))
    return True if said in _YES else False if said in _NO else None


class _Dumper(yaml.SafeDumper):
    """Whole numbers and true and false without quotation marks, and nothing for nothing: as people write them."""


class _QuickDumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # where PyYAML has it
    """The same, five times as fast; but it writes 😀 as \\U0001F600."""


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    if value in ("true", "false"):
        return dumper.represent_scalar("tag:yaml.org,2002:bool", value)
    if re.fullmatch(r"0|-?[1-9][0-9]{0,8}", value):
        return dumper.represent_scalar("tag:yaml.org,2002:int", value)
    return dumper.represent_str(value)


for _one in (_Dumper, _QuickDumper):
    _one.add_representer(str, _represent_text)
    _one.add_representer(type(None), lambda dumper, _value: dumper.represent_scalar("tag:yaml.org,2002:null", ""))


def write_yaml(document: Mapping[str, Any], width: int) -> str:
    """A document that `read_yaml` reads as the same texts."""
    how: dict[str, Any] = {"allow_unicode": True, "sort_keys": False, "width": width}
    written = str(yaml.dump(dict(document), Dumper=_QuickDumper, **how))
    return str(yaml.dump(dict(document), Dumper=_Dumper, **how)) if "\\U" in written else written


class _Impossible(yaml.MarkedYAMLError):
    """A value that cannot be what its form or its tag promises: 2025-02-31, !!int x."""

    def __init__(self, node: yaml.Node) -> None:
        super().__init__(problem_mark=node.start_mark)
        self.line, self.column = node.start_mark.line + 1, node.start_mark.column + 1
        self.value = shown(str(node.value))


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the quick one, where PyYAML has it
    """Says where an impossible value stands, instead of whatever Python raises for it. Guesses no kinds."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        "": [("tag:yaml.org,2002:null", re.compile(r"$"))],
        "<": [("tag:yaml.org,2002:merge", re.compile(r"<<$"))],
    }

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            made = super().construct_object(node, deep)
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
            raise _Impossible(node) from None
        # PyYAML's C reader says "" where a text has no marks, its Python reader None.
        return Bare(made) if type(made) is str and not getattr(node, "style", None) and _WHOLE.fullmatch(made) else made


def read_yaml(source: Source) -> tuple[Any, dict[Path, int]]:
    """The document and, for every mapping key and list entry, the line (from 1) it begins on.

    Raises InputRefused with the line of what is no YAML, a tagged value that does not exist, a key that stands twice, a
    character that cannot be stored, a text cut by a # in it, or what goes beyond the bounds above.
    """
    text = read_text(source)
    if len(text) > limits.YAML_CHARS:
        cure = N_("Divide it, or use a table (.csv, .xlsx).")
        raise InputRefused(
            source.name,
            [Problem(message=limits.TOO_LONG, cure=cure, values={"length": len(text), "longest": limits.YAML_CHARS})],
        )
    if sign := limits.unstorable(text):
        before = text[: text.index(sign)]
        _refuse(
            source, before.count("\n") + 1, len(before) - before.rfind("\n"), limits.INVISIBLE, limits.RETYPE, sign=f"U+{ord(sign):04X}"
        )
    try:
        _check_depth(source, text)
        loader = _Loader(text)
        node = loader.get_single_node()
        lines = _Walk(source, text.splitlines()).lines(node) if node is not None else {}
        return loader.construct_document(node) if node is not None else None, lines
    except _Impossible as error:
        message, cure = (
            N_('"{value}" is not a date or number that exists.'),
            N_("Correct it; a text that looks like one stands in quotation marks."),
        )
        _refuse(source, error.line, error.column, message, cure, value=error.value)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        _refuse_cut(source, text, mark.line if mark else 0)
        message, cure = N_("the file is not proper YAML: {reason}."), N_("Check indentation and quotation marks at this place.")
        reason = getattr(error, "problem", None) or "?"
        _refuse(source, mark.line + 1 if mark else None, mark.column + 1 if mark else None, message, cure, reason=reason)
    except RecursionError:
        _too_deep(source, None)


def _check_depth(source: Source, text: str) -> None:
    """Before anything is built: building goes down one call for every level."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            _too_deep(source, event.start_mark.line + 1 if event.start_mark else None)


class _Walk:
    """Through the whole document, aliases followed; refuses what is too much, doubled or cannot be stored."""

    def __init__(self, source: Source, text: list[str]) -> None:
        self._source = source
        self._text = text
        self._nodes = 0
        self._lines: dict[Path, int] = {}

    def lines(self, node: yaml.Node) -> dict[Path, int]:
        self._walk(node, ())
        return self._lines

    def _walk(self, node: yaml.Node, path: Path) -> None:
        line = node.start_mark.line + 1
        self._nodes += 1
        if len(path) > DEPTH:
            _too_deep(self._source, line)
        if self._nodes > NODES:
            _refuse(
                self._source, line, None, N_("the file has more than {nodes} entries, repeated ones counted."),
                N_("Divide it, or use a table (.csv, .xlsx)."), nodes=NODES,
            )  # fmt: skip
        self._lines[path] = line
        for step, child in self._children(node):
            self._walk(child, (*path, step))

    def _children(self, node: yaml.Node) -> Iterator[tuple[str | int, yaml.Node]]:
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                self._check_scalar(key)
                name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
                if not isinstance(key, yaml.ScalarNode):
                    message, cure = N_("a list or mapping cannot be a key."), N_("Write a word before the colon.")
                    _refuse(self._source, key.start_mark.line + 1, key.start_mark.column + 1, message, cure)
                if name in seen:
                    message, cure = N_('the key "{key}" stands twice.'), N_("Only one of them would count: remove or rename the other.")
                    _refuse(self._source, key.start_mark.line + 1, key.start_mark.column + 1, message, cure, key=shown(name))
                seen.add(name)
                yield name, value
        elif isinstance(node, yaml.SequenceNode):
            yield from enumerate(node.value)
        else:
            self._check_scalar(node)
            self._check_cut(node)

    def _check_scalar(self, node: yaml.Node) -> None:
        if not isinstance(node, yaml.ScalarNode):
            return
        longest = NUMBER if node.tag in _NUMBERS else limits.CELL_CHARS
        if fault := limits.text_fault(node.value, longest, lines=True):
            message, cure, values = fault
            _refuse(self._source, node.start_mark.line + 1, node.start_mark.column + 1, message, cure, **values)

    def _check_cut(self, node: yaml.Node) -> None:
        if not isinstance(node, yaml.ScalarNode) or node.style or not node.value:
            return
        line, end = node.end_mark.line, node.end_mark.column
        after = self._text[line][end:] if line < len(self._text) else ""
        if _CUT.match(after):
            _refuse(self._source, line + 1, end + 1, _NOT_READ, _QUOTE, rest=shown(after.strip()))


def _refuse_cut(source: Source, text: str, line: int) -> None:
    """A # in a text in braces hides what closes them; the reader stumbles lines below."""
    lines = text.splitlines()
    for number in range(min(line, len(lines) - 1), max(line - 3, -1), -1):
        bare = re.sub(r"'[^']*'|\"[^\"]*\"", lambda found: "x" * len(found[0]), lines[number])
        if found := _CUT.search(bare):
            _refuse(source, number + 1, found.start() + 1, _NOT_READ, _QUOTE, rest=shown(lines[number][found.start() :].strip()))


def _too_deep(source: Source, line: int | None) -> NoReturn:
    message, cure = N_("the file is nested deeper than {depth} levels."), N_("Check the brackets at this place.")
    _refuse(source, line, None, message, cure, depth=DEPTH)


def _refuse(source: Source, row: int | None, column: int | None, message: str, cure: str, **values: Any) -> NoReturn:
    place = None if column is None else str(column)
    raise InputRefused(source.name, [Problem(row=row, column=place, message=message, cure=cure, values=values)])
