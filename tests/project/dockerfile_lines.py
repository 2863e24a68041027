"""`python -m tests.project.dockerfile_lines`: the Dockerfile's lines as a script in a bare environment without Docker.

A folder of its own takes the place of the image, a new virtual environment that of its Python, and nothing of this
shell's environment is handed on but pip's settings. What needs a container (another user) is left out and said. At the
end the app runs as CMD starts it, until HEALTHCHECK's command is content. No image is built, and it proves none.
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

PATIENCE_S = 120


def instructions(text: str) -> list[tuple[str, str]]:
    """A Dockerfile's instructions and their arguments, in order."""
    lines = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^#.*\n", "", text)).splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines if line.strip())]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--build-arg", action="append", default=[], metavar="NAME=VALUE", help="as docker build takes it"
    )
    parser.add_argument("--port", default="8599", help="in place of the Dockerfile's (8599)")
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
                    copy(rest.split()[0], app)
                case "RUN":
                    for command in rest.split(" && "):
                        if command.startswith("useradd"):
                            print("  left out: there is no other user without a container")
                        else:
                            subprocess.run(["/bin/sh", "-c", command], cwd=app, env=environment, check=True)
                case "HEALTHCHECK":
                    health = json.loads(rest[rest.index("[") :].replace("8501", options.port))
                case "CMD":
                    command = json.loads(rest.replace("8501", options.port))
                    return started(command, health, app, environment)
    return 1


def copy(what: str, app: Path) -> None:
    """One file, or everything that is tracked and that .dockerignore lets through."""
    ignored = (ROOT / ".dockerignore").read_text().split()
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in tracked.split("\0")[:-1]:
        wanted = not any(name == pattern or name.startswith(f"{pattern}/") for pattern in ignored)
        if (what == "." and wanted) or what == name:
            (app / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, app / name)


def started(command: list[str], health: list[str], app: Path, environment: dict[str, str]) -> int:
    """Whether the app becomes healthy; it is ended in any case."""
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=app, env=environment)
    try:
        while time.monotonic() - began < PATIENCE_S and process.poll() is None:
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
