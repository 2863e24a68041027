"""What to read in a film, and how: the choices of the command `video`."""

from dataclasses import dataclass

from core.video.smoothing import HALF_LIFE_S


@dataclass(frozen=True)
class FilmSettings:
    """Choices that change the result. An unfinished run only continues if all of them are the same."""

    models: tuple[str, ...]
    """Names of the models. The labels of the first are drawn on the film."""
    detector: str
    every_s: float = 0.0
    """Seconds of film from one frame that is read to the next; 0 reads every frame."""
    start_s: float = 0.0
    """Frames before this time are left out, in seconds from the beginning of the film."""
    end_s: float | None = None
    """Frames from this time on are left out; None reads to the end."""
    half_life_s: float = HALF_LIFE_S
    """Seconds after which an old reading has half its weight; 0 means that each frame stands alone."""
    with_film: bool = True
    """Whether to write an annotated film."""
