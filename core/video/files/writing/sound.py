"""The sound of an annotated film: that of its source, copied if browsers can play it in MP4, otherwise as AAC."""

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import NamedTuple, TypeAlias, cast

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Discard

COPIED_CODECS = ("aac", "mp3", "opus", "flac")
"""Codecs that browsers play in MP4. Others are converted to AAC."""

COPIED_AAC_PROFILES = ("LC", "HE-AAC", "HE-AACv2")
AAC_RATES = (44_100, 48_000)
AAC_BITS_PER_S = 128_000

LEAD_S = 0.1
"""Seconds of sound kept before the beginning of the film. Decoders need them; players do not play them."""

JUMP_S = 1.0
"""Time stamps that go back by more than this begin another recording, which is appended.

Sound whose time stamps go back by less is left out.
"""

ROUNDING_S = 0.002
"""Differences between time stamps and the number of samples that count as rounding."""

MAX_LATE_PACKETS = 500
"""Reading stops after this many packets in a row that lie after the end of the film.

It does not stop at the first, because time stamps may jump forward and back again.
"""

MAX_FAILURES = 100
"""Reading stops after this many failures in a row."""

NO_SOUND = "The sound of the film could not be read, so the annotated film has none."
DAMAGED_SOUND = "Parts of the sound are damaged; they are missing in the annotated film."

SoundPacket: TypeAlias = "Packet[AudioStream]"


class Piece(NamedTuple):
    """A packet of sound and what it contains."""

    time_s: float
    """Time in the annotated film, in seconds; as little as `-LEAD_S` at the beginning."""
    packet: SoundPacket
    frames: list[AudioFrame]

    def time_of(self, frame: AudioFrame) -> float:
        """Return the time of a frame, which may have been in an earlier packet, as decoders may be late."""
        if frame.time is None:
            return self.time_s
        late_s = float(_start(self.packet) * self.packet.time_base) - frame.time
        return self.time_s - late_s if abs(late_s) < JUMP_S else self.time_s


