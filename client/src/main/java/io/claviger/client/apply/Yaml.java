package io.claviger.client.apply;

import io.claviger.client.text.TerminalText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads and writes YAML 1.2 with its core schema. In this schema, {@code no} is a text, not a
 * boolean.
 */
final class Yaml {
  /** The maximum size of a file in bytes, which is enough for more than 10,000 services. */
  static final int MOST_BYTES = 8 * 1024 * 1024;

  /** The maximum number of references (aliases) to the same list or object. */
  private static final int MOST_ALIASES = 100;

  /** The maximum depth of nested lists and objects. */
  private static final int MOST_LEVELS = 500;

  private Yaml() {}

  /**
   * Reads a document as nodes with their positions.
   *
   * @param faults the receiver of the reason if the document can't be read
   * @return the outermost node; empty if the document is empty or can't be read
   */
  static Optional<Node> read(byte[] document, FileFaults faults) {
    if (document.length > MOST_BYTES) {
      faults.add(SourcePosition.START, "the file has more than %,d bytes".formatted(MOST_BYTES));
      return Optional.empty();
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
      if (isEndless(text, faults)) {
        return Optional.empty();
      }
      return new Compose(loading()).composeString(text);
    } catch (CharacterCodingException e) {
      faults.add(SourcePosition.START, "the file is not UTF-8");
    } catch (MarkedYamlEngineException e) {
      // Only the problem itself is shown, because the rest of the parser's message repeats parts of
      // the file.
      faults.add(
          e.getProblemMark().map(Yaml::position).orElse(SourcePosition.START),
          "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      faults.add(SourcePosition.START, "not YAML, or more aliases than %d".formatted(MOST_ALIASES));
    } catch (StackOverflowError e) {
      faults.add(SourcePosition.START, "the file is nested too deeply");
    }
    return Optional.empty();
  }

  /**
   * Whether a document is nested too deeply, or contains an alias within the list or object to
   * which the alias refers. Parsing such a document might not end.
   *
   * @param faults the list to which the first fault of this kind is added
   */
  private static boolean isEndless(String text, FileFaults faults) {
    Map<Anchor, Event> anchored = new HashMap<>();
    Deque<Event> around = new ArrayDeque<>();
    Set<Event> open = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Event event : new Parse(loading()).parseString(text)) {
      if (event instanceof CollectionEndEvent) {
        open.remove(around.pop());
      } else if (event instanceof AliasEvent alias) {
        Event meant = anchored.get(alias.getAlias());
        if (meant != null && open.contains(meant)) {
          faults.add(
              position(event), "not YAML: this alias is inside the value to which it refers");
          return true;
        }
      } else if (event instanceof NodeEvent node) {
        node.getAnchor().ifPresent(anchor -> anchored.put(anchor, node));
        if (node instanceof CollectionStartEvent) {
          around.push(node);
          open.add(node);
        }
      }
      if (around.size() > MOST_LEVELS) {
        faults.add(position(event), "the file is nested too deeply");
        return true;
      }
    }
    return false;
  }

  private static LoadSettings loading() {
    return LoadSettings.builder()
        .setSchema(new CoreSchema())
        .setAllowRecursiveKeys(false)
        .setAllowNonScalarKeys(false)
        .setMaxAliasesForCollections(MOST_ALIASES)
        .setCodePointLimit(MOST_BYTES)
        .setUseMarks(true)
        .build();
  }

  static SourcePosition position(Node node) {
    return node.getStartMark().map(Yaml::position).orElse(SourcePosition.START);
  }

  private static SourcePosition position(Event event) {
    return event.getStartMark().map(Yaml::position).orElse(SourcePosition.START);
  }

  private static SourcePosition position(Mark mark) {
    return new SourcePosition(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /**
   * Writes a document.
   *
   * @param value the content of the document: maps, lists, strings, numbers, booleans and null
   */
  static String write(Map<String, @Nullable Object> value) {
    DumpSettings settings =
        DumpSettings.builder()
            .setSchema(new CoreSchema())
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setDereferenceAliases(true)
            .setWidth(Integer.MAX_VALUE)
            // Texts that could control a terminal are written with escapes instead of Unicode
            // characters.
            .setUseUnicodeEncoding(!isUnsafe(value))
            .build();
    return new Dump(settings).dumpToString(value);
  }

  private static boolean isUnsafe(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case String text -> TerminalText.hasUnsafe(text.replace("\n", ""));
      case Map<?, ?> members ->
          members.entrySet().stream()
              .anyMatch(each -> isUnsafe(each.getKey()) || isUnsafe(each.getValue()));
      case List<?> items -> items.stream().anyMatch(Yaml::isUnsafe);
      default -> false;
    };
  }
}
