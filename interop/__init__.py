"""Whether other people's programs read what we write; see README.md beside this file."""
