"""What is measured, against what, and the last table; see README.md beside this file."""
