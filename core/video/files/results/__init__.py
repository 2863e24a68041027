"""What is made from the readings of a film: the table, the summary, the timelines and the strongest moments."""
