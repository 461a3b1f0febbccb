"""Nothing is said to people in a language they did not choose."""

from __future__ import annotations

import ast
import re
import string
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest

from survey.i18n import LANGUAGES, Locale
from tests import translations_update as catalogues

# Vietnamese writes these as English does.
SAME_IN_BOTH: frozenset[str] = frozenset()
# Words no Vietnamese sentence has; names of columns and programs may stay English.
ENGLISH = re.compile(r"\b(the|of|and|is|are|was|were|not|with|this|that|these|from|there|by|it|its|please|must)\b", re.IGNORECASE)
# Streamlit's and our own functions that put texts on the screen, and at which places they take them.
FIRST = re.findall(
    r"\w+",
    """title header subheader write markdown text caption html table dataframe data_editor info success warning error toast exception spinner
    status progress expander popover tabs dialog button form_submit_button download_button link_button page_link checkbox toggle radio pills
    segmented_control selectbox multiselect slider select_slider text_input text_area number_input date_input file_uploader
    Column TextColumn NumberColumn DateColumn CheckboxColumn SelectboxColumn tell plain_link checklist""",
)
DISPLAYED = dict.fromkeys(FIRST, (0,)) | {"metric": (0, 1), "header": (0, 1, 2), "picked": (1,), "link": (2,), "show": (2,)}
SHOWN_KEYWORDS = frozenset({"label", "body", "help", "placeholder", "text", "title", "none", "purpose", "reassurance"})
# A text that the browser fills in has placeholders and no values here.
FILLED_IN_BY_THE_BROWSER = ("survey/collect/form/strings.py", "survey/collect/form/invitation.py")


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@cache
def held_in(language: str) -> Mapping[str, str]:
    """Message -> translation, to be read only."""
    return MappingProxyType(catalogues.texts(catalogues.load(language)))


def vietnamese() -> Mapping[str, str]:
    return held_in("vi")


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def test_every_message_of_the_code_is_in_both_catalogues(language: str) -> None:
    held = held_in(language)
    missing = {text: place for text, place in catalogues.messages().items() if not held.get(text)}
    assert not missing, "run `make translations` and translate these"


def test_no_catalogue_holds_a_message_the_code_no_longer_uses(language: str) -> None:
    catalogue = catalogues.load(language)
    assert sorted(set(catalogues.texts(catalogue)) - set(catalogues.messages())) == []
    assert list(catalogue.obsolete) == []


def test_no_translation_is_left_as_a_guess(language: str) -> None:
    assert [message.id for message in catalogues.load(language) if message.id and message.fuzzy] == []


def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    held = held_in(language)
    wrong = {text: said for text, said in held.items() if said and placeholders(text) != placeholders(said)}
    assert wrong == {}


def test_english_is_the_message_itself() -> None:
    held = held_in("en")
    assert {text: said for text, said in held.items() if text != said} == {}


def test_vietnamese_is_composed_and_spelled_with_vietnamese_letters() -> None:
    wrong = [
        said for said in vietnamese().values() if said != unicodedata.normalize("NFC", said) or set(said) & set("\u00d0\u01a2\u01a3\u00f0")
    ]
    assert wrong == []


def test_no_english_is_left_in_the_vietnamese_catalogue() -> None:
    held = vietnamese()
    same = {text for text, said in held.items() if text == said and re.search("[A-Za-z]", re.sub(r"\{\w+\}", "", text))}
    assert same <= SAME_IN_BOTH
    half = [said for said in held.values() if ENGLISH.search(re.sub(r"\{\w+\}|--[\w-]+", "", said))]
    assert half == []


def test_people_are_addressed_as_offices_do() -> None:
    assert [said for said in vietnamese().values() if re.search(r"\b(bạn|anh/chị|quý vị|mày|cậu)\b", said, re.IGNORECASE)] == []


def test_a_translation_begins_and_ends_like_its_message() -> None:
    """A sentence stays a sentence; a fragment stays one (white space at the ends joins fragments)."""

    def ends(text: str) -> tuple[bool, bool, str]:
        return text[:1].isspace(), text[-1:].isspace(), text[-1] if text[-1] in ".:;…" else ""

    assert {text: said for text, said in vietnamese().items() if said and ends(text) != ends(said)} == {}


def calls() -> Iterator[tuple[Path, ast.Call, str]]:
    for path in catalogues.sources():
        for node in catalogues.calls(path):
            if name := catalogues.called(node):
                yield path, node, name


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(catalogues.ROOT).as_posix()}:{getattr(node, 'lineno', 0)}"


def test_a_message_is_given_the_values_it_names() -> None:
    wrong = []
    for path, node, name in calls():
        if name not in catalogues.MARKERS - {"N_"} or path.as_posix().endswith(FILLED_IN_BY_THE_BROWSER):
            continue
        given = {keyword.arg for keyword in node.keywords}
        for text in catalogues.literals(node.args[0]) if node.args and None not in given else ():
            if placeholders(text) != given:
                wrong.append(f"{place(path, node)}: {text}")
    assert wrong == []


def test_a_refusal_is_a_marked_message() -> None:
    wrong = []
    for path, node, name in calls():
        spoken = [keyword.value for keyword in node.keywords if keyword.arg in ("message", "cure")]
        if name == "SurveyError":
            spoken += node.args[1:2]
        if name in ("SurveyError", "Problem") and any(list(shown(text)) for text in spoken):
            wrong.append(place(path, node))
    assert wrong == []


