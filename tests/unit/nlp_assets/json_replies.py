"""What the servers of these tests share: an answer in JSON, and no word on the terminal."""

import json


class JsonReplies:
    """For a BaseHTTPRequestHandler that answers with what it is given; text as it is, all else as JSON."""

    def _reply(self, status, content):
        payload = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_):
        pass
