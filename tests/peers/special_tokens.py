"""Prints what tiktoken makes of texts with special tokens, for the constants in text/byte_bpe/tests.rs: a text per line, its ids
with all tokens allowed, or what it refuses if none is. pip install tiktoken==0.14.0"""
import re
from pathlib import Path

import tiktoken

tests = (Path(__file__).parents[2] / "dsprep-core/src/text/byte_bpe/tests.rs").read_text()
pairs = re.search(r"const MERGES: .*?\[\n(.*?)\];", tests, re.S)[1]
tokens = [bytes([byte]) for byte in range(256)]
for left, right in re.findall(r"\((\d+), (\d+)\)", pairs):
    tokens.append(tokens[int(left)] + tokens[int(right)])
gpt2 = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
special = {"<|endoftext|>": len(tokens), "<|turn|>": len(tokens) + 1}
ranks = {token: id for id, token in enumerate(tokens)}
bpe = tiktoken.Encoding("tests", pat_str=gpt2, mergeable_ranks=ranks, special_tokens=special)
for text in ["lower<|endoftext|> newest<|turn|><|endoftext|>", "<|turn|>한국 ", "<|endoftext|", "<|endoftext|><|"]:
    try:
        refused = bpe.encode(text) and None
    except ValueError as error:
        refused = re.search("special token '(.*?)'", str(error))[1]
    print(repr(text), bpe.encode(text, allowed_special="all"), bpe.encode_ordinary(text), refused)
