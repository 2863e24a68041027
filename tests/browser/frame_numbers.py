"""Measure the delay between the camera's video and the video that the server returns.

The bottom edge of each frame shows the frame's number as ten black or white blocks. A script in the page reads the
numbers of both videos at the same moment. Their difference is the delay in frames.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from playwright.sync_api import Frame, Page

from core.vision.images import Image

VIDEO_FRAMES = 180
"""Number of frames of the camera's video, which plays in a loop."""

BLOCK_WIDTH = 64
"""Width of a block in pixels. Ten blocks fill the width of a frame, 640 pixels."""

BLOCK_HEIGHT = 32
"""Height of the blocks in pixels."""

FRAMES_PER_S = 30

HIDDEN_CAMERA = """
  if (!navigator.mediaDevices) return;
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const camera = document.createElement("video");
  camera.muted = true;
  const openHidden = async constraints => {
    const stream = await open(constraints);
    camera.srcObject = stream;
    // The browser does not draw a video that is not part of the page. The closed shadow root hides this video from
    // document.querySelector("video"), which must find the returned video.
    const host = document.body.appendChild(document.createElement("div"));
    Object.assign(host.style, {position: "fixed", width: "32px", opacity: 0.01, pointerEvents: "none"});
    host.attachShadow({mode: "closed"}).append(camera);
    camera.style.width = "32px";
    await camera.play();
    return stream;
  };"""
"""Start of a script for the page. Its `openHidden` opens the camera and plays it in `camera`, a hidden video."""

PROBE = (
    f"(() => {{{HIDDEN_CAMERA}"
    + """
  navigator.mediaDevices.getUserMedia = openHidden;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [10, 1];
  const pen = canvas.getContext("2d", {willReadFrequently: true});
  pen.imageSmoothingEnabled = false;
  const number = video => {
    const [width, height] = [video.videoWidth, video.videoHeight];
    if (width <= 10) return null;  // no frame has arrived yet
    // Scale four rows of pixels in the middle of the blocks to one pixel per block.
    pen.drawImage(video, 0, height * (1 - 18 / 480), width, height * 4 / 480, 0, 0, 10, 1);
    const gray = pen.getImageData(0, 0, 10, 1).data.filter((_, at) => at % 4 == 1);  // the green of RGBA
    const bits = Array.from(gray, level => level > 127 ? 1 : 0);
    const value = bits.slice(0, 8).reduce((sum, bit) => 2 * sum + bit, 0);
    return bits[8] != bits[7] && bits[9] != bits[6] && value < 180 ? value : null;
  };
  window.ferscopeDelays = [];
  setInterval(() => {
    const returned = document.querySelector("video");
    if (!returned || !camera.srcObject) return;
    const [sent, back] = [number(camera), number(returned)];
    window.ferscopeDelays.push([performance.now() / 1000, sent, back]);
  }, 200);
})()"""
)
"""Script for the page. Five times per second, it adds a row to `ferscopeDelays`.

A row is: time in seconds, frame number in the camera's video, frame number in the returned video. A number is null if
it cannot be read.
"""


def with_frame_numbers(frames: Iterable[Image]) -> Iterator[Image]:
    """Draw the number of each frame, (480, 640, 3) uint8, along its bottom edge.

    The ten blocks are the eight bits of the number, followed by its last two bits in reverse order and inverted. The
    script uses these two bits to detect numbers that it misread.
    """
    for number, frame in enumerate(frames):
        bits = f"{number:08b}"
        code = bits + "".join("10"[int(bit)] for bit in (bits[7], bits[6]))
        marked = frame.copy()
        marked[-BLOCK_HEIGHT:] = np.repeat([255 * int(bit) for bit in code], BLOCK_WIDTH)[None, :, None]
        yield marked


@dataclass(frozen=True)
class DelaySamples:
    """Delays in one tab, sampled five times per second."""

    time_s: np.ndarray
    """Time of each sample in seconds."""
    delay_s: np.ndarray
    """Delay from the camera's video to the returned video; NaN if a number was not readable."""
    longest_freeze_s: float
    """Longest time in seconds in which the returned video showed the same frame."""

    def between(self, start_s: float, end_s: float) -> np.ndarray:
        """Return the readable delays from `start_s` to `end_s` after the first sample."""
        elapsed_s = self.time_s - self.time_s[0]
        return self.delay_s[(elapsed_s >= start_s) & (elapsed_s < end_s) & np.isfinite(self.delay_s)]


def webrtc_iframe(page: Page) -> Frame:
    """Return the iframe of streamlit-webrtc."""
    return next(frame for frame in page.frames if "streamlit_webrtc" in frame.url)


def take_samples(page: Page) -> DelaySamples:
    """Return the samples since the last call and remove them from the page."""
    rows = webrtc_iframe(page).evaluate("window.ferscopeDelays.splice(0)")
    time_s, sent, returned = np.array(rows, float).reshape(-1, 3).T  # None becomes NaN
    return DelaySamples(time_s, (sent - returned) % VIDEO_FRAMES / FRAMES_PER_S, _longest_freeze(time_s, returned))


def _longest_freeze(time_s: np.ndarray, returned: np.ndarray) -> float:
    readable = np.isfinite(returned)
    times, numbers = time_s[readable], returned[readable]
    changes = times[np.flatnonzero(np.diff(numbers, prepend=-1))]
    return float(np.max(np.diff(np.append(changes, times[-1])), initial=0.0)) if len(times) else float("inf")
