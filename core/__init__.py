"""Faces and emotions: data set, models, metrics, recognition. Never imports streamlit or dashboard."""
