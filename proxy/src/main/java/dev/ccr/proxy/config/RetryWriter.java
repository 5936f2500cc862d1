package dev.ccr.proxy.config;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** Says in the documented JSON with which keys and how often upstreams are asked. */
final class RetryWriter {

  private RetryWriter() {}

  /** Writes {@code retry} and {@code circuitBreaker}, as far as they are not the defaults. */
  static void write(Config config, JsonGenerator out) throws IOException {
    RetrySettings retry = config.retry();
    if (!retry.equals(Defaults.RETRY)) {
      out.writeObjectFieldStart("retry");
      out.writeNumberField("attempts", retry.attempts());
      LimitsWriter.millis("baseDelayMs", retry.baseDelay(), Defaults.RETRY.baseDelay(), out);
      LimitsWriter.millis("maxDelayMs", retry.maxDelay(), Defaults.RETRY.maxDelay(), out);
      if (!retry.statuses().isEmpty()) {
        out.writeArrayFieldStart("statuses");
        for (int status : retry.statuses().stream().sorted().toList()) {
          out.writeNumber(status);
        }
        out.writeEndArray();
      }
      out.writeEndObject();
    }
    CircuitSettings circuit = config.circuit();
    if (!circuit.equals(Defaults.CIRCUIT)) {
      out.writeObjectFieldStart("circuitBreaker");
      out.writeNumberField("failures", circuit.failures());
      LimitsWriter.millis("openMs", circuit.open(), Defaults.CIRCUIT.open(), out);
      if (circuit.failFast()) {
        out.writeBooleanField("failFast", true);
      }
      out.writeEndObject();
    }
  }

  /** Writes {@code api_key}: one, or several, those that weigh more as objects. */
  static void keys(List<ApiKey> keys, JsonGenerator out) throws IOException {
    boolean alone = keys.size() == 1 && keys.getFirst().weight() == ApiKey.USUAL_WEIGHT;
    if (alone) {
      out.writeFieldName("api_key");
    } else {
      out.writeArrayFieldStart("api_key");
    }
    for (ApiKey key : keys) {
      if (key.weight() == ApiKey.USUAL_WEIGHT) {
        out.writeString(key.secret().written());
      } else {
        out.writeStartObject();
        out.writeStringField("key", key.secret().written());
        out.writeNumberField("weight", key.weight());
        out.writeEndObject();
      }
    }
    if (!alone) {
      out.writeEndArray();
    }
  }
}
