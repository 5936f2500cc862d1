package dev.ccr.cli.service;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a service says of itself: in the file that it locks, and in answer to {@code status}. Names
 * and values as {@link Properties} writes them. Immutable.
 */
final class ServiceInfo {

  static final String PID = "pid";
  static final String PROCESS_START = "process_start"; // milliseconds since 1970
  static final String VERSION = "version";
  static final String HOST = "host";
  static final String PORT = "port";
  static final String URL = "url";
  static final String CONFIG = "config";
  static final String ORIGIN = "origin";
  static final String VERBOSE = "verbose";
  static final String LOG = "log"; // empty without one
  static final String STARTED_AT = "started_at"; // ISO 8601
  static final String PROVIDERS = "providers";
  static final String DRAIN_MILLIS = "drain_millis"; // what is under way may take so long to end
  static final String LEASES = "leases";
  static final String USERS = "users"; // numbers of processes
  static final String GIVEN = "given"; // variables of the environment that said where it listens
  static final String SHARES = "shares"; // whether another one may come beside it; not of old ones
  static final String MANAGED = "managed"; // whether a service manager began it
  static final String CONFIG_STATE = "config_state";

  private final Properties values;

  private ServiceInfo(Properties values) {
    this.values = values;
  }

  static ServiceInfo of(Properties values) {
    Properties copy = new Properties();
    copy.putAll(values);
    return new ServiceInfo(copy);
  }

  /** Reads what {@link #text} wrote; whatever else is there counts for nothing. */
  static ServiceInfo read(Reader in) throws IOException {
    Properties values = new Properties();
    try {
      values.load(in);
    } catch (IllegalArgumentException e) { // an escape that is none
      throw new IOException("not what a router says of itself", e);
    }
    return new ServiceInfo(values);
  }

  /** What the file of a lock says; {@code null} if there is none, or nothing in it. */
  static @Nullable ServiceInfo read(Path lock) throws IOException {
    try {
      String text = Files.readString(lock);
      return text.isBlank() ? null : read(new StringReader(text));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** All names and values, a line each. */
  String text() {
    StringWriter text = new StringWriter();
    try {
      values.store(text, null);
    } catch (IOException e) {
      throw new AssertionError("a string cannot fail", e);
    }
    return text.toString();
  }

  String get(String name) {
    return values.getProperty(name, "");
  }

  long number(String name) {
    try {
      return Long.parseLong(get(name));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** How long it may take to end, in milliseconds. */
  long drainMillis() {
    return Math.max(0, number(DRAIN_MILLIS));
  }

  boolean is(Origin origin) {
    return get(ORIGIN).equals(origin.name());
  }

  /** Whether this is only what it said when it began: it does not answer now. */
  boolean isHung() {
    return get(LEASES).isEmpty();
  }

  /** Its process, if that lives. Another one that has got its number later is not it. */
  Optional<ProcessHandle> process() {
    long pid = number(PID);
    return pid < 1
        ? Optional.empty()
        : ProcessHandle.of(pid).filter(handle -> startOf(handle) == number(PROCESS_START));
  }

  /** When a process began, in milliseconds since 1970; 0 where the system does not tell. */
  static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
  }
}
