"""One note a request, five at a time, an answer in JSON to parse: how tools built on LangChain label notes.

    python benchmarks/peers/one_note_per_request.py PROMPTS [--answer json|number]

PROMPTS is a JSON list of texts. The server is behind the socket LABEL_SERVER_SOCKET with LABEL_SERVER_KEY, and serves
one model. The peer is spared what it can be: prompts are ready, and the server holds the answer to {"label": 0} or
{"label": 1} without other white space, since small models fill a JSON schema with new lines. `number` asks for 0 or 1
alone, one token. Prints prompts, seconds and CPU seconds (without reading the file), ones and failures. Does not belong
here: any of our code.
"""

import argparse
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter, process_time

import httpx2

REQUESTS_IN_FLIGHT = 5
PATTERNS = {"json": r'\{"label": [01]\}', "number": "[01]"}


def main() -> None:
    """Ask for each prompt and print the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prompts", type=Path)
    parser.add_argument("--answer", choices=list(PATTERNS), default="json")
    given = parser.parse_args()
    prompts = json.loads(given.prompts.read_text(encoding="utf-8"))
    headers = {"Authorization": f"Bearer {os.environ['LABEL_SERVER_KEY']}"}
    socket = httpx2.HTTPTransport(uds=os.environ["LABEL_SERVER_SOCKET"])
    with httpx2.Client(base_url="http://localhost", headers=headers, timeout=600, transport=socket) as server:
        model = server.get("/v1/models").json()["data"][0]["id"]

        def ask(text: str) -> int | None:
            answer = server.post(
                "/v1/completions",
                json={
                    "model": model,
                    "prompt": text,
                    "max_tokens": 32,
                    "temperature": 0,
                    "structured_outputs": {"regex": PATTERNS[given.answer]},
                },
            )
            try:
                said = json.loads(answer.json()["choices"][0]["text"])
                return said["label"] if given.answer == "json" else said
            except (KeyError, ValueError):
                return None

        started, cpu = perf_counter(), process_time()
        with ThreadPoolExecutor(REQUESTS_IN_FLIGHT) as pool:
            labels = list(pool.map(ask, prompts))
        seconds, cpu_seconds = perf_counter() - started, process_time() - cpu
    counts = {"ones": labels.count(1), "failures": labels.count(None)}
    print(json.dumps({"prompts": len(prompts), "seconds": seconds, "cpu_seconds": cpu_seconds, **counts}))


if __name__ == "__main__":
    main()
