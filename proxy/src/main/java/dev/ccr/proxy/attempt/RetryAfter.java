package dev.ccr.proxy.attempt;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** For how long an upstream wants to be left alone, as its headers say. */
public final class RetryAfter {

  /** There is no such header, or nobody can read it. */
  public static final long UNKNOWN = -1;

  /** Longer than anybody waits. */
  private static final long MAX_MILLIS = TimeUnit.DAYS.toMillis(1);

  /** OpenAI's tenths and thousandths are beyond RFC 9110, section 10.2.3, and clients read them. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,9})?");

  private RetryAfter() {}

  /**
   * Reads both headers; the finer one counts.
   *
   * @param retryAfter seconds, or a date (RFC 9110, section 10.2.3)
   * @param retryAfterMs milliseconds, as OpenAI and Azure say it
   * @return nanoseconds from now, a day at most; 0 for a date that has passed
   */
  public static long nanos(
      @Nullable String retryAfter, @Nullable String retryAfterMs, Instant now) {
    long millis = number(retryAfterMs, 1);
    if (millis == UNKNOWN) {
      millis = number(retryAfter, 1_000);
    }
    if (millis == UNKNOWN && retryAfter != null) {
      millis = date(retryAfter.strip(), now);
    }
    return millis == UNKNOWN
        ? UNKNOWN
        : TimeUnit.MILLISECONDS.toNanos(Math.min(millis, MAX_MILLIS));
  }

  private static long number(@Nullable String text, int millis) {
    String value = text == null ? "" : text.strip();
    return NUMBER.matcher(value).matches()
        ? (long) Math.ceil(Double.parseDouble(value) * millis)
        : UNKNOWN;
  }

  private static long date(String text, Instant now) {
    try {
      ZonedDateTime date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
      return Math.max(0, now.until(date, ChronoUnit.MILLIS));
    } catch (DateTimeParseException e) {
      return UNKNOWN;
    }
  }
}
