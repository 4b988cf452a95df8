"""What a client sees of a server that dies: a proxy that is cut at a stated byte.

Belongs here: bytes and connections. Does not belong here: what is said over them, and processes.
"""

import socket
import threading
from contextlib import suppress

BUFFER = 65536


class FragileWire:
    """Passes bytes between clients and the server behind the socket `target`, on a free port of 127.0.0.1.

    After `allow(n)` the n-th byte, of either direction, is the last that arrives: the rest is held until `cut`, or
    until more is allowed.
    """

    def __init__(self, target: str):
        self.target = target
        self.spent = threading.Event()
        self.passed = 0  # bytes of both directions so far
        self._left = 0
        self._changed = threading.Condition()
        self._open: set[socket.socket] = set()
        self._listener = self._listen(0)
        self.port: int = self._listener.getsockname()[1]

    def allow(self, count: int) -> None:
        """Let `count` more bytes through and no more."""
        with self._changed:
            self.spent.clear()
            self._left = count
            self._changed.notify_all()

    def cut(self) -> None:
        """End every connection and refuse new ones until `mend`. What was held is lost."""
        # shutdown, because close alone does not wake the thread that accepts
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._changed:
            for end in self._open:
                _end(end)
            self._open.clear()
            self._changed.notify_all()

    def mend(self) -> None:
        """Take connections again, at the same port; nothing passes until it is allowed."""
        self.allow(0)
        self._listener = self._listen(self.port)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client = listener.accept()[0]
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self.target)
            except OSError:
                _end(client)
                _end(server)
                continue
            with self._changed:
                self._open |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(BUFFER):
                while data:
                    passed = self._take(len(data), sink)
                    sink.sendall(data[:passed])
                    data = data[passed:]
        except OSError:
            pass
        finally:
            with self._changed:
                self._open -= {source, sink}
                self._changed.notify_all()
            _end(source)
            _end(sink)

    def _take(self, wanted: int, sink: socket.socket) -> int:
        """How many bytes may pass now; waits while none may. Raises OSError when the connection ended meanwhile."""
        with self._changed:
            while self._left == 0 and sink in self._open:
                self.spent.set()
                self._changed.wait()
            if sink not in self._open:
                raise OSError
            passed = min(wanted, self._left)
            self._left -= passed
            self.passed += passed
            if self._left == 0:
                self.spent.set()
            return passed


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
