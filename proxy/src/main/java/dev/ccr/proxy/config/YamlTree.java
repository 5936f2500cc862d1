package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigProblems.WHOLE_FILE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Turns YAML 1.2 into the same {@link Node}s as {@link JsonTree} does. Aliases stand for copies,
 * and all values together are bounded, so that a small file cannot grow; {@code <<} merges. One a
 * file; not thread-safe.
 */
final class YamlTree {
  static final int MAX_VALUES = 50_000;

  private static final int MAX_DEPTH = 64;
  private static final String MERGE = "<<";
  static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(ConfigFile.MAX_SIZE).build();

  /** What is wrong with the text, beyond its syntax. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    final int line;
    final String value;
    final String expected;

    Refused(int line, String value, String expected) {
      super(value, null, false, false);
      this.line = line;
      this.value = value;
      this.expected = expected;
    }
  }

  /** A value that an alias may stand for, and how many values it consists of. */
  private record Anchored(Node node, int size) {}

  private final Iterator<Event> events;
  private final Map<Anchor, Anchored> anchors = new HashMap<>();
  private int values;

  private YamlTree(String text) {
    events = new Parse(SETTINGS).parseString(text).iterator();
  }

  /**
   * Reads one mapping.
   *
   * @param problems receives what is wrong with the text; never quotes it, for it holds keys
   * @return {@code null} if there is a problem
   */
  static Node.@Nullable Obj read(String text, ConfigProblems problems) {
    try {
      return new YamlTree(text).document();
    } catch (Refused e) {
      problems.problem(e.line, e.value, e.expected);
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      String column = mark.map(at -> "column " + (at.getColumn() + 1) + ": ").orElse("");
      problems.problem(
          mark.map(at -> at.getLine() + 1).orElse(WHOLE_FILE), column + "not YAML", expected(e));
    } catch (YamlEngineException e) {
      problems.problem(WHOLE_FILE, "not YAML", "printable characters");
    }
    return null;
  }

  private Node.Obj document() throws Refused {
    events.next(); // the stream starts
    if (events.next().getEventId() == Event.ID.StreamEnd) {
      throw new Refused(WHOLE_FILE, "empty", "a YAML mapping");
    }
    Node root = node(events.next(), 1);
    if (!(root instanceof Node.Obj object)) {
      throw new Refused(
          root.line(), root instanceof Node.Word word && word.isNull() ? "empty" : root.kind(),
          "a YAML mapping");
    }
    events.next(); // the document ends
    Event end = events.next();
    if (end.getEventId() != Event.ID.StreamEnd) {
      throw new Refused(line(end), "a second document", "a single one");
    }
    return object;
  }

  private Node node(Event event, int depth) throws Refused {
    if (depth > MAX_DEPTH) {
      throw new Refused(line(event), "nested too deeply", "at most " + MAX_DEPTH + " levels");
    }
    int before = values;
    count(1, event);
    Node node =
        switch (event) {
          case AliasEvent alias -> copy(alias);
          case ScalarEvent scalar -> scalar(scalar);
          case SequenceStartEvent start -> sequence(start, depth);
          case MappingStartEvent start -> mapping(start, depth);
          default -> throw new IllegalStateException(event.getEventId().toString());
        };
    if (event instanceof NodeEvent anchored && anchored.getAnchor().isPresent()) {
      anchors.put(anchored.getAnchor().get(), new Anchored(node, values - before));
    }
    return node;
  }

  private void count(int more, Event at) throws Refused {
    values += more;
    if (values > MAX_VALUES) {
      throw new Refused(
          line(at), "more than " + MAX_VALUES + " values", "fewer, those of aliases included");
    }
  }

  private Node copy(AliasEvent alias) throws Refused {
    Anchored anchored = anchors.get(alias.getAlias());
    if (anchored == null) {
      throw new Refused(line(alias), "an alias of nothing", "an anchor before it");
    }
    count(anchored.size(), alias);
    return anchored.node();
  }

  private Node sequence(Event start, int depth) throws Refused {
    List<Node> items = new ArrayList<>();
    Event each = events.next();
    for (; each.getEventId() != Event.ID.SequenceEnd; each = events.next()) {
      items.add(node(each, depth + 1));
    }
    return new Node.Array(line(start), items);
  }

  private Node mapping(Event start, int depth) throws Refused {
    List<Node.Member> members = new ArrayList<>();
    List<Node> merged = new ArrayList<>();
    Event each = events.next();
    for (; each.getEventId() != Event.ID.MappingEnd; each = events.next()) {
      if (!(each instanceof ScalarEvent key)) {
        throw new Refused(line(each), "a key that is no scalar", "a name as a key");
      }
      Node value = node(events.next(), depth + 1);
      if (key.isPlain() && key.getValue().equals(MERGE)) {
        merged.add(value);
      } else {
        members.add(new Node.Member(line(each), key.getValue(), value));
      }
    }
    for (Node from : merged) {
      merge(from, members);
    }
    return new Node.Obj(line(start), members);
  }

  /** Adds the members of a mapping, or of a sequence of mappings, that are not there yet. */
  private static void merge(Node from, List<Node.Member> members) throws Refused {
    switch (from) {
      case Node.Obj object -> {
        for (Node.Member member : object.members()) {
          if (members.stream().noneMatch(other -> other.key().equals(member.key()))) {
            members.add(member);
          }
        }
      }
      case Node.Array array -> {
        for (Node item : array.items()) {
          merge(item, members);
        }
      }
      default -> throw new Refused(from.line(), "<<: " + from.kind(), "a mapping");
    }
  }

  private static Node scalar(ScalarEvent scalar) throws Refused {
    Node node = YamlScalar.node(scalar, line(scalar));
    if (node == null) {
      throw new Refused(line(scalar), "a tag", "a plain value");
    }
    return node;
  }

  private static int line(Event event) {
    return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(WHOLE_FILE);
  }

  /** What the parser waited for. Its own message may quote the file: it is not used. */
  private static String expected(MarkedYamlEngineException e) {
    String problem = e.getProblem();
    if (problem.contains("mapping values are not allowed")) {
      return "one colon in a line, or quotes around the value";
    }
    if (problem.contains("that cannot start any token")) {
      return "spaces, not tabs, before a key; quotes around a value that begins with a sign";
    }
    if (problem.contains("could not find expected ':'")) {
      return "a colon and a blank behind the key";
    }
    if (problem.contains("<block end>")) {
      return "the indentation of the lines before";
    }
    return problem.contains("end of stream") ? "a closing quote or bracket" : "YAML 1.2";
  }
}
