package dev.ccr.proxy.mock;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * Lets another process read what a script was asked: {@code GET /requests?WORD} answers a JSON
 * array of the requests whose bodies have this word, {@code {"path":"/v1/messages","body":{...}}},
 * in the order in which they came. Those that name no model are left out. It keeps all of them for
 * good. Safe for any thread.
 */
final class Journal implements Script {

  private static final String PATH = "/requests";

  private final Script script;
  private final Queue<MockRequest> requests = new ConcurrentLinkedQueue<>();

  Journal(Script script) {
    this.script = script;
  }

  @Override
  public Reply reply(MockRequest request) {
    if (request.method().equals(HttpMethod.GET) && request.path().equals(PATH)) {
      return Reply.json(200, with(request.uri().substring(PATH.length()).replaceFirst("^\\?", "")));
    }
    if (namesModel(request)) {
      requests.add(request);
    }
    return script.reply(request);
  }

  private String with(String word) {
    return requests.stream()
        .map(request -> new Entry(request.path(), request.body()))
        .filter(entry -> entry.body().contains(word))
        .map(entry -> "{\"path\":\"" + entry.path() + "\",\"body\":" + entry.body() + "}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static boolean namesModel(MockRequest request) {
    try {
      return !new RequestPeek(request.content()).model().isEmpty();
    } catch (IllegalArgumentException notJson) {
      return false;
    }
  }

  private record Entry(String path, String body) {}
}
