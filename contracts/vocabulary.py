"""Words that mean the same in every zone: types of requirement, and what each is called.

Belongs here: values that tables hold and people read. Does not belong here: code lists of suppliers (code_lists.py).
"""

ALL, TYPES = "All", ("ATR", "DRR")
KIND_LABELS = {ALL: "ATRs and DRRs", "ATR": "ATRs", "DRR": "DRRs"}
