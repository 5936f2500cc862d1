package dev.ccr.proxy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A case of the tables {@code http1-*.txt}, which say what their columns and signs are.
 *
 * @param section what decides the case
 * @param statuses the answers, in their order
 * @param open whether the next request on the connection is read as one
 * @param octets what the client sends, in Latin-1
 * @param ends whether it then closes its half of the connection
 * @param body the request body that a good request has, found nowhere else
 */
public record HttpCase(
    String name,
    String section,
    List<Integer> statuses,
    boolean open,
    String octets,
    boolean ends,
    String body) {

  private static final String FIN = "{FIN}";
  private static final Pattern REPEATED = Pattern.compile("\\{(\\d+)\\*([^{}]*)\\}");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-f]{2}|[rnt0])");

  /** All cases of a table beside {@code LineTest}. */
  public static Stream<HttpCase> read(String table) {
    try (InputStream in = HttpCase.class.getResourceAsStream("/dev/ccr/proxy/line/" + table)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(HttpCase::parse);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpCase parse(String line) {
    String[] columns = line.split(" \\| ", 4);
    String name = columns[0];
    String[] outcome = columns[2].split(" ", 2);
    List<Integer> statuses =
        outcome[0].equals("none")
            ? List.of()
            : Arrays.stream(outcome[0].split(",")).map(Integer::valueOf).toList();
    boolean ends = columns[3].endsWith(FIN);
    String octets = columns[3].substring(0, columns[3].length() - (ends ? FIN.length() : 0));
    String body = body(name);
    return new HttpCase(
        name, columns[1], statuses, outcome[1].equals("open"), expand(octets, name), ends, body);
  }

  /** A whole request, on its way to an upstream if anything reads it. */
  public static String smuggled(String name) {
    return expand("{P}Content-Length: {L}\\r\\n\\r\\n{J}", "smuggled by " + name);
  }

  private static String body(String name) {
    return "{\"model\":\"openai,hello\",\"max_tokens\":9,"
        + "\"messages\":[{\"role\":\"user\",\"content\":\"" + name + "\"}]}";
  }

  private static String expand(String text, String name) {
    String whole = text;
    for (Matcher m = REPEATED.matcher(whole); m.find(); m = REPEATED.matcher(whole)) {
      whole = whole.replace(m.group(), m.group(2).repeat(Integer.parseInt(m.group(1))));
    }
    String body = body(name);
    String hex = Integer.toHexString(body.length());
    whole =
        whole
            .replace("{P}", "POST /v1/messages HTTP/1.1\\r\\n{K}")
            .replace("{K}", "Host: localhost\\r\\nx-api-key: {KEY}\\r\\n")
            .replace("{KEY}", Router.KEY)
            .replace("{X}", "{LX}\\r\\n{J}\\r\\n0\\r\\n\\r\\n")
            .replace("{LX}", hex)
            .replace("{L}", Integer.toString(body.length()));
    whole = ESCAPE.matcher(whole).replaceAll(m -> Matcher.quoteReplacement(octet(m.group(1))));
    if (whole.contains("{S")) {
      String smuggled = smuggled(name);
      whole =
          whole
              .replace("{SL}", Integer.toString(smuggled.length()))
              .replace("{S}", smuggled);
    }
    return whole.replace("{J}", body);
  }

  private static String octet(String escape) {
    return switch (escape) {
      case "r" -> "\r";
      case "n" -> "\n";
      case "t" -> "\t";
      case "0" -> "\0";
      default -> String.valueOf((char) Integer.parseInt(escape.substring(1), 16));
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
