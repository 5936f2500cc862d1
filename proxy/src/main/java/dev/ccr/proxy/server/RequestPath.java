package dev.ccr.proxy.server;

/** The parts of a request target. */
final class RequestPath {

  private RequestPath() {}

  /** The path without query, origin or fragment; a target in absolute form has an origin. */
  static String path(String target) {
    int end = target.indexOf('?');
    end = end < 0 ? target.length() : end;
    int fragment = target.indexOf('#');
    end = fragment < 0 ? end : Math.min(end, fragment);
    int start = pathStart(target.substring(0, end)); // a query may look like an origin
    return start == end ? "/" : target.substring(start, end);
  }

  /** The query without its question mark, or empty. */
  static String query(String target) {
    int mark = target.indexOf('?');
    if (mark < 0) {
      return "";
    }
    int fragment = target.indexOf('#', mark);
    return target.substring(mark + 1, fragment < 0 ? target.length() : fragment);
  }

  /** Name or address, and port, of a target in absolute form; empty for other forms. */
  static String authority(String target) {
    boolean absolute =
        target.regionMatches(true, 0, "http://", 0, 7)
            || target.regionMatches(true, 0, "https://", 0, 8);
    if (!absolute) {
      return "";
    }
    int start = target.indexOf("://") + 3;
    int end = start;
    while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    return target.substring(start, end);
  }

  /** RFC 9112, section 3.2.2: servers must accept the absolute form. */
  private static int pathStart(String target) {
    if (target.startsWith("/")) {
      return 0;
    }
    int authority = target.indexOf("://");
    int slash = authority < 0 ? 0 : target.indexOf('/', authority + 3);
    return slash < 0 ? target.length() : slash;
  }
}
