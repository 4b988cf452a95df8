"""Cases as they were heard, which of them are reconvictions, and what court systems recorded."""
