"""The benchmark of linkage on any two files: `pathways bench linkage`.

Belongs here: reading two files with a column mapping, measuring against known truth. Does not belong here: linking
them, which is what production does (record_linkage).
"""
