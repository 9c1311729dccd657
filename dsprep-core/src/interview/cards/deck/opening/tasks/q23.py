from math import log2

def ndcg_of(recommended, relevant, k):
    dcg = sum(1 / log2(p + 2) for p, item in enumerate(recommended[:k]) if item in relevant)
    return dcg / sum(1 / log2(p + 2) for p in range(min(k, len(relevant))))
