from collections import Counter

def merge(symbols, left, right):
    out = []
    for symbol in symbols:
        fits = out and (out[-1], symbol) == (left, right)
        out = out[:-1] + [left + right] if fits else out + [symbol]
    return out

def train_bpe(corpus, merges):
    words, learned = Counter(" ".join(corpus).split()), []
    split = {word: [*word, "</w>"] for word in words}
    while len(learned) < merges:
        pairs = Counter(pair for word, times in words.items()
                        for pair in list(zip(split[word], split[word][1:])) * times)
        if not pairs:
            break
        learned += [pairs.most_common(1)[0][0]]  # of equals, the first met
        split = {word: merge(own, *learned[-1]) for word, own in split.items()}
    return learned
