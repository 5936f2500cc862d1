package dev.ccr.proxy.server;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.RequestException;
import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the octets of a request's head as they come, for what Netty's decoder forgives and two
 * readers of the same octets may read in two ways: line ends that are not CRLF, folded lines, white
 * space other than one SP in the request line, versions in other letters, a second content-length
 * in HTTP/1.0 (RFC 9112, sections 2.2, 3, 5.2 and 6.3). It keeps no octets. One a connection; on
 * its event loop.
 */
final class HeadScan implements ByteProcessor {

  /** More than any client sends; each costs memory. */
  private static final int MAX_FIELDS = 200;

  /** RFC 9112, section 2.2, asks to forgive one; some clients send two. */
  private static final int MAX_EMPTY_LINES = 4;

  private static final int HEADERS_TOO_LARGE = 431;
  private static final int VERSION_NOT_SUPPORTED = 505;
  private static final String VERSION = "HTTP/0.0";
  private static final String CONTENT_LENGTH = "content-length";
  private static final byte DEL = 0x7f;

  /** How many octets of the buffer that is being collected have been looked at. */
  private int seen;

  private boolean afterCr;
  private boolean inFields;
  private int emptyLines;
  private int fields;
  private int contentLengths;

  /** Where in the line, or in a word of the request line, the next octet is. */
  private int column;

  /** Which word of the request line it is in. */
  private int word;

  private byte major;
  private boolean mayBeContentLength;
  private @Nullable RequestException fault;

  /**
   * Looks at what has come since the last call, up to the end of the head.
   *
   * @param in borrowed; left as it is
   * @return what is wrong with the head, or {@code null} if nothing is so far
   */
  @Nullable RequestException scan(ByteBuf in) {
    int start = in.readerIndex() + seen;
    int stop = in.forEachByte(start, in.writerIndex() - start, this);
    seen = (stop < 0 ? in.writerIndex() : stop) - in.readerIndex();
    return fault;
  }

  /** The decoder has taken this many octets out of the buffer. */
  void consumed(int octets) {
    seen -= octets;
  }

  /** Another head begins with the next octet. */
  void restart() {
    seen = 0;
    afterCr = false;
    inFields = false;
    emptyLines = 0;
    fields = 0;
    contentLengths = 0;
    column = 0;
    word = 0;
  }

  @Override
  public boolean process(byte octet) {
    if (afterCr) {
      afterCr = false;
      return octet == '\n' ? endOfLine() : refuse("CR without LF");
    }
    if (octet == '\r') {
      afterCr = true;
      return true;
    }
    if (octet == '\n') {
      return refuse("LF without CR");
    }
    if ((octet >= 0 && octet < ' ' && octet != '\t') || octet == DEL) {
      return refuse("octet 0x" + Integer.toHexString(octet));
    }
    return inFields ? field(octet) : requestLine(octet);
  }

  private boolean requestLine(byte octet) {
    if (octet == ' ') {
      if (column == 0 || word == 2) {
        return refuse("white space in the request line");
      }
      word++;
      column = 0;
      return true;
    }
    if (octet == '\t' || octet < 0) {
      return refuse("octet 0x" + Integer.toHexString(octet & 0xff) + " in the request line");
    }
    if (word == 2 && !isVersionAt(column, octet)) {
      return refuse("no version behind the request target");
    }
    column++;
    return true;
  }

  private boolean isVersionAt(int position, byte octet) {
    if (position >= VERSION.length()) {
      return false;
    }
    char expected = VERSION.charAt(position);
    if (expected != '0') {
      return octet == expected;
    }
    major = position == VERSION.indexOf('0') ? octet : major;
    return octet >= '0' && octet <= '9';
  }

  private boolean field(byte octet) {
    if (column == 0) {
      if (octet == ' ' || octet == '\t') {
        return refuse("a folded header line");
      }
      mayBeContentLength = true;
    }
    if (mayBeContentLength) {
      if (column == CONTENT_LENGTH.length()) {
        mayBeContentLength = false;
        if (octet == ':' && ++contentLengths > 1) {
          return refuse("more than one content-length");
        }
      } else {
        mayBeContentLength = (octet | 0x20) == CONTENT_LENGTH.charAt(column);
      }
    }
    column++;
    return true;
  }

  /** Whether there is more of the head. */
  private boolean endOfLine() {
    if (!inFields && column == 0 && word == 0) {
      return ++emptyLines <= MAX_EMPTY_LINES || refuse("empty lines");
    }
    if (!inFields) {
      if (word != 2 || column != VERSION.length()) {
        return refuse("no version behind the request target");
      }
      if (major != '1') {
        fault =
            new RequestException(
                ApiErrorType.INVALID_REQUEST,
                VERSION_NOT_SUPPORTED,
                "version: HTTP/" + (char) major + " (expected: HTTP/1.1)");
        return false;
      }
      inFields = true;
    } else if (column == 0) {
      return false;
    } else if (++fields > MAX_FIELDS) {
      fault =
          new RequestException(
              ApiErrorType.INVALID_REQUEST,
              HEADERS_TOO_LARGE,
              "request headers: too many (expected: at most " + MAX_FIELDS + ")");
      return false;
    }
    column = 0;
    return true;
  }

  private boolean refuse(String what) {
    fault =
        RequestException.invalid("request: " + what + " (expected: HTTP/1.1 as RFC 9112 has it)");
    return false;
  }
}
