"""Writes what a municipality can publish."""
