"""Attribution: which pixels of a face speak for a label, and which against it, in the view of one model."""
