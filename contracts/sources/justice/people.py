"""Columns by which any of the four systems says who somebody is.

Belongs here: names, date of birth and numbers. Does not belong here: what a system has besides.
"""

from contracts.sources.columns import day, identifier, text
from resources.extracts.extract_declaration import Column, Use
from resources.extracts.values.identity_numbers import CRO_PATTERN, PNC_PATTERN


def names(use: Use, *of_ages: Use) -> tuple[Column, ...]:
    """Full names as recorded; whoever is known by one name may have it in either column. of_ages: what the date of
    birth is used for besides.
    """
    return (
        text("forename", "first forename as recorded", use),
        text("middle_names", "further forenames", use),
        text("surname", "surname as recorded", use),
        day("dob", "date of birth", use, *of_ages, birth=True),
    )


def police_numbers(use: Use) -> tuple[Column, ...]:
    """Numbers of the Police National Computer and of criminal records; courts lack them in part."""
    return (
        identifier("pnc_number", "police number", use, pattern=PNC_PATTERN),
        identifier("cro_number", "criminal record number", use, pattern=CRO_PATTERN),
    )
