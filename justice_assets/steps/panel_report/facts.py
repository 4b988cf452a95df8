"""What the panel's report says of itself. Does not belong here: any figure."""

from dataclasses import dataclass, field

from publishing.documents.wording import Wording

SYNTHETIC = "Synthetic data: every record was made up by a program. No figure here describes real people."


@dataclass(frozen=True)
class PanelFacts:
    """Quarter of the extracts, and whether they were made up."""

    quarter: str
    synthetic: bool
    title: str = "Linked justice records"
    wording: Wording = field(default_factory=lambda: Wording({}))

    @property
    def synthetic_mark(self) -> str:
        """What every title says when the extracts are synthetic; empty otherwise."""
        return "SYNTHETIC DATA" if self.synthetic else ""

    @property
    def warnings(self) -> list[str]:
        """What a reader must know first."""
        return [SYNTHETIC] if self.synthetic else []
