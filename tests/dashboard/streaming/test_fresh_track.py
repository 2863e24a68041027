"""What goes back to the browser: the newest read frame, and none twice."""

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

TURN_S = 5.0
"""Longer than any step of these tests takes."""


class Camera(MediaStreamTrack):
    """A frame every two milliseconds, numbered by its time; it stops after `last`."""

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
    """Reads a frame only when it is told to; what it has read is as bright as the number of its readings."""

    def __init__(self) -> None:
        self.may_read = threading.Semaphore(0)
        self.reads = 0

    def recv(self, frame: av.VideoFrame) -> av.VideoFrame:
        assert self.may_read.acquire(timeout=TURN_S)
        self.reads += 1
        return av.VideoFrame.from_ndarray(np.full((16, 16, 3), self.reads, np.uint8), format="rgb24")


def end(track: FreshVideoTrack) -> None:
    """Stop it, which waits for nobody, and wait for its thread."""
    track.stop()
    track._thread.join(TURN_S)


def number(frame: av.VideoFrame) -> int:
    return int(frame.to_ndarray(format="rgb24")[0, 0, 0])


def test_every_read_frame_is_sent_once_and_none_twice():
    async def run() -> None:
        camera, reader = Camera(), Reader()
        track = FreshVideoTrack(camera, reader)
        assert number(await track.recv()) == 0  # the camera's own, until a frame has been read
        for expected in (1, 2, 3):
            reader.may_read.release()
            while number(frame := await track.recv()) == 0:
                pass
            assert number(frame) == expected
            assert frame.pts == camera.sent - 1
        waiting = asyncio.ensure_future(track.recv())
        sent = camera.sent
        while camera.sent < sent + 10:  # the camera goes on, and nothing is sent meanwhile
            await asyncio.sleep(0.002)
        assert not waiting.done()
        reader.may_read.release()
        assert number(await waiting) == 4
        reader.may_read.release()
        end(track)

    asyncio.run(asyncio.wait_for(run(), TURN_S))


def test_of_several_read_frames_the_newest_is_sent():
    async def run() -> None:
        reader = Reader()
        track = FreshVideoTrack(Camera(), reader)
        await track.recv()
        for _ in range(3):
            reader.may_read.release()
        while reader.reads < 3:  # the camera stands still, and the reader goes on with what has been queued
            track._in_queue.put(await track.track.recv())
        while len(track._out_deque) < 3:  # read, but not handed on yet
            await asyncio.sleep(0.002)
        assert number(await track.recv()) == 3
        reader.may_read.release()
        end(track)

    asyncio.run(asyncio.wait_for(run(), TURN_S))


def test_a_reading_that_died_ends_the_video():
    class Dying:
        def recv(self, frame: av.VideoFrame) -> av.VideoFrame:
            raise ValueError("dead")

    async def run() -> None:
        track = FreshVideoTrack(Camera(), Dying())
        with pytest.raises(ValueError, match="dead"):
            while True:
                await track.recv()
        end(track)

    asyncio.run(asyncio.wait_for(run(), TURN_S))


def test_a_reading_that_takes_long_does_not_end_the_video(monkeypatch):
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

    asyncio.run(asyncio.wait_for(run(), TURN_S))


def test_a_camera_that_ends_ends_the_video():
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

    asyncio.run(asyncio.wait_for(run(), TURN_S))


def test_the_event_loop_does_not_wait_for_a_frame_that_hangs():
    async def run() -> None:
        reader = Reader()
        track = FreshVideoTrack(Camera(), reader)
        await track.recv()
        began = time.monotonic()
        track.stop()
        assert time.monotonic() - began < 1
        reader.may_read.release()
        track._thread.join(TURN_S)

    asyncio.run(asyncio.wait_for(run(), TURN_S))


def test_a_track_that_never_ran_ends_its_reader_too():
    class Told(Reader):
        ended = False

        def on_ended(self) -> None:
            self.ended = True

    async def run() -> None:
        end(FreshVideoTrack(Camera(), reader := Told()))
        assert reader.ended

    asyncio.run(run())


def test_the_library_makes_such_tracks():
    async def run() -> None:
        use_fresh_tracks()
        wrapped = streamlit_webrtc.webrtc._wrap_with_processor(
            Camera(), Reader(), async_processing=True, relay=MediaRelay()
        )
        assert isinstance(wrapped, FreshVideoTrack)

    asyncio.run(run())
