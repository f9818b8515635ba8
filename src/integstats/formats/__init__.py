"""Bytes of the publishers' formats to columns; no network."""
