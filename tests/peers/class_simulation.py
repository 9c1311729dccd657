"""How many processors and how much memory a class needs: a simulation from what `class_in_hub.py --measured FILE` measured.

    python tests/peers/class_simulation.py FILE [--learners 200] [--cores 2 4 8 16]

Learners run cells and read between them; the cells that run at one time share the processors evenly, none gets more than one, and
each takes the latency of the one learner who was alone besides. First the model is held against the exact answer for exponential
times, then against the classes that were measured, with the same pauses. Then two classes of 200: each at their own pace, a fifth of
the cells their own code, which is compiled; and all who run the same cell within five seconds of the word. Needs nothing but Python.
Ends with 1 if the simulation is not what it is held against.
"""

import argparse
import heapq
import json
import math
import pathlib
import random
import statistics
import sys

# Processor time of a cell that was never compiled before, in seconds: the README's benchmark, 95th percentile.
NEW_CELL = 0.30
# What completion takes of each account, in megabytes.
COMPLETION = 240


class Processors:
    """Jobs that share processors evenly. Service that a job has got grows alike for all, so who ends next is known by a heap."""

    def __init__(self, cores):
        self.cores, self.now, self.served = cores, 0.0, 0.0
        self.jobs, self.busy = [], 0.0

    def rate(self):
        return min(1.0, self.cores / len(self.jobs)) if self.jobs else 0.0

    def next_end(self):
        return self.now + (self.jobs[0][0] - self.served) / self.rate() if self.jobs else math.inf

    def advance(self, time):
        self.served += (time - self.now) * self.rate()
        self.busy += (time - self.now) * min(self.cores, len(self.jobs))
        self.now = time


def simulate(learners, cores, demand, pause, latency=0.0, cells=200, start=lambda learner: learner, seed=1):
    """Seconds of each cell, from the click to its end, in the order in which they end, and how busy the processors were."""
    chance = random.Random(seed)
    processors, times = Processors(cores), []
    clicks = [(start(learner), learner, cells) for learner in range(learners)]
    heapq.heapify(clicks)
    first = clicks[0][0]
    while clicks or processors.jobs:
        end = processors.next_end()
        if clicks and clicks[0][0] <= end:
            time, learner, left = heapq.heappop(clicks)
            processors.advance(time)
            heapq.heappush(processors.jobs, (processors.served + demand(chance), learner, left, time))
        else:
            processors.advance(end)
            _, learner, left, began = heapq.heappop(processors.jobs)
            times.append(end - began + latency)
            if left > 1:
                heapq.heappush(clicks, (end + latency + pause(chance), learner, left - 1))
    return times, processors.busy / (cores * (processors.now - first))


def exact_mean(learners, cores, demand, pause):
    """The mean time of a cell where both times are exponential: the closed queue of so many sources."""
    weights = [1.0]
    for count in range(1, learners + 1):
        arrivals = (learners - count + 1) / pause
        weights.append(weights[-1] * arrivals * demand / min(count, cores))
    total = sum(weights)
    inside = sum(count * weight for count, weight in enumerate(weights)) / total
    throughput = (learners - inside) / pause
    return inside / throughput


def at(times, share):
    times = sorted(times)
    return times[min(len(times) - 1, int(share * len(times)))]


def hold_against_theory():
    wrong = []
    for learners, cores in [(5, 1), (40, 2), (200, 4)]:
        demand, pause = 0.1, 2.0
        exact = exact_mean(learners, cores, demand, pause)
        times, _ = simulate(
            learners, cores, lambda it: it.expovariate(1 / demand), lambda it: it.expovariate(1 / pause), cells=100_000 // learners
        )
        # How a class begins and ends is not in the formula.
        mean = statistics.fmean(times[len(times) // 4 : -len(times) // 4])
        print(f"{learners:5} learners, {cores} processors: mean {mean:.3f} s, exact {exact:.3f} s")
        if abs(mean - exact) > 0.05 * exact:
            wrong.append(f"{learners} learners on {cores} processors: simulated {mean:.3f} s, exact {exact:.3f} s")
    return wrong


def hold_against_measured(measured, demands, latency):
    """Each class that was measured, simulated with the same cells and pauses."""
    wrong = []
    for run in measured["classes"]:
        times, busy = simulate(
            run["learners"], measured["cores"], lambda it: it.choice(demands), lambda it: it.uniform(*measured["pause"]), latency, cells=200
        )
        seen = run["seconds"]
        line = f"p50 {at(times, 0.5):.2f} s (measured {at(seen, 0.5):.2f}), p95 {at(times, 0.95):.2f} s (measured {at(seen, 0.95):.2f})"
        print(f"{run['learners']:5} learners: {line}, processors {busy:.0%} busy")
        # A loaded machine is slower than the model, which knows of nobody else; a tenth of a second is what such runs differ by.
        if at(times, 0.95) > 2 * at(seen, 0.95) + 0.1 or at(seen, 0.95) > 2 * at(times, 0.95) + 0.1:
            wrong.append(f"{run['learners']} learners: {line}")
    return wrong


def sizes(options, measured, demands, latency):
    each = measured["classes"][-1]["memory_each"]
    memory = options.learners * each / 1024
    print(f"\n{options.learners} learners, {each:.0f} MB each: {memory:.0f} GB, with completion for all {memory + options.learners * COMPLETION / 1024:.0f} GB")
    print(f"{'processors':>10} | {'own pace: p50':>13} {'p95':>7} {'busy':>5} | {'all at once: p50':>16} {'p95':>7}")

    def own_or_known(chance):
        return NEW_CELL if chance.random() < 0.2 else chance.choice(demands)

    for cores in options.cores:
        pace, busy = simulate(
            options.learners, cores, own_or_known, lambda it: it.uniform(5, 25), latency, cells=60, start=lambda it: 25 * it / options.learners
        )
        word = random.Random(2)
        at_once, _ = simulate(
            options.learners, cores, lambda it: it.choice(demands), lambda it: 0, latency, cells=1, start=lambda _: word.uniform(0, 5)
        )
        print(
            f"{cores:>10} | {at(pace, 0.5):11.2f} s {at(pace, 0.95):5.2f} s {busy:5.0%} |"
            f" {at(at_once, 0.5):14.2f} s {at(at_once, 0.95):5.2f} s",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("measured", type=pathlib.Path)
    parser.add_argument("--learners", type=int, default=200)
    parser.add_argument("--cores", type=int, nargs="+", default=[2, 4, 8, 16])
    options = parser.parse_args()
    measured = json.loads(options.measured.read_text())
    # One learner alone waits for nobody: what a cell took beyond its processor time is latency.
    alone = measured["classes"][0]
    processor = alone["processor_seconds"] / len(alone["seconds"])
    mean = statistics.fmean(alone["seconds"])
    demands = [seconds * processor / mean for seconds in alone["seconds"]]
    latency = max(0.0, mean - processor)
    print(f"a cell: {processor * 1000:.0f} ms of a processor, {latency * 1000:.0f} ms of latency")
    wrong = hold_against_theory() + hold_against_measured(measured, demands, latency)
    sizes(options, measured, demands, latency)
    for text in wrong:
        print(f"WRONG: {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
