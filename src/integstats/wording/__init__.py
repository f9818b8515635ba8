"""Words and numbers, in Swedish and English."""
