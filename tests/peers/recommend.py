"""What FAISS and NumPy do with the items and queries of `cargo bench --bench recommend`, which asks for each step.
pip install faiss-cpu==1.15.1 numpy==2.4.6

    recommend.py FOLDER        # holds items.f32, queries.f32 and candidates.csv
"""
import sys
import time
from functools import cache
from pathlib import Path

import numpy as np
from timed import serve

K, LISTS, DIMENSIONS, RECALL, LAMBDA = 100, 1024, 32, 0.95, 0.7


class Searches:
    """Each index is built when it is first asked for."""

    def __init__(self, folder):
        self.folder = Path(folder)

    @cache
    def matrix(self, name):
        return np.fromfile(self.folder / f"{name}.f32", np.float32).reshape(-1, DIMENSIONS)

    def faiss(self):
        import faiss

        faiss.omp_set_num_threads(1)
        return faiss

    @cache
    def flat(self):
        index = self.faiss().IndexFlatIP(DIMENSIONS)
        index.add(self.matrix("items"))
        return index

    @cache
    def truth(self):
        return self.each(self.flat())

    def each(self, index):
        """Scores and items of each query, one after the other."""
        queries = self.matrix("queries")
        found = [index.search(queries[at : at + 1], K) for at in range(len(queries))]
        return np.vstack([scores for scores, _ in found]), np.vstack([items for _, items in found])

    def by_numpy(self):
        items, found = self.matrix("items"), []
        for query in self.matrix("queries"):
            scores = items @ query
            best = np.argpartition(scores, -K)[-K:]
            found.append(scores[best[np.argsort(-scores[best])]])
        return np.vstack(found), None

    def recall(self, found):
        pairs = zip(found[1], self.truth()[1], strict=True)
        return np.mean([len(np.intersect1d(a, b)) / K for a, b in pairs])

    def tuned(self, name, index, settings, set_to):
        """The index with the first setting that finds enough."""
        for setting in settings:
            set_to(setting)
            recall = self.recall(self.each(index))
            if recall >= RECALL:
                print(f"FAISS {name}: recall {recall:.3f} with {setting}", file=sys.stderr)
                return index
        raise ValueError(f"{name}: no setting finds {RECALL}")

    @cache
    def inverted(self, name, quantised):
        faiss, centres = self.faiss(), self.faiss().IndexFlatIP(DIMENSIONS)
        if quantised:
            kind = faiss.ScalarQuantizer.QT_8bit
            index = faiss.IndexIVFScalarQuantizer(centres, DIMENSIONS, LISTS, kind, faiss.METRIC_INNER_PRODUCT)
        else:
            index = faiss.IndexIVFFlat(centres, DIMENSIONS, LISTS, faiss.METRIC_INNER_PRODUCT)
        index.cp.niter, index.cp.max_points_per_centroid = 5, 40
        start = time.process_time()
        index.train(self.matrix("items"))
        index.add(self.matrix("items"))
        print(f"FAISS {name}: built in {time.process_time() - start:.1f} s", file=sys.stderr)
        probes = [8, 16, 32, 64, 128, 150, 200, 250, 300, 350, 400, 500]
        return self.tuned(name, index, probes, lambda n: setattr(index, "nprobe", n))


def maximal_marginal_relevance(relevance, vectors):
    """The greedy list, or the most relevant items where these are better in what the weight asks for, as in dsprep-core."""
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled = (relevance - relevance.min()) / np.ptp(relevance)
    taken = [int(np.argmax(scaled))]
    similarity = units @ units[taken[0]]
    for _ in range(9):
        marginal = LAMBDA * scaled - (1 - LAMBDA) * similarity
        marginal[taken] = -np.inf
        taken.append(int(np.argmax(marginal)))
        similarity = np.maximum(similarity, units @ units[taken[-1]])
    most_relevant = np.argsort(-scaled)[:10]

    def value(items):
        cosines = units[items] @ units[items].T
        diversity = 1 - cosines[np.triu_indices(len(items), 1)].mean()
        return LAMBDA * scaled[items].mean() + (1 - LAMBDA) * diversity

    return most_relevant if value(most_relevant) > value(taken) else taken


def main(folder):
    candidates = np.loadtxt(Path(folder) / "candidates.csv", delimiter=",")
    relevance, vectors = candidates[:, 0], candidates[:, 1:]
    searches = Searches(folder)
    scores = lambda found: found[0].sum(dtype=float)
    serve({
        "MMR": (lambda: maximal_marginal_relevance(relevance, vectors), sum),
        "FAISS, exact": (lambda: searches.each(searches.flat()), scores),
        "NumPy, exact": (searches.by_numpy, scores),
        "IVF": (lambda: searches.each(searches.inverted("IVF", False)), searches.recall),
        "IVF 8 bits": (lambda: searches.each(searches.inverted("IVF 8 bits", True)), searches.recall),
    })


if __name__ == "__main__":
    main(*sys.argv[1:])
