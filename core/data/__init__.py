"""FER2013 on this machine: importing it, the facts about each image, its splits and its faults."""
