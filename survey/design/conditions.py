"""When a question is asked: the conditions of XLSForm's column `relevant`, as far as a form here can follow them.

    ${trained} = 'yes' and not(${years} = 1 or ${years} >= 3)        selected(${gender}, 'f')

A question without an answer counts as the empty text, as in XPath: `!=` holds for it, `=` and order do not.
The same tree is walked here and in the browser (form.js); it is plain data: ["and", ...], ["or", ...], ["not", one],
["=", "question", "value"] and so for != < <= > >=.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Condition = list[Any]
_TOKEN = re.compile(
    r"\s*(?:(?P<name>\$\{\s*[\w.-]+\s*\})|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[a-z][\w-]*)|(?P<sign>!=|<=|>=|[=<>(),]))"
)
_COMPARE = ("=", "!=", "<", "<=", ">", ">=")
_DEPTH = 20


class NotFollowed(ValueError):
    """The expression asks for more than a form here can do."""


def parse(text: str) -> Condition:
    """The tree of an expression. Raises NotFollowed."""
    return _Parser(text).whole()


def names(tree: Condition) -> Iterator[str]:
    """The questions a condition looks at."""
    if tree[0] in _COMPARE:
        yield tree[1]
    else:
        for part in tree[1:]:
            yield from names(part)


def answers(tree: Condition) -> Iterator[tuple[str, str]]:
    """The answers it waits for or excludes: (question, value) of every `=` and `!=`."""
    if tree[0] in ("=", "!="):
        yield tree[1], str(tree[2])
    elif tree[0] not in _COMPARE:
        for part in tree[1:]:
            yield from answers(part)


def renamed(tree: Condition, rename: Callable[[str, str], tuple[str, str]]) -> Condition:
    """The tree with other names and values: `rename` is given a question and a value."""
    if tree[0] in _COMPARE:
        return [tree[0], *rename(tree[1], tree[2])]
    return [tree[0], *(renamed(part, rename) for part in tree[1:])]


def written(tree: Condition) -> str:
    """The expression again; `parse` reads it back as the same tree."""
    kind, *parts = tree
    if kind in _COMPARE:
        return f"${{{parts[0]}}} {kind} '{parts[1]}'"
    if kind == "not":
        return f"not({written(parts[0])})"
    return f" {kind} ".join(f"({written(part)})" if part[0] in ("and", "or") else written(part) for part in parts)


def holds(tree: Condition, answers: Mapping[str, object]) -> bool:
    """Whether the question is asked of who has given these answers (by id; unanswered questions are missing)."""
    kind, *parts = tree
    if kind == "and":
        return all(holds(part, answers) for part in parts)
    if kind == "or":
        return any(holds(part, answers) for part in parts)
    if kind == "not":
        return not holds(parts[0], answers)
    given, value = str(answers.get(parts[0], "")), str(parts[1])
    if kind in ("=", "!="):
        return bool((given == value) == (kind == "="))
    try:
        left, right = float(given), float(value)
    except ValueError:
        return False
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[kind]


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        place = 0
        text = text.strip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if not found or not found.lastgroup:
                raise NotFollowed(text)
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            place = found.end()
        self.text = text

    def whole(self) -> Condition:
        tree = self.either(0)
        if self.tokens:
            raise NotFollowed(self.text)
        return tree

    def either(self, depth: int) -> Condition:
        return self.joined("or", lambda: self.joined("and", lambda: self.one(depth)))

    def joined(self, word: str, part: Callable[[], Condition]) -> Condition:
        parts = [part()]
        while self.tokens and self.tokens[0] == ("word", word):
            self.tokens.pop(0)
            parts.append(part())
        return parts[0] if len(parts) == 1 else [word, *parts]

    def one(self, depth: int) -> Condition:
        if depth > _DEPTH:
            raise NotFollowed(self.text)
        kind, said = self.take()
        if (kind, said) == ("sign", "("):
            tree = self.either(depth + 1)
            self.take(")")
            return tree
        if (kind, said) == ("word", "not"):
            self.take("(")
            tree = ["not", self.either(depth + 1)]
            self.take(")")
            return tree
        if (kind, said) == ("word", "selected"):
            self.take("(")
            name = self.take(kind="name")
            self.take(",")
            tree = ["=", _name(name), self.take(kind="text")[1:-1]]
            self.take(")")
            return tree
        if kind == "name":
            _, sign = self.take()
            if sign in _COMPARE:
                of, value = self.take()
                if of in ("text", "number"):
                    return [sign, _name(said), value[1:-1] if of == "text" else value]
        raise NotFollowed(self.text)

    def take(self, *signs: str, kind: str = "") -> Any:
        """The next token; where a sign or kind is asked for, its text alone."""
        if not self.tokens:
            raise NotFollowed(self.text)
        of, said = self.tokens.pop(0)
        if not signs and not kind:
            return of, said
        if (signs and said not in signs) or (kind and of != kind):
            raise NotFollowed(self.text)
        return said


def _name(token: str) -> str:
    return token[2:-1].strip()
