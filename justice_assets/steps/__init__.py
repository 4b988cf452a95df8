"""What the justice zone computes, in the order the data flows. No Dagster here: assets/ call these functions.

people      records of all four sources in the same terms
"""
