"""The command that predicts the expressions in photos."""
