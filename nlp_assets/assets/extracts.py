"""The one extract of the notes zone: the contact notes of the people who are asked for.

Belongs here: its asset. Does not belong here: reading (resources/extracts/extract_reader.py), whose contacts are kept
(steps/notes/select_notes.py).
"""

from contracts.extracts import CONTACT_NOTE
from nlp_assets.steps.notes.select_notes import keep_requested
from resources.extracts.extract_assets import extract_asset

contact_note = extract_asset(CONTACT_NOTE, keep_requested, beside=["note_request"])
