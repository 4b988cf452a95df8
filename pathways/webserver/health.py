"""Whether a webserver answers, for the health check of its container: `python -m pathways.webserver.health HOST`.

It asks as a browser does that opens the page by the first name in PATHWAYS_UI_HOSTS. Exit code 1: no answer.
"""

import http.client
import os
import sys

from pathways.webserver.__main__ import HOSTS

SECONDS_TO_ANSWER = 15


def answers(address: str, port: int, named: str) -> bool:
    """Whether Dagster's webserver at `address` says its version to who asks for the first of the hosts in `named`."""
    server = http.client.HTTPConnection(address, port, timeout=SECONDS_TO_ANSWER)
    try:
        server.request("GET", "/server_info", headers={"Host": named.split(",", maxsplit=1)[0].strip()})
        return server.getresponse().status == 200
    except OSError:
        return False
    finally:
        server.close()


if __name__ == "__main__":
    sys.exit(not answers(sys.argv[1], 3000, os.environ.get(HOSTS, "")))
