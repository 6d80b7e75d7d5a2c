"""The shape of a load test, as Locust asks for it."""

from __future__ import annotations

from locust import LoadTestShape

from runner.load.shape import Shape


class Curve(LoadTestShape):
    """Says each second how many users there shall be; that the test is over is not its affair."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._shape = shape

    def tick(self) -> tuple[int, float]:
        """Users now, and that all of them start at once: the shape itself says how fast they come."""
        now: float = self.get_run_time()  # type: ignore[no-untyped-call]
        return self._shape.users_at(now), float(max(self._shape.most, 1))
