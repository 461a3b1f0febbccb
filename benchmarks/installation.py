"""An installation as docs/huong-dan/cai-dat.md describes it: Debian's nginx, two replicas, PostgreSQL; the demonstration in it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.people import Place, form_of
from benchmarks.stores import demonstration, langnghe, new_folder
from bootstrap import Services, Settings, build
from pages.plain.session import SECURE_COOKIE
from survey.access import OPERATOR, Role
from survey.demonstration.answers import simulate
from survey.design.questionnaire_file import shipped_questionnaires
from survey.design.wave import Wave, WaveState
from tests.conftest import DEBIAN_POSTGRES, new_databases, run_postgres
from tests.deploy.proxy import proxying
from tests.server import Server, start
from tests.small_world import add_account

PASSWORD = "chi-dung-khi-do"
LARGEST = 1000  # codes made at once


@dataclass
class Installation:
    """`services`: the same stores, seen from beside."""

    place: Place
    replicas: list[Server]
    services: Services
    environment: dict[str, str]
    folder: Path

    @property
    def wave(self) -> Wave:
        return next(wave for wave in self.services.collect.open_waves() if wave.state is WaveState.OPEN)

    def kill(self, number: int) -> None:
        """As a machine that loses its power: no signal is heard, nothing is finished."""
        self.replicas[number].process.kill()
        self.replicas[number].process.wait()

    def restart(self, number: int) -> None:
        self.replicas[number] = start(self.environment, self.folder, self.replicas[number].port)

    def forms(self, count: int) -> list[dict[str, object]]:
        """Whole forms with new codes, over all reporting units."""
        units = [node for node in self.wave.plan.nodes if node.reporting]
        each = min(LARGEST, -(-count // len(units)))
        codes = [slip.code for unit in units for slip in self.services.fieldwork.extra_codes(OPERATOR, self.wave.id, unit.id, each)]
        responses = simulate(shipped_questionnaires()[0], self.wave.plan, 2026.0, seed=11)
        return [form_of(code, responses[number % len(responses)]) for number, code in enumerate(codes[:count])]

    def signed_in(self, role: Role, unit: str | None = None) -> str:
        """A new account's cookie."""
        name = f"do.{secrets.token_hex(4)}"
        add_account(self.services, name, role, PASSWORD, unit)
        session = self.services.signing_in.redeem(self.services.signing_in.sign_in(name, PASSWORD)[1])
        return f"{SECURE_COOKIE}={session}"


@contextmanager
def installed(replicas: int = 2) -> Iterator[Installation]:
    """The demonstration is moved in as an administrator moves it: `backup --with-open-box`, `restore`."""
    folder = new_folder()
    (folder / "pg").mkdir()
    folder.chmod(0o755)  # PostgreSQL has an account of its own
    for address in run_postgres(folder / "pg", DEBIAN_POSTGRES, "-c max_connections=200"):
        database, box = new_databases(address)
        environment = {
            "LANGNGHE_DATA_DIR": str(folder / "data"), "LANGNGHE_DATABASE_URL": database, "LANGNGHE_BOX_URL": box,
            "LANGNGHE_COOKIE_KEY": "a long secret, only for measuring, 32+",
        }  # fmt: skip
        langnghe(demonstration()[0], "backup", str(folder / "copy"), "--with-open-box")
        services = build(Settings.read(environment))
        os.environ |= {name: environment[name] for name in ("LANGNGHE_DATABASE_URL", "LANGNGHE_BOX_URL")}
        try:
            langnghe(folder / "data", "restore", str(folder / "copy"))
        finally:
            for name in ("LANGNGHE_DATABASE_URL", "LANGNGHE_BOX_URL"):
                del os.environ[name]
        running = [start(environment, folder) for _ in range(replicas)]
        try:
            with proxying([one.port for one in running], folder / "nginx") as proxy:
                yield Installation(Place(proxy.base, proxy.trust), running, services, environment, folder)
        finally:
            for one in running:
                one.stop()
            services.close()
