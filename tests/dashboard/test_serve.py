"""The host names under which the app may be opened."""

import os
import signal
import subprocess
import sys
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from core import paths
from core.exceptions import InputError
from dashboard import serve
from tests.browser.chromium import free_port, wait_until_listening

NETWORK = ["--server.address", "0.0.0.0"]
CONFIG = tomllib.loads((paths.ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def hosts(names: str, *arguments: str, **environment: str) -> list[str] | None:
    return serve.allowed_hosts(arguments, {serve.SETTING: names, **environment})


def test_the_configuration_allows_the_names_of_this_machine_only():
    assert CONFIG["server"]["allowedHosts"] == list(serve.THIS_MACHINE)


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ([], {}),
        (["--server.address=127.0.0.1"], {}),
        (["--server.address", "localhost", "--server.port=8600"], {}),
        (["--server.address=::1"], {}),
        ([], {serve.ADDRESS: "127.0.0.1"}),
        ([*NETWORK, "--server.allowedHosts=fer.example.org"], {}),
        (NETWORK, {serve.ALLOWED_HOSTS: "fer.example.org"}),
    ],
)
def test_streamlits_own_settings_decide_on_this_machine_or_if_they_name_hosts(arguments, environment):
    assert hosts("", *arguments, **environment) is None


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (NETWORK, {}),
        (["--server.address=192.0.2.7"], {}),
        (["--server.address=::"], {}),
        (["--server.address="], {}),
        (["--server.port=80"], {serve.ADDRESS: "0.0.0.0"}),
    ],
)
def test_an_app_for_the_network_accepts_any_name_unless_names_are_set(arguments, environment):
    assert hosts("", *arguments, **environment) == ["*"]
    assert hosts("a.org, b.org", *arguments, **environment) == [*serve.THIS_MACHINE, "a.org", "b.org"]


@pytest.mark.parametrize(
    ("names", "allowed"),
    [
        ("fer.example.org", ["fer.example.org"]),
        (" fer.example.org ,, *.example.net,", ["fer.example.org", "*.example.net"]),
        ("[2001:db8::1],192.0.2.7", ["2001:db8::1", "192.0.2.7"]),
        ("*", ["*"]),
        ("my_host,h", ["my_host", "h"]),
    ],
)
def test_names_are_separated_by_commas(names, allowed):
    assert hosts(names) == [*serve.THIS_MACHINE, *allowed]


@pytest.mark.parametrize(
    "bad", ["https://fer.example.org", "fer.example.org:8501", "a b", "a/b", "*a", "a.*", "é", "-"]
)
def test_anything_else_than_a_host_name_is_refused(bad):
    with pytest.raises(InputError, match="write host names without https"):
        hosts(f"good.org,{bad}")


@pytest.mark.property
@given(st.text() | st.text(alphabet="aZ1.-_:[]*, /@\n\u017f"))
def test_any_text_gives_names_that_streamlit_can_read_or_a_short_error(names):
    try:
        allowed = hosts(names) or []
    except InputError as error:
        assert len(str(error)) <= 300
    else:
        assert " ".join(allowed).split() == allowed  # Streamlit splits the variable at spaces
        assert "".join(allowed).isascii()


@pytest.mark.case("c6")
@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost:8501", True),
        ("127.0.0.1:8501", True),
        ("[::1]:8501", True),
        ("fer.example.org", True),
        ("evil.example", False),
        ("localhost.evil.example:8501", False),
        ("127.0.0.1.evil.example", False),
        ("fer.example.org.evil.example", False),
    ],
)
def test_streamlit_accepts_these_names_and_no_others(host, allowed, monkeypatch):
    from streamlit import config

    monkeypatch.setattr(config, "get_option", {"server.allowedHosts": hosts("fer.example.org")}.__getitem__)
    assert is_host_allowed(host) is allowed


def run_serve(names: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m dashboard.serve` with `--help`, with which Streamlit ends at once."""
    environment = {**os.environ, serve.SETTING: names}
    environment.pop(serve.ALLOWED_HOSTS, None)
    command = [sys.executable, "-m", "dashboard.serve", *arguments, "--help"]
    return subprocess.run(command, cwd=paths.ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_the_command_says_that_any_name_is_accepted_and_how_to_change_this():
    ended = run_serve("", *NETWORK)
    assert (ended.returncode, ended.stderr) == (0, f"{serve.ANY_HOST}\n")


@pytest.mark.parametrize(("names", "arguments"), [("fer.example.org", NETWORK), ("", [])])
def test_the_command_says_nothing_if_names_are_limited(names, arguments):
    ended = run_serve(names, *arguments)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_command_refuses_a_bad_setting_in_one_sentence():
    ended = run_serve("https://fer.example.org")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: FERSCOPE_ALLOWED_HOSTS contains 'https://fer.example.org'; write host names")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile"])
def test_the_makefile_and_the_container_start_the_app_with_this_module(name):
    text = (paths.ROOT / name).read_text(encoding="utf-8")
    assert "dashboard.serve" in text
    assert "streamlit run" not in text and '"streamlit"' not in text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_like_an_exit_so_that_films_are_deleted(number, tmp_path):
    app = tmp_path / "small_app.py"
    page = tmp_path / "page.py"
    page.write_text("")
    left = tmp_path / "left"
    app.write_text(
        "import atexit, pathlib, streamlit as st\n"
        f"atexit.register(pathlib.Path({str(left)!r}).touch)\n"
        "@st.cache_data\ndef nothing(): pass\n"
        f"app = st.App({str(page)!r})\n"
    )
    port = free_port()
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    code = f"from dashboard import serve; serve.main({options!r}, {str(app)!r})"
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-c", code], cwd=paths.ROOT, stdout=output, stderr=output)
    try:
        wait_until_listening(process, port, log)
        process.send_signal(number)
        assert process.wait(30) == 0, log.read_text()
    finally:
        process.kill()
    assert left.exists()
    assert "Aborted" not in log.read_text() and "No runtime found" not in log.read_text()
