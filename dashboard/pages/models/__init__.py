"""The models' cards."""
