package dev.ccr.proxy.tokens;

/** Counts the tokens of a text; special tokens in it are ordinary text. Thread-safe. */
interface Tokenizer {
  int count(String text);
}
