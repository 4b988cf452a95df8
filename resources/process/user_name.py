"""The account that this process runs as."""

import os
import pwd


def user_name() -> str:
    """Name of the account; its number where the machine has no name for it, as in a container."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"
