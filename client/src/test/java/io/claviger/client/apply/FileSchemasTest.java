package io.claviger.client.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.client.apply.DesiredState.KeyReference;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file can have all fields that the API's contract permits in writes, and all of them are sent.
 */
class FileSchemasTest {
  private static final Contract SAMPLE =
      new Contract(
          """
          openapi: 3.1.0
          components:
            responses:
              Thing: { description: No schema. }
            schemas:
              ThingWrite:
                type: object
                properties:
                  id: { type: string, readOnly: true }
                  name: { $ref: '#/components/schemas/Name' }
                  owner: { $ref: '#/components/schemas/Name', readOnly: true }
                  version: { type: integer, x-in-files: absent }
                  size: { type: [integer, 'null'] }
                  amount: { type: string, x-in-files: decimal }
                  rate: { type: [string, number, 'null'] }
                  force: { type: boolean, writeOnly: true }
                  secret: { type: string, writeOnly: true }
                  headers: { type: object, additionalProperties: { type: string }, writeOnly: true }
                  tags: { type: array, uniqueItems: true, items: { $ref: '#/components/schemas/Name' } }
                  parts:
                    type: array
                    items: { type: object, properties: { done: { type: boolean } } }
              Name: { type: string }
            examples: {}
          """);

  @Test
  void fields_have_the_types_of_the_contract_without_those_that_only_the_server_writes() {
    ValueSchema text = new ValueSchema.Text();
    ValueSchema secret = new ValueSchema.Reference();
    assertThat(SAMPLE.fields("ThingWrite"))
        .isEqualTo(
            Map.of(
                "name", new ValueSchema.NotNull(text),
                "size", new ValueSchema.Whole(),
                "amount", new ValueSchema.NotNull(new ValueSchema.Decimal()),
                "rate", new ValueSchema.Decimal(),
                "force", new ValueSchema.Flag(),
                "secret", secret,
                "headers", new ValueSchema.Named(secret),
                "tags", new ValueSchema.ListOf(text),
                "parts",
                    new ValueSchema.ListOf(
                        new ValueSchema.Fields(
                            Map.of("done", new ValueSchema.NotNull(new ValueSchema.Flag()))))));
    assertThat(SAMPLE.writeOnlyFlags()).containsExactly("force");
    assertThat(SAMPLE.sets()).containsExactly("tags");
    assertThatThrownBy(() -> SAMPLE.fields("Missing")).hasMessage("Missing");
  }

  @ParameterizedTest
  @CsvSource({
    "DEFINITION, ref: alice/x",
    "GROUP, handle: x",
    "SERVICE, ref: alice/x",
    "PROJECT, ref: alice/x",
    "MODEL, name: x",
    "PRICE, 'provider: openai, model: x, valid_from: 2026-01-01'",
    "USER_LIMITS, handle: x"
  })
  void a_file_that_says_everything_sends_everything(ResourceKind kind, String name) {
    Map<String, ValueSchema> fields = kind.schema().fields();
    String entry =
        fields.entrySet().stream()
            .filter(field -> !name.contains(field.getKey() + ":"))
            .map(field -> ", " + field.getKey() + ": " + sample(field.getKey(), field.getValue()))
            .collect(Collectors.joining());
    DesiredState desired =
        Files.read("name: team\n%s:\n  - {%s%s}\n".formatted(kind.section(), name, entry));

    Plan plan =
        Plan.of(
            desired,
            new ActualState(Map.of(), Map.of(), Map.of(), false),
            false,
            (service, endpoint) -> true,
            new FileFaults("team.yaml"));

    Set<String> expected = new TreeSet<>(fields.keySet());
    // These fields are in the path, or are separate resources.
    expected.removeAll(
        Set.of("ref", "handle", "shares", "shared_objects", "members", "limits", "pooled_limits"));
    if (kind == ResourceKind.PRICE) {
      expected.removeAll(Set.of("provider", "model"));
    }
    if (kind == ResourceKind.MODEL) {
      // The format distinguishes models of the same name, and the server finds it out by itself.
      expected.remove("format");
    }
    assertThat(sent(plan)).containsAll(expected);
    if (fields.containsKey("limits")) {
      assertThat(sent(plan)).containsAll(FileSchemas.LIMITS.fields().keySet());
    }
    ServerInMemory server = new ServerInMemory();
    plan.steps().forEach(server::run);
    assertThat(
            Plan.of(
                    desired,
                    server.state(),
                    false,
                    (service, endpoint) -> true,
                    new FileFaults("team.yaml"))
                .steps())
        .as("what is left to do")
        .allSatisfy(step -> assertThat(step.changes()).isEmpty());
  }

