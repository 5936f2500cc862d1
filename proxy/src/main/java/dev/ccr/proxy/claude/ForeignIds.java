package dev.ccr.proxy.claude;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/**
 * Tool call ids of upstreams whose ids no Claude client takes ({@code functions.Read:0}), said in
 * letters that it does. Nothing has to be remembered: the upstream's own id can be read off the
 * client's, by this router or another one.
 */
public final class ForeignIds {

  private static final String PREFIX = "toolu_ccr_";

  private ForeignIds() {}

  /**
   * The id for the client.
   *
   * @return empty if there is none, since the upstream's is too long
   */
  public static String pack(String upstreamId) {
    String id =
        PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(upstreamId.getBytes(UTF_8));
    return MessageIds.isValid(id) ? id : "";
  }

  /** The upstream's id; any other id is returned as it is. */
  public static String unpack(String id) {
    if (!id.startsWith(PREFIX)) {
      return id;
    }
    try {
      String own = new String(Base64.getUrlDecoder().decode(id.substring(PREFIX.length())), UTF_8);
      return !own.isEmpty() && pack(own).equals(id) ? own : id;
    } catch (IllegalArgumentException e) { // somebody else's after all
      return id;
    }
  }
}
