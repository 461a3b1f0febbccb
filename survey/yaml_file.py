"""YAML with the line of every entry, so that an error can say where; bounded, and refused rather than guessed at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import yaml

from survey import limits
from survey.errors import N_, InputRefused, Problem, shown
from survey.tabular import Source, read_text

Path = tuple[str | int, ...]
DEPTH = 30
NODES = 100_000  # with everything that an alias stands for counted again: what a reader would walk through
NUMBER = 40  # characters
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


class _Impossible(yaml.MarkedYAMLError):
    """A value that cannot be what its form or its tag promises: 2025-02-31, !!int x."""

    def __init__(self, node: yaml.Node) -> None:
        super().__init__(problem_mark=node.start_mark)
        self.line, self.column = node.start_mark.line + 1, node.start_mark.column + 1
        self.value = shown(str(node.value))


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the quick one, where PyYAML has it
    """Says where an impossible value stands, instead of whatever Python raises for it."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
            raise _Impossible(node) from None


def read_yaml(source: Source) -> tuple[Any, dict[Path, int]]:
    """The document and, for every mapping key and list entry, the line (from 1) it begins on.

    Raises InputRefused with the line of what is no YAML, a date or number that does not exist, a key that stands twice, a
    character that cannot be stored, or what goes beyond the bounds above.
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
        lines = _Walk(source).lines(node) if node is not None else {}
        return loader.construct_document(node) if node is not None else None, lines
    except _Impossible as error:
        message, cure = (
            N_('"{value}" is no date or number that exists.'),
            N_("Correct it; a text that looks like one stands in quotation marks."),
        )
        _refuse(source, error.line, error.column, message, cure, value=error.value)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
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

    def __init__(self, source: Source) -> None:
        self._source = source
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

    def _check_scalar(self, node: yaml.Node) -> None:
        if not isinstance(node, yaml.ScalarNode):
            return
        longest = NUMBER if node.tag in _NUMBERS else limits.CELL_CHARS
        if fault := limits.text_fault(node.value, longest, lines=True):
            message, cure, values = fault
            _refuse(self._source, node.start_mark.line + 1, node.start_mark.column + 1, message, cure, **values)


def _too_deep(source: Source, line: int | None) -> NoReturn:
    message, cure = N_("the file is nested deeper than {depth} levels."), N_("Check the brackets at this place.")
    _refuse(source, line, None, message, cure, depth=DEPTH)


def _refuse(source: Source, row: int | None, column: int | None, message: str, cure: str, **values: Any) -> NoReturn:
    place = None if column is None else str(column)
    raise InputRefused(source.name, [Problem(row=row, column=place, message=message, cure=cure, values=values)])
