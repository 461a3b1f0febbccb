"""One small province with three waves for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bootstrap import Services, Settings, build
from survey.disclose.release import Release
from tests.past_world import past_in, recognisable, settle_past


@pytest.fixture(scope="package")
def past_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with past_in(tmp_path_factory.mktemp("past")) as services:
        yield services


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
    from survey.access import OPERATOR

    return telling_services.results.history(OPERATOR, "2025")


@pytest.fixture(scope="package")
def releases(past_services: Services) -> tuple[Release, ...]:
    from survey.access import OPERATOR

    return past_services.results.history(OPERATOR, "2025")
