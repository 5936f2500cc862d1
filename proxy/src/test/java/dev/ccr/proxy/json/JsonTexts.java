package dev.ccr.proxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** JSON texts, good and bad: tables of cases, and random ones that depend on a seed alone. */
final class JsonTexts {
  static final List<String> ACCEPTED =
      List.of(
          "{}", "[]", " \t\r\n[ \t\r\n] \t\r\n", "{ \"a\" : 1 , \"b\" : [ ] }", "[[],{},[{}]]",
          "{\"a\":1,\"a\":2}", "{\"\":{\"\":\"\"}}", "{\"\\u0061\\n\":0}", "[null,true,false]",
          "null", " true ", "false", "\"\"", "\"x\"", "0", "-0", "7", "-7", "10", "1234567890",
          "0.0", "-0.10", "1.5", "1e5", "1E5", "1e+05", "1E-5", "0e0", "-1.25e-07",
          "123456789012345678901234567890", "[1,2]", "[-1]", "\" !#[]^~\u007f\"",
          "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0000\\u001f\\uABCD\\uabcd\"",
          "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\ude00\\ud83d\"", "{\"\\ud83d\":1}",
          "{\"\\ude00x\":1}", "\"\u0080\u07ff\u0800\uffff\"",
          "\"\ud83d\ude00\ud800\udc00\udbff\udfff\"", "\"\u2028\u2029\ufeff\"", "\"日本語のテキスト\"",
          "{\"ключ\":\"значение\"}", "\"" + "x".repeat(1000) + "\"",
          "[".repeat(512) + "]".repeat(512), "{\"a\":".repeat(512) + "1" + "}".repeat(512));

  /** Not JSON, but the beginning of a text that is. */
  static final List<String> UNFINISHED =
      List.of(
          "", " ", "\n", "{", "[", "[[", "[{", "{ ", "{\"", "{\"a", "{\"a\"", "{\"a\":",
          "{\"a\":1", "{\"a\":1,", "{\"a\":[]", "[1", "[1,", "[[]", "[\"", "[\"a\"", "\"", "\"a",
          "\"\\", "\"\\\"", "\"\\u", "\"\\u1", "\"\\u12a", "\"\\u12aB", "-", "1.", "1e", "1e+",
          "1E-", "0.", "t", "tr", "tru", "f", "fals", "n", "nul", "[nul", "[-", "[".repeat(512));

  /** Not JSON, whatever follows. */
  static final List<String> BROKEN =
      List.of(
          "}", "]", ",", ":", "[}", "{]", "[1}", "{\"a\":1]", "[,", "[1,,", "[1,]", "{,",
          "{\"a\",", "{\"a\":1,}", "{\"a\":1,,", "{\"a\"1", "{\"a\"::1", "{\"a\":}", "{a:1}",
          "{'a':1}", "{1:1}", "{null:1}", "{[]:1}", "[1 2]", "[\"a\" \"b\"]", "[1:2]", "{} {}",
          "[][]", "1 2", "1,", "null null", "{}}", "[]]", "\"a\"b", "''", "'a'", "a", "+1",
          "[+1]", ".5", "01", "-01", "00", "-a", "--1", "1.e", "1.a", "1..", "1.5.", "1ee",
          "1e1e", "1e1.", "1e+a", "1e--", "1a", "0x1", "1_0", "1f", "NaN", "nan", "Infinity",
          "-Infinity", "True", "TRUE", "trUe", "truth", "nulL", "nil", "falsy", "truee",
          "[truee]", "undefined", "\"\n", "\"\t", "\"\u0000", "\"\u001f", "\"\\\n", "\"\\x",
          "\"\\0", "\"\\'", "\"\\U", "\"\\ug", "\"\\u12 ", "\"\\u12\"", "\"\\u123é", "\"\\é",
          "// c\n1", "/**/1", "#\n1", "[1/*c*/]", "\ufeff1", "\ufeff", "\u00a01", "\f1",
          "\u000b1", "\u00001", "1\u0000", "1\u0085", "é", "[é", "1é", "\u001e1", "\u007f",
          "[".repeat(513), "{\"a\":".repeat(512) + "[");

  /** Bytes in hex that no string may hold. */
  static final List<String> NOT_UTF8 =
      List.of(
          "80", "bf", "c0 80", "c1 bf", "c2", "c2 c2 80", "c3 28", "df", "e0 80 80", "e0 9f bf",
          "e1", "e1 80", "e1 80 c0", "e1 28 a1", "ed a0 80", "ed bf bf", "ed a0 bd ed b8 80",
          "ef bf", "f0 80 80 80", "f0 8f bf bf", "f0 9f 98", "f0 9f", "f0", "f0 28 8c bc",
          "f1 80 80 28", "f4 90 80 80", "f4 bf bf bf", "f5 80 80 80", "f7 bf bf bf",
          "f8 88 80 80 80", "fc 84 80 80 80 80", "fe", "ff", "c3 a9 80", "e6 97 a5 ff");

