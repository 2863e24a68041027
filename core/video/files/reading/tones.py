"""Tables that reduce the brightness of HDR films to that of an ordinary screen."""

import numpy as np
from numpy.typing import NDArray

PQ, HLG = 16, 18
"""Numbers of the transfer curves of HDR films: SMPTE ST 2084 and ARIB STD-B67."""

WHITE_NITS = 203.0
"""Brightness of white paper in an HDR film, by ITU-R BT.2408. Only lights and reflections are brighter."""

HLG_SCREEN_NITS = 1000.0
KNEE = 0.6
"""Part of the brightness of white from which on tones are compressed, so that bright parts of a face keep detail."""


def _pq_nits(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    powered = signal ** (32 / 2523)
    return 10_000 * (np.maximum(powered - 0.8359375, 0) / (18.8515625 - 18.6875 * powered)) ** (8192 / 1305)


def _hlg_nits(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return HLG_SCREEN_NITS * scene**1.2


def _table(nits: NDArray[np.float64]) -> NDArray[np.uint8]:
    linear = nits / WHITE_NITS
    compressed = KNEE + (1 - KNEE) * np.tanh((linear - KNEE) / (1 - KNEE))
    return np.asarray(255 * np.where(linear <= KNEE, linear, compressed) ** (1 / 2.2) + 0.5, np.uint8)


_SIGNAL = np.arange(256) / 255

HDR_TABLES = {PQ: _table(_pq_nits(_SIGNAL)), HLG: _table(_hlg_nits(_SIGNAL))}
"""Transfer curve -> (256,) uint8: from values of an HDR film to values of an ordinary screen, channel by channel."""
