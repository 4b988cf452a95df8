"""Starts vLLM on this machine's CPU and stops it again.

Belongs here: the command line, environment, socket, log and health of the process. Does not belong here: what is asked
of the server (completions_client.py), who asks (nlp_assets/serving/label_client.py), what the server may reach
(nlp_assets/serving/vllm/vllm_server.py).

vLLM asks for its key on some pages only, and the counters of its cache tell whether a prompt was seen before: so it
listens on a Unix socket in a folder that only this user can enter, and on no port.

The settings were measured on two AVX2 cores: float32 is three times faster than bfloat16 there, and a block of 32
tokens lets the prefix cache hold all of the shared prompt (the default of 128 leaves its tail out).
"""

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from nlp_assets.serving.endpoint import LONGEST_SOCKET_PATH, SOCKET_SCHEME, Endpoint
from nlp_assets.serving.json_client import ANSWER_SECONDS, JsonClient, ServerUnavailable
from resources.process.child_processes import guarded

REPOSITORY = Path(__file__).resolve().parents[3]
SERVER = Path(__file__).with_name("vllm_server.py")
DTYPE = "float32"
MAXIMUM_MODEL_TOKENS = 2048
SECONDS_TO_START = 600.0
SECONDS_TO_BE_HEALTHY = 5.0  # an answer on its health
SOCKET_NAME = "vllm.sock"
LONGEST_NAME = 36  # of the sockets between vLLM's server and its engine
PRIVATE = 0o077
ENGINE_SETTINGS = {
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_WORKER_MULTIPROC_METHOD": "spawn",
    "VLLM_HOST_IP": "127.0.0.1",
    "HF_HUB_OFFLINE": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
}


class VllmCannotStart(Exception):
    """The label server cannot be started; the message says what to do."""


def llm_python(environment: Mapping[str, str]) -> Path:
    """Python that has vLLM: environment variable PATHWAYS_LLM_PYTHON, or .venv-llm in the repository."""
    return Path(environment.get("PATHWAYS_LLM_PYTHON") or REPOSITORY / ".venv-llm" / "bin" / "python")


def vllm_version(python: Path) -> str:
    """Name and version of the vLLM that `python` has, e.g. "vllm-cpu 0.32.0", read from its folder without running it.

    Raises VllmCannotStart when there is none.
    """
    for folder in sorted(python.parent.parent.glob("lib/python3.*/site-packages/vllm*.dist-info")):
        name, _, version = folder.name.removesuffix(".dist-info").partition("-")
        if name in {"vllm", "vllm_cpu"}:
            return f"{name.replace('_', '-')} {version}"
    raise VllmCannotStart(
        f"vLLM is not installed for {python}. Run `make install-llm`, or set VLLM_BASE_URL to a running server."
    )


