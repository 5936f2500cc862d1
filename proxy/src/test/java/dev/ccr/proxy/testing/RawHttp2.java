package dev.ccr.proxy.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client of HTTP/2 that sends the frames it is told to, right or wrong (RFC 9113, section 4.1).
 * Header blocks are literals without an index. For one thread.
 */
public final class RawHttp2 implements AutoCloseable {

  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int END_STREAM = 1;
  public static final int ACK = 1;
  public static final int END_HEADERS = 4;
  public static final int PADDED = 8;

  /** Section 3.4. */
  public static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** One frame as it came. */
  public record Frame(int type, int flags, int stream, ByteBuf payload) {}

  /**
   * What came of a stream.
   *
   * @param end {@code END}, or how it broke: {@code RST code}, {@code GOAWAY code}, {@code CLOSED}
   */
  public record Answer(Map<String, String> headers, String body, String end) {

    /** The status, or how the stream broke without one. */
    public String status() {
      return headers.getOrDefault(":status", end);
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false, 1 << 20);
  private final Map<Integer, Map<String, String>> headers = new HashMap<>();
  private final Map<Integer, ByteArrayOutputStream> bodies = new HashMap<>();
  private final Map<Integer, String> ends = new HashMap<>();

  /** Whether what is read is made up for, for streams too. */
  private boolean opensWindows = true;

  private int nextStream = 1;
  private int pongs;
  private final Map<Integer, Long> windows = new HashMap<>();
  private long initialWindow = 65_535;

  /** @param socket connected, taken; nothing is sent yet */
  public RawHttp2(Socket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(socket.getInputStream());
  }

  /** A connection that is ready for its first stream. */
  public static RawHttp2 open(Router router) throws IOException {
    RawHttp2 client = new RawHttp2(router.connect());
    client.send(PREFACE, frame(SETTINGS, 0, 0));
    return client;
  }

  /** The bytes of a frame. */
  public static byte[] frame(int type, int flags, int stream, byte... payload) {
    byte[] bytes = new byte[9 + payload.length];
    number(payload.length, 3, bytes, 0);
    bytes[3] = (byte) type;
    bytes[4] = (byte) flags;
    number(stream, 4, bytes, 5);
    System.arraycopy(payload, 0, bytes, 9, payload.length);
    return bytes;
  }

