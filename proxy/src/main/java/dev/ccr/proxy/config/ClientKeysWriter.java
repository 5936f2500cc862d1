package dev.ccr.proxy.config;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.ccr.proxy.model.Client;
import dev.ccr.proxy.model.ClientLimits;
import dev.ccr.proxy.model.Glob;
import java.io.IOException;
import java.util.List;

/** Says {@code CLIENT_KEYS} in the documented JSON. */
final class ClientKeysWriter {

  private ClientKeysWriter() {}

  static void write(List<ClientKeyConfig> clients, JsonGenerator out) throws IOException {
    if (clients.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("CLIENT_KEYS");
    for (ClientKeyConfig each : clients) {
      out.writeStartObject();
      Client client = each.client();
      out.writeStringField("name", client.name());
      if (each.key().isEmpty()) {
        out.writeStringField("sha256", each.sha256());
      } else {
        out.writeStringField("key", each.key().written());
      }
      if (!client.models().isEmpty()) {
        RoutesWriter.strings("models", client.models().stream().map(Glob::pattern).toList(), out);
      }
      if (client.expires() != null) {
        out.writeStringField("expires", client.expires().toString());
      }
      ClientLimits limits = client.limits();
      bound("requestsPerMinute", limits.requestsPerMinute(), out);
      bound("tokensPerMinute", limits.tokensPerMinute(), out);
      bound("concurrent", limits.concurrent(), out);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void bound(String key, int bound, JsonGenerator out) throws IOException {
    if (bound > 0) {
      out.writeNumberField(key, bound);
    }
  }
}
