"""Engines that read notes: what turns the text of a note into a probability. Does not belong here: labels."""
