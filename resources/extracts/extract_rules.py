"""The rules an extract is read by: each rule's name, and what the supplier does about it.

Belongs here: the names (they appear in reports, in the quarantine table and in Dagster's metadata, so they carry no
value) and their remedies. Does not belong here: applying them (extract_values.py, extract_file.py).

Four things happen to what is not as declared:
    form        how the file is written changes no value: it is said, and the file counts as it was sent
    normalised  it has one meaning: it is rewritten and counted
    voided      an optional value with no one meaning: it becomes empty and is counted
    quarantined a row whose required value has no one meaning, or that cannot be told apart: it is set aside and counted
A file that cannot be read, or of which more is faulty than `[extracts]` of study.toml allows, is rejected
(ExtractError).
"""

from pathlib import Path
from typing import Any

# Form of the file, which changes no value.
BYTE_ORDER_MARK = "byte-order mark"
LINE_ENDING = "line end of Windows or of an old Macintosh"
END_OF_FILE = "end-of-file mark of DOS"
HEADER_SPELLING = "column name in another case or with spaces"
COLUMN_ORDER = "column in another place"
TRAILING_FIELD = "row, or header, with an empty field after its last column"

# Normalised, counted in values unless the name says otherwise.
WINDOWS_1252 = "Windows-1252 character converted to UTF-8"
PADDING = "control characters around the value dropped"
NOT_TEXT_IN_NOTE = "note that holds bytes that are no text, kept"
REPEATED_HEADER = "header line repeated between rows, dropped"
EMPTY_ROW = "empty row dropped"
DUPLICATE_ROW = "identical row dropped"
SPACES = "spaces around the value trimmed"
MISSING_WORD = "NA, NULL, Not known, - or another word for missing read as missing"
PLACEHOLDER_ID = "placeholder such as 0, 9999 or XXXX in place of an identifier read as missing"
PLACEHOLDER_DATE = "1900-01-01 in place of a missing date read as missing"
POINT_ZERO = "decimal .0 dropped"
LETTER_CASE = "identifier or initial put in upper case, without accent, stroke or full stop"
CODE_SPELLING = "code rewritten as in its list"
DATE_SPELLING = "date rewritten as YYYY-MM-DD"
REFUSED = "value of somebody who refused to share, not kept"
SENSITIVE = "text of a contact marked sensitive, not kept"
MIDNIGHT = "time 00:00:00 dropped from a date"

# Voided or quarantined, with the remedy.
MISSING = "required value is missing"
NOT_A_DATE = "not a date"
IMPOSSIBLE_DATE = "date that does not exist"
TWO_DIGIT_YEAR = "date with a two-digit year"
TIME_OF_DAY = "date with a time of day"
SERIAL_DATE = "not a date but the day number of a spreadsheet"
TOO_EARLY = "date before 1900"
TOO_LATE = "date after the end of the quarter"
NOT_IN_LIST = "not in the code list"
PATTERN = "does not match the identifier's pattern"
TOO_LONG = "text of more than 1,000 bytes, which no such value has"
SCIENTIFIC = "identifier turned into a number such as 1E+09 by a spreadsheet"
NOT_WHOLE = "not a whole number"
NOT_NUMBER = "not a number"
OUT_OF_RANGE = "number out of range"
NOT_A_LETTER = "not one letter"
OTHER_SCRIPT = "initial in another script than Latin"
WRONG_FIELD_COUNT = "row with too many or too few fields"
OPEN_QUOTE = "row with a quote that is not closed, or out of place"
NOT_TEXT = "value with bytes that are no text: control characters, or letters lost in a conversion"
CONFLICTING_KEY = "several different rows have this key"
# A row that contradicts itself.
ENDS_BEFORE_START = "ends before it starts"
TERMINATED_BEFORE_START = "terminated before it was imposed"
DISCHARGED_BEFORE_TRIAGE = "discharged before triage"
TRIAGED_BEFORE_REFERRAL = "triaged before referral"
BORN_AFTER_REFERRAL = "born after the first referral"
RELEASED_BEFORE_RECEPTION = "released before reception"
COMPLETED_BEFORE_REQUEST = "completed before it was requested"
SENT_BEFORE_REQUEST = "sent to court before it was requested"

REMEDIES = {
    MISSING: "Fill the column in the source system, or leave the row out.",
    NOT_A_DATE: "Write dates as YYYY-MM-DD.",
    IMPOSSIBLE_DATE: "Write dates as YYYY-MM-DD, or DD/MM/YYYY with the day first.",
    TWO_DIGIT_YEAR: "Write the year with four digits.",
    TIME_OF_DAY: "Write the local date alone, as YYYY-MM-DD.",
    SERIAL_DATE: "Format the column as a date, YYYY-MM-DD, before it is exported.",
    TOO_EARLY: "Correct the year, or leave the value empty when it is not known.",
    TOO_LATE: "Correct the date, or draw the extract for the quarter that is run.",
    NOT_IN_LIST: "Use the codes of contracts/sources; map new codes before the extract is sent.",
    PATTERN: "Send the identifier as the source system writes it.",
    TOO_LONG: "Send the value alone, and close every quote in the file.",
    SCIENTIFIC: "Export again without opening the file in a spreadsheet; the digits are lost in this file.",
    NOT_WHOLE: "Write digits only, without unit or thousands separator.",
    NOT_NUMBER: "Write digits and a decimal point only.",
    OUT_OF_RANGE: "Check the unit and the column; contracts/sources gives the range.",
    NOT_A_LETTER: "Send the first letter of the name only.",
    OTHER_SCRIPT: "Send the first letter of the name as the person writes it in Latin letters.",
    WRONG_FIELD_COUNT: "Put quotes around text that contains a comma, write every row to its last column, and leave "
    "out lines that are no rows, such as a count of rows at the end.",
    OPEN_QUOTE: 'Close every quote, and write a quote inside quoted text twice ("").',
    NOT_TEXT: "Export again as UTF-8 from the source system; the letters are lost in this file.",
    CONFLICTING_KEY: "Send one row per key; nobody but the supplier can say which of them is right.",
    ENDS_BEFORE_START: "Correct whichever of the two dates is wrong in the source system.",
    TERMINATED_BEFORE_START: "Correct the start or the termination date in the source system.",
    DISCHARGED_BEFORE_TRIAGE: "Correct TRIAGED or DISD in the treatment system.",
    TRIAGED_BEFORE_REFERRAL: "Correct REFLD in the treatment system; it is left empty here, the triage date stands.",
    BORN_AFTER_REFERRAL: "Correct DOB, or the date of referral or triage, in the treatment system.",
    RELEASED_BEFORE_RECEPTION: "Correct the reception or the release date in the prison system.",
    SENT_BEFORE_REQUEST: "Correct the dates of the report; the date it was sent is left empty here.",
    COMPLETED_BEFORE_REQUEST: "Correct the dates of the report; the date of completion is left empty here.",
}


class ExtractError(Exception):
    """An extract file cannot be used. Carries file, rule, remedy and counts; never a value.

    file: path of the file; rule: what is wrong, in words; remedy: what to do; column: the column at fault or "".
    """

    def __init__(self, file: Path | str, rule: str, remedy: str, column: str = ""):
        self.file, self.rule, self.remedy, self.column = str(file), rule, remedy, column
        self.result: Any = None  # what was counted before the file was rejected, if it got that far: a ReadExtract
        super().__init__(f"{self.file}: {self.problem}. {remedy}")

    @property
    def problem(self) -> str:
        """Rule and, unless the rule names it already, the column."""
        return f"column {self.column}: {self.rule}" if self.column and self.column not in self.rule else self.rule
