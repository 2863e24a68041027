"""The STUN and TURN servers that browsers are given, from the environment or from Streamlit's secrets; none by default.

On one computer or within one network none is needed. Between networks the video needs a TURN server; with a shared
secret each visitor gets a name and a password of his own that expire (the REST API of TURN servers, which coturn calls
`use-auth-secret`: draft-uberti-behave-turn-rest).
"""

import base64
import hashlib
import hmac
import ipaddress
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from core.exceptions import InputError
from dashboard.switches import switched_on

SERVERS = "FERSCOPE_ICE_SERVERS"
"""A JSON list as browsers take it, credentials included."""
TURN_URLS = "FERSCOPE_TURN_URLS"
"""Addresses of one TURN server, separated by commas."""
TURN_SECRET = "FERSCOPE_TURN_SECRET"
"""The secret that this app and the TURN server share."""
TURN_HOURS = "FERSCOPE_TURN_HOURS"
"""How long a visitor's credentials hold, 12 hours by default."""
RELAY_ONLY = "FERSCOPE_RELAY_ONLY"
"""1 where browsers shall send and receive through the TURN server alone."""

NAMES = (SERVERS, TURN_URLS, TURN_SECRET, TURN_HOURS, RELAY_ONLY)

Server = dict[str, Any]


def ice_servers(settings: Mapping[str, str], now_s: float) -> list[Server]:
    """`settings` by the names above -> what a browser's `iceServers` is; raises InputError with what to write."""
    return _listed(settings.get(SERVERS) or "[]") + _turn(settings, now_s)


def relay_only(settings: Mapping[str, str], servers: list[Server]) -> bool:
    """Whether browsers shall use the TURN server alone; raises InputError where there is none, or for another word."""
    if not switched_on(RELAY_ONLY, settings):
        return False
    if not has_turn(servers):
        raise InputError(f"{RELAY_ONLY} is on, and no TURN server is set up; set {TURN_URLS} and {TURN_SECRET}.")
    return True


def has_turn(servers: list[Server]) -> bool:
    """Whether one of them can carry the video."""
    return any(url.startswith(("turn:", "turns:")) for server in servers for url in _urls(server))


def _listed(text: str) -> list[Server]:
    try:
        servers = json.loads(text)
    except ValueError:
        servers = None
    if not isinstance(servers, list) or not all(isinstance(server, dict) and "urls" in server for server in servers):
        raise InputError(f"{SERVERS} is not a JSON list; write for example " + '[{"urls": "stun:host:3478"}].')
    return servers


def _turn(settings: Mapping[str, str], now_s: float) -> list[Server]:
    urls = [url.strip() for url in settings.get(TURN_URLS, "").split(",") if url.strip()]
    secret = settings.get(TURN_SECRET, "")
    if bool(urls) != bool(secret):
        raise InputError(f"{TURN_URLS} and {TURN_SECRET} belong together; one of them is not set.")
    if not urls:
        return []
    if wrong := [url for url in urls if not url.startswith(("turn:", "turns:"))]:
        raise InputError(f"{TURN_URLS}: {wrong[0]} is no TURN address; write for example turn:host:3478?transport=udp.")
    # The same for all of an hour: a page that is drawn again must not find other servers in the middle of a stream.
    hour_s = now_s // 3600 * 3600
    username, credential = credentials(secret, hour_s + 3600 * (1 + _hours(settings.get(TURN_HOURS) or "12")))
    return [{"urls": urls, "username": username, "credential": credential}]


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= 24 * 366:
        raise InputError(f"{TURN_HOURS} is {text!r}; write a number of hours, for example 12.")
    return hours


def credentials(secret: str, expires_s: float) -> tuple[str, str]:
    """User name and password for a TURN server with the same secret, good until `expires_s` (Unix time)."""
    username = f"{int(expires_s)}:ferscope"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(digest).decode()


def obstacle(page_url: str, servers: list[Server]) -> str | None:
    """Why the camera will not work, or may not, on a page opened at this address; None where nothing is in the way."""
    parts = urlsplit(page_url)
    if not parts.hostname or _is_this_machine(parts.hostname):
        return None
    if parts.scheme != "https":
        return (
            "This page was opened from another machine without HTTPS, and browsers give no camera to such a page. "
            "Open it over HTTPS, or on the machine that runs it as http://localhost."
        )
    if not has_turn(servers):
        return (
            "No TURN server is set up, so the video reaches this page from the same network only. If it connects and "
            "no picture comes, take a snapshot on the Photo page instead."
        )
    return None


def _urls(server: Server) -> list[str]:
    urls = server["urls"]
    return [urls] if isinstance(urls, str) else list(urls)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
