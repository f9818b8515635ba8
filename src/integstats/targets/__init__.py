"""A target is data; these modules evaluate it."""
