"""Parts of the pictures of a film: averages over time for the timelines, and thumbnails for the contact sheet."""
