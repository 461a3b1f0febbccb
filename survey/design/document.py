"""Reading a parsed document part by part: every wrong kind, length or sign is noted with its line, none stops the reading."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from survey import limits
from survey.errors import N_, Problem, shown
from survey.vietnamese import tidy
from survey.yaml_file import Path as Place
from survey.yaml_file import flag


class DocumentReader:
    """Of a mapping and the lines of its parts; `problems` holds what was found wrong.

    `stored`: an earlier version has taken it in; what is refused today was read somehow then, and still is.
    """

    def __init__(self, document: Mapping[str, Any], lines: Mapping[Place, int], stored: bool = False) -> None:
        self.stored = stored
        self.document = document
        self.lines = lines
        self.problems: list[Problem] = []

    def problem(self, place: Place, column: str, message: str, cure: str, **values: Any) -> None:
        found = Problem(row=self.lines.get(place), column=column, message=message, cure=cure, values=values)
        if found not in self.problems:  # a part that is read for two purposes is wrong once
            self.problems.append(found)

    def fault(self, place: Place, column: str, fault: limits.Fault | None) -> None:
        if fault:
            message, cure, values = fault
            place = place if place in self.lines else place[:-1]
            self.problems.append(Problem(row=self.lines.get(place), column=column, message=message, cure=cure, values=values))

    def mapping(self, name: str) -> Mapping[str, Any]:
        value = self.document.get(name)
        if value is not None and not isinstance(value, Mapping) and not self.stored:
            self.problem((name,), name, N_("this entry is not a set of fields."), N_("Write id:, vi: and so on."))
        return value if isinstance(value, Mapping) else {}

    def only(self, entry: Mapping[str, Any], place: Place, known: frozenset[str]) -> None:
        """Refuses the keys that mean nothing here: a misspelt one would silently not count."""
        for key in entry:
            if key not in known:
                near = get_close_matches(str(key), known, 1)
                cure = N_("Did you mean {near}?") if near else N_("Remove it; allowed are: {keys}.")
                values = {"key": shown(str(key)), "near": "".join(near), "keys": ", ".join(sorted(known))}
                self.problem((*place, key), shown(str(key)), N_('there is no "{key}" here.'), cure, **values)

    def yes(self, entry: Mapping[str, Any], place: Place, key: str, otherwise: bool = False) -> bool:
        """A yes or no; `otherwise` where nothing stands."""
        value = entry.get(key)
        if value is None or value == "":
            return otherwise
        found = flag(value)
        if found is None and self.stored:
            return bool(value)
        if found is None:
            message, cure = N_('"{value}" is neither yes nor no.'), N_("Write yes or no (có, không).")
            self.problem((*place, key), key, message, cure, value=shown(str(value)))
        return otherwise if found is None else found

    def entries_of(self, entry: Mapping[str, Any], place: Place, key: str) -> list[Any]:
        entries = entry.get(key) or []
        if not isinstance(entries, list):
            self.problem((*place, key), key, N_("this must be a list."), N_("Begin every entry with a dash."))
        elif len(entries) > limits.ENTRIES:
            self.problem((*place, key), key, N_("the list has more than {longest} entries."), limits.SHORTEN, longest=limits.ENTRIES)
        else:
            return entries
        return []

    def entries(self, name: str) -> Iterator[tuple[Place, Mapping[str, Any]]]:
        for number, entry in enumerate(self.entries_of(self.document, (), name)):
            if isinstance(entry, Mapping):
                yield (name, number), entry
            else:
                self.problem((name, number), name, N_("this entry is not a set of fields."), N_("Write id:, vi: and so on."))

    def words(self, entry: Mapping[str, Any], place: Place, key: str, longest: int = limits.LABEL) -> str:
        """A text that may be missing."""
        value = entry.get(key)
        if isinstance(value, list | Mapping | set | bytes):
            self.problem((*place, key), key, N_("this must be a text."), N_("Put it in quotation marks."))
            return ""
        text = "" if value is None else tidy(str(value))
        self.fault((*place, key), key, limits.text_fault(text, longest, lines=longest == limits.LABEL))
        return text

    def paragraphs(self, intro: Mapping[str, Any], language: str) -> tuple[str, ...]:
        listed = self.entries_of(intro, ("intro",), language)
        return tuple(self.words({language: one}, ("intro", language, number), language) for number, one in enumerate(listed))

    def text(self, entry: Mapping[str, Any], place: Place, key: str) -> str:
        value = self.words(entry, place, key).strip()
        if not value:
            self.problem(place, key, N_("it is missing."), N_("Every entry needs an id and a Vietnamese text."))
        elif key == "id" and (len(value) > limits.ID or not value.isascii() or not value.replace("_", "").replace("-", "").isalnum()):
            self.problem(
                place, key, N_('the id "{value}" is not usable.'),
                N_("Use up to 40 letters a-z, digits, - and _."), value=value,
            )  # fmt: skip
        return value

    def storable(self) -> dict[str, Any]:
        """The document as both databases give it back: its keys texts, its dates as they are written."""
        try:
            stored: dict[str, Any] = json.loads(json.dumps(self.document, allow_nan=False, default=_as_text))
        except (TypeError, ValueError):
            message = N_("the file holds a value that cannot be stored (.nan, .inf, !!set, !!binary).")
            self.problem((), "?", message, N_("Write it as a text in quotation marks."))
            return {}
        return stored


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError
