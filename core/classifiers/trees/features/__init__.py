"""Hand-made features of faces, without a neural network: faces -> float32 tables.

`gradients` and `patches` describe small regions. `codebook` measures how strongly each part of a face shows each
visual word. `discriminants` finds the directions that separate the classes.
"""
