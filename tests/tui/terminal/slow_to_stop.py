"""The sample with a thread that has read its last key, and takes its time to end after ringing the bell."""

from __future__ import annotations

import time

from textual.driver import Driver

from coterie.tui.terminal.driver import DifferenceDriver
from tests.tui.terminal.sample import Sample


class SlowToStop(DifferenceDriver):
    def run_input_thread(self) -> None:
        super().run_input_thread()
        self.write("\x07")
        time.sleep(0.3)


class SlowSample(Sample):
    def get_driver_class(self) -> type[Driver]:
        return SlowToStop


if __name__ == "__main__":
    SlowSample().run()
