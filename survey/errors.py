"""What the product refuses, and how it says so: code, place, reason, cure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MAX_PROBLEMS = 50  # that are shown
MANY_PROBLEMS = 10_000  # after which a file is read no further

Translate = Callable[..., str]


def N_(message: str) -> str:
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message


def shown(text: str, longest: int = 60) -> str:
    """A value as an error names it: cut, and without what would harm a terminal, a page or a log."""
    seen = "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(char) in ("Cc", "Cs") else char for char in text[:longest])
    return seen + "…" if len(text) > longest else seen


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: shown(value, 500) if isinstance(value, str) else value for name, value in values.items()}


class SurveyError(Exception):
    """A refusal a person can act on; the message is an English msgid, its values are kept apart."""

    def __init__(self, code: str, message: str, **values: Any) -> None:
        self.code = code
        self.message = message
        self.values = values
        super().__init__(message.format(**values) if values else message)

    def text(self, translate: Translate) -> str:
        return translate(self.message, **self.values)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with an input: where, what, and how to cure it (messages are msgids)."""

    message: str
    cure: str
    row: int | None = None
    column: str | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def text(self, translate: Translate) -> str:
        place = []
        if self.row is not None:
            place.append(translate(N_("row {row}"), row=self.row))
        if self.column is not None:
            place.append(translate(N_("column {column}"), column=shown(self.column)))
        values = _shown(self.values)
        said = translate(self.message, **values)
        cure = translate(self.cure, **values)
        return f"{', '.join(place)}: {said} {cure}" if place else f"{said} {cure}"


@dataclass(frozen=True)
class Said:
    """What a reader took upon itself and tells: a row left out, a header found further down (message is a msgid)."""

    message: str
    values: dict[str, Any] = field(default_factory=dict)

    def text(self, translate: Translate) -> str:
        return translate(self.message, **_shown(self.values))


class InputRefused(SurveyError):
    """A file or form refused whole; nothing was stored. `problems` lists the first 50."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems[:MAX_PROBLEMS])
        super().__init__(
            "input-refused",
            N_("{source}: refused, nothing was changed. Errors found: {count}."),
            source=source,
            count=len(problems),
        )

    def text(self, translate: Translate) -> str:
        lines = [super().text(translate)]
        lines += ["- " + problem.text(translate) for problem in self.problems]
        return "\n".join(lines)


def refuse_if(source: str, problems: Sequence[Problem]) -> None:
    """Raise InputRefused when there is any problem."""
    if problems:
        raise InputRefused(source, problems)


class NotAllowed(SurveyError):
    """The viewer's role or subtree does not reach this."""

    def __init__(self) -> None:
        super().__init__(
            "not-allowed",
            N_("Your account may not do or see this. Please ask the organizer for access."),
        )
