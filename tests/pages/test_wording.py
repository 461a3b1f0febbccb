"""Streamlit's own widgets speak the reader's language, through one script the page loads."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
import streamlit
from starlette.requests import Request
from starlette.responses import Response

from pages.plain import application, wording
from survey.i18n import Locale

BUNDLE = Path(streamlit.__file__).parent / "static" / "static" / "js"


def test_every_word_still_stands_in_streamlit() -> None:
    """An upgrade that says something else is noticed here, not by an officer who reads English."""
    code = "\n".join(path.read_text(encoding="utf-8", errors="ignore") for path in sorted(BUNDLE.glob("*.js")))
    # "Press {n} to apply" is put together there from "Enter to " and "apply", "day, {n}" from "day" and what is asked.
    parts = r"[,:] \{n\}|\{n\}|\.\.\.|^Press| to "
    missing = [word for word in wording.WORDS for part in re.split(parts, word) if part.strip() not in code]
    assert missing == []


def script(language: str) -> Response:
    [route] = wording.routes()
    endpoint: Any = route.endpoint
    answer: Response = endpoint(Request({"type": "http", "query_string": f"lang={language}".encode()}))
    return answer


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_loads_the_script_of_its_language(language: str) -> None:
    address = wording.address(language)
    assert f'src="{address.replace("&", "&amp;")}"' in application._index(Locale(language))


def test_vietnamese_pages_load_the_words_and_english_ones_only_how_charts_are_heard() -> None:
    heard = "svg.main-svg"
    assert heard in bytes(script("vi").body).decode() and '"Upload"' in bytes(script("vi").body).decode()
    assert heard in bytes(script("en").body).decode() and '"Upload"' not in bytes(script("en").body).decode()


def test_the_script_is_complete_and_changes_its_address_with_its_words() -> None:
    answer = script("vi")
    body = bytes(answer.body).decode()
    assert answer.media_type == "text/javascript"
    assert '"Upload": "Chọn tệp"' in body and body.rstrip().endswith("})();")
    assert wording.address("vi").endswith(hashlib.sha256(answer.body).hexdigest()[:12])
