"""The e-mail list of personal invitations as an organizer uploads it: one row a person, refused whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from survey import limits
from survey.design.plan import Plan
from survey.errors import N_, Problem, refuse_if
from survey.source import Source
from survey.tabular import read_table
from survey.vietnamese import tidy

_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")


def read_people(source: Source, plan: Plan, *, with_slips: Collection[str], listed: Collection[str]) -> list[tuple[str, str]]:
    """(reporting unit, address in small letters) of every row; columns unit, email.

    `with_slips`: reporting units that answer by slips; `listed`: addresses invited before.
    Raises InputRefused with every error.
    """
    table = read_table(source, required=("unit", "email"), optional=())
    people = [(tidy(str(unit)), str(email).strip().lower()) for unit, email in zip(table["unit"], table["email"], strict=True)]
    times = Counter(email for _, email in people)
    problems = [] if people else [Problem(message=N_("the list is empty."), cure=N_("Write one row for each person: unit, email."))]
    for row, (unit, email) in zip(table.index, people, strict=True):
        found = (_unit_fault(int(str(row)), unit, plan, with_slips), _email_fault(int(str(row)), email, times[email] > 1, email in listed))
        problems += [fault for fault in found if fault]
    refuse_if(source.name, problems)
    return [(plan.reporting_unit[unit], email) for unit, email in people]


def _unit_fault(row: int, unit: str, plan: Plan, with_slips: Collection[str]) -> Problem | None:
    if unit not in plan.reporting_unit:
        return Problem(
            row=row,
            column="unit",
            message=N_('there is no unit "{unit}" in the plan of this wave.'),
            cure=N_("Write the id of a unit that gives out forms."),
            values={"unit": unit},
        )
    if plan.reporting_unit[unit] in with_slips:
        return Problem(
            row=row,
            column="unit",
            message=N_("unit {unit} has slips already."),
            cure=N_("A unit answers by slips or by invitations; with both, a person could answer twice."),
            values={"unit": unit},
        )
    return None


def _email_fault(row: int, email: str, twice: bool, listed: bool) -> Problem | None:
    def fault(message: str, cure: str) -> Problem:
        return Problem(row=row, column="email", message=message, cure=cure, values={"email": email})

    if len(email) > limits.EMAIL or not _EMAIL.fullmatch(email):
        return fault(N_('"{email}" is not an e-mail address.'), N_("Write it like name@example.gov.vn."))
    if twice:
        return fault(N_("{email} stands twice in the list."), N_("Remove one of the two rows."))
    if listed:
        return fault(N_("{email} has been invited already."), N_("Remove the row; a person is invited once."))
    return None
