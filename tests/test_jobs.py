import threading

import pytest

from assistant.jobs import Jobs
from assistant.settings import Settings
from assistant.submitted import submit
from index.errors import BusyError
from index.library import Library


def test_once_closed_nothing_is_written_any_more_and_each_job_says_what_became_of_it(library: Library) -> None:
    jobs = Jobs(library, Settings(library=library.folder))
    with library.changing():  # the first one waits for this writer, the others for the first one
        held = [
            jobs.submit(submit(lambda it, n=n: it.add_article({"title": f"{n}", "text": f"School {n} opened."})))
            for n in range(5)
        ]
        closing = threading.Thread(target=jobs.close)
        closing.start()
    closing.join(20)
    assert not closing.is_alive()
    assert {job.state for job in held} <= {"done", "failed"}
    assert held[-1].state == "failed"
    assert "server was stopped" in (held[-1].error or "")
    added = {i for job in held for i in job.added}
    assert added <= {article.id for article in library.articles()}
    with pytest.raises(BusyError, match="stopped"):
        jobs.submit(submit(lambda it: it.add_article({"title": "Late", "text": "Too late."})))
