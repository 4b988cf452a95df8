"""Treatment as it truly was, and the NDTMS tables that record it."""
