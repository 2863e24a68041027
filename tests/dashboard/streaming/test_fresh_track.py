"""The video track to the browser sends the newest processed frame, and each processed frame only once."""

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
    """Send a frame every 2 ms, with timestamps 0, 1, 2 and so on. End after `frames` frames."""

    kind = "video"

    def __init__(self, frames: int = 10_000) -> None:
        super().__init__()
        self.sent = 0
        self.frames = frames

    async def recv(self) -> av.VideoFrame:
        await asyncio.sleep(0.002)
        if self.sent >= self.frames:
            raise MediaStreamError
        frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
        frame.pts, frame.time_base = self.sent, Fraction(1, 30)
        self.sent += 1
        return frame


class Processor:
    """Process one frame per release of `may_process`. Return frames with the gray levels 1, 2, 3 and so on."""

    def __init__(self) -> None:
        self.may_process = threading.Semaphore(0)
        self.processed = 0

    def recv(self, frame: av.VideoFrame) -> av.VideoFrame:
        assert self.may_process.acquire(timeout=TIMEOUT_S)
        self.processed += 1
        return av.VideoFrame.from_ndarray(np.full((16, 16, 3), self.processed, np.uint8), format="rgb24")


def end(track: FreshVideoTrack) -> None:
    """Stop the track and wait until its thread has finished its frame and ended. `stop` alone does not wait."""
    track.stop()
    track._thread.join(TIMEOUT_S)


def gray_level(frame: av.VideoFrame) -> int:
    """Return the gray level of a frame: 0 for a frame of the camera, 1 or more for a processed frame."""
    return int(frame.to_ndarray(format="rgb24")[0, 0, 0])


def test_every_processed_frame_is_sent_exactly_once():
    async def run() -> None:
        camera, processor = Camera(), Processor()
        track = FreshVideoTrack(camera, processor)
        assert gray_level(await track.recv()) == 0  # a camera frame, because none has been processed yet
        for expected in (1, 2, 3):
            processor.may_process.release()
            while gray_level(frame := await track.recv()) == 0:
                pass
            assert gray_level(frame) == expected
            assert frame.pts == camera.sent - 1
        waiting = asyncio.ensure_future(track.recv())
        sent = camera.sent
        while camera.sent < sent + 10:  # the camera continues, but there is no new processed frame
            await asyncio.sleep(0.002)
        assert not waiting.done()
        processor.may_process.release()
        assert gray_level(await waiting) == 4
        processor.may_process.release()
        end(track)

    asyncio.run(asyncio.wait_for(run(), TIMEOUT_S))


def test_the_newest_of_several_processed_frames_is_sent():
    async def run() -> None:
        processor = Processor()
        track = FreshVideoTrack(Camera(), processor)
        await track.recv()
        for _ in range(3):
            processor.may_process.release()
        while processor.processed < 3:  # feed the processor without calling `track.recv`
            track._in_queue.put(await track.track.recv())
        while len(track._out_deque) < 3:  # the last processed frame may not be in the deque yet
            await asyncio.sleep(0.002)
        assert gray_level(await track.recv()) == 3
        processor.may_process.release()
        end(track)

    asyncio.run(asyncio.wait_for(run(), TIMEOUT_S))


def test_an_error_in_the_processor_ends_the_video():
    class FailingProcessor:
        def recv(self, frame: av.VideoFrame) -> av.VideoFrame:
            raise ValueError("processing failed")

    async def run() -> None:
        track = FreshVideoTrack(Camera(), FailingProcessor())
        with pytest.raises(ValueError, match="processing failed"):
            while True:
                await track.recv()
        end(track)

    asyncio.run(asyncio.wait_for(run(), TIMEOUT_S))


def test_slow_processing_does_not_end_the_video(monkeypatch):
    seconds = itertools.count(step=11)  # the library's clock advances by 11 s per call, more than its limit of 10 s
    monkeypatch.setattr("streamlit_webrtc.process.time", SimpleNamespace(monotonic=lambda: next(seconds)))

    async def run() -> None:
        processor = Processor()
        track = FreshVideoTrack(Camera(), processor)
        for expected in (1, 2):
            processor.may_process.release()
            while gray_level(frame := await track.recv()) == 0:
                pass
            assert gray_level(frame) == expected
        processor.may_process.release()
        end(track)

    asyncio.run(asyncio.wait_for(run(), TIMEOUT_S))


def test_the_end_of_the_camera_ends_the_video():
    async def run() -> None:
        processor = Processor()
        processor.may_process.release()
        track = FreshVideoTrack(Camera(frames=3), processor)
        with pytest.raises(MediaStreamError):
            while True:
                await track.recv()
        processor.may_process.release()
        end(track)
        with pytest.raises(MediaStreamError):
            await track.recv()

    asyncio.run(asyncio.wait_for(run(), TIMEOUT_S))


def test_stop_does_not_wait_for_the_frame_that_is_being_processed():
    async def run() -> None:
        processor = Processor()
        track = FreshVideoTrack(Camera(), processor)
        await track.recv()
        start_s = time.monotonic()
        track.stop()
        assert time.monotonic() - start_s < 1
        processor.may_process.release()
        track._thread.join(TIMEOUT_S)

    asyncio.run(asyncio.wait_for(run(), TIMEOUT_S))


def test_stopping_a_track_that_never_ran_calls_on_ended_of_its_processor():
    class EndingProcessor(Processor):
        ended = False

        def on_ended(self) -> None:
            self.ended = True

    async def run() -> None:
        end(FreshVideoTrack(Camera(), processor := EndingProcessor()))
        assert processor.ended

    asyncio.run(run())


def test_use_fresh_tracks_makes_streamlit_webrtc_create_fresh_video_tracks():
    async def run() -> None:
        use_fresh_tracks()
        wrapped = streamlit_webrtc.webrtc._wrap_with_processor(
            Camera(), Processor(), async_processing=True, relay=MediaRelay()
        )
        assert isinstance(wrapped, FreshVideoTrack)

    asyncio.run(run())
