"""What an installation is told: by its environment, by .streamlit/secrets.toml, and on the page of the set-up."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from survey import limits
from survey.clock import PROVINCE
from survey.errors import N_, SurveyError
from survey.i18n import DEFAULT_LANGUAGE, Locale
from survey.installation import LONGEST
from survey.issuer import Issuer
from survey.mail_password import whole

ROOT = Path(__file__).parent.parent
DEFAULT_COOKIE_KEY = "langnghe-demonstration-key"
DEFAULT_ADDRESS = "http://127.0.0.1:8501"
SHORTEST_KEY = 32  # characters
SURFACES = ("all", "respond", "results")
ON_A_PAGE = tuple(LONGEST)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Read once, from the environment and then .streamlit/secrets.toml; under both lies what is set on a page (survey.installation).

    `given`: names of the last that the environment sets; `served_at`: the address while nobody has set one.
    """

    data_dir: Path
    database_url: str
    box_url: str
    surface: str = "all"
    cookie_key: str = DEFAULT_COOKIE_KEY
    language: str = DEFAULT_LANGUAGE
    address: str = DEFAULT_ADDRESS
    mail_server: str = ""
    mail_sender: str = ""
    invitations_over_http: bool = False
    timezone: str = PROVINCE
    contact: str = ""
    organisation: str = ""
    organisation_en: str = ""
    mark: str = ""
    served_at: str = DEFAULT_ADDRESS
    given: frozenset[str] = frozenset()

    def over(self, stored: Mapping[str, str]) -> Settings:
        """The same with what is set on the page, where the environment says nothing."""
        unset = dict.fromkeys(ON_A_PAGE, "") | {"timezone": PROVINCE, "address": self.served_at}
        stored = {**stored, "mail_server": whole(stored, self.cookie_key)}
        found: dict[str, Any] = {name: stored.get(name) or unset[name] for name in ON_A_PAGE if name not in self.given}
        return replace(self, **found)

    def issuer(self, locale: Locale) -> Issuer:
        """As paper in this language names it."""
        return Issuer(name=locale.pick(self.organisation, self.organisation_en), mark=self.mark, contact=self.contact)

    @property
    def has_own_key(self) -> bool:
        return self.cookie_key != DEFAULT_COOKIE_KEY and len(self.cookie_key) >= SHORTEST_KEY

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        given = dict(_secrets())
        given.update(os.environ if environment is None else environment)
        data_dir = Path(given.get("LANGNGHE_DATA_DIR", "data")).absolute()
        surface = given.get("LANGNGHE_SURFACE", "all")
        served_at = given.get("LANGNGHE_SERVED_AT", DEFAULT_ADDRESS)
        if surface not in SURFACES:
            raise SurveyError("surface", N_("LANGNGHE_SURFACE must be all, respond or results."))
        return cls(
            data_dir=data_dir,
            database_url=given.get("LANGNGHE_DATABASE_URL", f"sqlite:///{data_dir / 'langnghe.db'}"),
            box_url=given.get("LANGNGHE_BOX_URL", f"sqlite:///{data_dir / 'hom-phieu.db'}"),
            surface=surface,
            cookie_key=given.get("LANGNGHE_COOKIE_KEY", DEFAULT_COOKIE_KEY),
            language=given.get("LANGNGHE_LANGUAGE", DEFAULT_LANGUAGE),
            address=given.get("LANGNGHE_ADDRESS", served_at).rstrip("/"),
            mail_server=given.get("LANGNGHE_MAIL_SERVER", ""),
            mail_sender=given.get("LANGNGHE_MAIL_SENDER", ""),
            # For tests alone: on plain http somebody on the line can change the page that blinds.
            invitations_over_http=given.get("LANGNGHE_INVITATIONS_OVER_HTTP") == "for-tests",
            timezone=given.get("LANGNGHE_TIMEZONE", PROVINCE),
            # Whom respondents may ask: one line, as it is shown to them; without it nothing is said.
            contact=" ".join(given.get("LANGNGHE_CONTACT", "").split())[: limits.CONTACT],
            organisation=given.get("LANGNGHE_ORGANISATION", ""),
            organisation_en=given.get("LANGNGHE_ORGANISATION_EN", ""),
            served_at=served_at,
            given=frozenset(name for name in ON_A_PAGE if f"LANGNGHE_{name.upper()}" in given),
        )


def _secrets() -> dict[str, str]:
    path = ROOT / ".streamlit" / "secrets.toml"
    if not path.exists():
        return {}
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: str(value) for name, value in data.items() if name.startswith("LANGNGHE_")}
