"""The parts that reading a film takes: refusals, packets, times, losses, and the conversion of frames to images."""
