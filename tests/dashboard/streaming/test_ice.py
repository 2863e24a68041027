"""STUN and TURN servers from settings, credentials that expire, and warnings before START."""

import base64
import hashlib
import hmac

import pytest

from core.exceptions import InputError
from dashboard.streaming import ice

NOW_S = 1_800_000_123.0
TURN = {ice.TURN_URLS: "turn:host:3478?transport=udp, turns:host:5349", ice.TURN_SECRET: "north"}


def test_without_settings_there_are_no_servers():
    assert ice.ice_servers({}, NOW_S) == []


def test_a_server_list_is_returned_unchanged():
    text = '[{"urls": "turn:host:3478", "username": "a", "credential": "b"}]'
    assert ice.ice_servers({ice.SERVERS: text}, NOW_S) == [
        {"urls": "turn:host:3478", "username": "a", "credential": "b"}
    ]


@pytest.mark.parametrize("text", ["stun:host:3478", '{"urls": "stun:host:3478"}', '["stun:host"]'])
def test_anything_but_a_json_list_of_servers_raises(text):
    with pytest.raises(InputError, match="not a JSON list"):
        ice.ice_servers({ice.SERVERS: text}, NOW_S)


def test_credentials_have_the_format_of_coturn_and_expire():
    (server,) = ice.ice_servers(TURN | {ice.TURN_HOURS: "2"}, NOW_S)
    assert server["urls"] == ["turn:host:3478?transport=udp", "turns:host:5349"]
    expires = int(server["username"].split(":")[0])
    assert 2 * 3600 <= expires - NOW_S <= 3 * 3600
    digest = hmac.new(b"north", server["username"].encode(), hashlib.sha1).digest()
    assert base64.b64decode(server["credential"]) == digest


def test_credentials_stay_the_same_within_an_hour():
    hour_s = NOW_S // 3600 * 3600
    assert ice.ice_servers(TURN, hour_s) == ice.ice_servers(TURN, hour_s + 3599)
    assert ice.ice_servers(TURN, hour_s) != ice.ice_servers(TURN, hour_s + 3600)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({ice.TURN_URLS: "turn:host"}, "Only one of"),
        ({ice.TURN_SECRET: "north"}, "Only one of"),
        (TURN | {ice.TURN_URLS: "host:3478"}, "is not a TURN address"),
        (TURN | {ice.TURN_HOURS: "long"}, "number of hours"),
        (TURN | {ice.TURN_HOURS: "0"}, "number of hours"),
    ],
)
def test_invalid_turn_settings_raise(settings, message):
    with pytest.raises(InputError, match=message):
        ice.ice_servers(settings, NOW_S)


@pytest.mark.parametrize(
    ("url", "servers", "expected"),
    [
        ("http://localhost:8501/live", [], None),
        ("http://127.0.0.1:8501/live", [], None),
        ("http://[::1]:8501/live", [], None),
        ("", [], None),
        ("http://192.168.1.5:8501/live", [], "without HTTPS"),
        ("http://fer.example.org/live", [{"urls": "turn:host"}], "without HTTPS"),
        ("https://fer.example.org/live", [{"urls": "stun:host"}], "No TURN server"),
        ("https://fer.example.org/live", [{"urls": ["stun:host", "turns:host"]}], None),
    ],
)
def test_the_obstacle_depends_on_the_address_and_the_servers(url, servers, expected):
    obstacle = ice.obstacle(url, servers)
    assert obstacle is None if expected is None else expected in obstacle


RELAY = [{"urls": ["stun:host:3478", "turn:host:3478"], "username": "a", "credential": "b"}]


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("true", True), ("0", False), ("False", False)])
def test_relay_only_is_switched_on_by_its_setting(value, expected):
    assert ice.relay_only({ice.RELAY_ONLY: value}, RELAY) is expected
    assert ice.relay_only({}, RELAY) is False


@pytest.mark.parametrize(("value", "servers"), [("maybe", RELAY), ("1", []), ("1", [{"urls": "stun:turn.host:3478"}])])
def test_relay_only_raises_without_a_turn_server_or_for_an_unknown_value(value, servers):
    with pytest.raises(InputError, match=ice.RELAY_ONLY):
        ice.relay_only({ice.RELAY_ONLY: value}, servers)
