"""One small province with three waves for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from bootstrap import Services, Settings, build
from survey.access import OPERATOR
from survey.disclose.release import Release
from survey.i18n import Locale
from tests.past_world import past_in, recognisable, settle_past

Make = Callable[[str, str], bytes]


@pytest.fixture(scope="package")
def past_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with past_in(tmp_path_factory.mktemp("past")) as services:
        yield services


@pytest.fixture(scope="package")
def make(past_services: Services) -> Make:
    """The Vietnamese report of a unit of 2025 as a file of a kind, made once."""
    return cache(lambda unit, kind: past_services.reports.one(OPERATOR, "2025", unit, kind, Locale("vi")).content)


@pytest.fixture(scope="package")
def telling_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The same province with numbers that are recognised wherever they stand."""
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("telling"))}))
    with recognisable():
        settle_past(services)
    yield services
    services.close()


@pytest.fixture(scope="package")
def telling(telling_services: Services) -> tuple[Release, ...]:
    return telling_services.results.history(OPERATOR, "2025")


@pytest.fixture(scope="package")
def releases(past_services: Services) -> tuple[Release, ...]:
    return past_services.results.history(OPERATOR, "2025")
