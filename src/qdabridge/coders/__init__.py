"""The work of several coders on one study: how far they agree, merging their copies, comparing versions."""
