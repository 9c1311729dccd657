"""The steps of benches/algorithms with NumPy, SciPy, scikit-learn and tokenizers, which the bench asks for.
pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 tokenizers==0.23.3

The argument is the folder with text.txt and merges.txt."""
import sys

import numpy as np
from byte_bpe import build, byte_of
from scipy.stats import ks_2samp
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from timed import serve
from tokenizers import Tokenizer, models, pre_tokenizers, trainers


def same(result):
    return result


def numbers():
    rng = np.random.RandomState(20)
    q, k, v = (rng.randn(2048, 64) for _ in range(3))
    rng = np.random.RandomState(30)
    actual, forecast = rng.rand(1_000_000) + 1, rng.rand(1_000_000) + 1

    def attention():
        scores = q @ k.T / np.sqrt(64)
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        return weights @ v, weights

    def metrics():
        mae = np.mean(np.abs(actual - forecast))
        return (mae + np.sqrt(np.mean((actual - forecast) ** 2))
                + 100 * np.mean(np.abs(actual - forecast) / np.abs(actual))
                + 100 * np.mean(2 * np.abs(actual - forecast) / (np.abs(actual) + np.abs(forecast)))
                + mae / np.mean(np.abs(actual[7:] - actual[:-7])))

    return {"standard normals": (lambda: np.random.RandomState(4).randn(10_000_000),
                                 lambda x: int(x.view(np.uint64).sum()) & ((1 << 52) - 1)),
            "attention": (attention, lambda result: np.abs(result[0]).sum()),
            "forecast metrics": (metrics, same)}


def samples():
    rng = np.random.RandomState(25)
    reference, current, half = rng.randn(100_000), rng.randn(100_000) + 0.003, rng.randn(50_000)
    rng = np.random.RandomState(27)
    labels = (rng.rand(1_000_000) < 0.2).astype(int)
    scores = labels + rng.randn(1_000_000)

    def ks(other, method):
        return lambda: ks_2samp(reference, other, method=method), lambda test: test.statistic + test.pvalue

    return {"KS, asymptotic": ks(current, "asymp"), "KS, exact, equal sizes": ks(current, "exact"),
            "KS, exact, unequal sizes": ks(half, "exact"), "ROC AUC": (lambda: roc_auc_score(labels, scores), same)}


def learning():
    rng = np.random.RandomState(28)
    x, noise = rng.randn(100_000, 20), rng.randn(100_000)
    y = (x[:, 0] + x[:, 1] * x[:, 1] + x[:, 2] * x[:, 3] - 1 + noise > 0).astype(int)

    def size(model):
        return np.abs(model.coef_).sum() + np.abs(model.intercept_).sum()

    boosting = HistGradientBoostingClassifier(max_iter=100, max_leaf_nodes=32, max_depth=5, min_samples_leaf=20,
                                              l2_regularization=1.0, learning_rate=0.1, early_stopping=False)
    return {"logistic regression": (lambda: LogisticRegression().fit(x, y), size),
            "logistic regression, Newton": (lambda: LogisticRegression(solver="newton-cholesky", tol=1e-8).fit(x, y), size),
            "gradient boosting": (lambda: boosting.fit(x, y), lambda model: log_loss(y, model.predict_proba(x)[:, 1]))}


def text(folder):
    with open(f"{folder}/text.txt", encoding="utf-8") as file:
        documents = file.read().split("\n")

    def encode(tokenizer):
        return [encoding.ids for encoding in tokenizer.encode_batch_fast(documents)]

    def train():
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        tokenizer.train_from_iterator(documents, trainers.BpeTrainer(vocab_size=8_192, initial_alphabet=alphabet,
                                                                     show_progress=False))
        return tokenizer

    vocabulary, merges = byte_of(), []
    tokens = [char for char, _ in sorted(vocabulary.items(), key=lambda item: item[1])]
    with open(f"{folder}/merges.txt", encoding="utf-8") as file:
        for left, right in (map(int, line.split()) for line in file):
            merges.append((tokens[left], tokens[right]))
            tokens.append(tokens[left] + tokens[right])
    tokenizer = build({token: at for at, token in enumerate(tokens)}, merges)
    return {"BPE training": (train, lambda tokenizer: sum(map(len, encode(tokenizer)))),
            "BPE encoding": (lambda: encode(tokenizer), lambda ids: sum(map(sum, ids)))}


if __name__ == "__main__":
    serve(numbers() | samples() | learning() | text(sys.argv[1]))
