"""Synthetic contact notes: wordings as data, the writer that composes them, and the contact_note extract."""
