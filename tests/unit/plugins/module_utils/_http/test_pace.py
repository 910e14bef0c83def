# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who waits for whom: each step happens when a test lets it."""

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
    """Says of each thread that it waits."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = threading.Semaphore(0)

    def wait(self, timeout: float | None = None) -> bool:
        """Say so, and wait."""
        self.waits.release()
        return super().wait(SOON if timeout is None else timeout)


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Return the condition that the next pace waits on."""
    condition = Watched()
    monkeypatch.setattr(pace_module, "threading", SimpleNamespace(Condition=lambda: condition))
    return condition


@contextmanager
def wanting(pace: Pace, order: list[str], name: str, *, refused: bool = False) -> Iterator[threading.Thread]:
    """Want a turn in a thread, which notes its name once it has it."""

    def want() -> None:
        with pace.turn(refused=refused):
            order.append(name)

    thread = threading.Thread(target=want, daemon=True)
    thread.start()
    yield thread
    thread.join(SOON)
    assert not thread.is_alive()


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_limit(changed: Watched, limit: int) -> None:
    """So many have a turn, and the next one waits for one of them to end."""
    pace, order = Pace(limit), list[str]()
    with ExitStack() as turns:
        assert [turns.enter_context(pace.turn()) for _number in range(limit)] == [limit] * limit
        with wanting(pace, order, "next"):
            assert changed.waits.acquire(timeout=SOON)
            order.append("ended")
            turns.close()
    assert order == ["ended", "next"]


@pytest.mark.parametrize(("limit", "left"), [(8, 4), (5, 2), (3, 1), (2, 1), (1, 1)])
def test_halved(changed: Watched, limit: int, left: int) -> None:
    """After a pause half as many have a turn, but one."""
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


def test_halved_once_for_those_that_went_together() -> None:
    """Four that were refused together had the same limit, and ask for half of that; a later one for a quarter."""
    pace = Pace(8)
    with pace.pause(8), pace.pause(8), pace.pause(8):
        pass
    with pace.turn() as limit:
        assert limit == 4
    with pace.pause(4):
        pass
    with pace.turn() as limit:
        assert limit == 2


def test_a_late_refusal_raises_nothing() -> None:
    """One that started under a higher limit does not bring it back."""
    pace = Pace(8)
    with pace.pause(2), pace.pause(8):
        pass
    with pace.turn() as limit:
        assert limit == 1


def test_pause(changed: Watched) -> None:
    """None starts during a pause, nor before the last of two that overlap has ended."""
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
    """Whoever was refused has the next turn, though another has waited longer."""
    pace, order = Pace(1), list[str]()
    with ExitStack() as threads:
        with pace.turn():
            threads.enter_context(wanting(pace, order, "new"))
            assert changed.waits.acquire(timeout=SOON)
            threads.enter_context(wanting(pace, order, "refused", refused=True))
            assert changed.waits.acquire(timeout=SOON)
    assert order == ["refused", "new"]


def test_a_turn_ends_with_an_error() -> None:
    """A request that fails gives its turn back, and so does a pause that is left by an error."""
    pace = Pace(1)
    for context in (pace.turn(), pace.pause(1)):
        with pytest.raises(KeyError), context:
            raise KeyError
    with pace.turn() as limit:
        assert limit == 1
