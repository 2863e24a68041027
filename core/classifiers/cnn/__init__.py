"""The convolutional family: the network, its training, its augmentation and its teachers."""
