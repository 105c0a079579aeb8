package io.claviger.client.apply;

import io.claviger.client.json.JsonTrees;
import io.claviger.client.text.TerminalText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Converts the nodes of a file to JSON, and reports everything that does not match the schema. */
final class ValueReader {
  /**
   * The maximum number of values in a file. Each alias counts as another copy of the values to
   * which it refers.
   */
  private static final int MOST_VALUES = 1_000_000;

  private static final int MOST_DIGITS = 40;

  /** The maximum length of a number in objects whose content the API does not interpret. */
  private static final int LONGEST_NUMBER = 100;

  private static final int LONGEST_NAME_TOLD = 60;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final FileFaults faults;
  private int values;

  ValueReader(FileFaults faults) {
    this.faults = faults;
  }

  /**
   * Reads a value. Null is accepted for a value of any type, unless the schema excludes null. If
   * the value does not have the schema's type, a fault is recorded, and the result is null. A value
   * outside of its bounds is a fault too.
   */
  JsonNode read(Node node, ValueSchema schema) {
    if (isCountedOut(node)) {
      return JSON.nullNode();
    }
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL)) {
      return schema instanceof ValueSchema.NotNull
          ? unlike(node, "a value; leave the field out instead of null")
          : JSON.nullNode();
    }
    return typed(node, schema);
  }

  private JsonNode typed(Node node, ValueSchema schema) {
    return switch (schema) {
      case ValueSchema.Text text -> scalar(node, Tag.STR, "a text", JSON::stringNode);
      case ValueSchema.Whole whole ->
          scalar(node, Tag.INT, "a whole number", n -> JSON.numberNode(new BigInteger(n)));
      case ValueSchema.Flag flag ->
          scalar(
              node, Tag.BOOL, "true or false", n -> JSON.booleanNode(n.equalsIgnoreCase("true")));
      case ValueSchema.Decimal decimal -> decimal(node);
      case ValueSchema.Reference reference -> SecretReference.read(node, this);
      case ValueSchema.Fields fields -> fields(node, fields);
      case ValueSchema.Named named -> named(node, named);
      case ValueSchema.AnyObject any -> anyObject(node);
      case ValueSchema.ListOf list -> list(node, list);
      case ValueSchema.Bounded bounded -> bounded(node, bounded);
      case ValueSchema.NotNull some -> typed(node, some.value());
    };
  }

  private JsonNode bounded(Node node, ValueSchema.Bounded bounded) {
    JsonNode read = typed(node, bounded.value());
    if (!read.isNull() && isWithin(read, bounded.value()) && !bounded.accepts().test(read)) {
      JsonNode unused = unlike(node, bounded.words());
    }
    return read;
  }

  private static boolean isWithin(JsonNode read, ValueSchema schema) {
    return !(schema instanceof ValueSchema.Bounded bounded)
        || (isWithin(read, bounded.value()) && bounded.accepts().test(read));
  }

  private boolean isCountedOut(Node node) {
    values++;
    if (values == MOST_VALUES + 1) {
      addFault(node, "there are more than %,d values".formatted(MOST_VALUES));
    }
    return values > MOST_VALUES;
  }

  private interface Converted {
    JsonNode from(String text);
  }

  private JsonNode scalar(Node node, Tag tag, String what, Converted converted) {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(tag)) {
      if (tag.equals(Tag.INT) && scalar.getValue().length() > MOST_DIGITS) {
        return unlike(node, what);
      }
      try {
        return converted.from(scalar.getValue());
      } catch (NumberFormatException e) {
        // The code below reports the fault.
      }
    }
    return unlike(node, tag.equals(Tag.STR) ? what + "; put it in quotes" : what);
  }

  private JsonNode decimal(Node node) {
    if (node instanceof ScalarNode scalar) {
      try {
        BigDecimal number = new BigDecimal(scalar.getValue());
        if (Math.abs(number.scale()) <= MOST_DIGITS && number.precision() <= MOST_DIGITS) {
          return JSON.stringNode(number.toPlainString());
        }
      } catch (NumberFormatException e) {
        // The code below reports the fault.
      }
    }
    return unlike(node, "a decimal number");
  }

  private JsonNode fields(Node node, ValueSchema.Fields schema) {
    ObjectNode read = JsonTrees.object();
    Optional<Map<String, Member>> given = members(node);
    given
        .orElseGet(Map::of)
        .forEach(
            (name, value) -> {
              ValueSchema inner = schema.fields().get(name);
              if (inner == null) {
                addFault(value.key(), unknown(name, schema));
              } else {
                read.set(name, read(value.value(), inner));
              }
            });
    if (given.isPresent()) {
      schema.required().stream()
          .filter(name -> !given.get().containsKey(name))
          .forEach(name -> addFault(node, "`%s` is missing".formatted(name)));
    }
    return read;
  }

  static String unknown(String name, ValueSchema.Fields schema) {
    String shown = TerminalText.line(name);
    return "there is no field `%s`%s"
        .formatted(
            shown.length() > LONGEST_NAME_TOLD
                ? shown.substring(0, LONGEST_NAME_TOLD) + "…"
                : shown,
            NearName.of(name, schema.fields().keySet())
                .map("; did you mean `%s`?"::formatted)
                .orElse(""));
  }

  private JsonNode named(Node node, ValueSchema.Named schema) {
    ObjectNode read = JsonTrees.object();
    members(node)
        .ifPresent(
            members ->
                members.forEach(
                    (name, value) -> read.set(name, read(value.value(), schema.values()))));
    return read;
  }

  private JsonNode anyObject(Node node) {
    ObjectNode read = JsonTrees.object();
    members(node)
        .ifPresent(members -> members.forEach((name, value) -> read.set(name, any(value.value()))));
    return read;
  }

  /** Reads a value of any type. If JSON has no such type, the value becomes a text. */
  private JsonNode any(Node node) {
    if (isCountedOut(node)) {
      return JSON.nullNode();
    }
    return switch (node) {
      case MappingNode mapping -> anyObject(mapping);
      case SequenceNode list -> {
        ArrayNode read = JSON.arrayNode();
        list.getValue().forEach(item -> read.add(any(item)));
        yield read;
      }
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> JSON.nullNode();
      case ScalarNode scalar when scalar.getTag().equals(Tag.BOOL) ->
          JSON.booleanNode(scalar.getValue().equalsIgnoreCase("true"));
      case ScalarNode scalar
          when scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT) ->
          anyNumber(scalar);
      case ScalarNode scalar -> JSON.stringNode(scalar.getValue());
      default -> unlike(node, "a value");
    };
  }

  private JsonNode anyNumber(ScalarNode scalar) {
    if (scalar.getValue().length() <= LONGEST_NUMBER) {
      try {
        BigDecimal number = new BigDecimal(scalar.getValue());
        if (number.toString().length() <= LONGEST_NUMBER) {
          return JSON.numberNode(number);
        }
      } catch (NumberFormatException e) {
        // The code below reports the fault.
      }
    }
    return unlike(scalar, "a number of at most 100 characters; put anything else in quotes");
  }

  private JsonNode list(Node node, ValueSchema.ListOf schema) {
    ArrayNode read = JSON.arrayNode();
    if (node instanceof SequenceNode list && list.getTag().equals(Tag.SEQ)) {
      list.getValue().forEach(item -> read.add(read(item, schema.items())));
      return read;
    }
    return unlike(node, "a list");
  }

  /** A member of an object: its name and its value. */
  record Member(Node key, Node value) {}

  /**
   * Returns an object's members, keyed by name, in the order of the file. Anything but an object is
   * reported as a fault, with an empty result.
   */
  Optional<Map<String, Member>> members(Node node) {
    if (!(node instanceof MappingNode mapping) || !mapping.getTag().equals(Tag.MAP)) {
      JsonNode unused = unlike(node, "an object");
      return Optional.empty();
    }
    Map<String, Member> members = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      if (!(key instanceof ScalarNode name)) {
        addFault(key, "the name of a field has to be a text");
      } else if (members.put(name.getValue(), new Member(key, tuple.getValueNode())) != null) {
        addFault(key, "`%s` is here twice".formatted(TerminalText.line(name.getValue())));
      }
    }
    return Optional.of(members);
  }

  JsonNode unlike(Node node, String wanted) {
    addFault(node, "here has to be " + wanted);
    return JSON.nullNode();
  }

  void addFault(Node node, String message) {
    faults.add(Yaml.position(node), message);
  }

  /** Finds the known name that the file's author probably meant by an unknown name. */
  private static final class NearName {
    private static final int LONGEST = 40;

    private NearName() {}

    /**
     * Returns the known name that differs from the given name by the fewest letters; empty if even
     * this name needs too many changes.
     */
    static Optional<String> of(String given, Collection<String> names) {
      if (given.length() > LONGEST) {
        return Optional.empty();
      }
      // Two neighbouring letters in the wrong order count as two changes.
      int most = given.length() < 4 ? 1 : Math.max(2, given.length() / 3);
      return names.stream()
          .filter(name -> changes(given, name) <= most)
          .min(Comparator.<String>comparingInt(name -> changes(given, name)).thenComparing(n -> n));
    }

    /**
     * Returns how many letters must be inserted, removed or replaced to turn one text into the
     * other (Levenshtein distance).
     */
    private static int changes(String from, String to) {
      int[] above = new int[to.length() + 1];
      for (int j = 0; j <= to.length(); j++) {
        above[j] = j;
      }
      for (int i = 1; i <= from.length(); i++) {
        int[] row = new int[to.length() + 1];
        row[0] = i;
        for (int j = 1; j <= to.length(); j++) {
          int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
          row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
        }
        above = row;
      }
      return above[to.length()];
    }
  }
}
