package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.UpstreamException;

/** An error that an upstream reports inside an answer, in one of several shapes. */
final class ChatError {

  private static final String REPORTED = "the upstream reported an error";

  /** What is a name and no text: that may be logged. */
  private static final String NAME = "[a-z0-9_]{1,40}";

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
    String name = type.isEmpty() ? code : type;
    return new UpstreamException(
        apiType(status),
        status,
        wording(),
        name.matches(NAME) ? REPORTED + ": " + name : REPORTED);
  }

  private String wording() {
    StringBuilder wording =
        new StringBuilder(message.isEmpty() ? REPORTED : message);
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
