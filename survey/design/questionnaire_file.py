"""Questionnaires in and out of YAML, checked as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from survey.design.questionnaire import Breakdown, Declared, Item, OpenQuestion, Option, Questionnaire, Scale, Theme
from survey.errors import N_, InputRefused, Problem, refuse_if
from survey.tabular import Source
from survey.yaml_file import Path as Place
from survey.yaml_file import read_yaml

SHIPPED = Path(__file__).parent / "questionnaires"
MAX_ID = 40


def shipped_questionnaires() -> tuple[Questionnaire, ...]:
    """The questionnaires that come with the product."""
    return tuple(read_questionnaire(Source.open(path)) for path in sorted(SHIPPED.glob("*.yaml")))


def read_questionnaire(source: Source) -> Questionnaire:
    """The questionnaire of a YAML file. Raises InputRefused with every error and its line."""
    document, lines = read_yaml(source)
    return build_questionnaire(source.name, document, lines)


def build_questionnaire(name: str, document: Any, lines: Mapping[Place, int]) -> Questionnaire:
    """A questionnaire from the parsed document; `lines` gives each entry's place for the errors."""
    if not isinstance(document, Mapping):
        raise InputRefused(
            name, [Problem(message=N_("this is not a questionnaire."), cure=N_("Begin with meta:, scale:, themes:, items:."))]
        )
    reader = _Reader(document, lines)
    questionnaire = reader.build()
    refuse_if(name, reader.problems)
    return questionnaire


def write_questionnaire(questionnaire: Questionnaire) -> bytes:
    """The YAML document it was read from, source phrases and notes included."""
    text = yaml.safe_dump(dict(questionnaire.source), allow_unicode=True, sort_keys=False, width=120)
    return text.encode()


