package dev.ccr.proxy.server;

import io.netty.handler.codec.http.HttpResponse;

/**
 * Hears how one attempt to answer an exchange goes, and decides what follows. Called on the event
 * loop of the exchange, at most once with a failure and not after {@link #committed}.
 */
interface AttemptListener {

  /**
   * The upstream answers with an error status.
   *
   * @param head borrowed
   * @return whether another attempt is made: nothing of this answer is for the client then
   */
  boolean refused(HttpResponse head);

  /**
   * The attempt failed before the client was given anything.
   *
   * @param stale whether nothing came at all before the connection broke
   */
  void failed(Throwable cause, boolean stale);

  /** The client was given some of the answer: there is no other any more. */
  void committed();

  /** Nothing more comes of it: the client was given all of the answer, or what is left of it. */
  void over();
}
