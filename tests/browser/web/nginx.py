"""A real nginx with the configuration of docs/nginx.conf, for the browser tests."""

import datetime
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.browser.chromium import ROOT, free_port, wait_until_listening

NO_NGINX = "No nginx was found. Install it (Debian: apt-get install nginx-light) to test the app behind a proxy."

SNIPPET = ROOT / "docs" / "nginx.conf"

DOMAIN = "fer.example.org"
"""The domain in the snippet. The tests' Chromium takes it for this machine."""

MAIN = """\
daemon off;
master_process off;  # one process, so that it ends when it is killed
pid {folder}/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/ferscope.conf;
}}
"""
"""What surrounds the snippet. nginx's own folders belong to root, so it gets others."""


@dataclass(frozen=True)
class Proxy:
    """A running nginx."""

    port: int
    """Port for HTTPS."""
    http_port: int


def find_nginx() -> str:
    """Return the path of nginx. If there is none, skip the test."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(NO_NGINX)
    return found


@contextmanager
def running_nginx(folder: Path, app_port: int, location: str) -> Iterator[Proxy]:
    """Run nginx with the snippet, in front of an app on `app_port` at the path `location`, such as /fer/scope/."""
    nginx = find_nginx()
    proxy = Proxy(free_port(), free_port())
    write_certificate(folder)
    replacements = {
        "listen 80;": f"listen 127.0.0.1:{proxy.http_port};",
        "listen 443 ssl;": f"listen 127.0.0.1:{proxy.port} ssl;",
        "/etc/letsencrypt/live/fer.example.org/": f"{folder}/",
        "http://127.0.0.1:8501": f"http://127.0.0.1:{app_port}",
        "location / {": f"location {location} {{",
    }
    (folder / "ferscope.conf").write_text(replace_once(SNIPPET.read_text(), replacements))
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    log = folder / "nginx.log"
    with log.open("wb") as output:
        command = [nginx, "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", "stderr"]
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until_listening(process, proxy.port, log)
            yield proxy
        finally:
            process.kill()
            process.wait(timeout=10)


def replace_once(text: str, replacements: Mapping[str, str]) -> str:
    """Replace texts, each of which occurs in at least one place."""
    for old, new in replacements.items():
        assert old in text, f"{SNIPPET} does not contain {old!r}"
        text = text.replace(old, new)
    return text


def write_certificate(folder: Path) -> None:
    """Write a self-signed certificate for DOMAIN, fullchain.pem, and its key, privkey.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, DOMAIN)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(DOMAIN)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(key_bytes)
