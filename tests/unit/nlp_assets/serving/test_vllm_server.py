"""The network of vLLM's server and engine: their own where the kernel gives one, else the machine's, unchanged."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[4]
NOBODY, PR_SET_DUMPABLE = 65534, 4
# A user's own process can read and write what /proc says of it; one that has just changed its user cannot.
CODE = f"""
import ctypes, os, socket, sys
from nlp_assets.serving.vllm.vllm_server import leave_the_network
user, port = map(int, sys.argv[1:])
"".encode("idna")  # loaded now: a home folder may be closed to another user
if user != os.getuid():
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    ctypes.CDLL(None).prctl({PR_SET_DUMPABLE}, 1)
alone = leave_the_network()
def reaches(address):
    try:
        socket.create_connection(address, timeout=5).close()
    except OSError:
        return False
    return True
with socket.create_server(("127.0.0.1", 0)) as own:
    names = sorted(name for _, name in socket.if_nameindex())
    print(alone, reaches(own.getsockname()), reaches(("127.0.0.1", port)), names == ["lo"], os.getuid() == user)
"""


@pytest.mark.parametrize("user", [os.getuid(), NOBODY])
def test_server_and_engine_reach_each_other_and_nothing_else_where_the_kernel_lets_them(user):
    if user != os.getuid() != 0:
        pytest.skip("only root can become somebody else")
    with socket.create_server(("127.0.0.1", 0)) as of_the_machine:
        command = [sys.executable, "-c", CODE, str(user), str(of_the_machine.getsockname()[1])]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    alone, reaches_itself, reaches_the_machine, has_loopback_only, is_same_user = (
        word == "True" for word in done.stdout.split()
    )
    assert (reaches_itself, is_same_user) == (True, True)
    if alone:
        assert (reaches_the_machine, has_loopback_only) == (False, True)
    else:
        assert reaches_the_machine
    assert alone == may_have_a_network(user)


def may_have_a_network(user: int) -> bool:
    """Whether the kernel gives this user one, as another program finds out."""
    commands = (["unshare", "--net", "true"], ["unshare", "--user", "--net", "true"])
    return any(
        subprocess.run(command, user=user, capture_output=True, check=False).returncode == 0 for command in commands
    )