  @Test
  void limits_that_many_have_together_or_that_administrators_set_say_nothing_of_storage() {
    ValueSchema.Fields shared =
        (ValueSchema.Fields) FileSchemas.SERVICE_SHARE.fields().get("limits");
    ValueSchema.Fields pooled =
        (ValueSchema.Fields) FileSchemas.SERVICE_SHARE.fields().get("pooled_limits");

    assertThat(shared.fields()).containsKeys("storage", "max_objects", "budgets");
    for (ValueSchema.Fields limits : List.of(pooled, FileSchemas.LIMITS)) {
      assertThat(limits.fields())
          .containsOnlyKeys(
              "requests_per_minute",
              "tokens_per_minute",
              "input_tokens_per_minute",
              "output_tokens_per_minute",
              "concurrent_calls",
              "models",
              "operations",
              "max_output_tokens",
              "budgets");
    }
  }

  private static Set<String> sent(Plan plan) {
    return plan.steps().stream()
        .flatMap(
            step ->
                Stream.concat(
                    names(step.body()),
                    step.secrets().stream()
                        .flatMap(
                            delivery ->
                                Stream.concat(
                                    delivery.key().map(KeyReference::name).stream(),
                                    delivery.headers().map(all -> "custom_headers").stream()))))
        .collect(Collectors.toSet());
  }

  private static Stream<String> names(JsonNode body) {
    return body.properties().stream()
        .flatMap(
            field ->
                field.getValue() instanceof ObjectNode inner
                    ? Stream.concat(Stream.of(field.getKey()), names(inner))
                    : Stream.of(field.getKey()));
  }

  private static String sample(String name, ValueSchema schema) {
    if (name.equals("credential")) {
      return "{kind: oauth_client, client_id: x, token_url: 'https://t.example/x'}";
    }
    return switch (schema) {
      case ValueSchema.Text text -> "x";
      case ValueSchema.Whole whole -> "7";
      case ValueSchema.AnyObject any -> "{}";
      case ValueSchema.Decimal decimal -> "1.50";
      case ValueSchema.Flag flag -> "true";
      case ValueSchema.Reference reference -> "{env: " + name.toUpperCase(Locale.ROOT) + "}";
      case ValueSchema.Bounded bounded -> accepted(name, bounded);
      case ValueSchema.NotNull some -> sample(name, some.value());
      case ValueSchema.Named named -> "{X-Team: " + sample(name, named.values()) + "}";
      case ValueSchema.ListOf list -> "[" + sample(name, list.items()) + "]";
      case ValueSchema.Fields fields ->
          fields.fields().entrySet().stream()
              .filter(
                  field ->
                      !field.getKey().equals("user") || !fields.fields().containsKey("grantee"))
              .map(field -> field.getKey() + ": " + sample(field.getKey(), field.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
    };
  }

  private static String accepted(String name, ValueSchema.Bounded bounded) {
    return Stream.concat(
            Stream.of(sample(name, bounded.value()), bounded.words().split(", | or ")[0]),
            Stream.of("https://h.example/v1", "2026-01-31T12:00:00Z", "POST chat/completions", "2"))
        .filter(text -> Files.isAccepted(text, bounded))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + ": " + bounded.words()));
  }
}
