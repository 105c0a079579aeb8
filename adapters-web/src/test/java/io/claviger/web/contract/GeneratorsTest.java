package io.claviger.web.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the contract leaves out because generators of clients do the wrong thing with it. */
class GeneratorsTest {
  private static final OpenApiDocument DOCUMENT = OpenApiDocument.ofServer();

  /** A client sends what has a default, so that a PATCH would change what its caller left out. */
  @Test
  void a_patch_has_no_defaults() {
    assertThat(bodies("PATCH").flatMap(schema -> within(schema, s -> s.has("default")))).isEmpty();
  }

  /**
   * Properties beside a reference are lost. Inside of {@code allOf} and {@code anyOf}, null is not
   * accepted.
   */
  @Test
  void an_answer_is_not_composed_of_several_schemas() {
    assertThat(
            answers()
                .flatMap(
                    schema ->
                        within(
                            schema,
                            s ->
                                s.has("allOf")
                                    || s.has("anyOf")
                                    || (s.has("$ref") && s.has("properties")))))
        .isEmpty();
  }

  /** Generators see that null is allowed only in schemas that have a name. */
  @Test
  void an_object_within_another_one_has_no_nullable_fields_unless_it_has_a_name() {
    assertThat(
            answers()
                .flatMap(schema -> within(schema, s -> s.has("properties") || s.has("items")))
                .flatMap(schema -> Stream.concat(parts(schema), Stream.of(schema.path("items"))))
                .flatMap(GeneratorsTest::parts)
                .filter(schema -> schema.path("type").isArray()))
        .isEmpty();
  }

  /** The Python client applies the pattern to an object that is no text any more. */
  @Test
  void a_date_or_an_instant_has_no_pattern() {
    Set<String> parsed = Set.of("date", "date-time");
    assertThat(
            all()
                .flatMap(schema -> within(schema, s -> s.has("pattern")))
                .filter(schema -> parsed.contains(schema.path("format").asString(""))))
        .isEmpty();
  }

  /** Python looks for a pattern at the beginning of a text only, JSON Schema anywhere. */
  @Test
  void a_pattern_says_how_a_text_begins() {
    assertThat(
            all()
                .flatMap(schema -> within(schema, s -> s.has("pattern")))
                .map(schema -> schema.path("pattern").asString()))
        .isNotEmpty()
        .allMatch(pattern -> pattern.startsWith("^"));
  }

  private static Stream<JsonNode> all() {
    return Stream.concat(
        answers(), Stream.of("PUT", "POST", "PATCH").flatMap(GeneratorsTest::bodies));
  }

  private static Stream<JsonNode> bodies(String method) {
    return DOCUMENT.operations().stream()
        .filter(operation -> operation.method().equals(method))
        .map(operation -> node(operation).path("requestBody"))
        .flatMap(GeneratorsTest::schemas);
  }

  private static Stream<JsonNode> answers() {
    return DOCUMENT.operations().stream()
        .flatMap(operation -> node(operation).path("responses").valueStream())
        .flatMap(GeneratorsTest::schemas);
  }

  private static Stream<JsonNode> schemas(JsonNode message) {
    return DOCUMENT.resolved(message).path("content").valueStream().map(c -> c.path("schema"));
  }

  private static Stream<JsonNode> parts(JsonNode schema) {
    return schema.path("properties").valueStream();
  }

  private static JsonNode node(Operation operation) {
    return DOCUMENT.operation(operation.path(), operation.method());
  }

  /** All schemas that a schema consists of or refers to, if they are as the predicate says. */
  private static Stream<JsonNode> within(JsonNode schema, Predicate<JsonNode> wanted) {
    List<JsonNode> found = new ArrayList<>();
    collect(schema, new HashSet<>(), found);
    return found.stream().filter(wanted);
  }

  private static void collect(JsonNode schema, Set<String> followed, List<JsonNode> found) {
    found.add(schema);
    String reference = schema.path("$ref").asString("");
    if (!reference.isEmpty() && followed.add(reference)) {
      collect(DOCUMENT.target(reference), followed, found);
    }
    for (String parts : List.of("properties", "anyOf", "allOf")) {
      schema.path(parts).forEach(part -> collect(part, followed, found));
    }
    for (String part : List.of("items", "additionalProperties")) {
      if (schema.path(part).isObject()) {
        collect(schema.path(part), followed, found);
      }
    }
  }
}
