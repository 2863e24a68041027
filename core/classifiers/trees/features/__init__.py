"""Hand-made features of faces: no neural network in them. Faces in, float32 tables out.

`gradients` and `patches` describe small regions, `codebook` counts which of its words they show and where, and
`discriminants` finds the directions that tell the classes apart.
"""