class SourceSound:
    """The sound of a part of a source: from `zero_s` on the source's own clock, for `seconds` seconds.

    Everything is decoded, even what is copied: packets that cannot be decoded are left out, as players stop at them.
    """

    def __init__(self, container: InputContainer, zero_s: float, seconds: float) -> None:
        self._container, self._zero_s, self._seconds = container, zero_s, seconds
        self.is_damaged = False
        """Whether a damaged part has been found so far."""
        self._source = _best_audio_stream(container)
        pieces = self._read() if self._source else iter(())
        first = next(pieces, None)
        self.is_empty = first is None
        """Whether none of it belongs to the film and can be decoded."""
        self._pieces = pieces if first is None else chain([first], pieces)

    def notes(self) -> list[str]:
        """Return sentences for users about damage that has been found so far."""
        if not self.is_damaged:
            return []
        return [NO_SOUND if self.is_empty else DAMAGED_SOUND]

    def add_to(self, target: OutputContainer) -> Iterator[tuple[float, SoundPacket]]:
        """Add a stream to an MP4 file, and return an iterator of its packets and their times in seconds.

        To be called once, and only if the sound is not empty.
        """
        source = cast(AudioStream, self._source)
        if _can_be_copied(source):
            return self._copied(target.add_stream_from_template(source))
        rate = source.rate if source.rate in AAC_RATES else AAC_RATES[-1]
        stream = target.add_stream("aac", rate=rate)
        stream.codec_context.layout = "mono" if source.channels == 1 else "stereo"
        stream.codec_context.format = "fltp"
        stream.codec_context.bit_rate = AAC_BITS_PER_S
        return self._as_aac(stream)

    def _copied(self, target: AudioStream) -> Iterator[tuple[float, SoundPacket]]:
        known_format: tuple[int, int] | None = None
        held: list[tuple[float, SoundPacket]] = []
        for time_s, packet, frames in self._pieces:
            formats = {(frame.sample_rate, frame.layout.nb_channels) for frame in frames}
            known_format = known_format or next(iter(formats), None)
            if formats - {known_format}:
                # Players stop at a change. Some decoders report it one packet late, so both packets are left out.
                self.is_damaged = True
                held = []
                continue
            packet.pts = packet.dts = round(time_s / packet.time_base)
            packet.stream = target
            yield from held
            held = [(time_s, packet)]
        yield from held

    def _as_aac(self, target: AudioStream) -> Iterator[tuple[float, SoundPacket]]:
        end_s, converter = 0.0, _Converter(target)
        for piece in self._pieces:
            for frame in piece.frames:
                time_s = piece.time_of(frame)
                seconds = frame.samples / frame.sample_rate
                if abs(time_s - end_s) < ROUNDING_S:
                    time_s = end_s
                if time_s + seconds <= 0 or time_s + seconds / 2 < end_s or time_s >= self._seconds:
                    continue
                end_s = time_s + seconds
                frame.pts, frame.time_base = round(time_s * frame.sample_rate), Fraction(1, frame.sample_rate)
                for converted in converter.convert(frame):
                    yield from _encoded(target, converted)
        yield from _encoded(target, None)

    def _read(self) -> Iterator[Piece]:
        """Yield what belongs to the film, in ascending order of time."""
        late, end_s, offset_s = 0, -math.inf, 0.0
        gap_s = math.inf  # where the latest gap began
        for packet in self._packets():
            time_s = float(_start(packet) * packet.time_base) - self._zero_s + offset_s
            late = late + 1 if time_s >= self._seconds else 0
            if late == MAX_LATE_PACKETS:
                return
            if time_s < end_s - JUMP_S and time_s < gap_s:
                # The pictures too go on at once where time stamps jump back.
                offset_s, time_s = offset_s + end_s - time_s, end_s
            elif time_s < end_s - JUMP_S:  # what came after the gap had a wrong time stamp
                self.is_damaged = True
            seconds = float((packet.duration or 0) * packet.time_base)
            if late or time_s + seconds / 2 < end_s:
                continue
            is_early = time_s < -LEAD_S
            frames = None if is_early else self._decoded(packet)
            if frames is None and not is_early:
                continue
            if -math.inf < end_s < time_s - JUMP_S:
                gap_s = end_s
            end_s = time_s + seconds
            if frames is not None:
                yield Piece(time_s, packet, frames)

    def _packets(self) -> Iterator[SoundPacket]:
        """Yield the packets that have a time. Go on after damaged parts of the file."""
        failures = 0
        while failures < MAX_FAILURES:
            try:
                for packet in self._container.demux(cast(AudioStream, self._source)):
                    failures = 0
                    if packet.size and (packet.pts is not None or packet.dts is not None):
                        yield packet
                return
            except (av.FFmpegError, IndexError):  # IndexError: damage looks like the beginning of a new stream
                failures += 1
                self.is_damaged = True

    def _decoded(self, packet: SoundPacket) -> list[AudioFrame] | None:
        """Return the frames of a packet, which may be none yet, or None if it is damaged."""
        try:
            frames = packet.decode()
        except av.FFmpegError:
            frames = None
        if frames is None or packet.is_corrupt:
            self.is_damaged = True
            return None
        return frames


class _Converter:
    """Convert frames to the format, the channels and the rate of a stream."""

    def __init__(self, target: AudioStream) -> None:
        self._target = target
        self._format: tuple[str, str, int] | None = None

    def convert(self, frame: AudioFrame) -> list[AudioFrame]:
        """Return the frames that are ready. The format of the input may change from frame to frame."""
        source_format = frame.format.name, frame.layout.name, frame.sample_rate
        if source_format != self._format:
            context = self._target.codec_context
            # The option keeps six loud channels from being clipped in two.
            options = {"rematrix_maxval": "1"}
            self._resampler = AudioResampler(context.format, context.layout, context.rate, options=options)
            self._format = source_format
        return self._resampler.resample(frame)


def _encoded(target: AudioStream, frame: AudioFrame | None) -> Iterator[tuple[float, SoundPacket]]:
    for packet in target.encode(frame):
        yield float(_start(packet) * packet.time_base), packet


def _best_audio_stream(container: InputContainer) -> AudioStream | None:
    """Return the main audio stream, or None if there is none that can be decoded. Switch the other streams off."""
    best = container.streams.best("audio")
    if not isinstance(best, AudioStream):
        return None
    for stream in container.streams:
        stream.discard = Discard.default if stream.index == best.index else Discard.all
    return best


def _can_be_copied(stream: AudioStream) -> bool:
    codec = stream.codec_context.codec.canonical_name
    return codec in COPIED_CODECS and (codec != "aac" or stream.profile in COPIED_AAC_PROFILES)


def _start(packet: SoundPacket) -> int:
    """Return the time stamp of a packet that has one."""
    return cast(int, packet.dts if packet.pts is None else packet.pts)
