"""Spells in custody as they truly were, and the p-NOMIS table of them."""
