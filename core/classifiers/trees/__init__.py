"""The families of gradient-boosted trees: on pixels, on hand-made features, on a network's embedding."""
