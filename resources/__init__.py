"""What all zones share. Whatever process imports it writes files that its own user alone can read.

The one place that sets this: code servers, run workers, commands and their children all come through here, and Dagster
has no door for it that is opened before a zone is loaded. What others may read is widened where it is written
(private_files.py).
"""

import os

os.umask(0o077)