def test_a_marked_message_is_not_joined_with_another_text() -> None:
    """What is joined before it is translated is in no catalogue."""
    wrong = []
    for path in catalogues.sources():
        for node in ast.walk(catalogues.tree(path)):
            if isinstance(node, ast.BinOp) and "N_" in (catalogues.called(node.left), catalogues.called(node.right)):
                wrong.append(place(path, node))
    assert wrong == []


def shown(node: ast.AST) -> Iterator[str]:
    """The literal texts that reach the screen when this expression is displayed; translated ones do not count."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "\0" for part in node.values]
        yield "".join(str(part) for part in parts)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from shown(part.value)
    elif isinstance(node, ast.IfExp):
        yield from shown(node.body)
        yield from shown(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from shown(node.left)
        yield from shown(node.right)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from shown(value)
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        for element in node.elts:
            yield from shown(element)
    elif isinstance(node, ast.Dict):
        for part in (*node.keys, *node.values):
            if part is not None:
                yield from shown(part)
    elif isinstance(node, ast.Call) and catalogues.called(node) in ("join", "format") and isinstance(node.func, ast.Attribute):
        for part in (node.func.value, *node.args):
            yield from shown(part)


def words(text: str) -> str:
    """What a reader would read of a text: without HTML, styles, placeholders."""
    text = re.sub(r"<style>.*?(</style>|$)|<[^>]*>|&\w+;", " ", text, flags=re.DOTALL)
    return " ".join(re.findall(r"[^\W\d_]{2,}", text))


# Names of the product, of languages and programs; and content given as an example: columns of the file of units, its rows, a wave's two titles.
NAMES = frozenset(
    """Lắng Nghe|Tiếng Việt|English|CSV|PDF|Excel|SPSS
    |id|name vi|valid from|valid to|successors|so khdt|so tc|Sở Kế hoạch và Đầu tư|Sở Tài chính|Đợt khảo sát|Survey wave""".replace(
        "\n    ", ""
    ).split("|")
)


def untranslated(module: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(module):
        if not isinstance(node, ast.Call) or catalogues.called(node) not in DISPLAYED:
            continue
        places = [node.args[number] for number in DISPLAYED[catalogues.called(node)] if number < len(node.args)]
        for part in (*places, *(keyword.value for keyword in node.keywords if keyword.arg in SHOWN_KEYWORDS)):
            for text in shown(part):
                if words(text) and words(text) not in NAMES:
                    yield node, text


def test_a_page_shows_only_translated_texts() -> None:
    pages = [path for path in catalogues.sources() if path.is_relative_to(catalogues.ROOT / "pages")]
    assert len(pages) > 20
    assert [f"{place(path, node)}: {text}" for path in pages for node, text in untranslated(catalogues.tree(path))] == []


@pytest.mark.parametrize(
    "line",
    [
        'st.title("Waves")', 'column.metric("Rate", value)', 'st.info(f"{n} forms")', 'st.button("Send" if ready else _("Wait"))',
        'st.write(_("Done") + " at once")', 'st.html("<p>Waves</p>")', 'st.table({"Unit": names})', 'st.text_input(_("Code"), help="Type it")',
    ],
)  # fmt: skip
def test_the_check_of_pages_catches_a_text_that_is_not_translated(line: str) -> None:
    assert len(list(untranslated(ast.parse(line)))) == 1


@pytest.mark.parametrize(
    "line",
    [
        'st.title(_("Waves"))',
        "st.html(f\"<p class='ln-steps'>{_('Waves')}</p>\")",
        'st.metric(_("Rate"), "–")',
        'st.selectbox(_("Wave"), ids, key="wave")',
    ],
)
def test_the_check_of_pages_lets_translated_texts_pass(line: str) -> None:
    assert list(untranslated(ast.parse(line))) == []


def test_messages_are_found_wherever_they_stand() -> None:
    code = """
text = f"**{_('Draft')}** {locale('In the field')}"
_("Some answers cannot be " "accepted.")
self.locale(N_("Wave") if one else N_("Waves"))
Problem(message=N_("it is missing."), cure=N_('Write "id".'))
_.pick("Đợt", "Round"); _(variable); other("No message")
"""
    found = sorted(catalogues.marked(catalogues.calls_in(ast.parse(code))))
    assert found == sorted(["Draft", "In the field", "Some answers cannot be accepted.", "Wave", "Waves", "it is missing.", 'Write "id".'])


def test_a_new_message_is_added_and_an_unused_one_dropped(language: str) -> None:
    catalogue = catalogues.updated(language, {"Wave": "a.py", "A message nobody has translated {n}": "a.py"})
    held = catalogues.texts(catalogue)
    assert held["Wave"] == {"vi": "Đợt khảo sát", "en": "Wave"}[language]
    assert held["A message nobody has translated {n}"] == ("A message nobody has translated {n}" if language == "en" else "")
    assert set(held) == {"Wave", "A message nobody has translated {n}"}


def test_the_catalogue_is_written_the_same_way_every_time(language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "langnghe.po"
    first = catalogues.written(catalogues.updated(language, catalogues.messages()), language)
    path.write_bytes(first)
    monkeypatch.setattr(catalogues, "catalogue_path", lambda _language: path)
    shuffled = dict(sorted(catalogues.messages().items(), reverse=True))
    assert catalogues.written(catalogues.updated(language, shuffled), language) == first
    assert b"-Date:" not in first and b"#:" not in first


def test_the_locale_reads_the_catalogue_and_fills_in_values() -> None:
    assert Locale("vi")("Wave {wave} exists already.", wave="2025") == "Đợt 2025 đã có."
    assert Locale("en")("Wave {wave} exists already.", wave="2025") == "Wave 2025 exists already."
    assert Locale("fr").language == "vi"
