"""What goes back to the browser: read frames, none twice. The only file that sees streamlit-webrtc's tracks."""

from typing import cast

import av
import streamlit_webrtc.webrtc
from aiortc.mediastreams import MediaStreamError
from streamlit_webrtc.process import AsyncVideoProcessTrack

from dashboard.streaming.processor import FrameProcessor


class FreshVideoTrack(AsyncVideoProcessTrack[FrameProcessor]):
    """Waits until a frame has been read, where the library's own track sends the last one once more.

    A camera sends thirty frames a second; where several streams share the processor, each has only some of them read.
    Coding, sending and decoding the others' copies cost more than reading faces does.
    """

    async def recv(self) -> av.VideoFrame:
        """The newest read frame, with the camera's next one; before the first, the camera's own picture."""
        if self.readyState != "live":
            raise MediaStreamError
        self._start()
        while True:
            self._raise_what_ended_the_reading()
            frame = cast(av.VideoFrame, await self.track.recv())
            self._in_queue.put(frame)
            read = self._newly_read()
            if read is None and self._last_out_frame is None:
                return frame
            if read is not None:
                self._last_out_frame = read
                read.pts, read.time_base = frame.pts, frame.time_base
                return read

    def stop(self) -> None:
        """End without waiting for the frame that is being read: this runs on the event loop, which is everybody's."""
        self.stop_timeout = 0.0
        self._start()  # the library's `stop` fails, and tells nobody, where no frame was ever asked for
        super().stop()  # type: ignore[no-untyped-call]

    def _worker_thread(self) -> None:
        """Read the newest frame, again and again; anything but a frame in the queue is the end.

        The library's own ends a stream for good, without a word, when a frame takes ten seconds: a server on which many
        start at once has such moments.
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

    def _newly_read(self) -> av.VideoFrame | None:
        with self._out_lock:
            read = self._out_deque[-1] if self._out_deque else None
            self._out_deque.clear()  # an older one that were sent first would delay all that follow
            return read

    def _raise_what_ended_the_reading(self) -> None:
        with self._worker_exception_lock:
            if self._worker_exception:
                raise self._worker_exception


def use_fresh_tracks() -> None:
    """From here on, in the whole process: streamlit-webrtc, which has no option for it, makes such tracks."""
    streamlit_webrtc.webrtc.AsyncVideoProcessTrack = FreshVideoTrack  # type: ignore[attr-defined, assignment]
