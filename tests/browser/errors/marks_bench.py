"""Mark images with two browsers and the command at once: `python -m tests.browser.errors.marks_bench`.

Each browser opens one face after another on the Errors page and presses the keys of all kinds of marks. A mark counts
as set when its button says so. Meanwhile the command `marks add` runs again and again. In the middle, the server and
one command are killed (SIGKILL), and started again. At the end every mark that was set must be there, and marks that
are exported, imported where there are none and exported again must be the same file.

FER2013 must be imported. The marks go to a temporary folder.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, sync_playwright

from core import paths
from core.data.shipped import load_manifest
from core.review import store
from core.review.marks import KINDS
from tests.browser.chromium import ROOT, Server, chromium, free_port, open_page, running_server

BROWSERS = 2

Key = tuple[str, str]
"""Image and kind of a mark."""


class RestartedServer:
    """The app on one port, which can be killed and started again."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.port, self.log, self.environment = free_port(), folder / "server.log", environment
        self.stack = ExitStack()
        self.starts = 0

    def start(self) -> Server:
        self.starts += 1
        return self.stack.enter_context(running_server(self.log, self.environment, self.port))

    def kill_and_start(self) -> None:
        """Kill the server with SIGKILL, as `running_server` ends it, and start it again on the same port."""
        self.stack.close()
        self.start()


def faces_of(number: int, marks: int) -> list[str]:
    """Return the images that one of the writers marks. No other writer marks them."""
    manifest = load_manifest()
    ids = manifest.loc[manifest["split"] == "test", "image_id"].tolist()
    return ids[number :: BROWSERS + 1][: -(-marks // len(KINDS))]


def keys_of(number: int, marks: int) -> list[Key]:
    return [(image_id, kind) for image_id in faces_of(number, marks) for kind in KINDS][:marks]


class Visitor:
    """A visitor who marks one face after another."""

    def __init__(self, browser: Browser, url: str, marks: list[Key]) -> None:
        self.page = open_page(browser, f"{url}/errors", viewport={"width": 1440, "height": 900})
        self.url, self.marks = url, marks
        self.set: list[Key] = []
        self.image_id = ""

    def press(self) -> None:
        """Press the key of the next mark, unless the mark is there already."""
        image_id, kind = self.next
        if self.image_id != image_id:
            self._open(image_id)
        if not self._is_set(kind):
            self.page.keyboard.press(KINDS[kind].shortcut)

    def wait(self) -> None:
        """Wait until the page shows that the next mark is set."""
        self._button(self.next[1], "[kind=primary]").wait_for(state="attached")
        self.set.append(self.next)

    @property
    def next(self) -> Key:
        return self.marks[len(self.set)]

    def _open(self, image_id: str) -> None:
        self.page.goto(f"{self.url}/errors?image={image_id}")
        self.page.locator(f".ferscope-face-body code:text-is('{image_id}')").wait_for()
        self._button("interesting").wait_for(state="attached")
        self.image_id = image_id

    def _button(self, kind: str, state: str = "") -> Locator:
        # Streamlit draws each button twice, for wide and for narrow screens.
        return self.page.locator(f".st-key-face-mark-{kind} button{state}").first

    def _is_set(self, kind: str) -> bool:
        return self._button(kind, "[kind=primary]").count() > 0


def run_command(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "core", "marks", *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )


class Commands(threading.Thread):
    """Runs `marks add` once per mark, one after the other. One of the commands is killed, and run again."""

    def __init__(self, environment: dict[str, str], marks: list[Key]) -> None:
        super().__init__(daemon=True)
        self.environment, self.marks = environment, marks
        self.set: list[Key] = []
        self.killed = 0

    def run(self) -> None:
        for number, (image_id, kind) in enumerate(self.marks):
            command = run_command(self.environment, "add", image_id, kind)
            if number == len(self.marks) // 2:
                command.kill()
                self.killed += command.wait() != 0
                command = run_command(self.environment, "add", image_id, kind)
            if command.wait() == 0:
                self.set.append((image_id, kind))


@contextmanager
def data_folder() -> Iterator[Path]:
    """Make a data folder that has the images of the real one, but no marks."""
    with tempfile.TemporaryDirectory(prefix="ferscope-marks-bench-") as name:
        folder = Path(name)
        (folder / "fer2013").symlink_to((paths.DATA_DIR / "fer2013").resolve())
        yield folder


def out_in_out(folder: Path, environment: dict[str, str]) -> bool:
    """Return whether marks stay the same when they are exported, imported where there are none, and exported again."""
    first, second = folder / "first.csv", folder / "second.csv"
    with data_folder() as other:
        for env, *arguments in (
            (environment, "export", first),
            ({**environment, "FERSCOPE_DATA": str(other)}, "import", first),
            ({**environment, "FERSCOPE_DATA": str(other)}, "export", second),
        ):
            if run_command(env, *map(str, arguments)).wait() != 0:
                return False
    return first.read_bytes() == second.read_bytes()


def mark_together(visitors: list[Visitor], server: RestartedServer, marks: int) -> None:
    """Let the visitors set their marks at the same time. Kill the server just after they pressed keys, halfway."""
    for number in range(marks):
        for visitor in visitors:
            visitor.press()
        if number == marks // 2:  # whether these marks were set is open
            server.kill_and_start()
            for visitor in visitors:
                visitor.image_id = ""
                visitor.press()
        for visitor in visitors:
            visitor.wait()


def main(marks: int) -> int:
    with data_folder() as folder, ExitStack() as stack:
        environment = {**os.environ, "FERSCOPE_DATA": str(folder)}
        server = RestartedServer(folder, environment)
        stack.callback(server.stack.close)
        url = server.start().url
        playwright = stack.enter_context(sync_playwright())
        browsers = [stack.enter_context(chromium(playwright)) for _ in range(BROWSERS)]
        visitors = [Visitor(browser, url, keys_of(number, marks)) for number, browser in enumerate(browsers)]
        commands = Commands(environment, keys_of(BROWSERS, marks))
        commands.start()
        mark_together(visitors, server, marks)
        commands.join()
        return report(visitors, commands, server, folder, environment, marks)


def report(
    visitors: list[Visitor],
    commands: Commands,
    server: RestartedServer,
    folder: Path,
    environment: dict[str, str],
    marks: int,
) -> int:
    """Print how many marks were set and are there. Return the exit code: 0 if none is lost and none too many."""
    paths.DATA_DIR = folder
    stored = {mark.key for mark in store.marks("fer2013")}
    is_good = True
    keys_by_writer = {f"browser {number}": visitor.set for number, visitor in enumerate(visitors, start=1)}
    for name, keys in {**keys_by_writer, "command": commands.set}.items():
        lost = set(keys) - stored
        is_good &= not lost and len(keys) == marks
        print(f"{name}: {len(keys)} marks set, {len(lost)} lost")
    total = marks * (BROWSERS + 1)
    same = out_in_out(folder, environment)
    print(f"{len(stored)} marks stored of {total}; server killed {server.starts - 1} times, commands {commands.killed}")
    print(f"out, in, out: {'equal' if same else 'different'}")
    return int(not (is_good and same and len(stored) == total))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--marks", type=int, default=300, metavar="N", help="marks per browser and of the command")
    sys.exit(main(parser.parse_args().marks))
