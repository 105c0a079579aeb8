package io.claviger.console.served;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.fields.ScalarForm;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.contract.OpenApiDocument;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Compares the forms and facts of the console with the fields that the API's contract has. */
public final class ContractFields {
  private static final Pattern INPUT =
      Pattern.compile("<(?:input|select|textarea) [^>]*name=\"(\\w+)\"");

  private ContractFields() {}

  /** The names of the fields of a schema that a write can change. */
  public static Set<String> writable(String schema) {
    JsonNode written =
        OpenApiDocument.ofServer().root().at("/components/schemas/" + schema + "/properties");
    assertThat(written.isObject()).as(schema).isTrue();
    return written.properties().stream()
        .filter(field -> !field.getValue().path("readOnly").asBoolean(false))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Returns a body that states all fields of a schema that a write can change, the fields of its
   * objects included. No two numbers are the same.
   *
   * @param special the values of fields for which the schema alone does not say enough, by the name
   *     of the field, in any depth; a field whose value is an empty text is left out
   */
  public static Map<String, Object> whole(String schema, Map<String, ?> special) {
    return new Samples(special).object(schemaOf(schema));
  }

  private static JsonNode schemaOf(String name) {
    return OpenApiDocument.ofServer().root().at("/components/schemas/" + name);
  }

  /** Makes values that the schemas of the contract allow. */
  private static final class Samples {
    private static final List<String> TEXTS =
        List.of(
            "sample",
            "7.25",
            "https://sample.example/v1",
            "POST chat/completions",
            "2040-03-02T00:00:00Z");

    private final Map<String, ?> special;
    private int number = 40;

    Samples(Map<String, ?> special) {
      this.special = special;
    }

    Map<String, Object> object(JsonNode schema) {
      Map<String, Object> values = new TreeMap<>();
      for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
        boolean readOnly = field.getValue().path("readOnly").asBoolean(false);
        Object value =
            special.containsKey(field.getKey())
                ? special.get(field.getKey())
                : readOnly ? "" : value(resolved(field.getValue()));
        if (!readOnly && !value.equals("")) {
          values.put(field.getKey(), value);
        }
      }
      JsonNode more = schema.path("additionalProperties");
      if (!schema.has("properties")) {
        values.put("sample", more.isObject() ? value(resolved(more)) : "sample");
      }
      return values;
    }

    private Object value(JsonNode schema) {
      if (schema.has("enum")) {
        return schema
            .path("enum")
            .valueStream()
            .filter(choice -> !choice.isNull())
            .map(JsonNode::asString)
            .reduce((one, next) -> next)
            .orElseThrow();
      }
      JsonNode types = schema.path("type");
      String type = types.isArray() ? types.get(0).asString() : types.asString("");
      return switch (type) {
        case "object" -> object(schema);
        case "array" -> List.of(value(resolved(schema.path("items"))));
        case "boolean" -> true;
        case "integer" -> integer(schema);
        default -> text(schema);
      };
    }

    private long integer(JsonNode schema) {
      number++;
      return Math.clamp(
          number,
          schema.path("minimum").asLong(number),
          schema.path("maximum").asLong(Long.MAX_VALUE));
    }

    private static String text(JsonNode schema) {
      boolean isTime = schema.path("format").asString("").equals("date-time");
      return TEXTS.stream()
          .filter(text -> Pattern.compile(schema.path("pattern").asString("")).matcher(text).find())
          .filter(text -> !isTime || text.endsWith("Z"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no sample fits " + schema));
    }

    private static JsonNode resolved(JsonNode schema) {
      JsonNode found = schema;
      while (found.has("$ref")) {
        found = OpenApiDocument.ofServer().root().at(found.path("$ref").asString().substring(1));
      }
      return found;
    }
  }

  /** The names of all inputs of a page. */
  public static Set<String> inputs(String page) {
    return INPUT.matcher(page).results().map(input -> input.group(1)).collect(Collectors.toSet());
  }

  /**
   * Returns the fields that have no input.
   *
   * @param others the inputs of fields whose input has another name
   */
  public static Set<String> missing(
      Set<String> fields, Set<String> inputs, Map<String, String> others) {
    return fields.stream()
        .filter(field -> !inputs.contains(others.getOrDefault(field, field)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Returns what is typed into a form that sets each field.
   *
   * @param special values of fields that do not take any value
   */
  public static Map<String, String> samples(
      List<ScalarField<?>> fields, Map<String, String> special) {
    Map<String, String> values = new TreeMap<>();
    for (ScalarField<?> field : fields) {
      values.put(
          field.name(),
          switch (field.form()) {
            case ScalarForm.WholeNumber<?> number -> "1234";
            case ScalarForm.Flag flag -> "true";
            case ScalarForm.Texts<?> texts -> "files";
            case ScalarForm.Pairs<?> pairs -> "sample=1";
            case ScalarForm.Tree<?> tree -> "{\"sample\":1}";
            case ScalarForm.Text<?> text ->
                field.words().choices().stream().findFirst().orElse("sample");
          });
    }
    values.putAll(special);
    return values;
  }

  /** Checks that a page and the API show each field with what was typed. */
  public static void assertShown(
      List<ScalarField<?>> fields, Map<String, String> typed, String page, TestResponse api) {
    for (ScalarField<?> field : fields) {
      String value = typed.get(field.name());
      String item = field.form() instanceof ScalarForm.Texts ? "/0" : "";
      JsonNode answered = api.at("/" + field.name() + item);
      assertThat(answered.isObject() ? answered.toString() : answered.asString())
          .as(field.name())
          .isEqualTo(value);
      assertThat(page)
          .contains(
              "<dt>"
                  + field.words().label()
                  + "</dt><dd><bdi>"
                  + told(field, value)
                  + "</bdi></dd>");
    }
  }

  private static String told(ScalarField<?> field, String value) {
    return switch (field.form()) {
      case ScalarForm.Flag flag -> value.equals("true") ? "yes" : "no";
      case ScalarForm.WholeNumber<?> number -> value.replace("1234", "1,234");
      default -> field.words().choices().isEmpty() ? value : value.replace('_', ' ');
    };
  }
}
