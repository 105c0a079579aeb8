package io.claviger.client.connect;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * Settings in TOML. Comments, the order of lines and the end of each line (LF or CRLF) are kept.
 * New lines end like the first line. Only whole lines are added, replaced or removed. There are two
 * kinds of such lines: top-level settings whose value is a text, and the tables that this program
 * writes between two comments at the end of the file.
 */
final class TomlSettings implements SettingsDocument {
  private static final String BEGIN = "# Begin: written by claviger connect";
  private static final String END = "# End: written by claviger connect";

  /**
   * A line with a key and a text. The groups of the pattern match what precedes and what follows
   * the text in the line.
   */
  private static final Pattern PLAIN_TEXT =
      Pattern.compile("(\\s*[\\w-]+\\s*=\\s*)(?:\"[^\"\\\\]*\"|'[^']*')(\\s*(?:#.*)?)");

  private static final String LF = "\n";
  private static final String CRLF = "\r\n";

  private final Path file;
  private String text;
  private TomlParseResult values;

  private TomlSettings(Path file, String text, TomlParseResult values) {
    this.file = file;
    this.text = text;
    this.values = values;
  }

  static TomlSettings read(Path file, String text) {
    return new TomlSettings(file, text, parsed(file, text));
  }

  private static TomlParseResult parsed(Path file, String text) {
    TomlParseResult result = Toml.parse(text);
    if (result.hasErrors()) {
      TomlPosition position = result.errors().get(0).position();
      throw ClientFault.of(
          "%s is not valid TOML, and is left alone (line %d)".formatted(file, position.line()));
    }
    return result;
  }

  @Override
  public Optional<JsonNode> get(List<String> path) {
    // Only the requested value is converted to JSON, because other values, such as infinite
    // numbers, might have no form in JSON.
    return Optional.ofNullable(values.get(path)).map(this::json);
  }

  private JsonNode json(Object value) {
    String json =
        switch (value) {
          case TomlTable table -> table.toJson();
          case TomlArray list -> list.toJson();
          case Long number -> number.toString();
          case Boolean flag -> flag.toString();
          default -> "";
        };
    try {
      return json.isEmpty()
          ? StringNode.valueOf(value.toString())
          : JsonTrees.read(json.getBytes(StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw ClientFault.of(
          "%s has values that are not understood, and is left alone".formatted(file));
    }
  }

  @Override
  public void set(List<String> path, JsonNode value) {
    if (path.size() == 1) {
      setText(path.get(0), value);
    } else {
      setTable(path, value);
    }
  }

  private void setText(String key, JsonNode value) {
    List<Line> lines = lines();
    if (values.contains(List.of(key))) {
      int line = lineOf(key, lines);
      Line former = lines.get(line);
      String changed =
          PLAIN_TEXT
              .matcher(former.text())
              .replaceFirst("$1" + Matcher.quoteReplacement(written(value)) + "$2");
      lines.set(line, new Line(changed, former.end()));
    } else {
      lines.add(0, newLine(key + " = " + written(value)));
    }
    become(lines);
  }

  /** Returns the index of the line that sets the given key to a text and contains nothing else. */
  private int lineOf(String key, List<Line> lines) {
    TomlPosition position = values.inputPositionOf(List.of(key));
    int line = position == null ? -1 : position.line() - 1;
    if (line < 0 || !PLAIN_TEXT.matcher(lines.get(line).text()).matches()) {
      throw ClientFault.of(
          "`%s` in %s is not written as a plain text, and the file is left alone"
              .formatted(key, file));
    }
    return line;
  }

  private void setTable(List<String> path, JsonNode table) {
    if (isOurs()) {
      removeBlock();
    }
    if (get(path).isPresent()) {
      throw ClientFault.of(
          "%s has a table [%s] already, and is left alone".formatted(file, String.join(".", path)));
    }
    List<String> added = new ArrayList<>();
    added.add(BEGIN);
    addTable(added, String.join(".", path), table);
    added.add(END);
    List<Line> lines = lines();
    if (!lines.isEmpty() && !lines.get(lines.size() - 1).text().isBlank()) {
      added.add(0, "");
    }
    added.forEach(line -> lines.add(newLine(line)));
    become(lines);
  }

  private static void addTable(List<String> lines, String name, JsonNode table) {
    lines.add("[" + name + "]");
    for (Map.Entry<String, JsonNode> each : table.properties()) {
      if (!each.getValue().isObject()) {
        lines.add(each.getKey() + " = " + written(each.getValue()));
      }
    }
    for (Map.Entry<String, JsonNode> each : table.properties()) {
      if (each.getValue().isObject()) {
        lines.add("");
        addTable(lines, name + "." + each.getKey(), each.getValue());
      }
    }
  }

  /** TOML writes texts, whole numbers, and lists of them in the same way as JSON. */
  private static String written(JsonNode value) {
    return value.isArray()
        ? value.values().stream()
            .map(TomlSettings::written)
            .collect(Collectors.joining(", ", "[", "]"))
        : new String(JsonTrees.bytes(value), StandardCharsets.UTF_8);
  }

  @Override
  public void remove(List<String> path) {
    if (path.size() > 1) {
      if (isOurs()) {
        removeBlock();
      }
      return;
    }
    List<Line> lines = lines();
    lines.remove(lineOf(path.get(0), lines));
    become(lines);
  }

  private boolean isOurs() {
    List<String> lines = texts(lines());
    return lines.contains(BEGIN) && lines.indexOf(BEGIN) < lines.indexOf(END);
  }

  private void removeBlock() {
    List<Line> lines = lines();
    List<String> texts = texts(lines);
    int begin = texts.indexOf(BEGIN);
    int end = texts.indexOf(END);
    int from = begin > 0 && texts.get(begin - 1).isBlank() ? begin - 1 : begin;
    lines.subList(from, end + 1).clear();
    become(lines);
  }

  @Override
  public boolean isEmpty() {
    return text.isBlank();
  }

  @Override
  public String text() {
    return text;
  }

  /**
   * @param end the characters that end the line
   */
  private record Line(String text, String end) {}

  /**
   * Returns the lines of the file. If the last line has no line end, it gets the end that new lines
   * get.
   */
  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int lf = text.indexOf(LF, from);
      int next = lf < 0 ? text.length() : lf + 1;
      String line = text.substring(from, next);
      String end = lf < 0 ? "" : line.endsWith(CRLF) ? CRLF : LF;
      String content = line.substring(0, line.length() - end.length());
      lines.add(end.isEmpty() ? newLine(content) : new Line(content, end));
      from = next;
    }
    return lines;
  }

  /** Returns a line that ends like the first line of the file. */
  private Line newLine(String line) {
    int lf = text.indexOf(LF);
    return new Line(line, lf > 0 && text.startsWith(CRLF, lf - 1) ? CRLF : LF);
  }

  private static List<String> texts(List<Line> lines) {
    return lines.stream().map(Line::text).toList();
  }

  /** Replaces the lines of the file if the result is valid TOML. */
  private void become(List<Line> lines) {
    String changed =
        lines.stream().map(line -> line.text() + line.end()).collect(Collectors.joining());
    values = parsed(file, changed);
    text = changed;
  }
}
