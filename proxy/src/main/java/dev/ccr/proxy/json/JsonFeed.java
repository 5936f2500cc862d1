package dev.ccr.proxy.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteBufferFeeder;
import dev.ccr.proxy.model.MalformedStreamException;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Tokens of JSON values that arrive in pieces: a non-blocking parser, fed as the bytes come. A value
 * may be cut anywhere, even inside an escape or a UTF-8 sequence; values follow each other like the
 * events of a stream. Between two values it may go from one stream to another: {@link #detach}.
 *
 * <p>For each chunk call {@link #open}, then {@link #feed} for each range of it, and after each feed
 * {@link #next} until it answers {@link JsonToken#NOT_AVAILABLE}. One view a chunk is slid over the
 * ranges, so that a range costs no allocation. After an exception the feed is of no more use.
 */
public final class JsonFeed {

  /** The longest string value, in chars: a whole tool call's arguments may be one string. */
  public static final int MAX_STRING_CHARS = 32 << 20;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Names come from peers: interning them in the JVM for good would be a leak.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(MAX_STRING_CHARS).build())
          .build();

  /** Bytes of a value that leave no more room behind than is worth keeping. */
  private static final long SMALL_VALUE = 16_384;

  /** Bytes from which a parser has learnt enough names: it learns every one that is new. */
  private static final long MAX_LEARNT = 2 << 20;

  private static final String CANNOT_BE_READ = "the upstream sent JSON that cannot be read ";

  private static final ByteBuffer CLOSED = ByteBuffer.allocate(0);

  private JsonParser parser = newParser();
  private ByteBufferFeeder feeder = (ByteBufferFeeder) parser.getNonBlockingInputFeeder();
  private ByteBuffer view = CLOSED;

  /** What has to be added to a buffer index to get a position in the view. */
  private int shift;

  private JsonToken lastToken = JsonToken.NOT_AVAILABLE;

  /** The last byte fed that is not white space, and that of the feeds before. */
  private byte lastByte;

  private byte lastByteBefore;
  private boolean feedBegins;

  /** What was fed last, and where it ends. */
  private ByteBuffer current = CLOSED;

  private int currentEnd;

  /** Behind a value stands what begins none: there is no next token. */
  private boolean junk;

  /** Bytes fed: of the value that is being read, of the largest one, and to this parser in all. */
  private long value;

  private long largestValue;
  private long fed;

  private static JsonParser newParser() {
    try {
      return FACTORY.createNonBlockingByteBufferParser();
    } catch (IOException e) { // declared for its siblings that read from files
      throw new IllegalStateException(e);
    }
  }

  /**
   * Makes the view that the next feeds slide over.
   *
   * @param chunk borrowed, readable bytes only, in one piece ({@code nioBufferCount() == 1}); must
   *     stay as it is until the last feed of it is drained
   */
  public void open(ByteBuf chunk) {
    view = chunk.internalNioBuffer(chunk.readerIndex(), chunk.readableBytes());
    shift = view.position() - chunk.readerIndex();
  }

  /**
   * Feeds bytes of the opened chunk; everything fed before must have been drained.
   *
   * @param start index in the chunk, not a position in the view
   * @param end index behind the last byte
   */
  public void feed(int start, int end) throws MalformedStreamException {
    view.limit(end + shift).position(start + shift);
    feed(view);
  }

  /** Feeds bytes of somebody else's buffer, as {@link #feed(int, int)} does. */
  public void feed(ByteBuffer bytes) throws MalformedStreamException {
    feedBegins = true;
    current = bytes;
    currentEnd = bytes.limit();
    boolean begins = parser.getParsingContext().inRoot();
    junk |= begins && !beginsValue(bytes.position());
    value = begins ? bytes.remaining() : value + bytes.remaining();
    largestValue = Math.max(largestValue, value);
    fed += bytes.remaining();
    lastByteBefore = lastByte;
    for (int i = bytes.limit() - 1; i >= bytes.position(); i--) {
      if (bytes.get(i) > ' ') {
        lastByte = bytes.get(i);
        break;
      }
    }
    try {
      feeder.feedInput(bytes);
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** The next token, or {@link JsonToken#NOT_AVAILABLE} when everything fed is used up. */
  public JsonToken next() throws MalformedStreamException {
    if (junk) {
      throw new MalformedStreamException(CANNOT_BE_READ + "(JsonParseException)");
    }
    try {
      JsonToken token = parser.nextToken();
      if (token == null || token == JsonToken.NOT_AVAILABLE) {
        return JsonToken.NOT_AVAILABLE;
      }
      if (token == JsonToken.END_OBJECT && isUnfinished()) {
        throw new MalformedStreamException(CANNOT_BE_READ + "(JsonParseException)");
      }
      feedBegins = false;
      lastToken = token;
      if (token.isStructEnd() && parser.getParsingContext().inRoot() && !feeder.needMoreInput()) {
        long left = fed - parser.currentLocation().getByteOffset();
        junk = !beginsValue(currentEnd - (int) left);
      }
      return token;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /**
   * Whether an object that has just ended lacks something before its brace. The parser sees to it
   * itself unless the input is cut there: then it lets {@code "name":} and a comma pass (Jackson
   * 2.22.4), and the same bytes would be read in two ways.
   */
  private boolean isUnfinished() {
    return lastToken == JsonToken.FIELD_NAME || (feedBegins && lastByteBefore == ',');
  }

  /**
   * Whether an object or an array begins here in what was fed, or nothing does. A string that begins
   * instead could end with the next value's brace, or with another stream's.
   */
  private boolean beginsValue(int from) {
    for (int i = from; i < currentEnd; i++) {
      byte b = current.get(i);
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b == '{' || b == '[';
      }
    }
    return true;
  }

  /** Whether the bytes so far end between two objects or arrays, and not in a word behind one. */
  public boolean isBetweenValues() {
    return !junk
        && parser.getParsingContext().inRoot()
        && (lastByte == '}' || lastByte == ']' || lastByte == 0);
  }

  /**
   * Ends the use of this by its stream.
   *
   * @return whether another stream may go on with it: all that was fed is used up and was whole
   *     values, and none was so large that what it has left behind should go with its stream.
   *     Whoever does not keep it then has to {@link #close} it
   */
  public boolean detach() {
    view = CLOSED;
    try {
      if (largestValue > SMALL_VALUE
          || !isBetweenValues()
          || next() != JsonToken.NOT_AVAILABLE) {
        return false;
      }
    } catch (MalformedStreamException e) { // something stands behind the last value
      return false;
    }
    current = CLOSED; // it is the stream's
    if (fed > MAX_LEARNT) {
      close();
      parser = newParser();
      feeder = (ByteBufferFeeder) parser.getNonBlockingInputFeeder();
      fed = 0;
    }
    return true;
  }

  /** The name of the current field; the same object each time a name comes again. */
  public String name() throws MalformedStreamException {
    try {
      String name = parser.currentName();
      return name == null ? "" : name;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** The current string or number as text. Allocates: for values that come once a stream. */
  public String string() throws MalformedStreamException {
    try {
      return parser.getText();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** Appends the current string to {@code out}. */
  public void appendTo(Chars out) throws MalformedStreamException {
    try {
      out.append(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** The current number as an integer, fractions cut off, saturated to the range of a long. */
  public long integer() throws MalformedStreamException {
    try {
      return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
              && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
          ? parser.getLongValue()
          : (long) parser.getDoubleValue();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /**
   * Ends the use of this. Names that it has learnt are known to later feeds then, which need not
   * learn them again; Jackson forgets them all once there are too many.
   */
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new IllegalStateException("there is nothing to close but memory", e);
    }
  }

  private static MalformedStreamException malformed(IOException e) {
    // Jackson's own wording may quote the text it stumbled over: model output stays out of it.
    return new MalformedStreamException(
        CANNOT_BE_READ + "(" + e.getClass().getSimpleName() + ")");
  }
}
