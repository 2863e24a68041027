"""Images and the faces in them: decoding, cropping, warping and face detection."""