class _Reader:
    """Walks the document once and collects every problem instead of stopping at the first."""

    def __init__(self, document: Mapping[str, Any], lines: Mapping[Place, int]) -> None:
        self.document = document
        self.lines = lines
        self.problems: list[Problem] = []

    def build(self) -> Questionnaire:
        meta = self.document.get("meta")
        meta = meta if isinstance(meta, Mapping) else {}
        for key in ("id", "version", "title_vi"):
            if not meta.get(key):
                self._problem(("meta",), key, N_("it is missing."), N_("Write it under meta:."))
        scales = self._scales()
        themes = tuple(
            Theme(
                id=self._text(entry, place, "id"),
                vi=self._text(entry, place, "vi"),
                en=str(entry.get("en") or ""),
                in_index=bool(entry.get("in_index", True)),
                sensitive=bool(entry.get("sensitive", False)),
            )
            for place, entry in self._entries("themes")
        )
        known = {theme.id for theme in themes}
        first_scale = next(iter(scales), "")
        core = [
            self._item(place, entry, known, scales, first_scale)
            for section in ("overall_items", "items")
            for place, entry in self._entries(section)
        ]
        bank = [self._item(place, entry, known, scales, first_scale) for place, entry in self._entries("optional_items")]
        order = {theme.id: number for number, theme in enumerate(themes)}
        core.sort(key=lambda item: order.get(item.theme, 0))
        if not core:
            self._problem(("items",), "items", N_("the questionnaire has no item."), N_("Add at least one item."))
        intro = self._mapping("intro")
        warning = self._mapping("open_warning")
        questionnaire = Questionnaire(
            id=str(meta.get("id", "")),
            version=str(meta.get("version", "")),
            title_vi=str(meta.get("title_vi") or ""),
            title_en=str(meta.get("title_en") or ""),
            status=str(meta.get("status") or ""),
            scales=scales,
            themes=themes,
            items=tuple(core),
            optional_items=tuple(bank),
            open_questions=tuple(self._open_questions()),
            breakdowns=tuple(self._breakdowns()),
            intro_vi=tuple(map(str, intro.get("vi") or ())),
            intro_en=tuple(map(str, intro.get("en") or ())),
            warning_vi=str(warning.get("vi") or ""),
            warning_en=str(warning.get("en") or ""),
            antonym_pairs=tuple((str(pair[0]), str(pair[1])) for pair in self._mapping("quality_checks").get("antonym_pairs") or ()),
            comparable_with=tuple(self._comparable(str(meta.get("id", "")), str(meta.get("version", "")))),
            source=dict(self.document),
        )
        self._check_ids(questionnaire)
        return questionnaire

    def _mapping(self, name: str) -> Mapping[str, Any]:
        value = self.document.get(name)
        return value if isinstance(value, Mapping) else {}

    def _problem(self, place: Place, column: str, message: str, cure: str, **values: Any) -> None:
        self.problems.append(Problem(row=self.lines.get(place), column=column, message=message, cure=cure, values=values))

    def _entries(self, name: str) -> Iterator[tuple[Place, Mapping[str, Any]]]:
        entries = self.document.get(name) or []
        if not isinstance(entries, list):
            self._problem((name,), name, N_("this must be a list."), N_("Begin every entry with a dash."))
            return
        for number, entry in enumerate(entries):
            if isinstance(entry, Mapping):
                yield (name, number), entry
            else:
                self._problem((name, number), name, N_("this entry is not a set of fields."), N_("Write id:, vi: and so on."))

    def _text(self, entry: Mapping[str, Any], place: Place, key: str) -> str:
        value = str(entry.get(key) or "").strip()
        if not value:
            self._problem(place, key, N_("it is missing."), N_("Every entry needs an id and a Vietnamese text."))
        elif key == "id" and (len(value) > MAX_ID or not value.isascii() or not value.replace("_", "").replace("-", "").isalnum()):
            self._problem(
                place, key, N_('the id "{value}" is not usable.'),
                N_("Use up to 40 letters a-z, digits, - and _."), value=value,
            )  # fmt: skip
        return value

    def _scales(self) -> dict[str, Scale]:
        entries = list(self._entries("scales"))
        if isinstance(self.document.get("scale"), Mapping):
            entries.insert(0, (("scale",), self.document["scale"]))
        scales: dict[str, Scale] = {}
        for place, entry in entries:
            points = [self._option(place, point, "value") for point in entry.get("points") or ()]
            points.sort(key=lambda point: int(point.value))
            declared = entry.get("dont_know")
            scale = Scale(
                id=self._text(entry, place, "id"),
                points=tuple(points),
                dont_know=self._option(place, declared, "value") if declared else None,
            )
            if len(points) < 2 or len({point.value for point in points}) != len(points):
                self._problem(place, "points", N_("a scale needs two or more different points."), N_("List them with value and vi."))
            scales[scale.id] = scale
        if not scales:
            self._problem((), "scale", N_("no response scale is given."), N_("Add scale: with id and points."))
        return scales

    def _option(self, place: Place, entry: Any, key: str) -> Option:
        entry = entry if isinstance(entry, Mapping) else {}
        value = entry.get(key)
        if key == "value" and type(value) is not int:
            self._problem(place, key, N_('"{value}" is not a whole number.'), N_("Give every point a whole number."), value=value)
            value = 0
        return Option(value=str(value) if key == "code" else value, vi=str(entry.get("vi") or ""), en=str(entry.get("en") or ""))

    def _item(self, place: Place, entry: Mapping[str, Any], themes: set[str], scales: Mapping[str, Scale], first: str) -> Item:
        theme = str(entry.get("theme") or "")
        if theme not in themes:
            message = N_("item {item} names an unknown theme: {theme}.") if theme else N_("item {item} has no theme.")
            self._problem(
                place, "theme", message, N_("Give it one of: {themes}."),
                item=entry.get("id"), theme=theme, themes=", ".join(sorted(themes)),
            )  # fmt: skip
        scale = str(entry.get("scale") or first)
        if scale not in scales:
            self._problem(
                place, "scale", N_("item {item} names an unknown scale: {scale}."), N_("Give it one of: {scales}."),
                item=entry.get("id"), scale=scale, scales=", ".join(sorted(scales)),
            )  # fmt: skip
        return Item(
            id=self._text(entry, place, "id"),
            theme=theme,
            vi=self._text(entry, place, "vi"),
            en=str(entry.get("en") or ""),
            scale=scale,
            reverse=bool(entry.get("reverse", False)),
            sensitive=bool(entry.get("sensitive", False)),
            source=str(entry.get("source_phrase") or entry.get("source_national") or ""),
        )

    def _open_questions(self) -> Iterator[OpenQuestion]:
        for place, entry in self._entries("open_questions"):
            limit = entry.get("max_chars", 500)
            if type(limit) is not int or not 1 <= limit <= 2000:
                self._problem(place, "max_chars", N_('"{value}" is not a length from 1 to 2000.'), N_("Write a whole number."), value=limit)
                limit = 500
            yield OpenQuestion(
                id=self._text(entry, place, "id"), vi=self._text(entry, place, "vi"), en=str(entry.get("en") or ""), max_chars=limit
            )

    def _breakdowns(self) -> Iterator[Breakdown]:
        for place, entry in self._entries("breakdown_fields"):
            categories = tuple(self._option(place, option, "code") for option in entry.get("options") or ())
            if len(categories) < 2:
                self._problem(place, "options", N_("a breakdown needs two or more categories."), N_("List them with code and vi."))
            yield Breakdown(
                id=self._text(entry, place, "id"), vi=self._text(entry, place, "vi"), en=str(entry.get("en") or ""), categories=categories
            )

    def _comparable(self, own_id: str, own_version: str) -> Iterator[Declared]:
        for place, entry in self._entries("comparable_with"):
            found = Declared(
                id=self._text(entry, place, "id"), version=self._text(entry, place, "version"),
                note_vi=self._text(entry, place, "note_vi"), note_en=str(entry.get("note_en") or ""),
            )  # fmt: skip
            if (found.id, found.version) == (own_id, own_version):
                self._problem(place, "version", N_("a questionnaire is not compared with itself."), N_("Name an earlier version."))
            yield found

    def _check_ids(self, questionnaire: Questionnaire) -> None:
        for section, ids in (
            ("themes", [theme.id for theme in questionnaire.themes]),
            ("items", [item.id for item in (*questionnaire.items, *questionnaire.optional_items)]),
            ("open_questions", [question.id for question in questionnaire.open_questions]),
            ("breakdown_fields", [breakdown.id for breakdown in questionnaire.breakdowns]),
        ):
            for twice in sorted({one for one in ids if ids.count(one) > 1}):
                self._problem((section,), "id", N_('the id "{value}" stands twice.'), N_("Ids must differ."), value=twice)
        empty = [theme.id for theme in questionnaire.themes if not questionnaire.items_of(theme.id)]
        if empty and questionnaire.items:
            self._problem(("themes",), "id", N_("theme {themes} has no item."), N_("Remove it or give it items."), themes=", ".join(empty))
