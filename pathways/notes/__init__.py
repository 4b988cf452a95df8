"""Commands on any file of notes: which have a keyword, what they say. Does not belong here: quarters, their tables."""
