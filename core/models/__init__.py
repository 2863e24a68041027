"""models/<name>/: what is known of a trained model, read and written in one place."""
