"""Serves the steps of a bench of dsprep-core, which asks on standard input: a step and, after a tab, "check" for the number by
which results are compared, or how many runs are to be timed. The answer is a number: of CPU time, in seconds of the whole process."""
import sys
import time


def serve(steps):
    """`steps` has for each name what is run, and what makes a number of its result."""
    for line in sys.stdin:
        name, what = line.rstrip("\n").split("\t")
        step, check = steps[name]
        if what == "check":
            print(repr(float(check(step()))), flush=True)
            continue
        start = time.process_time()
        for _ in range(int(what)):
            step()
        print(repr(time.process_time() - start), flush=True)
