"""What a page of HTML is built of, for tests of pages that stand alone.

Belongs here: headings, identifiers, links inside the page, pictures, headers, and what it would load. Does not belong
here: what a browser makes of it (headless_browser.py).
"""

import re
from html.parser import HTMLParser


class Outline(HTMLParser):
    """Levels of headings, identifiers, targets of links inside, tags that load, pictures, scopes of headers."""

    def __init__(self, page: str):
        super().__init__()
        self.levels, self.identifiers, self.targets, self.loads, self.pictures, self.headers = [], [], [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if "id" in values:
            self.identifiers.append(values["id"])
        if tag == "a" and (target := values.get("href") or "").startswith("#"):
            self.targets.append(target[1:])
        if tag in ("script", "link", "img", "iframe") or "src" in values:
            self.loads.append(tag)
        if tag == "svg":
            self.pictures.append(values)
        if tag == "th":
            self.headers.append(values.get("scope"))

    def leads_through_the_page(self) -> bool:
        """Headings descend one level at a time from a single first, and every link inside leads to one place."""
        descends = all(later - earlier <= 1 for earlier, later in zip(self.levels, self.levels[1:], strict=False))
        places = set(self.identifiers)
        is_one = self.levels[0] == 1 and self.levels.count(1) == 1 and len(places) == len(self.identifiers)
        return descends and is_one and set(self.targets) <= places
