"""What stops a refresh."""


class RefreshStopped(Exception):
    """The refresh cannot go on. Without a message: what stopped it has been said where it arose."""
