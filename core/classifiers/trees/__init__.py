"""The families of gradient-boosted trees: on pixels, on hand-made features and on a network's embedding."""
