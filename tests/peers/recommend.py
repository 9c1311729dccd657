"""What FAISS and NumPy take for the stages of question 23; called by `cargo bench --bench recommend`.
pip install faiss-cpu==1.15.1 numpy==2.4.6"""
import sys
import time

import numpy as np

K, LISTS, DIMENSIONS = 100, 1024, 32


def show(name, build, recall, call, calls):
    """Prints name, build, recall, and p50 and p99 by the clock and on the core, in seconds, with tabs between."""
    wall, core = [], []
    for at in range(calls // 10):
        call(at)
    for at in range(calls):
        start, start_core = time.perf_counter(), time.thread_time()
        call(at)
        core.append(time.thread_time() - start_core)
        wall.append(time.perf_counter() - start)
    times = [np.quantile(values, share, method="nearest") for values in (wall, core) for share in (0.5, 0.99)]
    print(name, build, recall, *times, sep="\t", flush=True)


def candidates(name, folder):
    import faiss

    faiss.omp_set_num_threads(1)
    items = np.fromfile(f"{folder}/items.f32", np.float32).reshape(-1, DIMENSIONS)
    queries = np.fromfile(f"{folder}/queries.f32", np.float32).reshape(-1, DIMENSIONS)

    def numpy_search(at):
        scores = items @ queries[at]
        best = np.argpartition(scores, -K)[-K:]
        return best[np.argsort(-scores[best])]

    show(f"{name}: NumPy, exact", "", 1.0, numpy_search, 50)
    flat = faiss.IndexFlatIP(DIMENSIONS)
    flat.add(items)
    truth = flat.search(queries, K)[1]
    show(f"{name}: FAISS, exact", "", 1.0, lambda at: flat.search(queries[at : at + 1], K), 100)
    del flat

    def measure(what, index, build, settings, set_to):
        for setting in settings:
            set_to(setting)
            found = index.search(queries, K)[1]
            recall = np.mean([len(np.intersect1d(a, b)) / K for a, b in zip(found, truth)])
            show(f"{name}: FAISS {what} {setting}", build, recall,
                 lambda at: index.search(queries[at : at + 1], K), len(queries))

    for what, code in [("IVF, lists", None), ("IVF 8 bits, lists", faiss.ScalarQuantizer.QT_8bit)]:
        start = time.process_time()
        centres = faiss.IndexFlatIP(DIMENSIONS)
        if code is None:
            index = faiss.IndexIVFFlat(centres, DIMENSIONS, LISTS, faiss.METRIC_INNER_PRODUCT)
        else:
            index = faiss.IndexIVFScalarQuantizer(centres, DIMENSIONS, LISTS, code, faiss.METRIC_INNER_PRODUCT)
        index.cp.niter, index.cp.max_points_per_centroid = 5, 40
        index.train(items)
        index.add(items)
        probes = [300, 400] if name == "normal" else [16, 64]
        measure(what, index, time.process_time() - start, probes, lambda n, i=index: setattr(i, "nprobe", n))
        del index
    start = time.process_time()
    index = faiss.IndexHNSWFlat(DIMENSIONS, 16, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = 64
    index.add(items)
    breadths = [300, 600] if name == "normal" else [150, 300]
    measure("HNSW, breadth", index, time.process_time() - start, breadths, lambda n: setattr(index.hnsw, "efSearch", n))


def reranking():
    rng = np.random.default_rng(23)
    relevance, vectors = rng.random(100), rng.standard_normal((100, DIMENSIONS))

    def mmr(_):
        units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        scaled = (relevance - relevance.min()) / np.ptp(relevance)
        taken = [int(np.argmax(scaled))]
        similarity = units @ units[taken[0]]
        for _ in range(9):
            marginal = 0.7 * scaled - 0.3 * similarity
            marginal[taken] = -np.inf
            taken.append(int(np.argmax(marginal)))
            similarity = np.maximum(similarity, units @ units[taken[-1]])
        return taken

    show("NumPy: MMR, 100 to 10, no rules", "", "", mmr, 1000)


if __name__ == "__main__":
    {"candidates": candidates, "reranking": reranking}[sys.argv[1]](*sys.argv[2:])
