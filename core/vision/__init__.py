"""Pictures and the faces in them: decoding, crops, warps, detectors."""
