"""Another program's server on this computer: it keeps whatever a browser sends it."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class Eavesdropper:
    """Listens on a port of its own, or on one that coreg had."""

    def __init__(self, port: int = 0, *, page: str = "") -> None:
        self.heard: list[dict[str, str]] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                heard.append({"path": self.path, **dict(self.headers.items())})
                is_ours = self.path.startswith("/known")  # it passes itself off as us
                self.send_response(204 if is_ours else 200)
                if not is_ours:
                    self.send_header("Content-Type", "text/html")
                    self.end_headers()
                    self.wfile.write(page.encode())
                else:
                    self.end_headers()

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def values(self, name: str) -> set[str]:
        """Each different value that came in a header of this name."""
        return {
            value
            for each in list(self.heard)
            for key, value in each.items()
            if key.lower() == name.lower()
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
