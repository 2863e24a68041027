"""The convolutional family: the network, how it is trained, what it learns from."""
