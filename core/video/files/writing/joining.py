"""Join the segments of an annotated film and the sound of its source, without encoding the pictures again."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from heapq import merge
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias, cast

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from core.exceptions import InputError, shortened
from core.files import disk_errors_as_input_error
from core.video.files.reading.opening import open_film
from core.video.files.writing.encoders import TICKS_PER_S
from core.video.files.writing.film import FilmWriter, segment_path
from core.video.files.writing.sound import NO_SOUND, SourceSound

PicturePacket: TypeAlias = "Packet[VideoStream]"
TimedPacket: TypeAlias = "tuple[float, Packet[Any]]"
"""Time in the annotated film in seconds, and a packet."""


def join_film(writer: FilmWriter, source: Path, target: Path) -> list[str]:
    """Write the annotated film, an MP4 file, and return sentences for users about its sound; usually none.

    `writer` has ended its last segment. If it has written no frame, no file is written. The sound is that of the
    `source`. Raises InputError if the disk is full, or a segment is missing or damaged.
    """
    segments = [segment_path(writer.folder, number) for number in range(writer.segments)]
    if not segments:
        return []
    temporary = writer.folder / "segment-joined.mp4"
    try:
        notes = _join(segments, temporary, source, writer.zero_s)
        with disk_errors_as_input_error(target.parent):
            temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return notes


def _join(segments: Sequence[Path], target: Path, source: Path, zero_s: float) -> list[str]:
    """Write the film with its sound, or without if there is none. Return sentences for users."""
    with ExitStack() as stack:
        try:
            opened = stack.enter_context(open_film(source))
        except InputError:  # the source was deleted after it had been read
            _write(segments, target, None)
            return [NO_SOUND]
        sound = SourceSound(opened.container, float(opened.facts.zero) + zero_s, _seconds(segments))
        try:
            _write(segments, target, None if sound.is_empty else sound)
        except av.FFmpegError:
            if sound.is_empty:
                raise
            _write(segments, target, None)
            return [NO_SOUND]
        return sound.notes()


def _write(segments: Sequence[Path], target: Path, sound: SourceSound | None) -> None:
    """Write an MP4 file whose index is at its beginning, so that players can start before they have all of it."""
    with disk_errors_as_input_error(target.parent):
        container = av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"})
        try:
            with _open_segment(segments[0]) as first:
                stream = container.add_stream_from_template(first.streams.video[0], opaque=True)
            pictures = _pictures(segments, stream)
            packets = (
                pictures if sound is None else merge(pictures, sound.add_to(container), key=lambda timed: timed[0])
            )
            for _, packet in packets:
                try:
                    container.mux(packet)
                except av.error.InvalidDataError:
                    if sound is None or packet.stream == stream:
                        raise
                    sound.is_damaged = True  # the header of the packet is damaged, which its decoder ignores
            container.close()
        except BaseException:
            with suppress(av.FFmpegError):
                container.close()  # otherwise the file is closed, with another error, when the object is deleted
            raise


def _pictures(segments: Sequence[Path], stream: VideoStream) -> Iterator[TimedPacket]:
    """Yield the packets of all segments, each of which lasts until the next begins."""
    packets = chain.from_iterable(map(_packets, segments))
    packet = next(packets)
    for following in packets:
        packet.duration = _tick(following) - _tick(packet)
        yield _timed(packet, stream)
        packet = following
    packet.duration = round(_seconds(segments) * TICKS_PER_S) - _tick(packet)
    yield _timed(packet, stream)


def _timed(packet: PicturePacket, stream: VideoStream) -> TimedPacket:
    packet.stream = stream
    return _tick(packet) / TICKS_PER_S, packet


def _seconds(segments: Sequence[Path]) -> float:
    """Return the length of the film in seconds. Its last frame lasts as long as the one before."""
    # The last segment may have one frame only.
    ticks = [_tick(packet) for segment in segments[-2:] for packet in _packets(segment)]
    return (ticks[-1] + (ticks[-1] - ticks[-2] if len(ticks) > 1 else TICKS_PER_S // 30)) / TICKS_PER_S


def _packets(segment: Path) -> Iterator[PicturePacket]:
    """Yield the packets of a segment, which has at least one."""
    with _open_segment(segment) as container:
        try:
            for packet in container.demux(container.streams.video[0]):
                if packet.size:
                    yield packet
        except av.FFmpegError as error:
            raise _damaged(segment) from error


def _open_segment(segment: Path) -> InputContainer:
    try:
        return av.open(str(segment), format="nut")
    except av.FFmpegError as error:
        raise _damaged(segment) from error


def _damaged(segment: Path) -> InputError:
    return InputError(
        f"{shortened(segment, 120)} is missing or damaged; delete its folder and run the same command again."
    )


def _tick(packet: PicturePacket) -> int:
    """Return the time stamp of a packet of a segment, in `TICKS_PER_S`."""
    return cast(int, packet.pts)
