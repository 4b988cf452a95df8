"""The bare engine: ready prompts posted to vLLM in lists, one token each, nothing checked: the peer of our labelling.

    python benchmarks/peers/bare_label_server.py PROMPTS --notes-per-request 128 --requests-in-flight 2

PROMPTS is a JSON list of texts. The server is behind the socket LABEL_SERVER_SOCKET with LABEL_SERVER_KEY, and serves
one model. Prints prompts, seconds and CPU seconds (without reading the file) and how many answers were "1". Does not
belong here: any of our code.
"""

import argparse
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter, process_time

import httpx2


def main() -> None:
    """Post the prompts and print the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prompts", type=Path)
    parser.add_argument("--notes-per-request", type=int, required=True)
    parser.add_argument("--requests-in-flight", type=int, required=True)
    given = parser.parse_args()
    prompts = json.loads(given.prompts.read_text(encoding="utf-8"))
    headers = {"Authorization": f"Bearer {os.environ['LABEL_SERVER_KEY']}"}
    socket = httpx2.HTTPTransport(uds=os.environ["LABEL_SERVER_SOCKET"])
    with httpx2.Client(base_url="http://localhost", headers=headers, timeout=600, transport=socket) as server:
        model = server.get("/v1/models").json()["data"][0]["id"]

        def ask(texts: list[str]) -> list[str]:
            request = {"model": model, "prompt": texts, "max_tokens": 1, "temperature": 0}
            return [choice["text"] for choice in server.post("/v1/completions", json=request).json()["choices"]]

        size = given.notes_per_request
        requests = [prompts[start : start + size] for start in range(0, len(prompts), size)]
        started, cpu = perf_counter(), process_time()
        with ThreadPoolExecutor(given.requests_in_flight) as pool:
            answers = [text for texts in pool.map(ask, requests) for text in texts]
        seconds, cpu_seconds = perf_counter() - started, process_time() - cpu
    assert len(answers) == len(prompts)
    print(
        json.dumps(
            {
                "prompts": len(prompts),
                "seconds": seconds,
                "cpu_seconds": cpu_seconds,
                "ones": answers.count("1"),
            }
        )
    )


if __name__ == "__main__":
    main()
