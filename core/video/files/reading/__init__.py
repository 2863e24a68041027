"""Open films and decode their frames, past damaged parts and with the right times and colours."""
