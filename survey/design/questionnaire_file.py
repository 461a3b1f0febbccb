"""Questionnaires in and out of YAML, checked as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from survey import limits
from survey.design.conditions import NotFollowed, names, parse
from survey.design.criteria import check_all_served, read_criteria, served
from survey.design.document import DocumentReader
from survey.design.questionnaire import Breakdown, Declared, Item, OpenQuestion, Questionnaire, Scale, Theme
from survey.design.questionnaire_keys import unknown_keys
from survey.design.scales_read import read_option, read_scales
from survey.errors import N_, InputRefused, Problem, refuse_if, shown
from survey.source import Source
from survey.yaml_file import Path as Place
from survey.yaml_file import read_yaml, whole, write_yaml

SHIPPED = Path(__file__).parent / "questionnaires"
MAX_ID = limits.ID


@cache
def shipped_questionnaires() -> tuple[Questionnaire, ...]:
    """The questionnaires that come with the product."""
    return tuple(read_questionnaire(Source.open(path)) for path in sorted(SHIPPED.glob("*.yaml")))


def read_questionnaire(source: Source) -> Questionnaire:
    """The questionnaire of a YAML file. Raises InputRefused with every error and its line."""
    document, lines = read_yaml(source)
    questionnaire = build_questionnaire(source.name, document, lines)
    refuse_if(source.name, unknown_keys(document, lines))
    return questionnaire


def build_questionnaire(name: str, document: Any, lines: Mapping[Place, int], stored: bool = False) -> Questionnaire:
    """A questionnaire from the parsed document; `lines` gives each entry's place for the errors.

    `stored`: taken in by an earlier version, perhaps with what would be refused today.
    """
    if not isinstance(document, Mapping):
        raise InputRefused(
            name, [Problem(message=N_("this is not a questionnaire."), cure=N_("Begin with meta:, scale:, themes:, items:."))]
        )
    reader = _Reader(document, lines, stored)
    questionnaire = reader.build()
    refuse_if(name, reader.problems)
    return questionnaire


def same_document(one: Any, other: Any) -> bool:
    """Do two documents say the same? Earlier versions stored 1 and true where the text 1 and the text true stand today."""
    return bool(_as_text(one) == _as_text(other))


def _as_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _as_text(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_as_text(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def write_questionnaire(questionnaire: Questionnaire) -> bytes:
    """The YAML document it was read from, source phrases and notes included."""
    return write_yaml(questionnaire.source, width=120).encode()


class _Reader(DocumentReader):
    """Walks the document once and collects every problem instead of stopping at the first."""

    def build(self) -> Questionnaire:
        self._conditions: list[tuple[Place, str]] = []
        meta = self.document.get("meta")
        meta = meta if isinstance(meta, Mapping) else {}
        for key in ("id", "version", "title_vi"):
            if not meta.get(key):
                self.problem(("meta",), key, N_("it is missing."), N_("Write it under meta:."))
        if meta.get("id"):
            self.fault(("meta",), "id", limits.id_fault(str(meta["id"]), limits.ID))
        scales = read_scales(self)
        criteria = read_criteria(self)
        self._criteria = [criterion.id for criterion in criteria]
        themes = tuple(
            Theme(
                id=self.text(entry, place, "id"),
                vi=self.text(entry, place, "vi"),
                en=self.words(entry, place, "en"),
                in_index=self.yes(entry, place, "in_index", True),
                sensitive=self.yes(entry, place, "sensitive"),
            )
            for place, entry in self.entries("themes")
        )
        themes = self._scored(themes)
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

    def _scored(self, themes: tuple[Theme, ...]) -> tuple[Theme, ...]:
        """A theme all of whose questions only some are asked has no score, so it is no part of the index."""
        asked = [
            (str(entry.get("theme") or ""), bool(entry.get("relevant")))
            for _place, entry in (*self.entries("overall_items"), *self.entries("items"))
        ]
        of_some = {theme for theme, some in asked if some} - {theme for theme, some in asked if not some}
        for place, entry in self.entries("themes"):
            if (
                str(entry.get("id") or "") in of_some
                and entry.get("in_index") not in (None, "")
                and self.yes(entry, place, "in_index")
                and not self.stored
            ):
                self.problem(
                    (*place, "in_index"), "in_index", N_("theme {theme} cannot be in the index: all its questions are asked of some people only."),
                    N_("Write in_index: no, or add a question that everybody is asked."), theme=entry["id"],
                )  # fmt: skip
        return tuple(replace(theme, in_index=False) if theme.id in of_some else theme for theme in themes)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        place = ("quality_checks", "antonym_pairs")
        for number, pair in enumerate(self.entries_of(self.mapping(place[0]), place[:1], place[1])):
            if isinstance(pair, list) and len(pair) == 2 and not any(isinstance(one, list | Mapping) for one in pair):
                yield str(pair[0]), str(pair[1])
            else:
                self.problem((*place, number), place[1], N_("this is not a pair of items."), N_("Write it like [KC4, KC3]."))

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
            reverse=self.yes(entry, place, "reverse"),
            sensitive=self.yes(entry, place, "sensitive"),
            source=self.words(entry, place, "source_phrase") or self.words(entry, place, "source_national"),
            criteria=served(self, place, entry, self._criteria),
            **self._asked(place, entry),
        )

    def _asked(self, place: Place, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Hints, notes, conditions: what any question may have (see `Asked`)."""
        texts = ("hint_vi", "hint_en", "note_vi", "note_en", "relevant")
        if entry.get("relevant"):
            self._conditions.append((place, str(entry["relevant"])))
        return {**{key: self.words(entry, place, key) for key in texts}, "required": self.yes(entry, place, "required")}

    def _open_questions(self) -> Iterator[OpenQuestion]:
        for place, entry in self.entries("open_questions"):
            limit = whole(entry.get("max_chars", 500))
            if limit is None or not 1 <= limit <= 2000:
                said = {"value": shown(str(entry.get("max_chars") or ""))}
                self.problem(place, "max_chars", N_('"{value}" is not a length from 1 to 2000.'), N_("Write a whole number."), **said)
                limit = 500
            yield OpenQuestion(
                id=self.text(entry, place, "id"), vi=self.text(entry, place, "vi"), en=self.words(entry, place, "en"), max_chars=limit,
                **self._asked(place, entry),
            )  # fmt: skip

    def _breakdowns(self) -> Iterator[Breakdown]:
        for place, entry in self.entries("breakdown_fields"):
            categories = tuple(
                read_option(self, (*place, "options", number), option, "code")
                for number, option in enumerate(self.entries_of(entry, place, "options"))
            )
            for code, times in Counter(str(category.value) for category in categories).items():
                if times > 1 and code and not self.stored:
                    self.problem((*place, "options"), "code", N_('the code "{value}" stands twice.'), N_("Codes must differ."), value=code)
            if len(categories) < 2:
                self.problem(place, "options", N_("a breakdown needs two or more categories."), N_("List them with code and vi."))
            yield Breakdown(
                id=self.text(entry, place, "id"),
                vi=self.text(entry, place, "vi"),
                en=self.words(entry, place, "en"),
                categories=categories,
                **self._asked(place, entry),
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
        closed = {one.id for one in asked} | {one.id for one in questionnaire.breakdowns}
        for place, condition in self._conditions:
            try:
                unknown = sorted(set(names(parse(condition))) - closed)
            except NotFollowed:
                unknown = [condition]
            if unknown:
                self.problem(
                    (*place, "relevant"), "relevant", N_('the condition looks at "{names}", which no closed question is called.'),
                    N_("Write for example: ${{gender}} = 'f'."), names=", ".join(unknown),
                )  # fmt: skip
        check_all_served(self, questionnaire.criteria, (name for item in asked if not item.of_some for name in item.criteria))
        empty = [theme.id for theme in questionnaire.themes if not questionnaire.items_of(theme.id)]
        if empty and questionnaire.items:
            self.problem(("themes",), "id", N_("theme {themes} has no item."), N_("Remove it or give it items."), themes=", ".join(empty))
