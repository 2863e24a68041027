"""Marks: what people noted about single images of the data set, such as a wrong label."""
