"""How the comparisons with peers take their time."""

import statistics
import time


def median(work, times=5):
    """Seconds of the median run, and what the last one gave."""
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds), answer
