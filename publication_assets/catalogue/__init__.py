"""What is published, declared once: tables, rows and columns by key, their words, notes and phrases.

declared.py      what a table, a row and a column are declared as
tables.py        every table: key, number, title, columns, notes, figures, what makes it
measures_*.py    every column: key, unit and header
rows.py          rows that sentences and figures address: key and words
notes.py         what notes and shorthand say
table_words.py   titles and headers with their marks
wording.py       phrases that settings decide
headlines.py     the headline figures of the documents, and the cells that they are
"""
