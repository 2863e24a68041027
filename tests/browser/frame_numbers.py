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
"""Number of frames of the video, which plays in a loop."""

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
  const openHidden = async wanted => {
    const stream = await open(wanted);
    camera.srcObject = stream;
    // The browser does not draw a video outside the page. The closed shadow root hides this video from
    // document.querySelector("video"), which must find the returned one.
    const host = document.body.appendChild(document.createElement("div"));
    Object.assign(host.style, {position: "fixed", width: "32px", opacity: 0.01, pointerEvents: "none"});
    host.attachShadow({mode: "closed"}).append(camera);
    camera.style.width = "32px";
    await camera.play();
    return stream;
  };"""
"""Start of a script for the page. `openHidden` opens the camera and plays it in the hidden video `camera`."""

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
    if (width <= 10) return null;
    pen.drawImage(video, 0, height * (1 - 18 / 480), width, height * 4 / 480, 0, 0, 10, 1);
    const gray = pen.getImageData(0, 0, 10, 1).data.filter((_, at) => at % 4 == 1);
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


def with_frame_numbers(frames: Iterable[Image]) -> Iterator[Image]:
    """Draw the number of each frame (480 x 640) in its bottom edge.

    The ten blocks are the eight bits of the number, then the last two bits inverted, as a check.
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

    at_s: np.ndarray
    """Time of each sample in seconds."""
    delay_s: np.ndarray
    """Delay from the camera's video to the returned video; NaN if a number was not readable."""
    longest_freeze_s: float
    """Longest time in seconds in which the returned video showed the same frame."""

    def between(self, start_s: float, end_s: float) -> np.ndarray:
        """Return the readable delays from `start_s` to `end_s` after the first sample."""
        since = self.at_s - self.at_s[0]
        return self.delay_s[(since >= start_s) & (since < end_s) & np.isfinite(self.delay_s)]


def component_frame(page: Page) -> Frame:
    """Return the iframe of streamlit-webrtc."""
    return next(frame for frame in page.frames if "streamlit_webrtc" in frame.url)


def take_samples(page: Page) -> DelaySamples:
    """Return all samples since the last call."""
    rows = component_frame(page).evaluate("window.ferscopeDelays.splice(0)")
    at_s, sent, back = np.array(rows, float).reshape(-1, 3).T  # None becomes NaN
    return DelaySamples(at_s, (sent - back) % VIDEO_FRAMES / FRAMES_PER_S, _longest_freeze(at_s, back))


def _longest_freeze(at_s: np.ndarray, back: np.ndarray) -> float:
    seen = np.isfinite(back)
    times, numbers = at_s[seen], back[seen]
    changes = times[np.flatnonzero(np.diff(numbers, prepend=-1))]
    return float(np.max(np.diff(np.append(changes, times[-1])), initial=0.0)) if len(times) else float("inf")
