"""Every use case asks who is there before it does anything: found by looking at the services, not from a list kept by hand."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from bootstrap import Services
from survey.access import OPERATOR, Permission, Role, Viewer, require
from survey.errors import NotAllowed
from survey.once import once
from tests.small_world import settle

LEADER, CUSTODIAN = (Viewer(name="x.y", role=role) for role in (Role.LEADER, Role.CUSTODIAN))
NEW = Viewer(name="x.y", role=Role.ORGANIZER, must_change_password=True)
# What others than organizers may ask; everything else is refused to them.
FOR_LEADERS = {
    "design.units", "design.questionnaires", "design.questionnaire", "exporting.file",
    "reports.units", "reports.one", "reports.all", "reports.zipped",
    "results.waves", "results.release", "results.releases", "results.history", "results.register", "results.own", "results.hash", "results.comments",
    "undertakings.of_unit", "undertakings.of_wave", "undertakings.may_write", "undertakings.measures", "undertakings.add", "undertakings.change",
    "undertakings.remove", "results.verdicts", "results.criteria", "results.has_criteria",
}  # fmt: skip
FOR_ANYBODY_SIGNED_IN = {"signing_in.sign_out_everywhere", "signing_in.change_password"}


class Anything:
    """Stands for an argument that must not be looked at before the viewer was."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f".{name} was looked at before access was asked")


def guarded(services: Services) -> dict[str, Callable[..., Any]]:
    found = {}
    members = [name for name in dir(Services) if not name.startswith("_") and isinstance(getattr(Services, name), once | property)]
    for member in members:
        service = getattr(services, member)
        for name, method in inspect.getmembers(service, inspect.ismethod):
            if (
                not name.startswith("_")
                and "viewer" in inspect.signature(method).parameters
                and name not in ("note", "note_once", "viewer")
            ):
                found[f"{member}.{name}"] = method
    return found


def ask(method: Callable[..., Any], viewer: Viewer | None) -> None:
    needed = [p for p in inspect.signature(method).parameters.values() if p.default is p.empty and p.name != "viewer"]
    answer = method(viewer=viewer, **{parameter.name: Anything() for parameter in needed})
    if inspect.isgenerator(answer):  # asks when it is begun
        next(answer, None)


def refused_to(services: Services, viewer: Viewer | None) -> set[str]:
    refused = set()
    for name, method in guarded(services).items():
        try:
            ask(method, viewer)
        except NotAllowed:
            refused.add(name)
        except Exception:
            continue
    return refused


@pytest.fixture
def services(sqlite_services: Services) -> Services:
    settle(sqlite_services)
    return sqlite_services


def test_there_is_something_to_guard(services: Services) -> None:
    names = set(guarded(services))
    assert len(names) > 30
    assert {"closing.close", "accounts.add", "access_log.entries", "exporting.file", "invitations.send"} <= names
    assert names >= FOR_LEADERS | FOR_ANYBODY_SIGNED_IN


def test_nobody_may_do_anything_without_signing_in(services: Services) -> None:
    assert set(guarded(services)) - refused_to(services, None) == set()


def test_a_leader_may_read_results_and_nothing_else(services: Services) -> None:
    assert set(guarded(services)) - refused_to(services, LEADER) == FOR_LEADERS | FOR_ANYBODY_SIGNED_IN


def test_a_custodian_may_do_nothing_but_keep_the_own_account(services: Services) -> None:
    assert set(guarded(services)) - refused_to(services, CUSTODIAN) == FOR_ANYBODY_SIGNED_IN


def test_an_organizer_with_a_first_password_may_only_change_it(services: Services) -> None:
    assert set(guarded(services)) - refused_to(services, NEW) == FOR_ANYBODY_SIGNED_IN


def test_an_organizer_is_refused_nothing_but_the_box(services: Services) -> None:
    assert refused_to(services, OPERATOR) == set()
    with pytest.raises(NotAllowed):
        require(OPERATOR, Permission.BOX_OPEN)
