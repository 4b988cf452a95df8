"""Synthetic records of probation, prisons and courts, with full names and the truth about who is who.

names       vocabulary of names by tradition, with a rare tail and other spellings
people      true people in families: name, birth, sex, marriage, aliases
places      where they live; prisons, hostels and solicitors
careers     court cases, committals and sentences of a person
numbers     identity numbers
mistakes    how what is true is recorded
tables      court_tables, prison_tables, probation_tables, supervision_tables
"""
