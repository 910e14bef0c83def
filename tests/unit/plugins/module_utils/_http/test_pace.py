# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who waits for whom; each step happens when the test lets it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._http import pace as pace_module
from ansible_collections.singlestore.flow.plugins.module_utils._http.pace import Pace

SOON = 20.0


class Watched(threading.Condition):
    """A condition that reports each waiting thread."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = threading.Semaphore(0)

    def wait(self, timeout: float | None = None) -> bool:
        """Report the thread and wait."""
        self.waits.release()
        return super().wait(SOON if timeout is None else timeout)


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Return the condition that the next pace uses."""
    condition = Watched()
    monkeypatch.setattr(pace_module, "threading", SimpleNamespace(Condition=lambda: condition))
    return condition


@contextmanager
def wanting(pace: Pace, order: list[str], name: str, *, refused: bool = False) -> Iterator[threading.Thread]:
    """Ask for a turn in a thread, which notes its name when it gets the turn."""

    def want() -> None:
        with pace.turn(refused=refused):
            order.append(name)

    thread = threading.Thread(target=want, daemon=True)
    thread.start()
    yield thread
    thread.join(SOON)
    assert not thread.is_alive()


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_limit_lets_the_rest_wait(changed: Watched, limit: int) -> None:
    """As many requests as the limit have a turn, and the next one waits until one of them ends."""
    pace, order = Pace(limit), list[str]()
    with ExitStack() as turns:
        assert [turns.enter_context(pace.turn()) for _number in range(limit)] == [limit] * limit
        with wanting(pace, order, "next"):
            assert changed.waits.acquire(timeout=SOON)
            order.append("ended")
            turns.close()
    assert order == ["ended", "next"]


@pytest.mark.parametrize(("limit", "left"), [(8, 4), (5, 2), (3, 1), (2, 1), (1, 1)])
def test_refusal_halves_the_limit(changed: Watched, limit: int, left: int) -> None:
    """After a pause, half as many requests have a turn, but at least one."""
    pace, order = Pace(limit), list[str]()
    with pace.pause(limit):
        pass
    with ExitStack() as turns:
        assert [turns.enter_context(pace.turn()) for _number in range(left)] == [left] * left
        with wanting(pace, order, "next"):
            assert changed.waits.acquire(timeout=SOON)
            order.append("ended")
            turns.close()
    assert order == ["ended", "next"]


def test_refusals_at_the_same_limit_halve_it_once() -> None:
    """Four requests refused at the same limit halve it once; a later refusal halves it again."""
    pace = Pace(8)
    with pace.pause(8), pace.pause(8), pace.pause(8):
        pass
    with pace.turn() as limit:
        assert limit == 4
    with pace.pause(4):
        pass
    with pace.turn() as limit:
        assert limit == 2


def test_late_refusal_does_not_raise_the_limit() -> None:
    """A request that started under a higher limit does not restore that limit."""
    pace = Pace(8)
    with pace.pause(2), pace.pause(8):
        pass
    with pace.turn() as limit:
        assert limit == 1


def test_pause_lets_all_wait(changed: Watched) -> None:
    """No request starts during a pause, or before the last of two overlapping pauses has ended."""
    pace, order = Pace(8), list[str]()
    first, second = ExitStack(), ExitStack()
    first.enter_context(pace.pause(8))
    second.enter_context(pace.pause(8))
    with wanting(pace, order, "turn"):
        assert changed.waits.acquire(timeout=SOON)
        first.close()
        assert changed.waits.acquire(timeout=SOON)
        order.append("over")
        second.close()
    assert order == ["over", "turn"]


def test_refused_go_first(changed: Watched) -> None:
    """A refused request has the next turn, even if another one has waited longer."""
    pace, order = Pace(1), list[str]()
    with ExitStack() as threads:
        with pace.turn():
            threads.enter_context(wanting(pace, order, "new"))
            assert changed.waits.acquire(timeout=SOON)
            threads.enter_context(wanting(pace, order, "refused", refused=True))
            assert changed.waits.acquire(timeout=SOON)
    assert order == ["refused", "new"]


def test_refused_goes_first_after_its_pause(changed: Watched) -> None:
    """The end of its pause lets nobody overtake a refused request that is about to wait for its turn."""
    pace, order, pause = Pace(1), list[str](), ExitStack()
    pause.enter_context(pace.pause(1))
    with wanting(pace, order, "new"):
        assert changed.waits.acquire(timeout=SOON)
        with pace.turn(refused=True, pause=pause):
            order.append("refused")
    assert order == ["refused", "new"]


def test_error_ends_a_turn() -> None:
    """A failed request gives its turn back, and so does an error during a pause."""
    pace = Pace(1)
    for context in (pace.turn(), pace.pause(1)):
        with pytest.raises(KeyError), context:
            raise KeyError
    with pace.turn() as limit:
        assert limit == 1
