package dev.ccr.proxy.config;

import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/** Tells strings, numbers and words of YAML apart, by its core schema. */
final class YamlScalar {
  private static final ScalarResolver RESOLVER = new CoreScalarResolver(false);
  private static final String NO_TAG = "!";

  private YamlScalar() {}

  /** The value, or {@code null} if its tag demands something else than what it is. */
  static @Nullable Node node(ScalarEvent scalar, int line) {
    String value = scalar.getValue();
    Tag resolved = RESOLVER.resolve(value, scalar.isPlain());
    String demanded = scalar.getTag().orElse("");
    if (demanded.equals(NO_TAG) || demanded.equals(Tag.STR.getValue())) {
      return new Node.Text(line, value);
    }
    if (!demanded.isEmpty() && !demanded.equals(resolved.getValue())) {
      return null;
    }
    if (resolved.equals(Tag.INT)) {
      return new Node.Num(line, decimal(value));
    }
    if (resolved.equals(Tag.FLOAT)) {
      return new Node.Num(line, value);
    }
    if (resolved.equals(Tag.NULL)) {
      return new Node.Word(line, "null");
    }
    return resolved.equals(Tag.BOOL)
        ? new Node.Word(line, value.toLowerCase(Locale.ROOT))
        : new Node.Text(line, value); // also what the resolver takes for a variable
  }

  private static String decimal(String digits) {
    if (digits.startsWith("0x")) {
      return new BigInteger(digits.substring(2), 16).toString();
    }
    return digits.startsWith("0o")
        ? new BigInteger(digits.substring(2), 8).toString()
        : new BigInteger(digits).toString();
  }
}
