"""Times of a film in words, and the ticks of a time axis."""

import math
from typing import NamedTuple

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400

TICK_STEPS_S = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 21600.0, 43200.0),
)
"""Distances between two ticks. Longer ones are whole days."""

SHORTEST_SPAN_S = 0.01
"""Time axes are at least this long, because a film of one frame begins and ends at the same time."""


class Ticks(NamedTuple):
    """The ticks of a time axis."""

    times_s: list[float]
    texts: list[str]
    unit: str
    """How to read the texts: `s`, `min:s`, `h:min` or `h:min:s`."""


def span(start_s: float, end_s: float) -> tuple[float, float]:
    """Return the start and the end of a time axis, which is at least `SHORTEST_SPAN_S` long."""
    return start_s, max(end_s, start_s + SHORTEST_SPAN_S)


def ticks(start_s: float, end_s: float, most: int = 12) -> Ticks:
    """Return at most `most` ticks at round times from `start_s` to `end_s`. `most` must be at least 2."""
    start_s, end_s = span(start_s, end_s)
    shortest = (end_s - start_s) / (most - 1)
    step = next((step for step in TICK_STEPS_S if step >= shortest), math.ceil(shortest / DAY_S) * DAY_S)
    # Rounding makes sure that 0.3 is a multiple of 0.1.
    first, last = math.ceil(round(start_s / step, 6)), math.floor(round(end_s / step, 6))
    times_s = [round(number * step, 6) for number in range(first, last + 1)]
    decimals = max(0, -math.floor(math.log10(step)))
    if end_s <= MINUTE_S:
        return Ticks(times_s, [f"{time_s:.{decimals}f}" for time_s in times_s], "s")
    if end_s >= HOUR_S and step >= MINUTE_S:
        return Ticks(times_s, [hours_and_minutes(time_s) for time_s in times_s], "h:min")
    hours = end_s >= HOUR_S
    return Ticks(times_s, [clock(time_s, decimals, hours) for time_s in times_s], "h:min:s" if hours else "min:s")


def hours_and_minutes(time_s: float) -> str:
    """Return a time as hours and minutes, such as `1:05`."""
    hours, minutes = divmod(round(time_s / MINUTE_S), 60)
    return f"{hours}:{minutes:02}"


def clock(time_s: float, decimals: int = 1, hours: bool = False) -> str:
    """Return a time as minutes and seconds, such as `0:07.4`; from one hour on or with `hours`, such as `1:02:07.4`."""
    units = round(time_s * 10**decimals)  # rounded first, so that 59.96 becomes 1:00.0
    whole, part = divmod(units, 10**decimals)
    minutes, seconds = divmod(whole, 60)
    text = f"{seconds:02}" + (f".{part:0{decimals}}" if decimals else "")
    if hours or minutes >= 60:
        return f"{minutes // 60}:{minutes % 60:02}:{text}"
    return f"{minutes}:{text}"
