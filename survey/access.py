"""Who may do what: deny by default, asked in the services."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from survey.errors import NotAllowed


class Role(StrEnum):
    ORGANIZER = "organizer"
    LEADER = "leader"
    CUSTODIAN = "custodian"


class Permission(StrEnum):
    """subject:verb"""

    UNITS_EDIT = "units:edit"
    QUESTIONNAIRES_EDIT = "questionnaires:edit"
    WAVES_EDIT = "waves:edit"
    FIELDWORK_SEE = "fieldwork:see"
    RESULTS_SEE = "results:see"
    UNDERTAKINGS_EDIT = "undertakings:edit"
    ACCOUNTS_EDIT = "accounts:edit"
    BOX_OPEN = "box:open"
    LOG_SEE = "log:see"
    INSTALLATION_EDIT = "installation:edit"


_GRANTED = {
    Role.ORGANIZER: frozenset(Permission) - {Permission.BOX_OPEN},
    Role.LEADER: frozenset({Permission.RESULTS_SEE, Permission.UNDERTAKINGS_EDIT}),
    Role.CUSTODIAN: frozenset({Permission.BOX_OPEN}),
}


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Somebody signed in. `unit` limits a leader to that unit and what stands below; None = everything."""

    name: str
    role: Role
    unit: str | None = None
    must_change_password: bool = False

    def may(self, permission: Permission) -> bool:
        """Nothing at all while somebody else knows the password."""
        return not self.must_change_password and permission in _GRANTED[self.role]


# The command line runs with the rights of whoever may run programs on the server.
OPERATOR = Viewer(name="operator", role=Role.ORGANIZER)


def require(viewer: Viewer | None, permission: Permission) -> Viewer:
    """The viewer, if signed in and allowed; NotAllowed otherwise."""
    if viewer is None or not viewer.may(permission):
        raise NotAllowed()
    return viewer
