"""Servers for the video's way: from settings, with credentials that expire, and what to say before START."""

import base64
import hashlib
import hmac

import pytest

from core.exceptions import InputError
from dashboard.streaming import ice

NOW_S = 1_800_000_123.0
TURN = {ice.TURN_URLS: "turn:host:3478?transport=udp, turns:host:5349", ice.TURN_SECRET: "north"}


def test_without_settings_there_is_none():
    assert ice.ice_servers({}, NOW_S) == []


def test_a_list_is_taken_as_it_is():
    text = '[{"urls": "turn:host:3478", "username": "a", "credential": "b"}]'
    assert ice.ice_servers({ice.SERVERS: text}, NOW_S) == [
        {"urls": "turn:host:3478", "username": "a", "credential": "b"}
    ]


@pytest.mark.parametrize("text", ["stun:host:3478", '{"urls": "stun:host:3478"}', '["stun:host"]'])
def test_what_is_no_list_of_servers_is_refused(text):
    with pytest.raises(InputError, match="not a JSON list"):
        ice.ice_servers({ice.SERVERS: text}, NOW_S)


def test_credentials_are_what_coturn_expects():
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
    ("settings", "sentence"),
    [
        ({ice.TURN_URLS: "turn:host"}, "belong together"),
        ({ice.TURN_SECRET: "north"}, "belong together"),
        (TURN | {ice.TURN_URLS: "host:3478"}, "is no TURN address"),
        (TURN | {ice.TURN_HOURS: "long"}, "number of hours"),
        (TURN | {ice.TURN_HOURS: "0"}, "number of hours"),
    ],
)
def test_wrong_settings_say_what_to_write(settings, sentence):
    with pytest.raises(InputError, match=sentence):
        ice.ice_servers(settings, NOW_S)


@pytest.mark.parametrize(
    ("url", "servers", "sentence"),
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
def test_what_is_in_the_way_is_said_before_start(url, servers, sentence):
    said = ice.obstacle(url, servers)
    assert said is None if sentence is None else sentence in said


RELAY = [{"urls": ["stun:host:3478", "turn:host:3478"], "username": "a", "credential": "b"}]


@pytest.mark.parametrize(("word", "only"), [("1", True), ("true", True), ("0", False), ("False", False)])
def test_relay_only_is_a_word(word, only):
    assert ice.relay_only({ice.RELAY_ONLY: word}, RELAY) is only
    assert ice.relay_only({}, RELAY) is False


@pytest.mark.parametrize(("word", "servers"), [("maybe", RELAY), ("1", []), ("1", [{"urls": "stun:turn.host:3478"}])])
def test_relay_only_without_a_relay_or_sense_is_refused(word, servers):
    with pytest.raises(InputError, match=ice.RELAY_ONLY):
        ice.relay_only({ice.RELAY_ONLY: word}, servers)
