"""A stand-in for `python -m core video`: `python fake_video.py FILM FOLDER READY BEHAVIOUR`.

BEHAVIOUR is the content of the film, or the last part of its file name if that is longer. READY is a folder with
finished results, which are copied. It uses no package, so that it starts at once.
"""

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path


def main(film: Path, folder: Path, ready: Path, behaviour: str) -> int:
    def show_progress(done_s: float) -> None:
        values = {"video": str(film), "done_s": done_s, "total_s": 6.0, "frames_per_s": 40.0, "left_s": 6.0 - done_s}
        print(json.dumps(values), file=sys.stderr, flush=True)

    def show_summary(error: str | None) -> None:
        print(json.dumps({"video": str(film), "error": error}), flush=True)

    print("a note in words", file=sys.stderr, flush=True)
    if behaviour == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    show_progress(1.5)
    if behaviour in ("slow", "stubborn"):
        (folder / "running").touch()
        while True:
            time.sleep(0.05)
            show_progress(1.5)  # fails when the server has ended
    if behaviour == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    if behaviour == "bug":
        raise RuntimeError("a bug")
    if behaviour == "bad":
        show_summary(f"{film} is not a film.")
        return 1
    if behaviour != "nothing":
        for file in ready.iterdir():
            shutil.copy(file, folder / f"{film.stem}.{file.name.partition('.')[2]}")
        show_summary(None)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:4]), sys.argv[4]))
