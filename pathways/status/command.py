"""`pathways status`: where each quarter stands, on this machine."""

from datetime import datetime
from pathlib import Path

from pathways.status.quarter_status import quarter_status, quarters_shown
from pathways.status.status_lines import json_lines, page, text_lines
from pathways.studies import TREATMENT, Study
from resources.operation.delivery import in_words


def status_command(root: Path, quarter: str | None, as_json: bool, html: Path | None, study: Study = TREATMENT) -> None:
    """Print where quarters stand, and write it as a page to `html`. Raises NotAQuarter, OSError."""
    now = datetime.now().astimezone()
    quarters = [quarter] if quarter else quarters_shown(root, now.date(), study)
    statuses = [quarter_status(root, each, now.date(), study) for each in quarters]
    print("\n".join((json_lines if as_json else text_lines)(statuses)))
    if html:
        html.write_text(page(statuses, f"{in_words(now.date())}, {now:%H:%M}"), encoding="utf-8")
