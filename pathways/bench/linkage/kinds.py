"""The kinds of field that a benchmark of linkage compares. Does not belong here: which column is one (mapping.py)."""

KINDS = {
    "forename": "first name or its initial",
    "surname": "last name or its initial",
    "name": "whole name in one column, split into forename and surname",
    "dob": "date of birth, any usual form",
    "postcode": "postcode, whole or cut; UK, or digits as elsewhere",
    "area": "a larger place, such as state or local authority (may be repeated)",
    "sex": "sex or gender",
    "category": "any other code, compared as equal or not (may be repeated)",
    "other": "any other text, compared as equal, nearly equal or not (may be repeated)",
}
REPEATABLE = {"area", "category", "other"}
