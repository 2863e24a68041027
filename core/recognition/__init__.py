"""A photo or a frame -> the faces in it and what each model says of them."""
