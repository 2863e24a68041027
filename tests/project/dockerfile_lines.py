"""Run the instructions of the Dockerfile without Docker: `python -m tests.project.dockerfile_lines`.

A temporary folder replaces the container, and a new virtual environment replaces its Python. Of the environment
variables, only pip's settings (`PIP_...`) are passed on. `useradd` is skipped. CMD starts the app, and the script
succeeds if the HEALTHCHECK command does.
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
"""Maximum seconds until the app is healthy."""


def instructions(text: str) -> list[tuple[str, str]]:
    """Return the instructions of a Dockerfile and their arguments, in order."""
    lines = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^#.*\n", "", text)).splitlines()
    parts = (line.partition(" ") for line in lines if line.strip())
    return [(instruction, arguments.strip()) for instruction, _, arguments in parts]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--build-arg", action="append", default=[], metavar="NAME=VALUE", help="value of an ARG, as for docker build"
    )
    parser.add_argument(
        "--env", action="append", default=[], metavar="NAME=VALUE", help="variable of the app, as for docker run"
    )
    parser.add_argument("--port", default="8599", help="port of the app (default: 8599)")
    options = parser.parse_args()
    build_args = dict(argument.split("=", 1) for argument in options.build_arg)
    with tempfile.TemporaryDirectory() as folder:
        app = Path(folder) / "app"
        venv.create(Path(folder) / "python", with_pip=True)
        environment = {
            "PATH": f"{folder}/python/bin:/usr/bin:/bin",
            "HOME": str(app),
            **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
        }
        health: list[str] = []
        for instruction, arguments in instructions((ROOT / "Dockerfile").read_text()):
            print(f"{instruction} {arguments}", flush=True)
            match instruction:
                case "WORKDIR":
                    app.mkdir()
                case "ARG" | "ENV":
                    name, _, value = arguments.partition("=")
                    environment[name] = build_args.get(name, value)
                case "COPY":
                    copy(arguments.split()[:-1], app)
                case "RUN":
                    for command in arguments.split(" && "):
                        if command.startswith("useradd"):
                            print("  skipped: a user is created only in a container")
                        else:
                            subprocess.run(["/bin/sh", "-c", command], cwd=app, env=environment, check=True)
                case "HEALTHCHECK":
                    health = json.loads(arguments[arguments.index("[") :].replace("8501", options.port))
                case "CMD":
                    command = json.loads(arguments.replace("8501", options.port))
                    environment |= dict(argument.split("=", 1) for argument in options.env)
                    return start_until_healthy(command, health, app, environment)
    return 1


def copy(sources: list[str], app: Path) -> None:
    """Copy tracked files to the app's folder. In `sources`, "." means all files that .dockerignore does not exclude."""
    ignored = (ROOT / ".dockerignore").read_text().split()
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in tracked.split("\0")[:-1]:
        included = not any(name == pattern or name.startswith(f"{pattern}/") for pattern in ignored)
        if ("." in sources and included) or name in sources:
            (app / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, app / name)


def start_until_healthy(command: list[str], health: list[str], app: Path, environment: dict[str, str]) -> int:
    """Start the app, wait until it is healthy, and stop it. Return 0 if it was healthy in time, otherwise 1."""
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=app, env=environment)
    try:
        while time.monotonic() - start < TIMEOUT_S and process.poll() is None:
            if subprocess.run(health, cwd=app, env=environment, capture_output=True, check=False).returncode == 0:
                print(f"healthy after {time.monotonic() - start:.0f} s")
                return 0
            time.sleep(1)
        print("not healthy")
        return 1
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
