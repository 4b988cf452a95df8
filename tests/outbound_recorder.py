"""Runs a command and records whatever it, or any process that it starts, would send off this machine; none is let out.

    python outbound_recorder.py RECORD COMMAND [ARGUMENT...]

Belongs here: connections, datagrams and name lookups, of any program in any language. Does not belong here: what is
run. RECORD is appended to, a line each: program, address, port. Exit code: the command's; 90 where the kernel lets
nobody record.

The kernel hands over every call that names an address (seccomp, with a listener) and waits for an answer: to this
machine or a socket it goes on, to anywhere else it fails as without a network. A name lookup is recorded wherever it
goes, as the resolver that it asks may stand on this machine.
"""

import ctypes
import errno
import fcntl
import os
import platform
import select
import signal
import socket
import struct
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import IO, TextIO

CANNOT_RECORD = 90
DNS = 53
# Sockets of resolvers on this machine, which look a name up elsewhere.
RESOLVERS = ("/run/systemd/resolve/", "/run/avahi", "/var/run/avahi")
# numbers of: the architecture, seccomp, connect, sendto, sendmsg, sendmmsg
NUMBERS = {"x86_64": (0xC000003E, 317, 42, 44, 46, 307), "aarch64": (0xC00000B7, 277, 203, 206, 211, 269)}
PIDFD_GETFD, IO_URING_SETUP = 438, 425
PR_SET_NO_NEW_PRIVS, SET_MODE_FILTER, NEW_LISTENER = 38, 1, 8
RECEIVE, ANSWER, GO_ON = 0xC0502100, 0xC0182101, 1
ALLOW, NOTIFY, REFUSE = 0x7FFF0000, 0x7FC00000, 0x00050000 | errno.ENOSYS
LOAD, IF_EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER_AT, ARCHITECTURE_AT, FIFTH_ARGUMENT_AT = 0, 4, 48
SECONDS_FOR_THE_REST = 60
MESSAGE_BYTES = 64  # of each in a list of them

libc = ctypes.CDLL(None, use_errno=True)


def main(record: Path, command: list[str]) -> int:
    """Run the command. Returns its exit code."""
    record.parent.mkdir(parents=True, exist_ok=True)
    told, heard = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        _run(command, told[1], heard[0])
    number = int.from_bytes(os.read(told[0], 4), "little", signed=True)
    listener = libc.syscall(PIDFD_GETFD, os.pidfd_open(child), number, 0) if number >= 0 else -1
    if listener < 0:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return CANNOT_RECORD
    os.write(heard[1], b"!")
    with record.open("a", encoding="utf-8") as lines:
        return _answer_all(child, listener, lines)


def _run(command: list[str], told: int, heard: int) -> None:
    """Become the command, under the filter, once the other process has its listener; never returns."""
    try:
        listener = _filtered()
        os.write(told, listener.to_bytes(4, "little", signed=True))
        if listener >= 0 and os.read(heard, 1):
            os.execvp(command[0], command)
    finally:
        os._exit(1)


def _filtered() -> int:
    """Put this process, and all that come from it, under the filter. Returns the listener; -1 where that is not let."""
    if platform.machine() not in NUMBERS:
        return -1
    architecture, seccomp, connect, sendto, sendmsg, sendmmsg = NUMBERS[platform.machine()]
    steps = [
        (LOAD, ARCHITECTURE_AT, None, None),
        (IF_EQUAL, architecture, None, "allow"),
        (LOAD, NUMBER_AT, None, None),
        *((IF_EQUAL, number, "notify", None) for number in (connect, sendmsg, sendmmsg)),
        (IF_EQUAL, IO_URING_SETUP, "refuse", None),  # a way around all the others
        (IF_EQUAL, sendto, None, "allow"),  # without an address it goes where the socket is connected to
        (LOAD, FIFTH_ARGUMENT_AT, None, None),
        (IF_EQUAL, 0, None, "notify"),
        (LOAD, FIFTH_ARGUMENT_AT + 4, None, None),
        (IF_EQUAL, 0, None, "notify"),
        (RETURN, ALLOW, None, None),
        (RETURN, NOTIFY, None, None),
        (RETURN, REFUSE, None, None),
    ]
    place_of = {"allow": len(steps) - 3, "notify": len(steps) - 2, "refuse": len(steps) - 1}
    code = b"".join(
        struct.pack("=HBBI", kind, *(place_of[name] - here - 1 if name else 0 for name in (met, unmet)), value)
        for here, (kind, value, met, unmet) in enumerate(steps)
    )
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(steps), ctypes.addressof(buffer))
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return libc.syscall(seccomp, SET_MODE_FILTER, NEW_LISTENER, program)


