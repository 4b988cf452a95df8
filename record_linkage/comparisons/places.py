"""Places: postcodes at several sizes, and distances between positions."""

from record_linkage.comparisons.field import Field, key
from record_linkage.comparisons.levels import anything_else, exact, missing, one_edit
from record_linkage.specification import Comparison, Level


def within_km(label: str, kilometres: float, easting: str = "easting", northing: str = "northing") -> Level:
    """Positions in metres at most so far apart: squared, as a root costs four times as much."""
    east, north = (f"({column}_l - {column}_r)" for column in (easting, northing))
    return Level(label, f"{east} * {east} + {north} * {north} <= {(kilometres * 1000) ** 2:.0f}")


def postcode_field(name: str) -> Field:
    """A postcode in the column `name`, the place around it in <name>_near, and that around both in <name>_wide."""
    near, wide = f"{name}_near", f"{name}_wide"
    levels = (
        exact("same", name, frequency=True),
        one_edit(name, 4),
        exact("near", near),
        exact("same wider area", wide),
        anything_else(),
    )
    keys = (
        key(name, f"{name} {near} {wide}", name),
        key(near, f"{near} {wide}", name),
        key(wide, wide, name),
    )
    return Field(Comparison(name, missing(wide), levels), keys, coarser=(near, wide))
