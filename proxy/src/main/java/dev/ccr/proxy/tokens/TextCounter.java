package dev.ccr.proxy.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/**
 * Adds up the tokens of a request's texts. Texts that are in the cache are not read; long ones
 * are counted and remembered in parts, so that one can stop in between, and go on from the start
 * without doing much again. One a request; not thread-safe.
 */
final class TextCounter implements InputSink {

  /** Shorter texts are counted about as soon as looked up, and would push others out. */
  private static final int SHORT = 16;

  /** What is counted at once: some milliseconds at the worst. */
  static final int PART = 8192;

  /** Thrown out of a walk that is to end. */
  static final class Stopped extends RuntimeException {
    Stopped() {
      super("stopped", null, false, false);
    }
  }

  private final ByteBuffer body;
  private final ByteBuffer window;
  private final TokenCache cache;
  private final PlainText plain = new PlainText();
  private final TextKey.Maker keys = new TextKey.Maker();
  private final byte[] buffer = new byte[PART];
  private Tokenizer tokenizer = text -> 0;
  private BooleanSupplier stop = () -> false;
  private long tokens;
  private long bytes;

  /** @param body borrowed for as long as texts are added */
  TextCounter(ByteBuffer body, TokenCache cache) {
    this.body = body;
    this.window = body.duplicate();
    this.cache = cache;
  }

  /**
   * Starts from nothing.
   *
   * @param stop asked in front of every part that has to be counted
   */
  void start(Tokenizer tokenizer, BooleanSupplier stop) {
    this.tokenizer = tokenizer;
    this.stop = stop;
    tokens = 0;
    bytes = 0;
  }

  /** The tokens of the texts so far. */
  long tokens() {
    return tokens;
  }

  /** The bytes of the texts so far, as they are in the body. */
  long bytes() {
    return bytes;
  }

  @Override
  public void text(Form form, int start, int end, boolean thinking) {
    int length = end - start;
    if (length > 0) {
      tokens += length < SHORT ? read(form, start, end) : remembered(form, start, end);
      bytes += length;
    }
  }

  private int remembered(Form form, int start, int end) {
    TextKey key = keys.of(window, form, start, end);
    int known = cache.get(key);
    if (known == TokenCache.UNKNOWN) {
      known = read(form, start, end);
      cache.put(key, known);
    }
    return known;
  }

  private int read(Form form, int start, int end) {
    plain.reset(body, form, start, end);
    int held = plain.fill(buffer, 0);
    if (plain.atEnd()) {
      return count(held);
    }
    int sum = 0;
    while (!plain.atEnd()) {
      int cut = TextCut.last(buffer, held);
      sum += part(cut);
      held -= cut;
      System.arraycopy(buffer, cut, buffer, 0, held);
      held = plain.fill(buffer, held);
    }
    return sum + part(held);
  }

  private int part(int length) {
    TextKey key = keys.of(buffer, length);
    int known = cache.get(key);
    if (known == TokenCache.UNKNOWN) {
      known = count(length);
      cache.put(key, known);
    }
    return known;
  }

  private int count(int length) {
    if (stop.getAsBoolean()) {
      throw new Stopped();
    }
    return tokenizer.count(new String(buffer, 0, length, UTF_8));
  }
}
