"""A Dask cluster of its own for tests: a scheduler and workers as processes, over TLS with an authority made now."""

from __future__ import annotations

import ipaddress
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from distributed import Client, Security

from tests.conftest import REPOSITORY

IN_MEMORY = {"DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "False", "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False"}


@dataclass
class Dask:
    address: str
    certificates: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def client(self) -> Any:
        authority, certificate, key = (str(self.certificates / name) for name in ("ca.pem", "cert.pem", "key.pem"))
        security = Security(tls_ca_file=authority, tls_client_cert=certificate, tls_client_key=key, require_encryption=True)
        return Client(self.address, security=security, timeout=60, set_as_default=False, direct_to_workers=True)

    def ready(self) -> None:
        """Until every worker that was started and lives has come."""
        with self.client() as client:
            client.wait_for_workers(sum(worker.poll() is None for worker in self.workers), timeout=120)

    def add(self, home: Path = REPOSITORY, settings: dict[str, str] = IN_MEMORY) -> subprocess.Popen[bytes]:
        options = ("worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(self.certificates))
        self.workers.append(_started(options, self.certificates, home, settings))
        return self.workers[-1]


@contextmanager
def cluster(folder: Path, workers: int = 1, home: Path = REPOSITORY, settings: dict[str, str] = IN_MEMORY) -> Iterator[Dask]:
    """`home`, `settings`: of the workers."""
    certificates(folder)
    told = folder / "scheduler.json"
    scheduler = _started(
        ("scheduler", "--host", "tls://127.0.0.1:0", "--no-dashboard", "--scheduler-file", str(told)), folder, REPOSITORY, IN_MEMORY
    )
    here = Dask("", folder)
    try:
        until = time.monotonic() + 60
        while not (told.exists() and told.read_text()):
            assert scheduler.poll() is None and time.monotonic() < until, (folder / "dask.log").read_text()
            time.sleep(0.1)
        here.address = json.loads(told.read_text())["address"]
        for _ in range(workers):
            here.add(home, settings)
        here.ready()
        yield here
    finally:
        for one in (*here.workers, scheduler):
            one.send_signal(signal.SIGKILL)
            one.wait()


def _started(options: tuple[str, ...], folder: Path, home: Path, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    tls = (
        "--protocol",
        "tls",
        "--tls-ca-file",
        str(folder / "ca.pem"),
        "--tls-cert",
        str(folder / "cert.pem"),
        "--tls-key",
        str(folder / "key.pem"),
    )
    environment = {**os.environ, **settings, "PYTHONPATH": str(home), "OPENBLAS_NUM_THREADS": "1"}
    with (folder / "dask.log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "dask", *options, *tls], cwd=home, env=environment, stdout=log, stderr=log)


def certificates(folder: Path) -> None:
    """ca.pem, and cert.pem with key.pem for this machine, signed by it."""
    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _name("authority of this test")
    here = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    ca = _certificate(issuer, issuer, authority).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    one = _certificate(_name("localhost"), issuer, own).add_extension(here, critical=False)
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(ca.sign(authority, hashes.SHA256()).public_bytes(pem))
    (folder / "cert.pem").write_bytes(one.sign(authority, hashes.SHA256()).public_bytes(pem))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(own.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return (
        builder.serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
    )
