"""The convolutional family: the network, its training, augmentation and teachers."""
