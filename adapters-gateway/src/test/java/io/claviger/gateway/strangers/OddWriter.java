package io.claviger.gateway.strangers;

import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.POJONode;

/** Writes JSON, and what matters in it sometimes in a way that not all readers read alike. */
final class OddWriter {
  /** Ways in which a member may be written. */
  private enum Way {
    ESCAPED_NAME,
    ESCAPED_VALUE,
    TWICE_HARMLESS_FIRST,
    TWICE_HARMLESS_LAST,
    OTHER_CASE,
    OTHER_STYLE,
    IN_ARRAY,
    IN_OBJECT,
    IN_ARRAYS,
    UPPER_CASE,
    BLANKS,
    AS_PATH,
    AS_URL,
    WITH_TAIL,
    TWICE_INSIDE,
    NULL_INSIDE,
    AS_NUMBER
  }

  private final SplittableRandom random;
  private final Grammar.@Nullable Piece odd;
  private final Way way;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param odd the piece of which something is to be written oddly; null for ordinary JSON
   */
  OddWriter(SplittableRandom random, Grammar.@Nullable Piece odd) {
    this.random = random;
    this.odd = odd;
    this.way = Way.values()[random.nextInt(Way.values().length)];
  }

  String write(JsonNode node) {
    value(node, "", 0);
    return text.toString();
  }

  private void value(JsonNode node, String name, int depth) {
    switch (node) {
      case POJONode reference -> reference(((Account.Thing) reference.getPojo()).id());
      case JsonNode object when object.isObject() -> {
        text.append('{');
        String comma = "";
        for (var member : object.properties()) {
          text.append(comma);
          member(member.getKey(), member.getValue(), depth);
          comma = random.nextInt(3) == 0 ? ", " : ",";
        }
        text.append('}');
      }
      case JsonNode array when array.isArray() -> {
        text.append('[');
        String comma = "";
        for (JsonNode each : array) {
          text.append(comma);
          value(each, name, depth + 1);
          comma = ",\n ";
        }
        text.append(']');
      }
      default -> text.append(ordinary(node));
    }
  }

  private String ordinary(JsonNode node) {
    String written = node.toString();
    return node.isString() && written.length() > 3 && random.nextInt(40) == 0
        ? "\"" + escaped(node.asString()) + "\""
        : written;
  }

  private void member(String name, JsonNode value, int depth) {
    boolean matters =
        odd != null && (value instanceof POJONode || (depth == 0 && odd.json().has(name)));
    if (!matters) {
      name(random.nextInt(60) == 0 ? escaped(name) : name);
      value(value, name, depth + 1);
      return;
    }
    String harmless = value.isArray() ? "[]" : value.isBoolean() ? "false" : "null";
    switch (way) {
      case TWICE_HARMLESS_FIRST -> {
        name(name);
        text.append(harmless).append(", ");
        name(name);
      }
      case ESCAPED_NAME -> name(escaped(name));
      case OTHER_CASE ->
          name(
              random.nextBoolean()
                  ? name.toUpperCase(Locale.ROOT)
                  : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
      case OTHER_STYLE -> name(otherStyle(name));
      case AS_PATH -> name(random.nextInt(3) == 0 ? name + "\\u0000" : name);
      default -> name(name);
    }
    value(value, name, depth + 1);
    if (way == Way.TWICE_HARMLESS_LAST) {
      text.append(",");
      name(name);
      text.append(harmless);
    } else if (way == Way.TWICE_INSIDE) {
      text.append(",");
      name(name);
      value(value, name, depth + 1);
    }
  }

  private void name(String name) {
    text.append('"').append(name).append("\":");
    if (random.nextInt(4) == 0) {
      text.append(' ');
    }
  }

  private void reference(String id) {
    String quoted = "\"" + id + "\"";
    text.append(
        odd == null
            ? quoted
            : switch (way) {
              case ESCAPED_VALUE -> "\"" + escaped(id) + "\"";
              case IN_ARRAY -> "[" + quoted + "]";
              case IN_OBJECT -> "{\"id\": " + quoted + "}";
              case IN_ARRAYS -> "[[], [{\"x\": [" + quoted + "]}]]";
              case UPPER_CASE -> "\"" + id.toUpperCase(Locale.ROOT) + "\"";
              case BLANKS -> random.nextBoolean() ? "\" " + id + "\"" : "\"" + id + "\\n\"";
              case AS_PATH -> "\"/v1/files/" + id + "\"";
              case AS_URL -> "\"https://api.openai.com/v1/files/" + id + "?x=1\"";
              case WITH_TAIL -> "\"" + id + random.nextInt(10) + "\"";
              case NULL_INSIDE -> "\"" + id + "\\u0000\"";
              case AS_NUMBER -> Integer.toString(random.nextInt());
              default -> quoted;
            });
  }

  private String escaped(String plain) {
    StringBuilder escaped = new StringBuilder();
    for (char c : plain.toCharArray()) {
      if (c < ' ' || c == '"' || c == '\\' || random.nextInt(3) == 0) {
        escaped.append((random.nextBoolean() ? "\\u%04x" : "\\u%04X").formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static String otherStyle(String name) {
    if (name.contains("_")) {
      StringBuilder camel = new StringBuilder();
      for (String word : name.split("_")) {
        camel.append(
            camel.isEmpty()
                ? word
                : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
      }
      return camel.toString();
    }
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
