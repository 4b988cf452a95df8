"""The benchmark of linkage on any two files: `pathways bench linkage`.

Belongs here: reading two files with a column mapping, linking them with the method of the study, measuring against
known truth. Does not belong here: the study's own linkage (linkage_assets), whose tables have fixed columns.
"""
