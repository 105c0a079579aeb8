package io.claviger.client.apply;

import io.claviger.client.json.PackagedContract;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The writable fields according to the API's contract. The contract is a part of this program, so
 * that files can have the same fields as the API. A schema is parsed only when its content is
 * needed.
 */
final class Contract {
  /**
   * The name of the contract's extension that says how a field differs in files. {@code absent}
   * means that files do not have the field. {@code decimal} means that the API writes the value as
   * a text of digits, but a file may also write it as a number.
   */
  private static final String IN_FILES = "x-in-files";

  private static final Pattern SCHEMAS = Pattern.compile("(?m)^  schemas:$");
  private static final Pattern SECTION = Pattern.compile("(?m)^  \\S");
  private static final Pattern SCHEMA = Pattern.compile("(?m)^    (\\w+):");

  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Map<String, Map<?, ?>> parsed = new LinkedHashMap<>();
  private final Set<String> writeOnlyFlags = new HashSet<>();
  private final Set<String> sets = new HashSet<>();
  private final Set<String> decimals = new HashSet<>();

  Contract(String document) {
    Matcher begin = SCHEMAS.matcher(document);
    if (!begin.find()) {
      throw new IllegalArgumentException("the contract has no schemas");
    }
    Matcher next = SECTION.matcher(document);
    int end = next.find(begin.end()) ? next.start() : document.length();
    List<MatchResult> schemas =
        SCHEMA.matcher(document).region(begin.end(), end).results().toList();
    for (int n = 0; n < schemas.size(); n++) {
      texts.put(
          schemas.get(n).group(1),
          document.substring(
              schemas.get(n).end(), n + 1 < schemas.size() ? schemas.get(n + 1).start() : end));
    }
  }

  /** Returns the contract that this program was built with. */
  static Contract packaged() {
    return new Contract(PackagedContract.text());
  }

  /** Returns those writable fields of a schema that have the same names in files as in the API. */
  Map<String, ValueSchema> fields(String schema) {
    return fields(named(schema));
  }

  /**
   * Returns, from the schemas read so far, the flags that the server acts on but does not store.
   */
  Set<String> writeOnlyFlags() {
    return Set.copyOf(writeOnlyFlags);
  }

  /** Returns, from the schemas read so far, the lists whose order has no meaning. */
  Set<String> sets() {
    return Set.copyOf(sets);
  }

  /** Returns, from the schemas read so far, the fields whose values are decimal numbers. */
  Set<String> decimals() {
    return Set.copyOf(decimals);
  }

  private Map<String, ValueSchema> fields(Map<?, ?> schema) {
    Map<String, ValueSchema> fields = new LinkedHashMap<>();
    part(schema, "properties")
        .forEach(
            (name, property) -> {
              Map<?, ?> field = resolved((Map<?, ?>) property);
              if (!isTrue(field, "readOnly") && !"absent".equals(field.get(IN_FILES))) {
                ValueSchema value = value((String) name, field);
                fields.put(
                    (String) name, mayBeNull(field) ? value : new ValueSchema.NotNull(value));
              }
            });
    return fields;
  }

  /**
   * Whether null is accepted. What null means for a list, an object with known members or a secret
   * is decided by the class that sends this value to the server.
   */
  private static boolean mayBeNull(Map<?, ?> schema) {
    Object type = schema.get("type");
    return !(type instanceof String)
        || isTrue(schema, "writeOnly")
        || type.equals("array")
        || (type.equals("object") && !isTrue(schema, "additionalProperties"));
  }

  private ValueSchema value(String name, Map<?, ?> schema) {
    ValueSchema value = typed(name, schema);
    return value instanceof ValueSchema.Reference || value instanceof ValueSchema.Named
        ? value
        : ValueBounds.of(schema, value);
  }

  private ValueSchema typed(String name, Map<?, ?> schema) {
    List<?> types = schema.get("type") instanceof List<?> list ? list : List.of(schema.get("type"));
    boolean isSecret = isTrue(schema, "writeOnly");
    if (types.contains("object")) {
      if (isTrue(schema, "additionalProperties")) {
        return new ValueSchema.AnyObject();
      }
      if (!isSecret && schema.get("additionalProperties") instanceof Map<?, ?> each) {
        return new ValueSchema.Named(value(name, resolved(each)));
      }
      return isSecret
          ? new ValueSchema.Named(new ValueSchema.Reference())
          : new ValueSchema.Fields(fields(schema), texts(schema.get("required")));
    }
    if (types.contains("array")) {
      if (isTrue(schema, "uniqueItems")) {
        sets.add(name);
      }
      return new ValueSchema.ListOf(value(name, resolved(part(schema, "items"))));
    }
    if (types.contains("number") || "decimal".equals(schema.get(IN_FILES))) {
      decimals.add(name);
      return new ValueSchema.Decimal();
    }
    if (types.contains("integer")) {
      return new ValueSchema.Whole();
    }
    if (types.contains("boolean")) {
      if (isSecret) {
        writeOnlyFlags.add(name);
      }
      return new ValueSchema.Flag();
    }
    return isSecret ? new ValueSchema.Reference() : new ValueSchema.Text();
  }

  private static List<String> texts(@Nullable Object list) {
    return list instanceof List<?> items ? items.stream().map(String::valueOf).toList() : List.of();
  }

  /**
   * Returns a schema merged with the schema to which it refers. If both schemas have the same
   * member, the referring schema takes precedence.
   */
  private Map<?, ?> resolved(Map<?, ?> schema) {
    if (!(schema.get("$ref") instanceof String reference)) {
      return schema;
    }
    Map<Object, Object> both =
        new LinkedHashMap<>(resolved(named(reference.substring(reference.lastIndexOf('/') + 1))));
    Object described = schema.containsKey("description") ? both.get("description") : null;
    both.putAll(schema);
    both.putIfAbsent(
        ValueBounds.DESCRIPTION, described == null ? both.get("description") : described);
    return both;
  }

  private Map<?, ?> named(String schema) {
    return parsed.computeIfAbsent(
        schema,
        name ->
            (Map<?, ?>)
                new Load(LoadSettings.builder().build())
                    .loadFromString(Objects.requireNonNull(texts.get(name), name)));
  }

  private static Map<?, ?> part(Map<?, ?> schema, String keyword) {
    return (Map<?, ?>) Objects.requireNonNull(schema.get(keyword), keyword);
  }

  private static boolean isTrue(Map<?, ?> schema, String keyword) {
    return Boolean.TRUE.equals(schema.get(keyword));
  }
}
