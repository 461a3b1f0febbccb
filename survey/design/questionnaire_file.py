"""Questionnaires in and out of YAML, checked as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from survey import limits
from survey.design.criteria import check_all_served, read_criteria, served
from survey.design.document import DocumentReader
from survey.design.questionnaire import Breakdown, Declared, Item, OpenQuestion, Option, Questionnaire, Scale, Theme
from survey.errors import N_, InputRefused, Problem, refuse_if
from survey.tabular import Source
from survey.yaml_file import Path as Place
from survey.yaml_file import read_yaml

SHIPPED = Path(__file__).parent / "questionnaires"
MAX_ID = limits.ID


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


class _Reader(DocumentReader):
    """Walks the document once and collects every problem instead of stopping at the first."""

    def build(self) -> Questionnaire:
        meta = self.document.get("meta")
        meta = meta if isinstance(meta, Mapping) else {}
        for key in ("id", "version", "title_vi"):
            if not meta.get(key):
                self.problem(("meta",), key, N_("it is missing."), N_("Write it under meta:."))
        if meta.get("id"):
            self.fault(("meta",), "id", limits.id_fault(str(meta["id"]), limits.ID))
        scales = self._scales()
        criteria = read_criteria(self)
        self._criteria = [criterion.id for criterion in criteria]
        themes = tuple(
            Theme(
                id=self.text(entry, place, "id"),
                vi=self.text(entry, place, "vi"),
                en=self.words(entry, place, "en"),
                in_index=bool(entry.get("in_index", True)),
                sensitive=bool(entry.get("sensitive", False)),
            )
            for place, entry in self.entries("themes")
        )
        known = {theme.id for theme in themes}
        first_scale = next(iter(scales), "")
        core = [
            self._item(place, entry, known, scales, first_scale)
            for section in ("overall_items", "items")
            for place, entry in self.entries(section)
        ]
        bank = [self._item(place, entry, known, scales, first_scale) for place, entry in self.entries("optional_items")]
        order = {theme.id: number for number, theme in enumerate(themes)}
        core.sort(key=lambda item: order.get(item.theme, 0))
        if not core:
            self.problem(("items",), "items", N_("the questionnaire has no item."), N_("Add at least one item."))
        intro = self.mapping("intro")
        warning = self.mapping("open_warning")
        questionnaire = Questionnaire(
            id=self.words(meta, ("meta",), "id", limits.ID),
            version=self.words(meta, ("meta",), "version", limits.VERSION),
            title_vi=self.words(meta, ("meta",), "title_vi", limits.NAME),
            title_en=self.words(meta, ("meta",), "title_en", limits.NAME),
            status=self.words(meta, ("meta",), "status", limits.NAME),
            scales=scales,
            themes=themes,
            items=tuple(core),
            optional_items=tuple(bank),
            open_questions=tuple(self._open_questions()),
            breakdowns=tuple(self._breakdowns()),
            intro_vi=self.paragraphs(intro, "vi"),
            intro_en=self.paragraphs(intro, "en"),
            warning_vi=self.words(warning, ("open_warning",), "vi"),
            warning_en=self.words(warning, ("open_warning",), "en"),
            antonym_pairs=tuple(self._pairs()),
            comparable_with=tuple(self._comparable(str(meta.get("id", "")), str(meta.get("version", "")))),
            criteria=criteria,
            source=self.storable(),
        )
        self._check_ids(questionnaire)
        return questionnaire

    def _pairs(self) -> Iterator[tuple[str, str]]:
        place = ("quality_checks", "antonym_pairs")
        for number, pair in enumerate(self.entries_of(self.mapping(place[0]), place[:1], place[1])):
            if isinstance(pair, list) and len(pair) == 2 and not any(isinstance(one, list | Mapping) for one in pair):
                yield str(pair[0]), str(pair[1])
            else:
                self.problem((*place, number), place[1], N_("this is not a pair of items."), N_("Write it like [KC4, KC3]."))

    def _scales(self) -> dict[str, Scale]:
        entries = list(self.entries("scales"))
        if isinstance(self.document.get("scale"), Mapping):
            entries.insert(0, (("scale",), self.document["scale"]))
        scales: dict[str, Scale] = {}
        for place, entry in entries:
            points = [self._option(place, point, "value") for point in self.entries_of(entry, place, "points")]
            points.sort(key=lambda point: int(point.value))
            declared = entry.get("dont_know")
            scale = Scale(
                id=self.text(entry, place, "id"),
                points=tuple(points),
                dont_know=self._option(place, declared, "value") if declared else None,
            )
            if len(points) < 2 or len({point.value for point in points}) != len(points):
                self.problem(place, "points", N_("a scale needs two or more different points."), N_("List them with value and vi."))
            scales[scale.id] = scale
        if not scales:
            self.problem((), "scale", N_("no response scale is given."), N_("Add scale: with id and points."))
        return scales

    def _option(self, place: Place, entry: Any, key: str) -> Option:
        entry = entry if isinstance(entry, Mapping) else {}
        value = entry.get(key)
        if key == "value" and (type(value) is not int or abs(value) > limits.OPTION):
            self.problem(place, key, N_('"{value}" is not a whole number.'), N_("Give every point a whole number."), value=value)
            value = 0
        if key == "code":
            value = self.words(entry, place, key, limits.CODE) if value is not False else str(value)
        return Option(value=value, vi=self.words(entry, place, "vi"), en=self.words(entry, place, "en"))

    def _item(self, place: Place, entry: Mapping[str, Any], themes: set[str], scales: Mapping[str, Scale], first: str) -> Item:
        theme = str(entry.get("theme") or "")
        if theme not in themes:
            message = N_("item {item} names an unknown theme: {theme}.") if theme else N_("item {item} has no theme.")
            self.problem(
                place, "theme", message, N_("Give it one of: {themes}."),
                item=entry.get("id"), theme=theme, themes=", ".join(sorted(themes)),
            )  # fmt: skip
        scale = str(entry.get("scale") or first)
        if scale not in scales:
            self.problem(
                place, "scale", N_("item {item} names an unknown scale: {scale}."), N_("Give it one of: {scales}."),
                item=entry.get("id"), scale=scale, scales=", ".join(sorted(scales)),
            )  # fmt: skip
        return Item(
            id=self.text(entry, place, "id"),
            theme=theme,
            vi=self.text(entry, place, "vi"),
            en=self.words(entry, place, "en"),
            scale=scale,
            reverse=bool(entry.get("reverse", False)),
            sensitive=bool(entry.get("sensitive", False)),
            source=self.words(entry, place, "source_phrase") or self.words(entry, place, "source_national"),
            criteria=served(self, place, entry, self._criteria),
        )

    def _open_questions(self) -> Iterator[OpenQuestion]:
        for place, entry in self.entries("open_questions"):
            limit = entry.get("max_chars", 500)
            if type(limit) is not int or not 1 <= limit <= 2000:
                self.problem(place, "max_chars", N_('"{value}" is not a length from 1 to 2000.'), N_("Write a whole number."), value=limit)
                limit = 500
            yield OpenQuestion(
                id=self.text(entry, place, "id"), vi=self.text(entry, place, "vi"), en=self.words(entry, place, "en"), max_chars=limit
            )

    def _breakdowns(self) -> Iterator[Breakdown]:
        for place, entry in self.entries("breakdown_fields"):
            categories = tuple(self._option(place, option, "code") for option in self.entries_of(entry, place, "options"))
            if len(categories) < 2:
                self.problem(place, "options", N_("a breakdown needs two or more categories."), N_("List them with code and vi."))
            yield Breakdown(
                id=self.text(entry, place, "id"),
                vi=self.text(entry, place, "vi"),
                en=self.words(entry, place, "en"),
                categories=categories,
            )

    def _comparable(self, own_id: str, own_version: str) -> Iterator[Declared]:
        for place, entry in self.entries("comparable_with"):
            found = Declared(
                id=self.text(entry, place, "id"), version=self.text(entry, place, "version"),
                note_vi=self.text(entry, place, "note_vi"), note_en=self.words(entry, place, "note_en"),
            )  # fmt: skip
            if (found.id, found.version) == (own_id, own_version):
                self.problem(place, "version", N_("a questionnaire is not compared with itself."), N_("Name an earlier version."))
            yield found

    def _check_ids(self, questionnaire: Questionnaire) -> None:
        asked = (*questionnaire.items, *questionnaire.optional_items)
        for section, ids in (
            ("themes", [theme.id for theme in questionnaire.themes]),
            ("items", [item.id for item in asked]),
            ("open_questions", [question.id for question in questionnaire.open_questions]),
            ("breakdown_fields", [breakdown.id for breakdown in questionnaire.breakdowns]),
            ("criteria", self._criteria),
        ):
            for twice in sorted(one for one, times in Counter(ids).items() if times > 1):
                self.problem((section,), "id", N_('the id "{value}" stands twice.'), N_("Ids must differ."), value=twice)
        check_all_served(self, questionnaire.criteria, (name for item in asked for name in item.criteria))
        empty = [theme.id for theme in questionnaire.themes if not questionnaire.items_of(theme.id)]
        if empty and questionnaire.items:
            self.problem(("themes",), "id", N_("theme {themes} has no item."), N_("Remove it or give it items."), themes=", ".join(empty))
