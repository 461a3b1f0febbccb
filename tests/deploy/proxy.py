"""Debian's nginx with deploy/nginx.conf: the file as it is delivered, with the places an installation fills in filled in."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.conftest import REPOSITORY
from tests.server import free_port

HOST = "localhost"
DELIVERED = (REPOSITORY / "deploy" / "nginx.conf").read_text(encoding="utf-8")
DEBIAN = Path("/etc/nginx/nginx.conf")
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


@dataclass(frozen=True)
class Proxy:
    """`folder`: everything nginx may write, its logs included; `trust`: for those who ask it over https."""

    port: int
    folder: Path
    trust: ssl.SSLContext

    @property
    def base(self) -> str:
        return f"https://{HOST}:{self.port}"


@contextmanager
def proxying(replicas: Sequence[int], folder: Path, site: str = DELIVERED) -> Iterator[Proxy]:
    """nginx before the replicas at these ports, under Debian's own main file; it has ended afterwards."""
    folder.mkdir()
    port, plain = free_port(), free_port()
    certificate, key = _certificate(folder)
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "site.conf").write_text(temporary + filled(site, port, plain, replicas, certificate, key), encoding="utf-8")
    main = DEBIAN.read_text(encoding="utf-8") if DEBIAN.exists() else "events {}\nhttp {\ninclude /etc/nginx/conf.d/*.conf;\n}\n"
    main = main.replace("/etc/nginx/conf.d/*.conf", str(folder / "site.conf")).replace("include /etc/nginx/sites-enabled/*;", "")
    main = main.replace("/var/log/nginx", str(folder)).replace("pid /run/nginx.pid;", "")
    (folder / "nginx.conf").write_text(f"pid {folder}/nginx.pid;\ndaemon off;\n{main}", encoding="utf-8")
    arguments = [NGINX, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    tried = subprocess.run([*arguments, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_listening(port, folder, process)
        yield Proxy(port, folder, ssl.create_default_context(cafile=str(certificate)))
    finally:
        process.terminate()
        process.wait(timeout=20)


def filled(site: str, port: int, plain: int, replicas: Sequence[int], certificate: Path, key: Path) -> str:
    """What whoever installs it changes: name, ports, certificate, replicas. Nothing else is touched, and each place is there."""
    replica = "server 127.0.0.1:8501 max_fails=1 fail_timeout=5s;"
    places = {
        "khaosat.example.gov.vn": HOST,
        "/etc/ssl/certs/khaosat.pem": str(certificate),
        "/etc/ssl/private/khaosat.key": str(key),
        "listen 443 ": f"listen {port} ",
        "listen [::]:443 ": f"listen [::]:{port} ",
        "listen 80;": f"listen {plain};",
        "listen [::]:80;": f"listen [::]:{plain};",
        "return 301 https://$host$": f"return 301 https://$host:{port}$",
        f"\n    {replica}": "".join(f"\n    {replica.replace('8501', str(one))}" for one in replicas),
    }
    for place, value in places.items():
        assert place in site, place
        site = site.replace(place, value)
    return site if _has_ipv6() else re.sub(r".*listen \[::\].*\n", "", site)


def _has_ipv6() -> bool:
    return Path("/proc/net/if_inet6").exists()


def _until_listening(port: int, folder: Path, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(100):
        with socket.socket() as probe:
            if process.poll() is not None or probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    assert process.poll() is None, (folder / "error.log").read_text()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for HOST that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now - timedelta(hours=1), now + timedelta(days=1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "site.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "site.key").write_bytes(private)
    return folder / "site.pem", folder / "site.key"