  private static final String[] PIECES = {
    "\\ud800", "\\udfffu", "", "a", "model", " and so on, for a few words", "x".repeat(40), "\\n",
    "\\\"", "\\\\", "\\/", "\\b\\f\\r\\t", "\\u0041", "\\uD83D\\uDE00", "\\u0000", "é", "ß",
    "日本語", "\uffff", "\ud83d\ude00", "\u2028", "\u007f", "{", "]", ":,", "0", "null",
  };

  /** Without half pairs: see {@link JsonOracle}. */
  private static final String[] NAME_PIECES = Arrays.copyOfRange(PIECES, 2, PIECES.length);

  private static final String[] NUMBERS = {
    "0", "-0", "7", "-12", "1234567890123456789", "0.5", "-3.25", "1e9", "2E-3", "6.02e+23",
  };
  private static final String[] SPACES = {"", "", "", "", "", "", " ", "\n  ", "\t\r\n "};
  private static final byte[] HOSTILE =
      "\"\\{}[],:0-1.eEtfnu/b \n\t\r\0\u001f'aG".getBytes(UTF_8);

  private JsonTexts() {}

  /** A valid text; one in sixteen is wrapped about as deeply as is allowed, or too deeply. */
  static byte[] valid(Random random) {
    StringBuilder out = new StringBuilder();
    value(out, random, 4);
    if (random.nextInt(16) == 0) {
      int levels = 506 + random.nextInt(10);
      for (int i = 0; i < levels; i++) {
        boolean object = random.nextBoolean();
        out.insert(0, object ? "{\"k\":" : "[").append(object ? '}' : ']');
      }
    }
    return out.toString().getBytes(UTF_8);
  }

  /** A valid text with a few bytes flipped, taken, put in, or cut off. */
  static byte[] mutated(Random random) {
    byte[] text = valid(random);
    for (int i = random.nextInt(3); i >= 0; i--) {
      text = mutate(text, random);
    }
    return text;
  }

  private static byte[] mutate(byte[] text, Random random) {
    int at = random.nextInt(text.length + 1);
    int rest = text.length - at;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(text, 0, at);
    switch (random.nextInt(6)) {
      case 0 -> {} // cut off
      case 1 -> out.write(text, at + Math.min(1, rest), rest - Math.min(1, rest)); // taken
      case 2 -> {
        out.write(HOSTILE[random.nextInt(HOSTILE.length)]);
        out.write(text, at, rest);
      }
      case 3 -> {
        out.write(random.nextInt(256));
        out.write(text, at, rest);
      }
      case 4 -> out.write(text, 0, text.length); // said twice
      default -> {
        out.write(text, at, rest);
        byte[] flipped = out.toByteArray();
        if (rest > 0) {
          flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
      }
    }
    return out.toByteArray();
  }

  private static void value(StringBuilder out, Random random, int depth) {
    out.append(pick(SPACES, random));
    switch (random.nextInt(depth > 0 ? 8 : 4)) {
      case 0 -> out.append(pick(NUMBERS, random));
      case 1 -> out.append(pick(new String[] {"true", "false", "null"}, random));
      case 2, 3 -> string(out, random, PIECES);
      case 4, 5 -> container(out, random, depth, true);
      default -> container(out, random, depth, false);
    }
    out.append(pick(SPACES, random));
  }

  private static void container(StringBuilder out, Random random, int depth, boolean object) {
    out.append(object ? '{' : '[').append(pick(SPACES, random));
    int items = random.nextInt(4);
    for (int i = 0; i < items; i++) {
      out.append(i > 0 ? "," : "");
      if (object) {
        out.append(pick(SPACES, random));
        string(out, random, NAME_PIECES);
        out.append(pick(SPACES, random)).append(':');
      }
      value(out, random, depth - 1);
    }
    out.append(object ? '}' : ']');
  }

  private static void string(StringBuilder out, Random random, String[] pieces) {
    out.append('"');
    for (int i = random.nextInt(5); i > 0; i--) {
      out.append(pick(pieces, random));
    }
    out.append('"');
  }

  private static String pick(String[] from, Random random) {
    return from[random.nextInt(from.length)];
  }
}
