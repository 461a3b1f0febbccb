"""The page that is packed once for many: the same form for each of them, and nothing of any of them kept."""

from __future__ import annotations

import gzip
import json
import pickle
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from starlette.responses import Response

from bootstrap import Services
from pages.plain.respondent import _open, _page, open_form
from survey.access import OPERATOR
from survey.collect.form.shared_page import SharedPage, Shelf
from survey.collect.form.view import plain_page
from survey.collect.slips import draft_key, in_groups
from survey.i18n import Locale
from tests.small_world import TODAY, open_wave

VI = Locale("vi")
CONFIG = re.compile(r'<script type="application/json" id="ln-config">(.*)</script>')
Asking = Callable[..., Response]


def config(page: Response) -> dict[str, object]:
    html = gzip.decompress(page.body) if page.headers.get("Content-Encoding") == "gzip" else bytes(page.body)
    (found,) = CONFIG.findall(html.decode())
    read: dict[str, object] = json.loads(found)
    return read


@pytest.fixture
def field(sqlite_services: Services) -> tuple[Services, str, dict[str, list[str]]]:
    wave, codes, _shares = open_wave(sqlite_services)
    services = replace(sqlite_services, clock=replace(sqlite_services.clock, seconds=lambda: 1773500000.0))  # 14/03/2026
    return services, wave.id, codes


def test_the_packed_page_is_one_piece_and_holds_what_opening_the_form_gives(field: tuple[Services, str, dict[str, list[str]]]) -> None:
    services, wave, codes = field
    shelf = Shelf()
    for code in (codes["Sở A"][0], codes["Sở A"][1], codes["Sở B"][0]):
        packed, plain = (_page(services, code, VI, False, shelf, asked) for asked in (True, False))
        unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
        assert unpacking.decompress(packed.body) == plain.body and unpacking.eof and not unpacking.unused_data
        found = config(packed)
        assert found["form"] == open_form(services, {"code": code}, VI)["form"]
        assert (found["code"], found["form"]["draft_key"]) == (in_groups(code), draft_key(wave, code))  # type: ignore[index]


def opened(answer: Response) -> dict[str, object]:
    said = gzip.decompress(answer.body) if answer.headers.get("Content-Encoding") == "gzip" else bytes(answer.body)
    read: dict[str, object] = json.loads(said)
    return read


def test_what_a_code_opens_is_packed_once_and_is_what_opening_the_form_gives(field: tuple[Services, str, dict[str, list[str]]]) -> None:
    services, _wave, codes = field
    shelf = Shelf()
    for code in (*codes["Sở A"][:2], codes["Sở B"][0]):
        sent = {"code": code}
        packed, plain = (_open(services, sent, VI, shelf, asked) for asked in (True, False))
        assert opened(packed) == opened(plain) == open_form(services, sent, VI)
        assert {"no-store"} == {one.headers["Cache-Control"] for one in (packed, plain)}
    assert len(shelf._pages) == 1
    asked = opened(_open(services, {"code": codes["Sở A"][0]}, Locale("en"), shelf, True))
    assert asked == open_form(services, {"code": codes["Sở A"][0]}, Locale("en")) and len(shelf._pages) == 2
    refused = _open(services, {"code": "x"}, VI, shelf, True)
    assert opened(refused) == open_form(services, {"code": "x"}, VI) and "error" in opened(refused)


def test_who_was_invited_is_told_another_sentence(field: tuple[Services, str, dict[str, list[str]]]) -> None:
    """What is stored of them is not the same, so they share no page with those who have a slip."""
    services, _wave, codes = field
    shelf, code, told = Shelf(), codes["Sở A"][0], []
    find = services.collect.open
    for invited in (False, True):
        vars(services)["collect"] = SimpleNamespace(open=lambda *asked, invited=invited: replace(find(*asked), invited=invited))
        told.append(opened(_open(services, {"code": code}, VI, shelf, True))["form"]["stored"]["lines"])  # type: ignore[index]
    assert told[0] != told[1] and len(shelf._pages) == 2


def test_what_a_unit_is_called_ends_no_text(field: tuple[Services, str, dict[str, list[str]]]) -> None:
    services, _wave, codes = field
    shelf = Shelf()
    _page(services, codes["Sở A"][0], VI, False, shelf, True)
    ((_of, page),) = shelf._pages.values()
    odd = ("a", 'Sở "<b></script>" \\ Đ', "k", "c")
    found = config(Response(page.packed(odd), headers={"Content-Encoding": "gzip"}))
    assert (found["form"]["stored"]["template"], found["form"]["unit"], found["code"]) == ({"unit": "a"}, odd[1], "c")  # type: ignore[index]


def kept(shelf: Shelf) -> bytes:
    return pickle.dumps(list(shelf._pages.items()))


def test_nothing_of_a_person_is_kept(field: tuple[Services, str, dict[str, list[str]]]) -> None:
    services, wave, codes = field
    shelf, code = Shelf(), codes["Sở A"][0]
    page = _page(services, code, VI, False, shelf, True)
    _open(services, {"code": code}, VI, shelf, True)
    of_person = [text.encode() for text in (code, in_groups(code), draft_key(wave, code))]
    begun = b"".join(gzip_begun(page) for _of, page in shelf._pages.values())
    assert b"ln-config" in kept(shelf) and len(shelf._pages) == 2
    assert not [text for text in of_person if text in kept(shelf) or text in begun]
    leaky = Shelf()  # the control: a page put there as it was sent
    whole = plain_page(config(page), "x")
    leaky._pages["x"] = (None, whole)  # type: ignore[assignment]
    assert [text for text in of_person if text in kept(leaky)] == of_person[1:]


def gzip_begun(page: SharedPage) -> bytes:
    return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(page._packed)


def test_what_changes_shows_at_once_and_the_shelf_is_bounded(field: tuple[Services, str, dict[str, list[str]]]) -> None:
    services, wave, codes = field
    shelf = Shelf(kept=2)
    asking: Asking = partial(_page, services, codes["Sở A"][0], VI, False, shelf, True)
    before = config(asking())
    services.changing.extend(OPERATOR, wave, services.waves.wave(wave).closes + timedelta(days=3), TODAY)
    after = config(asking())
    assert before["form"]["until"] != after["form"]["until"] and len(shelf._pages) == 1  # type: ignore[index]
    told = replace(services, settings=replace(services.settings, contact="Phòng Tổ chức, 0123"))
    assert config(_page(told, codes["Sở A"][0], VI, False, shelf, True))["contact"] == "Phòng Tổ chức, 0123"
    for name in ("a", "b", "c"):
        shelf.page(name, None, lambda: next(iter(shelf._pages.values()))[1])
    assert len(shelf._pages) == 2
