"""How the comparisons with peers take their time."""

import statistics
import time


def median(work, times=5, clock=time.perf_counter):
    """Seconds of the median run, and what the last one gave. `time.process_time` as the clock counts those of the processor, whatever else the machine does."""
    seconds = []
    for _ in range(times):
        begin = clock()
        answer = work()
        seconds.append(clock() - begin)
    return statistics.median(seconds), answer
