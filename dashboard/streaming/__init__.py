"""The visitor's camera: all of av and streamlit-webrtc."""
