"""What the publications share: that of the study (publication_assets) and that of the justice zone (justice_assets).

tables: what a table that is published is declared as, and made of while it is counted.
disclosure: which counts may be shown, and what stands in place of those that may not.
documents: what a document is made of, from a Markdown template to a page that stands alone.
research_crate.py: a release as an RO-Crate.
charts: the look of figures, and bars.

Does not belong here: any table, row, note or sentence of a publication.
"""
