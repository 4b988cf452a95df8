"""Says how hard the pages of a publication are to read: `python -m pathways.documents.readability FOLDER`.

Belongs here: reading the pages and printing a table. Does not belong here: how it is measured
(publication_assets/steps/documents/readability.py).
"""

import sys
from pathlib import Path

from publication_assets.steps.documents.readability import readability


def main(arguments: list[str]) -> int:
    """Prints a line per page of a publication folder, such as var/publication/2023Q1."""
    pages = sorted(Path(arguments[0]).glob("*.html")) if len(arguments) == 1 else []
    if not pages:
        print("Give a folder with pages: python -m pathways.documents.readability var/publication/QUARTER")
        return 2
    print(f"{'page':26s} {'sentences':>9s} {'over 25 words':>13s} {'words a sentence':>16s} {'reading age':>11s}")
    for page in pages:
        found = readability(page.read_text(encoding="utf-8"))
        print(
            f"{page.name:26s} {found.sentences:9,d} {found.long_sentences:13,d} {found.sentence_length:16.1f} "
            f"{found.reading_age:11.1f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
