"""Loads the demo community from its content files."""
