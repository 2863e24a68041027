"""The track to the browser sends the newest read frame, and each frame only once."""

import asyncio
import itertools
import threading
import time
from fractions import Fraction
from types import SimpleNamespace

import av
import numpy as np
import pytest
import streamlit_webrtc.webrtc
from aiortc import MediaStreamTrack
from aiortc.contrib.media import MediaRelay
from aiortc.mediastreams import MediaStreamError

from dashboard.streaming.fresh_track import FreshVideoTrack, use_fresh_tracks

TIMEOUT_S = 5.0
"""Timeout in seconds, longer than any step of these tests."""


class Camera(MediaStreamTrack):
    """Send a frame every 2 ms, with its number as its timestamp. End after `last` frames."""

    kind = "video"

    def __init__(self, last: int = 10_000) -> None:
        super().__init__()
        self.sent = 0
        self.last = last

    async def recv(self) -> av.VideoFrame:
        await asyncio.sleep(0.002)
        if self.sent >= self.last:
            raise MediaStreamError
        frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
        frame.pts, frame.time_base = self.sent, Fraction(1, 30)
        self.sent += 1
        return frame


class Reader:
    """Read a frame only after a release of `may_read`. The gray level of the returned frame is the number of reads."""

    def __init__(self) -> None:
        self.may_read = threading.Semaphore(0)
        self.reads = 0

    def recv(self, frame: av.VideoFrame) -> av.VideoFrame:
        assert self.may_read.acquire(timeout=TIMEOUT_S)
        self.reads += 1
        return av.VideoFrame.from_ndarray(np.full((16, 16, 3), self.reads, np.uint8), format="rgb24")


def end(track: FreshVideoTrack) -> None:
    """Stop the track, and wait for its thread, which `stop` does not do."""
    track.stop()
    track._thread.join(TIMEOUT_S)


def number(frame: av.VideoFrame) -> int:
    return int(frame.to_ndarray(format="rgb24")[0, 0, 0])


def test_every_read_frame_is_sent_exactly_once():
    async def run() -> None:
        camera, reader = Camera(), Reader()
        track = FreshVideoTrack(camera, reader)
        assert number(await track.recv()) == 0  # the camera's own frame, because none has been read
        for expected in (1, 2, 3):
            reader.may_read.release()
            while number(frame := await track.recv()) == 0:
                pass
            assert number(frame) == expected
            assert frame.pts == camera.sent - 1
        waiting = asyncio.ensure_future(track.recv())
        sent = camera.sent
        while camera.sent < sent + 10:  # the camera continues, but no read frame is sent
            await asyncio.sleep(0.002)
        assert not waiting.done()
        reader.may_read.release()
        assert number(await waiting) == 4
        reader.may_read.release()
        end(track)

    asyncio.run(asyncio.wait_for(run(), TIMEOUT_S))


def test_the_newest_of_several_read_frames_is_sent():
    async def run() -> None:
        reader = Reader()
        track = FreshVideoTrack(Camera(), reader)
        await track.recv()
        for _ in range(3):
            reader.may_read.release()
        while reader.reads < 3:  # feed the reader without calling `track.recv`
            track._in_queue.put(await track.track.recv())
        while len(track._out_deque) < 3:  # the last read may not be in the deque yet
            await asyncio.sleep(0.002)
        assert number(await track.recv()) == 3
        reader.may_read.release()
        end(track)

    asyncio.run(asyncio.wait_for(run(), TIMEOUT_S))


def test_an_error_of_the_reader_ends_the_video():
    class FailingReader:
        def recv(self, frame: av.VideoFrame) -> av.VideoFrame:
            raise ValueError("reading failed")

    async def run() -> None:
        track = FreshVideoTrack(Camera(), FailingReader())
        with pytest.raises(ValueError, match="reading failed"):
            while True:
                await track.recv()
        end(track)

    asyncio.run(asyncio.wait_for(run(), TIMEOUT_S))


def test_slow_reading_does_not_end_the_video(monkeypatch):
    seconds = itertools.count(step=11)
    monkeypatch.setattr("streamlit_webrtc.process.time", SimpleNamespace(monotonic=lambda: next(seconds)))

    async def run() -> None:
        reader = Reader()
        track = FreshVideoTrack(Camera(), reader)
        for expected in (1, 2):
            reader.may_read.release()
            while number(frame := await track.recv()) == 0:
                pass
            assert number(frame) == expected
        reader.may_read.release()
        end(track)

    asyncio.run(asyncio.wait_for(run(), TIMEOUT_S))


def test_the_end_of_the_camera_ends_the_video():
    async def run() -> None:
        reader = Reader()
        reader.may_read.release()
        track = FreshVideoTrack(Camera(last=3), reader)
        with pytest.raises(MediaStreamError):
            while True:
                await track.recv()
        reader.may_read.release()
        end(track)
        with pytest.raises(MediaStreamError):
            await track.recv()

    asyncio.run(asyncio.wait_for(run(), TIMEOUT_S))


def test_stop_does_not_wait_for_a_frame_that_is_being_read():
    async def run() -> None:
        reader = Reader()
        track = FreshVideoTrack(Camera(), reader)
        await track.recv()
        start_s = time.monotonic()
        track.stop()
        assert time.monotonic() - start_s < 1
        reader.may_read.release()
        track._thread.join(TIMEOUT_S)

    asyncio.run(asyncio.wait_for(run(), TIMEOUT_S))


def test_stopping_a_track_that_never_ran_ends_its_reader():
    class EndingReader(Reader):
        ended = False

        def on_ended(self) -> None:
            self.ended = True

    async def run() -> None:
        end(FreshVideoTrack(Camera(), reader := EndingReader()))
        assert reader.ended

    asyncio.run(run())


def test_use_fresh_tracks_makes_the_library_use_them():
    async def run() -> None:
        use_fresh_tracks()
        wrapped = streamlit_webrtc.webrtc._wrap_with_processor(
            Camera(), Reader(), async_processing=True, relay=MediaRelay()
        )
        assert isinstance(wrapped, FreshVideoTrack)

    asyncio.run(run())
