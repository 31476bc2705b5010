"""Requests made from the API's description: none may end in a server error or an answer that is not as described.

    python -m eval.benchmarks.api_cases [EXAMPLES] [FOLDER]

Schemathesis makes requests, valid and invalid, of every operation in `/openapi.json`, sends them to a server over the
sample articles, and compares the answers with what the description says of them. EXAMPLES is how many it makes of an
operation at the most in each of its phases (100). Its report goes into FOLDER (build/api-cases).
"""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,ignored_auth"
)


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """Serve the sample articles from a library in this folder; yields the address and an admin's key."""
    import uvicorn

    from assistant.access.keys import KeyStore
    from assistant.access.scopes import Scope
    from assistant.assistant import open_library
    from assistant.loading import read_articles
    from assistant.server import create_app
    from assistant.settings import load_settings
    from eval.command import ARTICLES
    from index.article import Article

    settings = load_settings(library=folder, rate="", reports=folder / "reports")
    with open_library(settings) as library:
        library.add(item for item in read_articles([ARTICLES], settings) if isinstance(item, Article))
    _, secret = KeyStore(folder).create("cases", [Scope.ADMIN])
    config = uvicorn.Config(create_app(settings), port=0, log_level="error", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", secret
    finally:
        server.should_exit = True
        thread.join(timeout=30)


def run(examples: int, report: Path, *, url: str, secret: str, phases: str = "examples,coverage,fuzzing") -> int:
    """Have the requests made and sent.

    Args:
        examples: How many of an operation, at the most, in a phase.
        report: The file for Schemathesis's report.
        url: The server.
        secret: A key of it.
        phases: Which of Schemathesis's phases.

    Returns:
        Its exit code: 0 where all was well.
    """
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent)) or "schemathesis"
    command = [
        program, "run", f"{url}/openapi.json", "--header", f"Authorization: Bearer {secret}", "--phases", phases,
        "--max-examples", str(examples), "--checks", CHECKS, "--generation-deterministic", "--continue-on-failure",
        "--report-json-path", str(report), "--request-timeout", "60", "--warnings", "off", "--no-color",
        "--suppress-health-check", "all",
    ]  # fmt: skip
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own command


def counted(report: Path) -> Any:
    """What Schemathesis reports."""
    return json.loads(report.read_text(encoding="utf-8"))


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    place = Path(sys.argv[2] if len(sys.argv) > 2 else "build/api-cases")
    place.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="dateline-cases-") as home, served(Path(home, "library")) as (address, key):
        sys.exit(run(wanted, place / "report.json", url=address, secret=key))
