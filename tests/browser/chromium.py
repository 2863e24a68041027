"""The real server, a real Chromium and a fake camera, for the browser tests and `live_bench.py`."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakSet

import cv2
from playwright.sync_api import Browser, Locator, Page, Playwright

from core.video.example import portrait_video
from core.vision.images import Image, to_bgr
from tests.browser import runs

ROOT = Path(__file__).resolve().parents[2]

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NO_CHROMIUM = (
    "No Chromium was found. Install it (Debian: apt-get install chromium), or set BROWSER_PATH to Chromium or Chrome."
)

FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--allow-loopback-in-peer-connection",
    "--host-resolver-rules=MAP *.example.org 127.0.0.1",
    # Run background tabs at full speed, because each tab simulates the foreground tab of another visitor.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
)

TIMEOUT_MS = 90_000
"""Timeout of each wait. It is long because test machines may be slow and busy."""


def find_chromium() -> str | None:
    """Return the path of Chromium or Chrome: BROWSER_PATH if set, otherwise the first on PATH, otherwise None."""
    return os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


MJPEG_FRAMES_PER_S = 30
"""Frames per second at which Chromium plays a file of JPEGs."""


def write_camera(path: Path, frames: Iterable[Image] = (), frames_per_s: float = MJPEG_FRAMES_PER_S) -> Path:
    """Write a video for Chromium's fake camera. Without `frames`, it shows a portrait, panned and zoomed in a loop.

    `path` ends in .mjpeg. For another frame rate than 30, it is replaced by .y4m: such files contain their frame rate,
    but are not compressed. All frames have the same size, and even sides. Return the path of the file.
    """
    frames = frames or portrait_video(180)
    if frames_per_s == MJPEG_FRAMES_PER_S:
        path.write_bytes(b"".join(map(_jpeg, frames)))
        return path
    path = path.with_suffix(".y4m")
    with path.open("wb") as file:
        for number, image in enumerate(frames):
            if number == 0:
                height, width = image.shape[:2]
                file.write(f"YUV4MPEG2 W{width} H{height} F{round(1000 * frames_per_s)}:1000\n".encode())
            file.write(b"FRAME\n" + cv2.cvtColor(image, cv2.COLOR_RGB2YUV_I420).tobytes())
    return path


def _jpeg(image: Image) -> bytes:
    return cv2.imencode(".jpg", to_bgr(image), [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


@dataclass(frozen=True)
class Server:
    """A running app."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def resident_mb(self) -> float:
        """Return the resident memory of the app's process in MB (1,000,000 bytes). Linux only."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kilobytes) * 1024 / 1e6

    def cpu_seconds(self) -> float:
        """Return the processor time of the app's process so far, in seconds. Linux only."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        # user time + system time
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def thread_count(self) -> int:
        """Return the number of threads of the app's process. Linux only."""
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    def socket_count(self) -> int:
        """Return the number of open sockets of the app's process. Linux only."""
        count = 0
        for entry in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed in the meantime
                count += entry.readlink().name.startswith("socket:")
        return count

    def written_bytes(self) -> int:
        """Return the number of bytes that the app's process has written to disks so far. Linux only."""
        counts = Path(f"/proc/{self.process.pid}/io").read_text()
        return int(next(line.split()[1] for line in counts.splitlines() if line.startswith("write_bytes")))


NO_TURN = "No coturn was found. Install it (Debian: apt-get install coturn) to test video through a relay."


