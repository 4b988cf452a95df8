"""`python -m pathways` is the same as the command `pathways`."""

from pathways.refresh.ending import ending_in_order


def main() -> None:
    """Run the command line; however it ends, it ends in order."""
    with ending_in_order():
        from pathways.cli import app

        app()


if __name__ == "__main__":
    main()
