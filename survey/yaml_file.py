"""YAML with the line of every entry, so that an error can say where."""

from __future__ import annotations

from typing import Any

import yaml

from survey.errors import N_, InputRefused, Problem
from survey.tabular import Source, read_text

Path = tuple[str | int, ...]


def read_yaml(source: Source) -> tuple[Any, dict[Path, int]]:
    """The document and, for every mapping key and list entry, the line (from 1) it begins on."""
    text = read_text(source)
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        document = loader.construct_document(node) if node is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InputRefused(
            source.name,
            [
                Problem(
                    row=mark.line + 1 if mark else None,
                    column=str(mark.column + 1) if mark else None,
                    message=N_("the file is not proper YAML: {reason}."),
                    cure=N_("Check indentation and quotation marks at this place."),
                    values={"reason": getattr(error, "problem", None) or "?"},
                )
            ],
        ) from None
    lines: dict[Path, int] = {}
    if node is not None:
        _walk(node, (), lines)
    return document, lines


def _walk(node: yaml.Node, path: Path, lines: dict[Path, int]) -> None:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _walk(value, (*path, str(key.value)), lines)
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            _walk(value, (*path, place), lines)
