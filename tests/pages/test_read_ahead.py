"""Releases are read when the server starts, not when the first leader comes."""

from __future__ import annotations

from threading import Event

from bootstrap import Services, build
from pages.plain.application import read_ahead
from survey.access import OPERATOR
from tests.past_world import WAVES, settle_past


def test_every_release_is_held_after_reading_ahead_and_a_stopping_server_reads_no_more(sqlite_services: Services) -> None:
    settle_past(sqlite_services)
    again = build(sqlite_services.settings)
    reader = again.results._releases._read  # type: ignore[attr-defined]
    stopping = Event()
    stopping.set()
    read_ahead(lambda: again, stopping)
    assert reader.cache_info().currsize == 0
    read_ahead(lambda: again, Event())
    assert reader.cache_info().currsize == len(WAVES)
    before = reader.cache_info().misses
    again.results.history(OPERATOR, "2025")
    assert reader.cache_info().misses == before
    again.close()
