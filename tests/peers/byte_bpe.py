"""Trains Hugging Face's byte-level BPE on a short corpus and prints the merges and encodings as Rust
constants for byte_bpe.rs; the first 256 ids are turned into byte values. pip install tokenizers==0.23.3"""
import json
import sys

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

CORPUS = ["low lower lowest newer newest new widest wider", "The quick brown fox isn't the lowest; it's newer!",
          "한국어 한글 한국 한국어", "🙂🙂 🙃 ... !!! 12 123 1234 2024", "def f(x):\n    return x\n\n    # the new one"]
TEXTS = ["lower newest", "  The  widest fox\n\n\tisn't new! ", "한국어를 한다", "🙂🙃👩‍👩‍👧 café", "x = 1234567\r\n\x00\x7f",
         "I'LL we'll '", "ⅷ ½ ²", " nbsp\u3000ideographic"]


def byte_of():
    """GPT-2's printable stand-in for each byte, reversed."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table, extra = {chr(b): b for b in printable}, 0
    for b in range(256):
        if b not in printable:
            table[chr(256 + extra)] = b
            extra += 1
    return table


def build(vocab, merges):
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def main():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(vocab_size=256 + 60, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                  show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    merges = [tuple(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]
    ours = {char: byte for char, byte in byte_of().items()}
    pairs = []
    for left, right in merges:
        pairs.append((ours[left], ours[right]))
        ours.setdefault(left + right, len(ours))
    tokenizer = build(ours, merges)
    print("MERGES:", pairs)
    for text in TEXTS:
        ids = tokenizer.encode(text).ids
        assert tokenizer.decode(ids) == text
        print(json.dumps(text), ids)


if __name__ == "__main__":
    sys.exit(main())
