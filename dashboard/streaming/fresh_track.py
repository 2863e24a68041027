"""The video track to the browser, which sends each read frame once. No other file uses streamlit-webrtc's tracks."""

from typing import cast

import av
import streamlit_webrtc.webrtc
from aiortc.mediastreams import MediaStreamError
from streamlit_webrtc.process import AsyncVideoProcessTrack

from dashboard.streaming.processor import FrameProcessor


class FreshVideoTrack(AsyncVideoProcessTrack[FrameProcessor]):
    """Wait until a frame has been read. The library's own track sends the last frame again instead.

    A camera sends 30 frames per second. If several streams share the processor, only some of the frames are read.
    Encoding, sending and decoding copies for the rest would cost more than reading faces does.
    """

    async def recv(self) -> av.VideoFrame:
        """Return the newest read frame, with the timestamp of the camera's next frame.

        Until a frame has been read, return the camera's own frame.
        """
        if self.readyState != "live":
            raise MediaStreamError
        self._start()
        while True:
            self._raise_worker_exception()
            frame = cast(av.VideoFrame, await self.track.recv())
            self._in_queue.put(frame)
            read = self._take_newest_read()
            if read is None and self._last_out_frame is None:
                return frame
            if read is not None:
                self._last_out_frame = read
                read.pts, read.time_base = frame.pts, frame.time_base
                return read

    def stop(self) -> None:
        """Stop without waiting for the frame that is being read, because all visitors share this event loop."""
        self.stop_timeout = 0.0
        self._start()  # the library's `stop` fails silently if `recv` was never called
        super().stop()  # type: ignore[no-untyped-call]

    def _worker_thread(self) -> None:
        """Read the newest frame in a loop. Anything but a frame in the queue ends the loop.

        The library's own method ends the stream silently if a frame takes ten seconds. That happens on a server on
        which many streams start at once.
        """
        while isinstance(frame := self._newest_frame(), av.VideoFrame):
            read = self.processor.recv(frame)
            with self._out_lock:
                self._out_deque.append(read)

    def _newest_frame(self) -> object:
        newest = self._in_queue.get()
        while isinstance(newest, av.VideoFrame) and not self._in_queue.empty():
            newest = self._in_queue.get_nowait()
        return newest

    def _take_newest_read(self) -> av.VideoFrame | None:
        with self._out_lock:
            read = self._out_deque[-1] if self._out_deque else None
            self._out_deque.clear()  # sending older frames first would delay all later ones
            return read

    def _raise_worker_exception(self) -> None:
        with self._worker_exception_lock:
            if self._worker_exception:
                raise self._worker_exception


def use_fresh_tracks() -> None:
    """Patch streamlit-webrtc, which has no option for it, to make such tracks in the whole process."""
    streamlit_webrtc.webrtc.AsyncVideoProcessTrack = FreshVideoTrack  # type: ignore[attr-defined, assignment]