def _answer_all(child: int, listener: int, lines: TextIO) -> int:
    """Answer the kernel until the command and all that it started have ended. Returns the command's exit code."""
    poll, code, patience = select.poll(), None, None
    poll.register(listener, select.POLLIN)
    poll.register(ended := os.pidfd_open(child), select.POLLIN)
    while events := poll.poll(patience):
        for file, event in events:
            if file == ended:
                code, patience = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 1000 * SECONDS_FOR_THE_REST
                poll.unregister(ended)
            elif event & select.POLLIN:
                _answer(listener, lines)
            elif code is not None:  # nobody is left under the filter
                return code if code >= 0 else 128 - code
    return 1


def _answer(listener: int, lines: TextIO) -> None:
    """Let one call go on or refuse it, and record it where it leads off this machine."""
    call = bytearray(80)
    try:
        fcntl.ioctl(listener, RECEIVE, call)
        cookie, process, _, number, _, _, *arguments = struct.unpack("=QIIiIQ6Q", call)
        places = _places(process, number, arguments)
        for place in places:
            lines.write(f"{_name(process)} {place}\n")
            lines.flush()
        answer = struct.pack("=QqiI", cookie, 0, *((-errno.ENETUNREACH, 0) if places else (0, GO_ON)))
        fcntl.ioctl(listener, ANSWER, answer)
    except FileNotFoundError:  # the process has ended meanwhile
        return


def _places(process: int, number: int, arguments: list[int]) -> list[str]:
    """Where a call leads, as far as that is off this machine."""
    _, _, connect, sendto, sendmsg, _ = NUMBERS[platform.machine()]
    try:
        with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
            if number == connect:
                addresses = [arguments[1:3]]
            elif number == sendto:
                addresses = [arguments[4:6]]
            else:
                messages = 1 if number == sendmsg else arguments[2]
                addresses = [
                    struct.unpack("@PI", _read(memory, arguments[1] + MESSAGE_BYTES * message, 12))
                    for message in range(messages)
                ]
            found = [_place(_read(memory, *address)) for address in addresses if address[0]]
    except PermissionError:  # the label server: nobody may look into it, and its network has nothing on it but itself
        return []
    return [place for place in found if place]


def _read(memory: IO[bytes], start: int, size: int) -> bytes:
    memory.seek(start)
    return memory.read(size)


def _place(address: bytes) -> str:
    """Address and port where they are off this machine, or a resolver's; else ""."""
    family = int.from_bytes(address[:2], sys.byteorder)
    if family in (socket.AF_UNSPEC, socket.AF_NETLINK):
        return ""
    if family == socket.AF_UNIX:
        path = address[2:].split(b"\0")[0].decode(errors="replace")
        return path if path.startswith(RESOLVERS) else ""
    if family not in (socket.AF_INET, socket.AF_INET6):
        return f"family {family}"
    port = int.from_bytes(address[2:4], "big")
    host = ip_address(address[4:8] if family == socket.AF_INET else address[8:24])
    is_here = (getattr(host, "ipv4_mapped", None) or host).is_loopback
    return "" if is_here and port != DNS else f"{host} {port}"


def _name(process: int) -> str:
    words = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").split()
    return " ".join(words)[:100]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
