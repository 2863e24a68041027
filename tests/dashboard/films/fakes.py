"""Made-up results of a film, and a queue whose processes copy them."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.video.files.example_film import write_example
from core.vision.images import encode_png
from dashboard.films.job import FilmRequest
from dashboard.films.run import Command

SCRIPT = Path(__file__).with_name("fake_video.py")
SECONDS, FRAMES_PER_S = 6.0, 10


def made_up_table(models: Sequence[str], faces: int) -> pd.DataFrame:
    """Return one row per frame, face and model. Every face is happy in the first half and sad in the second."""
    rows = []
    for frame in range(round(SECONDS * FRAMES_PER_S)):
        label = "happy" if frame < SECONDS * FRAMES_PER_S / 2 else "sad"
        shares = {column: 0.82 if column == f"p_{label}" else 0.03 for column in PROBABILITY_COLUMNS}
        place = {"left": 10, "top": 20, "right": 110, "bottom": 120, "angle": 1.0, "detection_confidence": 0.9}
        quality = {"side": 100, "brightness": 120.0, "sharpness": 300.0}
        for face in range(1, faces + 1):
            for model in models:
                label_values = {"predicted_label": label, "confidence": 0.82, "certain": True, "reason": None}
                row = {"time_s": frame / FRAMES_PER_S, "frame": frame, "face": face, **place, **quality}
                rows.append({**row, "model": model, **label_values, **shares})
    columns = ["time_s", "frame", "face", "model", "predicted_label", "confidence", "certain", "reason"]
    return pd.DataFrame(rows, columns=None if rows else columns)


def made_up_summary(models: Sequence[str], faces: int, notes: Sequence[str]) -> dict[str, object]:
    """Return the summary of `made_up_table`."""
    share = {emotion: 0.5 if emotion in ("happy", "sad") else 0.0 for emotion in EMOTIONS}
    values = {"share": share, "certain_share": 1.0, "changes": 1}
    seen = [
        {"face": face, "first_s": 0.0, "last_s": 5.9, "models": dict.fromkeys(models, values)}
        for face in range(1, faces + 1)
    ]
    numbers = {"seconds": SECONDS, "frames": 60, "read": 60, "lost_s": 0.0}
    return {"video": "x", "detector": "yunet", **numbers, "faces": seen, "notes": list(notes), "error": None}


def write_results(
    folder: Path, models: Sequence[str] = ("cnn", "catboost"), faces: int = 1, notes: Sequence[str] = ()
) -> Path:
    """Write made-up results of a film with the name `film` to a new folder, and return the folder."""
    folder.mkdir()
    table = made_up_table(models, faces)
    table.to_parquet(folder / "film.parquet")
    table.to_csv(folder / "film.csv", index=False)
    (folder / "film.summary.json").write_text(json.dumps(made_up_summary(models, faces, notes)))
    picture = encode_png(np.full((60, 80, 3), 200, np.uint8))
    (folder / "film.png").write_bytes(picture)
    (folder / "film.moments.png").write_bytes(picture)
    write_example(folder / "film.annotated.mp4", seconds=0.2)
    return folder


def fake_command(ready: Path) -> Command:
    """Return a command that copies the results in `ready`, or does what the content of the film says."""

    def command(film: Path, folder: Path, request: FilmRequest) -> list[str]:
        return [sys.executable, str(SCRIPT), str(film), str(folder), str(ready), film.read_text(errors="replace")[:20]]

    return command


def request(behaviour: str = "good", name: str = "film.mp4") -> FilmRequest:
    """Return a request for a film whose content tells `fake_video.py` what to do."""
    return FilmRequest(name, lambda path: path.write_text(behaviour), ("cnn", "catboost"), "yunet")
