"""The visitor's camera. Only this package imports av and streamlit-webrtc."""
