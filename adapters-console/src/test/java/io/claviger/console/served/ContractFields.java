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
      String words =
          field.form() instanceof ScalarForm.Flag ? (value.equals("true") ? "yes" : "no") : value;
      assertThat(page)
          .contains("<dt>" + field.words().label() + "</dt><dd><bdi>" + words + "</bdi></dd>");
    }
  }
}
