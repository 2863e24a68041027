"""`python -m tests.project.dockerfile_lines`: run the lines of the Dockerfile as a script, without Docker.

A temporary folder replaces the image, and a new virtual environment replaces its Python. Of the shell's environment,
only pip's settings are passed on. Creating another user is skipped, with a message. At the end, CMD starts the app, and
the script succeeds when HEALTHCHECK's command does. No image is built.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from tests.browser.chromium import ROOT

TIMEOUT_S = 120


def instructions(text: str) -> list[tuple[str, str]]:
    """Return the instructions of a Dockerfile with their arguments, in order."""
    lines = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^#.*\n", "", text)).splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines if line.strip())]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build-arg", action="append", default=[], metavar="NAME=VALUE", help="as for docker build")
    parser.add_argument("--port", default="8599", help="port of the app (default: 8599)")
    options = parser.parse_args()
    given = dict(argument.split("=", 1) for argument in options.build_arg)
    with tempfile.TemporaryDirectory() as folder:
        app = Path(folder) / "app"
        venv.create(Path(folder) / "python", with_pip=True)
        environment = {
            "PATH": f"{folder}/python/bin:/usr/bin:/bin",
            "HOME": str(app),
            **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
        }
        health: list[str] = []
        for word, rest in instructions((ROOT / "Dockerfile").read_text()):
            print(f"{word} {rest}", flush=True)
            match word:
                case "WORKDIR":
                    app.mkdir()
                case "ARG" | "ENV":
                    name, _, value = rest.partition("=")
                    environment[name] = given.get(name, value)
                case "COPY":
                    copy(rest.split()[:-1], app)
                case "RUN":
                    for command in rest.split(" && "):
                        if command.startswith("useradd"):
                            print("  skipped: another user needs a container")
                        else:
                            subprocess.run(["/bin/sh", "-c", command], cwd=app, env=environment, check=True)
                case "HEALTHCHECK":
                    health = json.loads(rest[rest.index("[") :].replace("8501", options.port))
                case "CMD":
                    command = json.loads(rest.replace("8501", options.port))
                    return becomes_healthy(command, health, app, environment)
    return 1


def copy(sources: list[str], app: Path) -> None:
    """Copy tracked files into the app's folder; "." means all files that .dockerignore does not exclude."""
    ignored = (ROOT / ".dockerignore").read_text().split()
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in tracked.split("\0")[:-1]:
        wanted = not any(name == pattern or name.startswith(f"{pattern}/") for pattern in ignored)
        if ("." in sources and wanted) or name in sources:
            (app / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, app / name)


def becomes_healthy(command: list[str], health: list[str], app: Path, environment: dict[str, str]) -> int:
    """Start the app, wait until it is healthy, and stop it. Return the exit code."""
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=app, env=environment)
    try:
        while time.monotonic() - began < TIMEOUT_S and process.poll() is None:
            if subprocess.run(health, cwd=app, env=environment, capture_output=True, check=False).returncode == 0:
                print(f"healthy after {time.monotonic() - began:.0f} s")
                return 0
            time.sleep(1)
        print("not healthy")
        return 1
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
