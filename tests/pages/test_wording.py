"""Streamlit's own widgets speak the reader's language, through one script the page loads."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import streamlit
from starlette.requests import Request

from pages.plain import application, wording

BUNDLE = Path(streamlit.__file__).parent / "static" / "static" / "js"


def test_every_word_still_stands_in_streamlit() -> None:
    """An upgrade that says something else is noticed here, not by an officer who reads English."""
    code = "\n".join(path.read_text(encoding="utf-8", errors="ignore") for path in sorted(BUNDLE.glob("*.js")))
    # "Press {n} to apply" is put together there from "Enter to " and "apply".
    missing = [word for word in wording.WORDS for part in re.split(r"\{n\}|\.\.\.|^Press| to ", word) if part.strip() not in code]
    assert missing == []


def test_vietnamese_pages_load_the_words_and_english_ones_do_not() -> None:
    address = wording.address("vi")
    assert f'src="{address.replace("&", "&amp;")}"' in application._index("vi")
    assert "wording.js" not in application._index("en")


def test_the_script_is_complete_and_changes_its_address_with_its_words() -> None:
    [route] = wording.routes()

    endpoint: Any = route.endpoint
    answer = endpoint(Request({"type": "http", "query_string": b"lang=vi"}))
    body = answer.body.decode()
    assert answer.media_type == "text/javascript"
    assert '"Upload": "Chọn tệp"' in body and body.rstrip().endswith("})();")
    assert wording.address("vi").endswith(hashlib.sha256(answer.body).hexdigest()[:12])
