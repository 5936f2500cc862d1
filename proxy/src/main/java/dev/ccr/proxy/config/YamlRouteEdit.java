package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Scenario;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** Finds where a YAML text says the model of a scenario, or where it may. One a text. */
final class YamlRouteEdit {
  private static final String ROUTER = "Router";

  private final String text;
  private final String key;
  private final String quoted;
  private final Iterator<Event> events;

  /** @param quoted the model, as JSON, which is YAML too */
  YamlRouteEdit(String text, Scenario scenario, String quoted) {
    this.text = text;
    this.key = scenario.key();
    this.quoted = quoted;
    events = new Parse(YamlTree.SETTINGS).parseString(text).iterator();
  }

  /**
   * The edit that says it.
   *
   * @return {@code null} if the text has no place for it
   */
  @Nullable TextEdit find() {
    events.next(); // the stream starts
    events.next(); // the document starts
    if (!(events.next() instanceof MappingStartEvent root)) {
      return null;
    }
    Event router = value(KnownKeys.ROOT, ROUTER);
    if (router == null) {
      return root.isFlow() ? inBraces(root, router()) : atTheEnd();
    }
    if (router instanceof ScalarEvent scalar) { // null
      return replaced(scalar, "{" + member() + "}");
    }
    if (!(router instanceof MappingStartEvent mapping)) {
      return null;
    }
    Event first = events.next();
    Event target = first.getEventId() == Event.ID.MappingEnd ? null : target(first);
    if (target != null) {
      return replaced(target, quoted);
    }
    return mapping.isFlow() ? inBraces(mapping, member()) : asALine(first);
  }

  private String member() {
    return key + ": " + quoted;
  }

  private String router() {
    return ROUTER + ": {" + member() + "}";
  }

  /** The value of a key in the mapping that has just begun, or {@code null} behind its end. */
  private @Nullable Event value(Keys keys, String name) {
    return value(events.next(), keys, name);
  }

  private @Nullable Event target(Event first) {
    return value(first, KnownKeys.ROUTER, key);
  }

  private @Nullable Event value(Event first, Keys keys, String name) {
    Event each = first;
    for (; each.getEventId() != Event.ID.MappingEnd; each = events.next()) {
      Keys.Key found = each instanceof ScalarEvent scalar ? keys.find(scalar.getValue()) : null;
      Event value = events.next();
      if (found != null && found.name().equals(name)) {
        return value;
      }
      skip(value);
    }
    return null;
  }

  private void skip(Event value) {
    int depth = 0;
    for (Event each = value; ; each = events.next()) {
      switch (each.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        default -> {}
      }
      if (depth == 0) {
        return;
      }
    }
  }

  private TextEdit replaced(Event value, String replacement) {
    int start = start(value);
    int end = start + text.substring(start, end(value)).stripTrailing().length();
    boolean joined = start > 0 && text.charAt(start - 1) == ':';
    return new TextEdit(start, end, joined ? " " + replacement : replacement);
  }

  private TextEdit inBraces(MappingStartEvent mapping, String member) {
    boolean empty = text.substring(end(mapping)).stripLeading().startsWith("}");
    return TextEdit.insert(end(mapping), member + (empty ? "" : ", "));
  }

  /** Before the first key of a block, whose line has nothing before it but blanks. */
  private @Nullable TextEdit asALine(Event first) {
    int at = start(first);
    int line = text.lastIndexOf('\n', at - 1) + 1;
    String indent = text.substring(line, at);
    return indent.isBlank()
        ? TextEdit.insert(line, indent + member() + TextEdit.lineEnd(text))
        : null;
  }

  private TextEdit atTheEnd() {
    String end = TextEdit.lineEnd(text);
    String before = text.isEmpty() || text.endsWith("\n") ? "" : end;
    return TextEdit.insert(text.length(), before + ROUTER + ":" + end + "  " + member() + end);
  }

  private int start(Event event) {
    return index(event.getStartMark().orElseThrow());
  }

  private int end(Event event) {
    return index(event.getEndMark().orElseThrow());
  }

  /** Marks count code points. */
  private int index(Mark mark) {
    return text.offsetByCodePoints(0, mark.getIndex());
  }
}
