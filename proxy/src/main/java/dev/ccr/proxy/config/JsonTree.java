package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigProblems.WHOLE_FILE;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns JSON text into {@link Node}s, which remember their lines. Takes of JSON5 what
 * configurations in the wild have: comments, trailing commas, single quotes, keys without quotes,
 * and numbers that begin with a plus or a point, or end with a point.
 */
final class JsonTree {
  private static final int MAX_DEPTH = 64;
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private JsonTree() {}

  /**
   * Reads one object.
   *
   * @param problems receives what is wrong with the text; never quotes it, for it holds keys
   * @return {@code null} if there is a problem
   */
  static Node.@Nullable Obj read(String text, ConfigProblems problems) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        problems.problem(WHOLE_FILE, "empty", "a JSON object");
        return null;
      }
      Node root = value(parser);
      if (!(root instanceof Node.Obj object)) {
        problems.problem(root.line(), root.kind(), "a JSON object");
        return null;
      }
      if (parser.nextToken() != null) {
        problems.problem(line(parser), "text behind the object", "the end of the file");
        return null;
      }
      return object;
    } catch (JacksonException e) {
      syntaxProblem(e, problems);
      return null;
    } catch (IOException e) {
      throw new AssertionError("reading from a string cannot fail", e);
    }
  }

  private static Node value(JsonParser parser) throws IOException {
    int line = line(parser);
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, line);
      case START_ARRAY -> array(parser, line);
      case VALUE_STRING -> new Node.Text(line, parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Node.Num(line, parser.getText());
      default -> new Node.Word(line, parser.getText());
    };
  }

  private static Node object(JsonParser parser, int line) throws IOException {
    List<Node.Member> members = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      int keyLine = line(parser);
      String key = parser.currentName();
      parser.nextToken();
      members.add(new Node.Member(keyLine, key, value(parser)));
    }
    return new Node.Obj(line, members);
  }

  private static Node array(JsonParser parser, int line) throws IOException {
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser));
    }
    return new Node.Array(line, items);
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }

  private static void syntaxProblem(JacksonException e, ConfigProblems problems) {
    JsonLocation location = e.getLocation(); // null for some constraints
    int line = location == null ? WHOLE_FILE : Math.max(WHOLE_FILE, location.getLineNr());
    int column = location == null ? 0 : location.getColumnNr();
    switch (e) {
      case JsonEOFException _ ->
          problems.problem(line, "the end of the file", "a closing quote or bracket before it");
      case StreamConstraintsException _ ->
          problems.problem(line, "nested too deeply, or too long", "at most 64 levels");
      default -> problems.problem(line, "column " + column + ": not JSON", expected(e));
    }
  }

  /** What the parser waited for. The rest of its message may quote the file: it is dropped. */
  private static String expected(JacksonException e) {
    String message = e.getOriginalMessage();
    if (message.startsWith("Illegal unquoted character")) {
      return "a closing quote in the same line";
    }
    if (message.startsWith("Unrecognized character escape")) {
      return "a known escape; a backslash itself is \\\\";
    }
    if (message.contains("close marker")) {
      return "the bracket that closes the one opened last";
    }
    String mark = "was expecting ";
    int at = message.lastIndexOf(mark);
    return at < 0 ? "RFC 8259" : message.substring(at + mark.length()).replaceAll("^\\(|\\)$", "");
  }
}
