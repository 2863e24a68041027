"""What FERscope is, and how good its models are."""
