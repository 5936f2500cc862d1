package dev.ccr.proxy.admission;

/** What counts against one client's bounds. Outlives configurations; any thread may use it. */
final class ClientUse {

  final Bucket requests;
  final Bucket tokens;
  final Tally underWay = new Tally();

  ClientUse(long now) {
    requests = new Bucket(now);
    tokens = new Bucket(now);
  }
}
