package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.UpstreamException;

/** An error that an upstream reports inside an answer, in one of several shapes. */
final class ChatError {

  boolean isPresent;
  String message = "";
  String code = "";
  String type = "";

  /** What the provider behind the upstream said, and who that is (OpenRouter). */
  String raw = "";

  String providerName = "";

  void clear() {
    isPresent = false;
    message = "";
    code = "";
    type = "";
    raw = "";
    providerName = "";
  }

  UpstreamException toException() {
    int status = status();
    return new UpstreamException(apiType(status), status, wording());
  }

  private String wording() {
    StringBuilder wording =
        new StringBuilder(message.isEmpty() ? "the upstream reported an error" : message);
    if (!providerName.isEmpty()) {
      wording.append(" (").append(providerName).append(')');
    }
    if (!raw.isEmpty() && !raw.equals(message)) {
      wording.append(": ").append(raw);
    }
    return wording.toString();
  }

  private ApiErrorType apiType(int status) {
    return switch (type.isEmpty() ? code : type) {
      case "rate_limit_error", "rate_limit_exceeded", "insufficient_quota" ->
          ApiErrorType.RATE_LIMIT;
      case "overloaded_error" -> ApiErrorType.OVERLOADED;
      default -> ApiErrorType.ofStatus(status);
    };
  }

  private int status() {
    if (code.length() != 3) {
      return 502;
    }
    try {
      int status = Integer.parseInt(code);
      return status >= 400 && status <= 599 ? status : 502;
    } catch (NumberFormatException e) {
      return 502;
    }
  }
}
