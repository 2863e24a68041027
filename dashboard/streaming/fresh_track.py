"""A video track that never sends a processed frame twice. The only module that uses streamlit-webrtc's tracks."""

from typing import cast

import av
import streamlit_webrtc.webrtc
from aiortc.mediastreams import MediaStreamError
from streamlit_webrtc.process import AsyncVideoProcessTrack

from dashboard.streaming.processor import FrameProcessor


class FreshVideoTrack(AsyncVideoProcessTrack[FrameProcessor]):
    """Send each processed frame at most once. streamlit-webrtc's own track repeats it until the next one is ready.

    A camera sends up to 30 frames per second, and a busy CPU may process only some of them. For each of the others,
    streamlit-webrtc would repeat a frame. Encoding and decoding the repeats would take longer than the predictions.
    """

    async def recv(self) -> av.VideoFrame:
        """Wait for a processed frame and return it, with the timestamp of the camera's newest frame.

        Before the first processed frame, return the camera's frame. Raises MediaStreamError if the track has ended.
        """
        if self.readyState != "live":
            raise MediaStreamError
        self._start()
        while True:
            self._raise_worker_exception()
            frame = cast(av.VideoFrame, await self.track.recv())
            self._in_queue.put(frame)
            processed = self._take_newest_processed()
            if processed is None and self._last_out_frame is None:
                return frame
            if processed is not None:
                self._last_out_frame = processed
                processed.pts, processed.time_base = frame.pts, frame.time_base
                return processed

    def stop(self) -> None:
        """Stop without waiting for the worker thread. Waiting would block the event loop that all visitors share."""
        self.stop_timeout = 0.0
        self._start()  # creates the queue and the thread, which the library's `stop` needs
        super().stop()  # type: ignore[no-untyped-call]

    def _worker_thread(self) -> None:
        """Process the newest frame in a loop, until the queue contains the library's stop signal.

        The library's own method ends the stream, without a message to the visitor, if a frame takes over ten seconds.
        That happens if many streams start at once.
        """
        while isinstance(frame := self._take_newest_input(), av.VideoFrame):
            processed = self.processor.recv(frame)
            with self._out_lock:
                self._out_deque.append(processed)

    def _take_newest_input(self) -> object:
        """Wait for a frame and return the newest one, or the stop signal."""
        newest = self._in_queue.get()
        while isinstance(newest, av.VideoFrame) and not self._in_queue.empty():
            newest = self._in_queue.get_nowait()
        return newest

    def _take_newest_processed(self) -> av.VideoFrame | None:
        with self._out_lock:
            processed = self._out_deque[-1] if self._out_deque else None
            self._out_deque.clear()  # sending the older frames too would delay all later ones
            return processed

    def _raise_worker_exception(self) -> None:
        with self._worker_exception_lock:
            if self._worker_exception:
                raise self._worker_exception


def use_fresh_tracks() -> None:
    """Make streamlit-webrtc create FreshVideoTracks in this Python process. It has no option for other tracks."""
    streamlit_webrtc.webrtc.AsyncVideoProcessTrack = FreshVideoTrack  # type: ignore[attr-defined, assignment]
