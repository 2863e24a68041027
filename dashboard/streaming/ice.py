"""STUN and TURN servers that help to connect browsers with the app, read from settings; none by default.

On one computer or within one network, no server is needed. Between networks, the video needs a TURN server, which
relays it. If the app and the TURN server share a secret, each visitor gets a user name and a password that expire
(draft-uberti-behave-turn-rest; coturn's option is `use-auth-secret`).
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

# Names of the settings.
SERVERS = "FERSCOPE_ICE_SERVERS"
"""A JSON list of STUN and TURN servers in the format of the browsers' `iceServers`, with credentials if needed."""
TURN_URLS = "FERSCOPE_TURN_URLS"
"""Comma-separated addresses of one TURN server."""
TURN_SECRET = "FERSCOPE_TURN_SECRET"
"""The secret that this app and the TURN server share."""
TURN_HOURS = "FERSCOPE_TURN_HOURS"
"""Hours for which a visitor's credentials are valid; 12 by default."""
RELAY_ONLY = "FERSCOPE_RELAY_ONLY"
"""1 if all video must pass through the TURN server."""

NAMES = (SERVERS, TURN_URLS, TURN_SECRET, TURN_HOURS, RELAY_ONLY)

Server = dict[str, Any]


def ice_servers(settings: Mapping[str, str], now_s: float) -> list[Server]:
    """Return the servers of these settings (name -> value) in the format of the browsers' `iceServers`.

    `now_s` is the current Unix time. The lifetime of credentials is counted from it. Raises InputError if a setting
    is invalid.
    """
    return _parse_servers(settings.get(SERVERS) or "[]") + _turn_servers(settings, now_s)


def relay_only(settings: Mapping[str, str], servers: list[Server]) -> bool:
    """Return whether all video must pass through the TURN server.

    Raises InputError if RELAY_ONLY is on without a TURN server, or if its value means neither on nor off.
    """
    if not switched_on(RELAY_ONLY, settings):
        return False
    if not has_turn(servers):
        raise InputError(f"{RELAY_ONLY} is on, but no TURN server is set up; set {TURN_URLS} and {TURN_SECRET}.")
    return True


def has_turn(servers: list[Server]) -> bool:
    """Return whether one of the servers is a TURN server, which can relay the video."""
    return any(url.startswith(("turn:", "turns:")) for server in servers for url in _urls(server))


def _parse_servers(text: str) -> list[Server]:
    try:
        servers = json.loads(text)
    except ValueError:
        servers = None
    if not isinstance(servers, list) or not all(isinstance(server, dict) and "urls" in server for server in servers):
        example = '[{"urls": "stun:host:3478"}]'
        raise InputError(f"{SERVERS} is not a JSON list of servers with urls; write for example {example}.")
    return servers


def _turn_servers(settings: Mapping[str, str], now_s: float) -> list[Server]:
    urls = [url.strip() for url in settings.get(TURN_URLS, "").split(",") if url.strip()]
    secret = settings.get(TURN_SECRET, "")
    if bool(urls) != bool(secret):
        raise InputError(f"Only one of {TURN_URLS} and {TURN_SECRET} is set; set both or neither.")
    if not urls:
        return []
    if wrong := [url for url in urls if not url.startswith(("turn:", "turns:"))]:
        raise InputError(
            f"{TURN_URLS}: {wrong[0]} is not a TURN address; write for example turn:host:3478?transport=udp."
        )
    # The credentials contain their time of expiry. Round it to full hours, so that they seldom change when the page
    # reruns during a stream.
    hour_s = now_s // 3600 * 3600
    username, credential = credentials(secret, hour_s + 3600 * (1 + _parse_hours(settings.get(TURN_HOURS) or "12")))
    return [{"urls": urls, "username": username, "credential": credential}]


def _parse_hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= 24 * 366:
        raise InputError(f"{TURN_HOURS} is {text!r}; write a number of hours above 0 and up to 8784, for example 12.")
    return hours


def credentials(secret: str, expires_s: float) -> tuple[str, str]:
    """Return a user name and a password for a TURN server with this secret. They expire at `expires_s` (Unix time)."""
    username = f"{int(expires_s)}:ferscope"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(digest).decode()


def obstacle(page_url: str, servers: list[Server]) -> str | None:
    """Return a warning if the camera will not or may not work on a page at this address; otherwise None."""
    parts = urlsplit(page_url)
    if not parts.hostname or is_this_machine(parts.hostname):
        return None
    if parts.scheme != "https":
        return (
            "This page was opened from another machine without HTTPS. Browsers do not give such pages a camera. "
            "Open the page over HTTPS, or at http://localhost on the machine that runs it."
        )
    if not has_turn(servers):
        return (
            "No TURN server (a relay for video) is set up, so the video works only within the server's own network. "
            "If the camera connects but no video appears, take a snapshot on the Photo & video page instead."
        )
    return None


def _urls(server: Server) -> list[str]:
    urls = server["urls"]
    return [urls] if isinstance(urls, str) else list(urls)


def is_this_machine(host: str) -> bool:
    """Return whether this name or address always means the machine itself, such as localhost and 127.0.0.1."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
