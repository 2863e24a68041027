"""A small FER2013 of drawn faces, with every fault of the real one: copies, leaks, a conflict, a blank."""

import zipfile
from pathlib import Path

import cv2
import numpy as np

from core.emotions import CSV_EMOTIONS, EMOTIONS

PLACES = (
    *[("train", f"Training_{n}") for n in range(10)],
    *[("test", f"PublicTest_{n}") for n in range(2)],
    *[("test", f"PrivateTest_{n}") for n in range(2)],
)
"""Folder and stem of each emotion's pictures: 14 an emotion, 98 in all."""

COPIES = {
    "train/happy/Training_1": "train/happy/Training_0",
    "train/happy/Training_2": "train/happy/Training_0",
    "train/sad/Training_0": "train/angry/Training_0",
    "test/fear/PublicTest_0": "train/fear/Training_3",
    "test/neutral/PrivateTest_1": "train/surprise/Training_4",
}
"""Copy -> original: one picture three times, two in conflict of labels (one of them leaked), two leaked."""

BLANK = "train/disgust/Training_5"


def pictures() -> dict[str, np.ndarray]:
    """image_id -> (48, 48) uint8, in the order of EMOTIONS and PLACES."""
    names = [f"{split}/{emotion}/{stem}" for emotion in EMOTIONS for split, stem in PLACES]
    drawn = {name: draw_face(seed) for seed, name in enumerate(names)}
    drawn[BLANK] = np.full((48, 48), 80, np.uint8)
    return {name: drawn[COPIES.get(name, name)] for name in names}


def draw_face(seed: int) -> np.ndarray:
    """(48, 48) uint8: soft blotches behind an oval with two eyes and a mouth; no two seeds look alike."""
    random = np.random.default_rng(seed)
    face = cv2.resize(random.integers(30, 226, (8, 8), np.uint8), (48, 48), interpolation=cv2.INTER_CUBIC)
    light = int(random.integers(120, 220))
    cv2.ellipse(face, (24, 24), (14, 19), 0, 0, 360, light, 2)
    for x in (18, 30):
        cv2.circle(face, (x, int(random.integers(17, 22))), 2, light // 3, -1)
    cv2.ellipse(face, (24, 34), (7, int(random.integers(1, 5))), 0, 0, 180, light // 3, 1)
    return face


def jpeg(face: np.ndarray, quality: int = 95) -> bytes:
    return cv2.imencode(".jpg", face, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def files() -> dict[str, bytes]:
    """Name in the archive -> JPEG bytes."""
    return {f"{name}.jpg": jpeg(face) for name, face in pictures().items()}


def write_zip(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def write_folder(path: Path, content: dict[str, bytes]) -> Path:
    for name, data in content.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def write_csv(path: Path, header: str = "emotion,pixels,Usage") -> Path:
    """The lossless pixels under the CSV's own class numbers, in an order of its own."""
    rows = [csv_row(name, face) for name, face in pictures().items()]
    order = np.random.default_rng(1).permutation(len(rows))
    path.write_text("\n".join([header, *(rows[i] for i in order)]) + "\n")
    return path


def csv_row(name: str, face: np.ndarray) -> str:
    _, emotion, stem = name.split("/")
    pixels = " ".join(map(str, face.ravel()))
    return f"{CSV_EMOTIONS.index(emotion)},{pixels},{stem.split('_')[0]}"
