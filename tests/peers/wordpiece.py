"""What Hugging Face's `tokenizers` makes of the words in wordpiece.rs. pip install tokenizers==0.23.3"""
from tokenizers import Tokenizer, models

tokens = ["[UNK]", "un", "##happi", "##ness", "##happiness", "happ", "##y", "un##", "##n", "##e", "##s",
          "한", "##국", "##국어", "u", "##nh"]
model = models.WordPiece(vocab={token: i for i, token in enumerate(tokens)}, unk_token="[UNK]")
tokenizer = Tokenizer(model)
for word in ["unhappiness", "happy", "happiness", "한국어", "unness", "unn", "unhy"]:
    print(word, tokenizer.encode(word).tokens)
