"""vLLM's server of one model, started by vllm_process.py with the Python that has vLLM: `vllm_server.py <arguments>`.

Belongs here: what the server may reach, and that its engine ends with it. Does not belong here: its arguments. Standard
library, child_processes.py and vLLM only.

The server holds note text, and listens on a Unix socket that only its user can reach. Its engine opens a dozen ports on
loopback all the same, for engines on other machines. So the kernel gives server and engine a network of their own,
where it lets a user do that: nothing reaches those ports, and neither process reaches anything. The engine is a process
that runs this file again, under another name.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3]))  # last: no module of ours may stand before one of vLLM's

from resources.process.child_processes import end_with_parent

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1


def leave_the_network() -> bool:
    """Move this process to a network of its own with loopback only; False, and nothing changed, where it may not."""
    trial = os.fork()
    if not trial:
        code = 1
        try:
            _enter_own_network()
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(trial, 0)[1] != 0:
        return False
    _enter_own_network()
    return True


def _enter_own_network() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWNET) != 0:
        # Whoever is not root has to be it in a world of users that holds nobody else.
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "no network of its own")
        Path("/proc/self/setgroups").write_text("deny", encoding="utf-8")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="utf-8")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="utf-8")
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))


def main() -> None:
    """Serve. Does not return before the server has ended."""
    alone = leave_the_network()
    print("Network: of its own" if alone else "Network: the machine's, as the kernel gives no other", flush=True)
    end_with_parent()  # once more: whoever changes its user loses the signal
    from vllm.entrypoints.launchers.api_server.entry import main as serve  # pyright: ignore[reportMissingImports]

    serve()


if __name__ == "__mp_main__":
    end_with_parent()
if __name__ == "__main__":
    main()
