"""A thousand people of forty units who answer one after the other, and what an attacker knows of them."""

from __future__ import annotations

import http.client
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from bootstrap import Services
from survey.access import OPERATOR
from survey.collect import ballot, keys
from survey.collect.keys import KeyShare
from survey.design.questionnaire_file import shipped_questionnaires
from survey.design.units import Unit, UnitRegister
from survey.design.wave import Wave
from survey.errors import SurveyError
from tests.privacy.linking import Person

UNITS, STAFF, WAVE = 40, 25, "2026"
PEOPLE = UNITS * STAFF
# What a browser sends of itself, and what must be in no file.
ADDRESS, AGENT = "203.0.113.77", "Mozilla/5.0 (Linux; Android 13; Nguoi-Thu) Moc/1.0"


@dataclass
class Crowd:
    """order: people as they came; unit, code, raw: of each person."""

    wave: Wave
    unit: list[str]
    code: list[str]
    raw: list[dict[str, Any]]
    order: list[Person]
    shares: Sequence[KeyShare]
    opened: dict[bytes, Person | None] = field(default_factory=dict)  # whose each ballot is that has been asked about

    @cached_property
    def key(self) -> bytes:
        """What the custodians' shares make, which an attacker gets hold of in the end."""
        assert self.wave.public_key is not None
        return keys.join_key(self.wave.id, self.wave.public_key, self.shares)

    @property
    def came(self) -> dict[str, list[Person]]:
        """What the watcher at each door wrote down."""
        seen: dict[str, list[Person]] = {}
        for person in self.order:
            seen.setdefault(self.unit[person], []).append(person)
        return seen

    def comments(self, person: Person) -> list[str]:
        return list(self.raw[person]["comments"].values())

    def writer(self, sealed: bytes) -> Person | None:
        """Whose ballot this is, for somebody who holds the custodians' key; None where it cannot be opened."""
        if sealed not in self.opened:
            try:
                response = ballot.decode(ballot.unseal(sealed, self.wave.id, self.key))
                self.opened[sealed] = self.by_answers[_canonical(response.answers)]
            except SurveyError:
                self.opened[sealed] = None
        return self.opened[sealed]

    @cached_property
    def by_answers(self) -> dict[str, Person]:
        found = {_canonical(raw["answers"]): person for person, raw in enumerate(self.raw)}
        assert len(found) == len(self.raw)
        return found


def _canonical(answers: object) -> str:
    return json.dumps(answers, sort_keys=True)


def gather(services: Services, seed: int) -> Crowd:
    """Stores with a wave in the field, slips drawn by hand, and nobody has answered yet."""
    root = Unit(id="p", name_vi="Tỉnh Thử", kind="tinh", group="tinh")
    units = [Unit(id=f"p.{n}", name_vi=f"Đơn vị {n}", kind="so", group=f"g{n % 3}", parent="p", headcount=STAFF) for n in range(UNITS)]
    services.design.save_units(OPERATOR, UnitRegister((root, *units)))
    questionnaire = shipped_questionnaires()[0]
    services.design.save_questionnaire(OPERATOR, questionnaire)
    today = date.today()
    services.design.create_wave(
        OPERATOR, WAVE, questionnaire.id, today - timedelta(days=1), today + timedelta(days=7), plan={"shares": 3, "shares_needed": 2}
    )
    slips: dict[str, list[str]] = {}
    for slip in services.fieldwork.print_codes(OPERATOR, WAVE):
        slips.setdefault(slip.unit_name, []).append(slip.code)
    wave, shares = services.fieldwork.open_wave(OPERATOR, WAVE)
    rng = np.random.default_rng(seed)
    answered = rng.integers(1, 6, (PEOPLE, len(questionnaire.items)))
    crowd = Crowd(wave, [], [], [], [int(person) for person in rng.permutation(PEOPLE)], shares)
    for person in range(PEOPLE):
        unit = f"p.{person % UNITS}"
        drawn = slips[f"Đơn vị {person % UNITS}"]
        crowd.unit.append(unit)
        crowd.code.append(drawn.pop(int(rng.integers(len(drawn)))))
        given = {item.id: int(answered[person, place]) for place, item in enumerate(questionnaire.items)}
        longer = " vân vân" * (person % 12)  # some have more to say: padding must not let it show
        comments = {questionnaire.open_questions[0].id: f"nhận xét riêng {seed}-{person:04d}{longer}"}
        crowd.raw.append({"answers": given, "comments": comments, "breakdowns": {"gender": "f" if person % 2 else "m"}})
    return crowd


def answer(services: Services, crowd: Crowd, people: Iterable[Person]) -> None:
    """Through the service, one after the other."""
    for person in people:
        services.collect.submit(crowd.code[person], crowd.raw[person], date.today(), secrets.token_hex(16))


def answer_through(base: str, crowd: Crowd, people: Iterable[Person]) -> None:
    """Through POST /p/submit of a server, as browsers behind a reverse proxy send it."""
    connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=60)
    headers = {"Content-Type": "application/json", "User-Agent": AGENT, "X-Forwarded-For": ADDRESS, "X-Real-IP": ADDRESS}
    for person in people:
        sent = {"code": crowd.code[person], "attempt": secrets.token_hex(16), "lang": "vi", **crowd.raw[person]}
        connection.request("POST", "/p/submit", json.dumps(sent).encode(), headers)
        said = json.loads(connection.getresponse().read())
        assert said["status"] == "received", said
    connection.close()
