import threading
from collections.abc import Iterator

import pytest

from index.pipeline import read_ahead, write_behind


def test_items_come_in_order_and_only_a_few_are_made_ahead() -> None:
    made: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    with read_ahead(numbers(), room=3) as items:
        for number in items:
            assert len(made) <= number + 5
            if number == 50:
                break
    assert len(made) < 60


def test_an_error_of_the_source_reaches_the_taker_in_its_turn() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise OSError("gone")

    with read_ahead(broken()) as items:
        assert next(items) == 1
        with pytest.raises(OSError, match="gone"):
            next(items)


def test_all_work_is_done_in_order_in_another_thread() -> None:
    done: list[int] = []
    threads = set()

    def write(work: int) -> None:
        threads.add(threading.current_thread())
        done.append(work)

    with write_behind(write) as put:
        for work in range(50):
            put(work)
    assert done == list(range(50))
    assert threading.current_thread() not in threads


def test_an_error_in_the_work_reaches_the_caller_and_nothing_is_done_behind_it() -> None:
    done: list[int] = []

    def write(work: int) -> None:
        if work == 2:
            raise OSError("disk full")
        done.append(work)

    def work_on() -> None:
        with write_behind(write) as put:
            for work in range(50):
                put(work)

    with pytest.raises(OSError, match="disk full"):
        work_on()
    assert done == [0, 1]


def test_what_is_at_work_is_finished_when_the_caller_is_interrupted() -> None:
    begun, finish = threading.Event(), threading.Event()
    done: list[int] = []

    def write(work: int) -> None:
        begun.set()
        assert finish.wait(10)
        done.append(work)

    def interrupted() -> None:
        with write_behind(write) as put:
            put(0)
            assert begun.wait(10)
            threading.Timer(0.1, finish.set).start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert done == [0]
