"""Write the annotated film: in segments first, which are joined with the sound of the source at the end."""