@contextmanager
def turn_server(secret: str, log: Path) -> Iterator[str]:
    """Run coturn, a TURN server (a relay for video), on the loopback interface. Yield its address.

    Clients prove that they know `secret`.
    """
    port = free_port()
    options = [
        *("--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={port}", "--allow-loopback-peers"),
        *("--use-auth-secret", f"--static-auth-secret={secret}", "--realm=ferscope", "--fingerprint", "--no-cli"),
        *("--no-tls", "--no-dtls", "--log-file=stdout", f"--pidfile={log.with_suffix('.pid')}"),
        *("--min-port=49160", "--max-port=49400", f"--userdb={log.with_suffix('.db')}"),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(["turnserver", "-n", *options], stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until_listening(process, port, log)
            yield f"turn:127.0.0.1:{port}?transport=udp"
        finally:
            process.kill()
            process.wait(timeout=10)


def wait_until_listening(
    process: subprocess.Popen[bytes], port: int, log: Path, timeout_s: float = TIMEOUT_MS / 1000
) -> None:
    """Wait until the process listens on this port. Raises RuntimeError with its log if it ends or takes too long."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError(f"No server listened on port {port} within {timeout_s:.0f} s:\n{log.read_text()}")


@contextmanager
def running_server(
    log: Path, environment: Mapping[str, str] | None = None, port: int | None = None, script: str = ""
) -> Iterator[Server]:
    """Run the real app, or another `script`, on `port`, by default a free one. It is always killed at the end."""
    port = port or free_port()
    environment = {"STREAMLIT_SERVER_BASE_URL_PATH": "", **(environment or {})}
    url = f"http://127.0.0.1:{port}/{environment['STREAMLIT_SERVER_BASE_URL_PATH']}".rstrip("/")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.serve", str(port), *filter(None, [script])],
            cwd=ROOT,
            env={**os.environ, "MALLOC_ARENA_MAX": "2", **environment},  # as in `make run` and the Dockerfile
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(process, url, log)
            yield Server(url, process, log)
        finally:
            process.kill()
            process.wait(timeout=10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(
    process: subprocess.Popen[bytes], url: str, log: Path, timeout_s: float = TIMEOUT_MS / 1000
) -> None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The app did not start within {timeout_s:.0f} s:\n{log.read_text()}")


@contextmanager
def chromium(
    playwright: Playwright, camera: Path | None = None, camera_allowed: bool = True, camera_count: int = 1
) -> Iterator[Browser]:
    """Run a headless Chromium with fake cameras that play `camera`, by default a test pattern.

    If `camera_allowed` is false, every page is denied the cameras.
    """
    video = [f"--use-file-for-fake-video-capture={camera}"] if camera else []
    device = [f"--use-fake-device-for-media-stream=device-count={camera_count}"] if camera_count else []
    permission = "--use-fake-ui-for-media-stream" + ("" if camera_allowed else "=deny")
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, *device, *video, permission])
    try:
        yield browser
    finally:
        _left_tabs.pop(browser, None)
        browser.close()


def open_page(browser: Browser, url: str, script: str = "", timeout_ms: float = TIMEOUT_MS, **context: Any) -> Page:
    """Open a page of the app in a browser context of its own and wait until it is complete.

    `script` runs before the page. In the end, a test leaves the page (`leave_page`) or closes its context.
    """
    page = new_page(browser, script, timeout_ms, **context)
    page.goto(url)
    wait_until_complete(page)
    return page


def new_page(browser: Browser, script: str = "", timeout_ms: float = TIMEOUT_MS, **context: Any) -> Page:
    """Return an empty page for a page of the app, in a new browser context or one that a test has left."""
    is_plain = not script and context.keys() <= CHANGEABLE.keys()
    tabs = _left_tabs.setdefault(browser, []) if is_plain else []
    if tabs:
        page = tabs.pop()
        settings = CHANGEABLE | context
        page.set_viewport_size(settings.pop("viewport"))
        page.emulate_media(**settings)
    else:
        page = _new_tab(browser, script, is_plain, context)
    page.set_default_timeout(timeout_ms)
    return page


CHANGEABLE: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 720}, "color_scheme": "light", "reduced_motion": "no-preference"
}  # fmt: skip
"""The settings of a context that can be changed while it is open, and Playwright's defaults."""

_left_tabs: dict[Browser, list[Page]] = {}
_plain_tabs: WeakSet[Page] = WeakSet()


def _new_tab(browser: Browser, script: str, is_plain: bool, context: Mapping[str, Any]) -> Page:
    browser_context = browser.new_context(**context)
    browser_context.add_init_script(runs.SCRIPT)
    if script:
        browser_context.add_init_script(script)
    page = browser_context.new_page()
    if is_plain:
        _plain_tabs.add(page)
    return page


def leave_page(page: Page) -> None:
    """Close a page, and leave its empty tab to the next test with the same browser.

    A page opens in half the time in a tab that has shown another one, because the browser keeps the compiled scripts.
    Nothing else is kept. If a context has more settings than `CHANGEABLE`, it is closed.
    """
    if page not in _plain_tabs:
        page.context.close()
        return
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    page.goto("about:blank")
    browser = page.context.browser
    assert browser is not None
    _left_tabs[browser].append(page)


def wait_until_complete(page: Page) -> None:
    """Wait until the page shows its title, and the results of everything that was done on it before.

    Call this after an action and before reading the page. To wait for the address is not enough: the browser changes it
    before the server knows of the action.
    """
    page.locator("h1").first.wait_for()
    runs.wait_for_all_runs(page)


class LivePage:
    """Actions of a visitor of the Live page, and what the page shows."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.camera = page.frame_locator("iframe[src*='streamlit_webrtc']")

    def give_consent(self) -> None:
        """Tick the consent box unless it is ticked, and wait for the START button."""
        self.page.get_by_role("checkbox", name="I agree").check(force=True)
        self.camera.get_by_role("button", name="START").wait_for()

    def start(self) -> None:
        self.give_consent()
        self.camera.get_by_role("button", name="START").click()

    def stop(self) -> None:
        self.camera.get_by_role("button", name="STOP").click()
        self.camera.get_by_role("button", name="START").wait_for()
        self.panel("info").get_by_text("The camera is off").wait_for()

    def panel(self, state: str) -> Locator:
        """Return the panel beside the video in the given state: info, warning, error or reading."""
        return self.page.locator(f".st-key-live-{state}")

    def wait_for_label(self, timeout_ms: float = TIMEOUT_MS) -> None:
        """Wait until the page shows a predicted expression."""
        self.panel("reading").get_by_text("Predicted expression").wait_for(timeout=timeout_ms)

    def text(self) -> str:
        """Return all text that the page shows now."""
        return self.page.locator("[data-testid=stMain]").inner_text() + self.camera.locator("body").inner_text()

    def shown_frames(self) -> tuple[int, int]:
        """Return the number of frames that the browser has shown and their width in pixels (2 without a video)."""
        script = "video => [video.getVideoPlaybackQuality().totalVideoFrames, video.videoWidth]"
        frames, width = self.camera.locator("video").evaluate(script)
        return frames, width

    def wait_for_shown_frames(self, count: int) -> None:
        """Wait until the browser has shown at least `count` frames. It shows them a while after they were processed."""
        self._wait_for_count(lambda: self.shown_frames()[0], count, TIMEOUT_MS / 1000)

    def wait_for_frames(self, count: int, timeout_s: float = TIMEOUT_MS / 1000) -> None:
        """Wait until the server has processed at least `count` frames since START."""
        self._wait_for_count(self.processed_frames, count, timeout_s)

    def _wait_for_count(self, frames: Callable[[], int], count: int, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while frames() < count:
            assert time.monotonic() < deadline, f"{frames()} frames after {timeout_s} s, expected {count}"
            self.page.wait_for_timeout(200)

    def processed_frames(self) -> int:
        """Return the number of frames processed since START, as shown on the page."""
        text = self.page.locator(".st-key-live-figures").inner_text()
        return int(next(part for part in text.split(" · ") if part.endswith(" frames")).split()[0].replace(",", ""))
