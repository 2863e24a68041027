"""Delay from the camera to the picture that came back, read off numbers that the camera's frames carry.

Each frame has its number in its bottom edge, as ten black or white blocks. In the page, the camera's own picture and
the returned one are looked at in the same moment; the difference of their numbers is the delay, in frames.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from playwright.sync_api import Frame, Page

from core.vision.images import Image

LOOP = 180
"""Frames of the film, which begins anew after the last."""

BLOCK = 64
"""Pixels across a block; ten of them fill a frame of 640."""

HEIGHT = 32
"""Pixels of the edge that the blocks stand in."""

FRAMES_PER_S = 30

HIDDEN_CAMERA = """
  if (!navigator.mediaDevices) return;
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const camera = document.createElement("video");
  camera.muted = true;
  const openHidden = async wanted => {
    const stream = await open(wanted);
    camera.srcObject = stream;
    // A video outside the page is not drawn; behind a closed door it is not taken for the returned one.
    const host = document.body.appendChild(document.createElement("div"));
    Object.assign(host.style, {position: "fixed", width: "32px", opacity: 0.01, pointerEvents: "none"});
    host.attachShadow({mode: "closed"}).append(camera);
    camera.style.width = "32px";
    await camera.play();
    return stream;
  };"""
"""The beginning of a script for the page: `openHidden` opens the camera and shows it in `camera`, out of sight."""

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


def numbered(frames: Iterable[Image]) -> Iterator[Image]:
    """The frames (480 x 640), each with its number in its bottom edge: eight bits, and the last two turned round."""
    for number, frame in enumerate(frames):
        bits = f"{number:08b}"
        code = bits + "".join("10"[int(bit)] for bit in (bits[7], bits[6]))
        marked = frame.copy()
        marked[-HEIGHT:] = np.repeat([255 * int(bit) for bit in code], BLOCK)[None, :, None]
        yield marked


@dataclass(frozen=True)
class Looks:
    """What was seen in one tab, look by look, five a second."""

    at_s: np.ndarray
    delay_s: np.ndarray
    """From the camera to the returned picture; NaN where a number could not be read."""
    longest_still_s: float
    """The longest time for which the returned picture was the same frame."""

    def between(self, start_s: float, end_s: float) -> np.ndarray:
        """The delays of this time, counted from the first look."""
        since = self.at_s - self.at_s[0]
        return self.delay_s[(since >= start_s) & (since < end_s) & np.isfinite(self.delay_s)]


def component_frame(page: Page) -> Frame:
    """The frame of the page that streamlit-webrtc lives in."""
    return next(frame for frame in page.frames if "streamlit_webrtc" in frame.url)


def take_looks(page: Page) -> Looks:
    """All looks since this was last called."""
    rows = component_frame(page).evaluate("window.ferscopeDelays.splice(0)")
    at_s, sent, back = np.array(rows, float).reshape(-1, 3).T  # None becomes NaN
    return Looks(at_s, (sent - back) % LOOP / FRAMES_PER_S, _longest_still(at_s, back))


def _longest_still(at_s: np.ndarray, back: np.ndarray) -> float:
    seen = np.isfinite(back)
    times, numbers = at_s[seen], back[seen]
    changes = times[np.flatnonzero(np.diff(numbers, prepend=-1))]
    return float(np.max(np.diff(np.append(changes, times[-1])), initial=0.0)) if len(times) else float("inf")
