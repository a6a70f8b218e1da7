"""How a study is written down: one package a format, each with ``read`` and ``write``; no format knows another."""
