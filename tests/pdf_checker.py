"""What breaks PDF/UA-1 in a PDF, found by outloud: its rules of conformance, which are held against those of veraPDF.

It reads the file itself: tags, what each sheet prints, fonts, links and metadata. What a person must judge, such as
whether an alternative says the right thing, it does not find. Its other rules guess what tags mean and are not asked:
they take the header of a table that goes on over a sheet, and tables of two columns, for faults. Nor is one that
guesses which lines are running headers: titles of figures end alike where the data are synthetic.
"""

from pathlib import Path

from outloud import check

RUNNING_HEADERS = "PAG-001"


def pdf_faults(file: Path) -> list[str]:
    """A line for each rule that the PDF breaks."""
    checked = check(str(file), layers=["conformance"], skip=[RUNNING_HEADERS])
    asked = [run for run in checked.runs if run.status == "ran"]
    crashed = [run for run in checked.runs if run.status == "crashed"]
    assert checked.error is None and asked and not crashed, "the checker could not read the PDF"
    return [f"{fault.rule} sheet {fault.page}: {fault.message}" for fault in checked.sorted_findings()]
