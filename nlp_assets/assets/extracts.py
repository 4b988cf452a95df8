"""The one extract of the notes zone: the contact notes.

Belongs here: its asset. Does not belong here: reading (resources/extract_reader.py).
"""

from contracts.extracts import CONTACT_NOTE
from resources.extract_assets import extract_asset

contact_note = extract_asset(CONTACT_NOTE)
