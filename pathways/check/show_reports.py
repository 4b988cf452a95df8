"""Shows reports of extract files to a person, as a table with what was found in each file below it."""

import sys

from rich.console import Console
from rich.table import Table

from pathways.check.file_report import REJECTED, FileReport, would_start


def render_reports(reports: list[FileReport], stream=None) -> None:
    """Print the reports as a table, with what was found in each file below it."""
    console = Console(file=stream or sys.stdout, highlight=False, soft_wrap=True, emoji=False, markup=False)
    if not console.is_terminal:
        console.width = 130
    summary = Table("table", "status", "rows", "kept", "quarantined", "voided values", "normalised values")
    for report in reports:
        voided = sum(finding.count for finding in report.voided)
        normalised = sum(sum(rules.values()) for rules in report.normalised.values())
        numbers = (report.rows_read, report.rows_kept, report.rows_quarantined, voided, normalised)
        summary.add_row(report.table, report.status, *(f"{number:,}" for number in numbers))
    console.print(summary)
    for report in reports:
        for line in _details(report):
            console.print(line)
    rejected = sum(report.status == REJECTED for report in reports)
    starts = would_start(reports)
    console.print("A refresh would start." if starts else f"A refresh would not start: {rejected} file(s) rejected.")


def _details(report: FileReport) -> list[str]:
    lines = []
    if report.problem:
        lines += [f"  rejected: {report.problem}", f"    what to do: {report.remedy}"]
    for kind, findings in (("rows quarantined", report.quarantined), ("values voided", report.voided)):
        for finding in findings:
            shown = ", ".join(str(number) for number in finding.row_numbers)
            hidden = finding.count - len(finding.row_numbers)
            more = f" and {hidden:,} more" if hidden else ""
            lines += [
                f"  {kind}: {finding.count:,} x {finding.column}: {finding.rule}; data rows {shown}{more}",
                f"    what to do: {finding.remedy}",
            ]
    for column, counts in report.normalised.items():
        lines += [f"  normalised: {column}: {rule} ({count:,})" for rule, count in counts.items()]
    if report.columns_ignored:
        lines.append(f"  sent besides, not read: {', '.join(report.columns_ignored)}. Leave out what is not asked for.")
    lines += [f"  note: {note}" for note in report.notes]
    lines += [f"  warning: {warning}" for warning in report.warnings]
    return [f"\n{report.table} ({report.file})", *lines] if lines else []
