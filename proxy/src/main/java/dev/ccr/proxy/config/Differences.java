package dev.ccr.proxy.config;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares two records part by part, so that no part that is new is forgotten. */
final class Differences {

  private Differences() {}

  /** The names of the parts in which two records of one public class differ, in their order. */
  static <T extends Record> List<String> of(T one, T other) {
    return Arrays.stream(one.getClass().getRecordComponents())
        .filter(part -> !Objects.equals(value(part, one), value(part, other)))
        .map(RecordComponent::getName)
        .toList();
  }

  private static @Nullable Object value(RecordComponent part, Record of) {
    try {
      return part.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("accessors of a public record can be called", e);
    }
  }
}
