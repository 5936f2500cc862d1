package dev.ccr.proxy.server;

import dev.ccr.proxy.admission.Permit;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.model.Route;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.provider.Translation;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the line, with what the stages have found out about it. It owns
 * the body: a stage that takes an exchange hands it on or releases it. What the client has sent goes
 * with the body, since an answer may take minutes; the rest stays until the answer is complete.
 */
final class Exchange extends AbstractReferenceCounted {

  private final Snapshot snapshot;
  private final boolean takesChunks;
  private @Nullable HttpRequest head;
  private final ByteBuf body;
  private final RequestLog log;
  private final @Nullable Permit permit;
  private @Nullable RequestFacts facts;
  private @Nullable Route route;
  private @Nullable Translation translation;
  private @Nullable StreamTranscoder answer;
  private @Nullable HeartbeatHandler stream;
  private boolean statusHeld;
  private boolean committed;

  /**
   * @param body taken
   */
  Exchange(Snapshot snapshot, HttpRequest head, ByteBuf body, RequestLog log) {
    this.snapshot = snapshot;
    this.head = head;
    this.takesChunks = head.protocolVersion().isKeepAliveDefault();
    this.body = body;
    this.log = log;
    this.permit = log.permit(); // kept: when the body goes, the log may be the next request's
  }

  Snapshot snapshot() {
    return snapshot;
  }

  /** What the client has asked for; there until the body is released. */
  HttpRequest head() {
    return known(head);
  }

  /** Whether the answer may be in chunks: HTTP/1.0 reads until the connection is closed. */
  boolean takesChunks() {
    return takesChunks;
  }

  Endpoint endpoint() {
    Endpoint endpoint = Endpoint.at(RequestPath.path(head().uri()));
    return endpoint == null ? Endpoint.MESSAGES : endpoint;
  }

  /** The whole body in one piece, borrowed. */
  ByteBuf body() {
    return body;
  }

  /**
   * Cuts a range out of the body: what is before it moves up to what is behind it.
   *
   * @param start offset of its first byte
   * @param end offset behind its last
   */
  void cut(int start, int end) {
    int before = body.readerIndex();
    byte[] moved = new byte[start - before];
    body.getBytes(before, moved);
    body.readerIndex(before + end - start);
    body.setBytes(body.readerIndex(), moved);
  }

  RequestLog log() {
    return log;
  }

  /** Set by the routing stage. */
  void route(RequestFacts facts, Route route) {
    this.facts = facts;
    this.route = route;
    log.route(route, snapshot);
  }

  /** Another route: who was chosen first does not answer. */
  void reroute(Route next) {
    route = next;
    log.route(next, snapshot);
  }

  /** Whether a route is known: whoever only counts tokens needs none. */
  boolean isRouted() {
    return route != null;
  }

  RequestFacts facts() {
    return known(facts);
  }

  Route route() {
    return known(route);
  }

  /** Set by the stage that encodes the request, anew for each attempt. */
  void translation(Translation translation) {
    this.translation = translation;
  }

  Translation translation() {
    return known(translation);
  }

  /** What translates the answer, once its status is known and it is none of an error. */
  void answer(StreamTranscoder transcoder) {
    answer = transcoder;
  }

  /** Whether the client has the beginning of a message and not its end. */
  boolean isMessageOpen() {
    return answer != null && answer.isMessageOpen();
  }

  /** Set by the stage that keeps a stream alive: parts of the answer go by it. */
  void stream(HeartbeatHandler stage) {
    stream = stage;
  }

  /** Writes a part of the answer's body, which is given; the head has been written. */
  void writePart(Channel client, HttpContent part) {
    if (stream == null) {
      client.write(part, client.voidPromise());
    } else {
      stream.writePart(part);
    }
  }

  /** Sends what has been written. */
  void flush(Channel client) {
    if (stream == null) {
      client.flush();
    } else {
      stream.flush();
    }
  }

  /**
   * Says whether the client's status is still to come from an upstream, as it is while another one
   * may be asked, or once one has answered: no comment may take it then.
   */
  void holdStatus(boolean now) {
    statusHeld = now;
  }

  boolean isStatusHeld() {
    return statusHeld;
  }

  /** The head of the answer has been written: whatever fails from now on, nobody else is asked. */
  void commit() {
    committed = true;
  }

  boolean isCommitted() {
    return committed;
  }

  @Override
  protected void deallocate() {
    body.release();
    head = null;
    if (permit != null) {
      permit.bodyReleased();
    }
  }

  @Override
  public ReferenceCounted touch(Object hint) {
    body.touch(hint);
    return this;
  }

  private static <T> T known(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("the exchange has not come that far, or is over");
    }
    return value;
  }
}
