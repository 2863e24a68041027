"""Read the packets of a film, past damaged places, and find where to start decoding."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

MAX_ERRORS_IN_A_ROW = 100
"""After so many errors without a packet in between, the rest of a file counts as lost."""

LATE_S = 1.0
"""Seconds by which the order of decoding may differ from the order of display."""


class Entry(NamedTuple):
    """The packet at which to start decoding."""

    packet: int
    """Packets before it in the file."""
    number: int
    """Frames that are displayed before its frame."""
    pts: int | None
    """Time stamp of its frame. Earlier frames cannot be decoded from here. None if nothing was skipped."""


def packets_of(
    container: InputContainer, stream: VideoStream, on_error: Callable[[], None] = lambda: None
) -> Iterator["Packet[VideoStream]"]:
    """Yield the packets of a stream that have data, to the end of the file. `on_error` is told of damaged places."""
    return _packets(container, (stream,), on_error)


def _packets(
    container: InputContainer, streams: Sequence[VideoStream], on_error: Callable[[], None]
) -> Iterator["Packet[Any]"]:
    """Yield the packets of these streams, or of all streams if none is given."""
    errors = 0
    while errors < MAX_ERRORS_IN_A_ROW:
        try:
            for packet in container.demux(*streams):
                if packet.size:  # the decoder would take an empty packet for the end of the film
                    errors = 0
                    yield packet
            return
        except IndexError:  # PyAV, at the end of a file in which streams begin that its header does not name
            return
        except av.FFmpegError:
            errors += 1
            on_error()


def decode(stream: VideoStream, packet: "Packet[VideoStream] | None") -> list[VideoFrame]:
    """Return the frames that are complete after this packet, or the last ones for None. Raises av.FFmpegError."""
    try:
        return stream.codec_context.decode(packet)
    except EOFError:
        return []
    except av.BlockingIOError:  # the decoder holds back frames after an error and accepts no more packets
        stream.codec_context.flush_buffers()
        raise


def good_frames(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Yield the frames that can be decoded without errors."""
    for packet in chain(packets_of(container, stream), [None]):  # None: the frames that the decoder holds back
        try:
            frames = decode(stream, packet)
        except av.FFmpegError:
            continue
        yield from (frame for frame in frames if not frame.is_corrupt)


def entry_before(
    container: InputContainer, stream: VideoStream, time_s: Callable[[int], float], start_s: float
) -> Entry:
    """Return the last key frame at or before `start_s`; the first packet if the time stamps are missing or jump."""
    entry = beginning = Entry(0, 0, None)
    count = shown = leading = 0
    last_dts: int | None = None
    for packet in packets_of(container, stream):
        pts, dts = packet.pts, packet.dts
        if pts is None or (dts is not None and last_dts is not None and dts < last_dts):
            return beginning
        last_dts = dts if dts is not None else last_dts
        if packet.is_keyframe:
            if time_s(pts) > start_s:
                break
            if count:
                entry, leading = Entry(count, shown, pts), 0
        elif entry.pts is not None and pts < entry.pts and not packet.is_discard:
            leading += 1  # stored after the key frame, but displayed before it
        if dts is not None and time_s(dts) > start_s + LATE_S:
            break
        count, shown = count + 1, shown + (not packet.is_discard)
    return entry._replace(number=entry.number + leading)


def last_end_s(container: InputContainer) -> float:
    """Return when the last packet of any stream ends, in seconds on the clock of the file; 0 if there is none."""
    end_s = 0.0
    for packet in _packets(container, (), lambda: None):
        stamp = packet.pts if packet.pts is not None else packet.dts
        if stamp is not None and packet.time_base:
            end_s = max(end_s, float((stamp + (packet.duration or 0)) * packet.time_base))
    return end_s
