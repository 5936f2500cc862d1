package dev.ccr.proxy.tokens;

import dev.ccr.proxy.json.JsonSyntaxException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Bounds the input tokens of requests without a tokenizer, fast enough for an event loop. Used
 * again; not thread-safe.
 */
public final class InputMeter {

  /** Text that is read at most: some milliseconds of an event loop. */
  static final int MOST_READ = 2 << 20;

  private static final ThreadLocal<InputMeter> OF_THIS_THREAD =
      ThreadLocal.withInitial(InputMeter::new);

  private final InputWalk walk = new InputWalk();
  private final Measuring measuring = new Measuring();
  private final Bounding bounding = new Bounding();

  /** The one that all requests of a thread share: nothing is kept from call to call. */
  public static InputMeter ofThisThread() {
    return OF_THIS_THREAD.get();
  }

  /**
   * Walks over a request; no text is read.
   *
   * @param body borrowed, in one piece
   * @throws JsonSyntaxException if it is no JSON object
   */
  public Measure measure(ByteBuf body) throws JsonSyntaxException {
    measuring.reset();
    walk.walk(view(body), body.readerIndex(), body.writerIndex(), 0, measuring);
    return measuring.result();
  }

  /**
   * Whether a request has at most {@code threshold} tokens, as far as bounds can tell. Its texts
   * are read only if its length leaves it open, and only until the answer is clear, or 2 MiB.
   *
   * @param body borrowed, in one piece
   * @param measure what {@link #measure} said of it
   * @throws JsonSyntaxException if it is no JSON object
   */
  public Verdict atMost(ByteBuf body, Measure measure, long threshold)
      throws JsonSyntaxException {
    if (measure.upper() <= threshold) {
      return Verdict.NOT_LONG;
    }
    if (measure.fixed() > threshold) {
      return Verdict.LONG;
    }
    ByteBuffer view = view(body);
    bounding.reset(view, threshold - measure.fixed());
    try {
      walk.walk(view, body.readerIndex(), body.writerIndex(), measure.thinkingFrom(), bounding);
      return bounding.verdict();
    } finally {
      bounding.clear();
    }
  }

  private static ByteBuffer view(ByteBuf body) {
    return body.nioBuffer(0, body.writerIndex());
  }

  /** Adds up lengths and overheads. */
  private static final class Measuring implements InputSink {

    private long fixed;
    private long bytes;
    private long thinkingFixed;
    private long thinkingBytes;
    private int thinkingFrom;

    void reset() {
      fixed = 0;
      bytes = 0;
      turn(0);
    }

    Measure result() {
      return new Measure(fixed + thinkingFixed, bytes + thinkingBytes, thinkingFrom);
    }

    @Override
    public void text(Form form, int start, int end, boolean thinking) {
      if (thinking) {
        thinkingBytes += end - start;
      } else {
        bytes += end - start;
      }
    }

    @Override
    public void fixed(long tokens, boolean thinking) {
      if (thinking) {
        thinkingFixed += tokens;
      } else {
        fixed += tokens;
      }
    }

    @Override
    public void image(ByteBuffer body, int start, int end) {
      fixed += ImageTokens.of(body, start, end);
    }

    @Override
    public void pdf(ByteBuffer body, int start, int end) {
      fixed += PdfTokens.of(body, start, end);
    }

    @Override
    public void turn(int offset) {
      thinkingFixed = 0;
      thinkingBytes = 0;
      thinkingFrom = offset;
    }
  }

  /** Reads texts until there must be more tokens than {@code most}. */
  private static final class Bounding implements InputSink {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final PlainText plain = new PlainText();
    private final PieceBounds bounds = new PieceBounds();
    private final byte[] buffer = new byte[8192];
    private ByteBuffer body = NOTHING;
    private long most;
    private long read;
    private boolean more;

    void reset(ByteBuffer body, long most) {
      this.body = body;
      this.most = most;
      read = 0;
      more = false;
      bounds.reset();
    }

    void clear() {
      body = NOTHING;
      plain.reset(NOTHING, Form.STRING, 0, 0);
    }

    Verdict verdict() {
      if (more) {
        return Verdict.LONG;
      }
      return read < MOST_READ && bounds.upper() <= most ? Verdict.NOT_LONG : Verdict.UNDECIDED;
    }

    @Override
    public void text(Form form, int start, int end, boolean thinking) {
      plain.reset(body, form, start, end);
      while (!more && read < MOST_READ && !plain.atEnd()) {
        int length = plain.fill(buffer, 0);
        bounds.add(buffer, length);
        read += length;
        more = bounds.lower() > most;
      }
      bounds.endText();
      more |= bounds.lower() > most;
    }
  }
}
