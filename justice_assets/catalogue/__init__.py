"""What is published of the justice records: tables of the research views. Counting them is in steps/view_tables."""
