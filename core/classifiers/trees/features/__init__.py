"""Hand-made features of faces, without a neural network.

`gradients` and `patches` describe small regions of a face as vectors. `codebook` finds clusters of these vectors
(visual words), and measures how strongly each word occurs in each part of a face. `discriminants` finds the directions
that separate the classes. `table` combines these steps: (n, 48, 48) uint8 faces -> (n, 14) float32.
"""
