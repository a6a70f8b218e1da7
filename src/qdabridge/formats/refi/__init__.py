"""REFI-QDA."""
