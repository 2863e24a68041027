"""The app below a path behind a real nginx with docs/nginx.conf, in a real Chromium over HTTPS."""

import http.client
import io
import json
import re
import ssl
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import PIL.Image
import pytest
import skimage.data
from playwright.sync_api import Browser, Page

from dashboard.navigation import PAGES
from tests.browser.chromium import ROOT, LivePage, Server, open_page, running_server, wait_until_complete
from tests.browser.web.nginx import DOMAIN, SNIPPET, Proxy, running_nginx
from tests.project.dockerfile_lines import instructions

pytestmark = pytest.mark.case("c8")

BASE_PATH = "fer/scope"

COLLECT_VIOLATIONS = """
  window.ferscopeViolations = [];
  document.addEventListener("securitypolicyviolation", event =>
    window.ferscopeViolations.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""
"""Script that collects what the Content-Security-Policy forbids on the page."""


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """The app below the path BASE_PATH, under the name DOMAIN."""
    settings = {"STREAMLIT_SERVER_BASE_URL_PATH": BASE_PATH, "FERSCOPE_ALLOWED_HOSTS": DOMAIN}
    with running_server(folder / "server.log", settings) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(folder: Path, server: Server) -> Iterator[Proxy]:
    port = urlsplit(server.url).port
    assert port is not None
    with running_nginx(folder, port, f"/{BASE_PATH}/") as running:
        yield running


@pytest.fixture(scope="module")
def url(proxy: Proxy) -> str:
    return f"https://{DOMAIN}:{proxy.port}/{BASE_PATH}"


def open_checked(browser: Browser, url: str) -> Page:
    """Open a page that must not load anything that the Content-Security-Policy forbids."""
    return open_page(browser, url, COLLECT_VIOLATIONS, ignore_https_errors=True)


def check_appearance(page: Page) -> None:
    """Check that the logo and the style sheet were loaded and that nothing was forbidden."""
    logo = page.get_by_test_id("stHeaderLogo").first
    logo.wait_for()
    page.wait_for_function("image => image.naturalWidth > 0", arg=logo.element_handle())
    assert page.locator(".ferscope-lead").first.evaluate("lead => getComputedStyle(lead).maxWidth") != "none"
    assert page.evaluate("window.ferscopeViolations") == []
    assert page.get_by_test_id("stException").count() == 0


@pytest.mark.browser
def test_every_page_opens_by_its_address(browser: Browser, url: str) -> None:
    page = open_checked(browser, f"{url}/")
    check_appearance(page)
    for entry in PAGES[1:]:
        page.goto(f"{url}/{entry.url_path}")
        page.get_by_role("heading", name=entry.title, exact=True).wait_for()
        wait_until_complete(page)
        check_appearance(page)
    page.goto(f"{url}/compare?cells=Counts+and+percent")
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    check_appearance(page)
    page.context.close()


@pytest.mark.browser
def test_pages_cannot_load_pictures_from_other_sites(browser: Browser, url: str) -> None:
    page = open_checked(browser, f"{url}/photo")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://other.example.org/x.png'}))")
    page.wait_for_function("window.ferscopeViolations.length > 0")
    assert page.evaluate("window.ferscopeViolations") == ["img-src: https://other.example.org/x.png"]
    page.context.close()


@pytest.mark.browser
def test_links_in_the_menu_and_on_pages_stay_below_the_path(browser: Browser, url: str) -> None:
    page = open_checked(browser, f"{url}/")
    for entry in (*PAGES[1:], PAGES[0]):
        page.get_by_role("link", name=entry.title, exact=True).first.click()
        page.wait_for_url(f"{url}/{'' if entry is PAGES[0] else entry.url_path}")
        wait_until_complete(page)
    page.get_by_test_id("stMain").get_by_test_id("stPageLink-NavLink").first.click()
    page.wait_for_url(re.compile(f"^{re.escape(url)}/[a-z]+$"))
    wait_until_complete(page)
    check_appearance(page)
    page.context.close()


@pytest.mark.browser
def test_a_photo_can_be_uploaded_and_the_result_downloaded(browser: Browser, url: str) -> None:
    page = open_checked(browser, f"{url}/photo")
    photo = io.BytesIO()
    PIL.Image.fromarray(skimage.data.astronaut()).save(photo, "PNG")
    upload = {"name": "astronaut.png", "mimeType": "image/png", "buffer": photo.getvalue()}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(upload)  # type: ignore[arg-type]
    page.locator(".ferscope-face").first.wait_for()
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button").first.click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    check_appearance(page)
    page.context.close()


@pytest.mark.browser
def test_the_camera_works(browser: Browser, url: str) -> None:
    page = open_checked(browser, f"{url}/live")
    live = LivePage(page)
    live.start()
    live.wait_for_label()
    live.wait_for_frames(live.processed_frames() + 5)
    assert live.shown_frames()[1] > 10
    live.stop()
    check_appearance(page)
    page.context.close()


def request(
    proxy: Proxy, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[int, str, str]:
    """Send a request without a body over HTTPS. Return the status, the headers and the body."""
    context = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection("127.0.0.1", proxy.port, timeout=20, context=context)
    try:
        connection.request(method, path, headers={"Host": f"{DOMAIN}:{proxy.port}", **(headers or {})})
        response = connection.getresponse()
        return response.status, str(response.headers), response.read().decode("utf-8", "replace")
    finally:
        connection.close()


def test_health_is_open_and_metrics_are_closed(proxy: Proxy) -> None:
    assert request(proxy, f"/{BASE_PATH}/_stcore/health")[::2] == (200, "ok")
    for path in ("metrics", "metrics/", "metrics?families=x", "./metrics", "%6detrics", "/metrics", "x/../metrics"):
        assert request(proxy, f"/{BASE_PATH}/_stcore/{path}")[0] == 404, path


@pytest.mark.parametrize("path", ["", "_stcore/health", "_stcore/metrics", "static/none.js"])
def test_every_answer_has_the_security_headers_once(proxy: Proxy, path: str) -> None:
    _, headers, _ = request(proxy, f"/{BASE_PATH}/{path}")
    for name, value in {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
        "Strict-Transport-Security": "max-age=31536000",
    }.items():
        assert re.findall(rf"(?im)^{name}: (.*?)$", headers) == [value]
    assert "frame-ancestors 'self'" in headers
    assert "nginx/" not in headers


def test_cookies_are_sent_over_https_only(proxy: Proxy) -> None:
    _, headers, _ = request(proxy, f"/{BASE_PATH}/_stcore/health")
    assert re.search(r"(?im)^set-cookie: _streamlit_xsrf=.*; Secure", headers)


def test_plain_http_is_redirected_to_https(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.http_port, timeout=20)
    connection.request("GET", f"/{BASE_PATH}/photo?x=1", headers={"Host": DOMAIN})
    response = connection.getresponse()
    assert (response.status, response.getheader("Location")) == (301, f"https://{DOMAIN}/{BASE_PATH}/photo?x=1")
    connection.close()


def test_the_path_without_a_slash_and_other_paths_and_names_are_not_the_app(proxy: Proxy) -> None:
    assert request(proxy, f"/{BASE_PATH}")[0] == 301
    assert request(proxy, "/")[0] == 404


def body_limit() -> int:
    """Return the body limit of the snippet in bytes."""
    found = re.search(r"client_max_body_size (\d+)m;", SNIPPET.read_text())
    assert found
    return int(found[1]) * 2**20


def test_bodies_above_the_upload_limit_of_the_app_are_refused_at_once(proxy: Proxy) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    form = 2**20  # what Streamlit allows for the form around the file
    assert body_limit() >= config["server"]["maxUploadSize"] * 2**20 + form
    path = f"/{BASE_PATH}/_stcore/upload_file/0/0"
    assert request(proxy, path, {"Content-Length": str(body_limit() + 1)}, "PUT")[0] == 413


def test_headers_are_limited(proxy: Proxy) -> None:
    assert request(proxy, f"/{BASE_PATH}/", {"X-Long": "x" * 15_000})[0] == 200
    assert request(proxy, f"/{BASE_PATH}/", {"X-Long": "x" * 17_000})[0] == 400


def test_caddy_has_the_same_headers_and_limits() -> None:
    nginx, caddy = SNIPPET.read_text(), SNIPPET.with_name("Caddyfile").read_text()
    headers = re.findall(r'add_header (\S+) (".*?"|\S+) always;', nginx)
    assert len(headers) == 5
    assert [(name, value) for name, value in headers if f"\t\t{name} {value}\n" not in caddy] == []
    assert f"max_size {body_limit() // 2**20}MiB" in caddy
    assert "/_stcore/metrics*" in caddy


def health_check(app: Server, base_path: str) -> int:
    """Run the Dockerfile's health check against an app. Return its exit code."""
    arguments = dict(instructions((ROOT / "Dockerfile").read_text()))["HEALTHCHECK"]
    _, *command = json.loads(arguments[arguments.index("[") :].replace("8501", str(urlsplit(app.url).port)))
    environment = {"STREAMLIT_SERVER_BASE_URL_PATH": base_path}
    return subprocess.run([sys.executable, *command], env=environment, capture_output=True, check=False).returncode


@pytest.mark.parametrize("written", [BASE_PATH, f"/{BASE_PATH}", f"/{BASE_PATH}/"])
def test_the_health_check_of_the_dockerfile_works_below_a_path(server: Server, written: str) -> None:
    assert health_check(server, written) == 0


def test_the_health_check_of_the_dockerfile_fails_at_a_path_without_the_app(server: Server) -> None:
    assert health_check(server, "") == 1
    assert health_check(server, "other") == 1
