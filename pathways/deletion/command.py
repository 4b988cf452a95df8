"""The options of `pathways delete`. Does not belong here: the work."""

from typing import Annotated

import typer

from pathways.command_line import StudyOption, saying


def delete(
    quarter: Annotated[str, typer.Option(help="Quarter, e.g. 2023Q1.")],
    by: Annotated[str, typer.Option(help="Who deletes, an approver. Without it, what would go is listed.")] = "",
    study: StudyOption = "treatment",
) -> None:
    """Delete every file that precedes the publication of a quarter, and certify it, once the publication is signed off.

    Extracts, tables of all zones, labels of its notes and the secret of its release go. The publication, receipts and
    decisions stay; of the justice records, what was released and what the next release is compared with. A deletion
    that was stopped goes on when the same command is run again.
    """
    from pathways.deletion.delete import NotDeleted, delete_quarter
    from pathways.deletion.lines import certified_lines, listed_lines
    from pathways.studies import STUDIES
    from resources.deletion.certificates import CertificateRefused
    from resources.duties.roles import RolesRefused
    from resources.duties.sign_offs import NotSignedOff
    from resources.operation.quarter_lock import QuarterIsRun
    from resources.process.data_root import data_root
    from resources.secrets.kept_secret import SecretNotReadable
    from resources.zone.gates import DecisionsNotReadable

    refused = (NotDeleted, QuarterIsRun, RolesRefused, NotSignedOff, DecisionsNotReadable, SecretNotReadable)
    with saying(*refused, CertificateRefused):
        root, of = data_root(), STUDIES[study]
        lines = certified_lines(delete_quarter(root, quarter, by, of)) if by else listed_lines(root, quarter, of)
        print("\n".join(lines))
