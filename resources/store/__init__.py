"""Where the tables of a zone are kept besides this machine: nowhere else, or in an S3 bucket."""
