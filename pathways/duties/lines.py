"""What a person reads of sign-offs. Does not belong here: what is asked for (give.py)."""

from pathlib import Path

from pathways.duties.give import ToSign, needs_none, to_sign
from pathways.duties.people import current_roles
from pathways.studies import TREATMENT, Study
from resources.duties.roles import RolesRefused, a_role
from resources.duties.sign_offs import NotSignedOff
from resources.zone.gates import DecisionsNotReadable

SHORT = 12  # of a hash


def sign_off_lines(root: Path, quarter: str, study: Study = TREATMENT) -> list[str]:
    """Lines on what a quarter needs, and on who has which role. Raises as to_sign."""
    lines = [
        f"Sign-offs of {quarter}"
        + (" (its extracts are SYNTHETIC: none is needed)" if needs_none(root, quarter, study) else "")
    ]
    lines += [f"  {in_words(each)}" for each in to_sign(root, quarter, study)]
    people = current_roles(root).people.values()
    lines += ["", "Roles"] + [f"  {each.name}: {', '.join(each.roles)}" for each in people]
    return lines if people else [*lines, "  nobody was appointed: pathways sign-off appoint --help"]


def signed_off(root: Path, quarter: str, study: Study = TREATMENT) -> list[str]:
    """What was signed off of a quarter, and by whom; or why that cannot be said. Raises NotAQuarter."""
    try:
        return [in_words(each) for each in to_sign(root, quarter, study) if each.by]
    except (RolesRefused, NotSignedOff, DecisionsNotReadable) as refused:
        return [str(refused)]


def in_words(each: ToSign) -> str:
    """One thing, and by whom it was signed off, or how to do so."""
    if each.by:
        return f"{each.words} ({each.by.sha256[:SHORT]}): signed off by {each.by.by}, {each.role}, on {each.by.at[:10]}"
    if each.digest is None:
        return f"{each.words}: not there yet; then by {a_role(each.role)}"
    return f"{each.words} ({each.digest[:SHORT]}): waits for {a_role(each.role)}"
