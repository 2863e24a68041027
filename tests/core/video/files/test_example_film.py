"""The example film has the promised size, frame rate and length, and shows a moving portrait."""

from pathlib import Path

import av
import numpy as np
import pytest

from core.video.example import FRAMES_PER_S, SIZE_WH
from core.video.files import example_film
from core.video.files.example_film import write_example


@pytest.mark.parametrize("encoder", [None, "mpeg4"], ids=["best", "mpeg4"])
def test_the_example_film_shows_a_moving_portrait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: str | None
) -> None:
    if encoder:
        monkeypatch.setattr(example_film, "choose_encoder", lambda: encoder)
    path = tmp_path / "upload.film"
    write_example(path, seconds=1.0)
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == FRAMES_PER_S
    assert [round(float(frame.time) * FRAMES_PER_S) for frame in frames] == list(range(FRAMES_PER_S))
    assert (frames[0].width, frames[0].height) == SIZE_WH
    first, last = (frames[index].to_ndarray(format="rgb24").astype(int) for index in (0, -1))
    assert np.abs(first - last).mean() > 5  # it moves
    assert first.std() > 30  # it is not one colour