  /** A header block: names and values in turn. */
  public static byte[] fields(String... namesAndValues) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      out.write(0); // RFC 7541, section 6.2.2
      text(namesAndValues[i], out);
      text(namesAndValues[i + 1], out);
    }
    return out.toByteArray();
  }

  /** Settings: numbers and values in turn. */
  public static byte[] settings(long... numbersAndValues) {
    byte[] bytes = new byte[numbersAndValues.length * 3];
    for (int i = 0; i < numbersAndValues.length; i += 2) {
      number(numbersAndValues[i], 2, bytes, i * 3);
      number(numbersAndValues[i + 1], 4, bytes, i * 3 + 2);
    }
    return bytes;
  }

  /** A payload of one 32-bit number. */
  public static byte[] number(long value) {
    byte[] bytes = new byte[4];
    number(value, 4, bytes, 0);
    return bytes;
  }

  /** Nothing that is read is made up for from now on: the router runs out of window. */
  public void keepWindowsShut() {
    opensWindows = false;
  }

  /** Opens the windows of the connection and of a stream by as many bytes. */
  public void open(int stream, int bytes) throws IOException {
    send(
        frame(WINDOW_UPDATE, 0, 0, number(bytes)), frame(WINDOW_UPDATE, 0, stream, number(bytes)));
  }

  /** Sends a ping, and reads until it is answered. */
  public void ping(int awaited) throws IOException {
    int before = pongs;
    send(frame(PING, 0, 0, new byte[8]));
    while (pongs == before && !ends.containsKey(awaited)) {
      step(awaited);
    }
  }

  /** Streams have numbers from here on. */
  public void skipTo(int stream) {
    nextStream = stream;
  }

  public void send(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    socket.getOutputStream().write(all.toByteArray());
  }

  /** Posts a body to {@code /v1/messages} with the key, and gives the number of the stream. */
  public int post(String body, String... more) throws IOException {
    int stream = begin(more);
    upload(stream, body.getBytes(StandardCharsets.UTF_8));
    return stream;
  }

  /** Begins a request to {@code /v1/messages} with the key. */
  public int begin(String... more) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    String[] head = {
      ":method", "POST", ":scheme", "http", ":path", "/v1/messages", ":authority", "localhost",
      "x-api-key", Router.KEY
    };
    String[] all = Arrays.copyOf(head, head.length + more.length);
    System.arraycopy(more, 0, all, head.length, more.length);
    send(frame(HEADERS, END_HEADERS, stream, fields(all)));
    return stream;
  }

  /** Asks for a path, and gives the number of the stream. */
  public int get(String path) throws IOException {
    return ask("GET", path);
  }

  /** The same with another method. */
  public int ask(String method, String path) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    send(
        frame(
            HEADERS, END_HEADERS | END_STREAM, stream,
            fields(":method", method, ":scheme", "http", ":path", path, ":authority", "localhost")));
    return stream;
  }

  /** Reads until a stream has ended, in whatever way. */
  public Answer answer(int stream) throws IOException {
    while (!ends.containsKey(stream)) {
      step(stream);
    }
    return soFar(stream);
  }

  /** Reads until a stream has a head. */
  public void awaitHeaders(int stream) throws IOException {
    while (!headers.containsKey(stream) && !ends.containsKey(stream)) {
      step(stream);
    }
  }

  /** Sends a body of any size, as fast as the router takes it. */
  public void upload(int stream, byte[] body) throws IOException {
    int at = 0;
    while (at < body.length) {
      int end = Math.min(body.length, at + 16_384);
      while (Math.min(window(0), window(stream)) < end - at) {
        step(stream);
      }
      send(
          frame(
              DATA, end == body.length ? END_STREAM : 0, stream,
              Arrays.copyOfRange(body, at, end)));
      windows.merge(0, (long) at - end, Long::sum);
      windows.merge(stream, (long) at - end, Long::sum);
      at = end;
    }
  }

  private long window(int stream) {
    return windows.getOrDefault(stream, 0L) + (stream == 0 ? 65_535 : initialWindow);
  }

  /** Reads until the body of a stream has some text. */
  public void awaitText(int stream, String text) throws IOException {
    while (!soFar(stream).body().contains(text)) {
      if (ends.containsKey(stream)) {
        throw new EOFException("no " + text + " in " + soFar(stream));
      }
      step(stream);
    }
  }

  /** Reads until so much of the body of a stream has come, in bytes. */
  public void awaitBody(int stream, int length) throws IOException {
    while (!bodies.containsKey(stream) || bodies.get(stream).size() < length) {
      if (ends.containsKey(stream)) {
        throw new EOFException("no " + length + " bytes in " + soFar(stream));
      }
      step(stream);
    }
  }

  /** What has been read of a stream. */
  public Answer soFar(int stream) {
    ByteArrayOutputStream body = bodies.get(stream);
    return new Answer(
        headers.getOrDefault(stream, Map.of()),
        body == null ? "" : body.toString(StandardCharsets.UTF_8),
        ends.getOrDefault(stream, ""));
  }

  /** The next frame, or {@code null} if the router has closed the connection. */
  public @Nullable Frame read() throws IOException {
    try {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      return new Frame(type, flags, stream, Unpooled.wrappedBuffer(in.readNBytes(length)));
    } catch (EOFException | SocketException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void step(int awaited) throws IOException {
    Frame frame = read();
    if (frame == null) {
      ends.putIfAbsent(awaited, "CLOSED");
      return;
    }
    switch (frame.type()) {
      case HEADERS -> {
        if ((frame.flags() & END_HEADERS) == 0) {
          throw new IOException("a header block in pieces is more than this client reads");
        }
        decode(frame);
      }
      case DATA -> {
        bodies
            .computeIfAbsent(frame.stream(), s -> new ByteArrayOutputStream())
            .writeBytes(ByteBufUtil.getBytes(frame.payload()));
        if (opensWindows && frame.payload().isReadable()) {
          byte[] read = number(frame.payload().readableBytes());
          send(frame(WINDOW_UPDATE, 0, 0, read), frame(WINDOW_UPDATE, 0, frame.stream(), read));
        }
      }
      case RST_STREAM -> ends.putIfAbsent(frame.stream(), "RST " + code(frame, 0));
      case GOAWAY -> {
        if (code(frame, 4) != 0) {
          ends.putIfAbsent(awaited, "GOAWAY " + code(frame, 4));
        }
      }
      case SETTINGS -> {
        if ((frame.flags() & ACK) == 0) {
          learn(frame.payload());
          acknowledge();
        }
      }
      case PING -> pongs += frame.flags() & ACK;
      case WINDOW_UPDATE -> windows.merge(frame.stream(), (long) code(frame, 0), Long::sum);
      default -> {}
    }
    if ((frame.type() == HEADERS || frame.type() == DATA)
        && (frame.flags() & END_STREAM) != 0) {
      ends.putIfAbsent(frame.stream(), "END");
    }
  }

  private void acknowledge() throws IOException {
    try {
      send(frame(SETTINGS, ACK, 0));
    } catch (SocketException e) {
      // the router has closed the connection: what it said before is still to be read
    }
  }

  private void learn(ByteBuf in) {
    while (in.isReadable()) {
      if (in.readUnsignedShort() == 4) { // SETTINGS_INITIAL_WINDOW_SIZE
        initialWindow = in.readUnsignedInt();
      } else {
        in.skipBytes(4);
      }
    }
  }

  private void decode(Frame frame) throws IOException {
    Map<String, String> fields = headers.computeIfAbsent(frame.stream(), s -> new HashMap<>());
    try {
      hpack
          .decodeHeaders(frame.stream(), frame.payload())
          .forEach(field -> fields.put(field.getKey().toString(), field.getValue().toString()));
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  private static int code(Frame frame, int at) {
    return frame.payload().getInt(at);
  }

  private static void text(String text, ByteArrayOutputStream out) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int length = bytes.length; // RFC 7541, section 5.1, with 7 bits
    if (length < 127) {
      out.write(length);
    } else {
      out.write(127);
      for (length -= 127; length >= 128; length >>= 7) {
        out.write((length & 127) | 128);
      }
      out.write(length);
    }
    out.writeBytes(bytes);
  }

  private static void number(long value, int count, byte[] bytes, int at) {
    for (int i = 0; i < count; i++) {
      bytes[at + i] = (byte) (value >> (8 * (count - 1 - i)));
    }
  }
}