class VllmProcess:
    """One vLLM server of one model folder, on a socket in a private folder, behind a random key no command line shows.

    `dummy_weights`: the folder needs no tensors, the model has random ones: for measuring speed only;
    `pooling_tokens`: the model embeds the tokens of texts of at most so many, and does not write; 0 for one that does;
    `start_seconds`: within which it must be healthy; `answer_seconds`: for who asks it.
    """

    def __init__(
        self,
        python: Path,
        weights: Path,
        served_name: str,
        log: Path,
        *,
        dummy_weights: bool = False,
        pooling_tokens: int = 0,
        start_seconds: float = SECONDS_TO_START,
        answer_seconds: float = ANSWER_SECONDS,
    ):
        self.python, self.weights, self.served_name, self.log = python, weights, served_name, log
        self.dummy_weights, self.pooling_tokens = dummy_weights, pooling_tokens
        self.start_seconds, self.answer_seconds = start_seconds, answer_seconds
        self._endpoint: Endpoint | None = None
        self._folder: Path | None = None
        self._process: subprocess.Popen | None = None
        self._log_mode = "wb"

    @property
    def endpoint(self) -> Endpoint:
        """Where it is reached, another one after each start."""
        assert self._endpoint is not None, "The server has not been started."
        return self._endpoint

    def start(self, say: Callable[[str], None]) -> None:
        """Start the server and wait until it is healthy. `say` is told the seconds waited.

        Raises VllmCannotStart that names the log when the server ends or is not healthy in `start_seconds`.
        """
        vllm_version(self.python)
        self.stop()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._folder = _private_folder()
        socket = self._folder / SOCKET_NAME
        self._endpoint = Endpoint(f"{SOCKET_SCHEME}{socket}", secrets.token_urlsafe(32), self.answer_seconds)
        with self.log.open(self._log_mode) as log:
            self._process = subprocess.Popen(
                guarded(self._command(socket), self._folder),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.log.parent,
                env=self._environment(),
                start_new_session=True,
                umask=PRIVATE,
            )
        self._log_mode = "ab"  # a restart keeps what the server said before it went away
        self._wait_until_healthy(say)

    def is_healthy(self) -> bool:
        """Whether the process runs and its engine answers."""
        if self._process is None or self._process.poll() is not None:
            return False
        server = JsonClient(replace(self.endpoint, answer_seconds=SECONDS_TO_BE_HEALTHY).http_client(""))
        try:
            return server.send("GET", "/health").status_code == 200
        except ServerUnavailable:
            return False
        finally:
            server.close()

    def stop(self) -> None:
        """End the server and everything it started. Nothing happens when none runs."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        if self._folder:  # where the guard was killed, too
            shutil.rmtree(self._folder, ignore_errors=True)

    def _wait_until_healthy(self, say: Callable[[str], None]) -> None:
        started = time.monotonic()
        told = 0
        while not self.is_healthy():
            waited = time.monotonic() - started
            ended = self._process is None or self._process.poll() is not None
            if ended or waited > self.start_seconds:
                self.stop()
                state = "ended" if ended else "was not healthy"
                raise VllmCannotStart(f"The label server {state} after {waited:.0f} s. {self.log} says why.")
            if waited >= told + 10:
                told += 10
                say(f"label server starting: {told} s")
            time.sleep(0.5)
        say(f"label server started in {time.monotonic() - started:.0f} s")

    def _command(self, socket: Path) -> list[str]:
        # Without -P, modules beside that file would stand before those of vLLM's packages.
        return [
            str(self.python),
            "-P",
            str(SERVER),
            "--model",
            str(self.weights),
            "--served-model-name",
            self.served_name,
            "--uds",
            str(socket),
            "--dtype",
            DTYPE,
            "--enforce-eager",
            "--max-num-seqs",
            "256",
            "--max-num-batched-tokens",
            "8192",
            "--no-enable-log-requests",
            "--disable-uvicorn-access-log",
            *self._runner(),
            *(["--load-format", "dummy"] if self.dummy_weights else []),
        ]

    def _runner(self) -> list[str]:
        if self.pooling_tokens:
            of_tokens = '{"task": "token_embed"}'
            return ["--runner", "pooling", "--pooler-config", of_tokens, "--max-model-len", str(self.pooling_tokens)]
        return ["--block-size", "32", "--enable-prefix-caching", "--max-model-len", str(MAXIMUM_MODEL_TOKENS)]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
        # Server and engine speak through sockets in the folder of temporary files: nobody else may reach those either.
        return {**kept, **ENGINE_SETTINGS, "TMPDIR": str(self._folder), "VLLM_API_KEY": self.endpoint.api_key}


def _private_folder() -> Path:
    """A new folder that only this user can enter, with a path short enough for sockets in it."""
    longest = LONGEST_SOCKET_PATH - LONGEST_NAME - len("/pathways-12345678/")
    usual, short = tempfile.gettempdir(), "/tmp"  # noqa: S108  # mkdtemp makes a folder that is this user's alone
    return Path(tempfile.mkdtemp(prefix="pathways-", dir=usual if len(os.fsencode(usual)) <= longest else short))
