"""The closing page and the minutes name one count of shown and hidden numbers, and the page says who will see how many."""

from __future__ import annotations

import re

from bootstrap import Services
from survey.access import OPERATOR, Role, Viewer
from survey.disseminate.protocol_pdf import protocol_pdf
from survey.disseminate.public import public_history
from survey.i18n import Locale
from tests.disclose.test_comments import closed as closed_with_comments
from tests.pages.looking import look, said
from tests.printed import pages, words
from tests.test_undertakings import close

VI = Locale("vi")


def test_the_closing_page_and_the_minutes_name_the_same_numbers(sqlite_services: Services) -> None:
    """They used to say 6,078 and 1,278 of the same wave: the attack also counts places that no table has."""
    close(sqlite_services)
    release = sqlite_services.results.release(OPERATOR, "2026")
    page = said(look("organizer.close", sqlite_services, OPERATOR, "vi", wave="2026")).replace("\\", "")
    on_page = re.search(r"([\d.]+) số được hiển thị, ([\d.]+) số bị ẩn", page)
    minutes = re.search(r"Số ô công bố / số ô ẩn ([\d.]+) / ([\d.]+)", " ".join(map(words, pages(protocol_pdf(release, VI)))))
    assert on_page and minutes and on_page.groups() == minutes.groups()
    assert release.audit["hidden"] > release.counted.hidden  # the control: two counts there would be
    assert on_page.groups() == (VI.number(release.counted.shown, 0), VI.number(release.counted.hidden, 0))


def test_what_is_foreseen_is_what_each_reader_is_given(sqlite_services: Services) -> None:
    wave = closed_with_comments(sqlite_services)
    sqlite_services.commenting.accept(OPERATOR, wave)
    foreseen = {one.who: one for one in sqlite_services.results.foreseen(OPERATOR, wave)}
    sqlite_services.closing.publish(OPERATOR, wave)
    (public,) = public_history(sqlite_services.results, wave)
    assert (foreseen["everybody"].shown, foreseen["everybody"].hidden) == (public.counted.shown, public.counted.hidden)
    for unit in (None, "t", "t:so_ban_nganh", "t.a", "t.c"):
        leader = Viewer(name="l", role=Role.LEADER, unit=unit)
        given, one = sqlite_services.results.release(leader, wave), foreseen[unit or "all-units"]
        assert (one.shown, one.hidden) == (given.counted.shown, given.counted.hidden)
        assert one.comments == len(sqlite_services.results.comments(leader, wave))
        own = sqlite_services.results.own(leader, wave)
        assert (one.units, one.hidden_units) == (sum(map(given.visible, own)), len(own) - sum(map(given.visible, own)))
    assert foreseen["t.a"].shown < foreseen["t"].shown == foreseen["all-units"].shown


def test_the_page_says_it_before_publishing(sqlite_services: Services) -> None:
    close(sqlite_services)
    at = look("organizer.close", sqlite_services, OPERATOR, "vi", wave="2026")
    shown = "\n".join(one.value.to_csv() for one in at.table)
    assert "Mọi người, không cần tài khoản" in shown and "Sở A" in shown
