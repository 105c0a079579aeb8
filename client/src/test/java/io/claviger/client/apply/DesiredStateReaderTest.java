package io.claviger.client.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.claviger.client.apply.DesiredState.DesiredResource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DesiredStateReaderTest {
  @Test
  void a_file_is_read_with_full_references_and_without_secrets() {
    DesiredState desired =
        Files.read(
            """
            name: team
            services:
              - ref: mine
                definition: chat
                provider: claude
                api_key: {env: OPENAI_KEY, version: 2026-11-21}
                limits: {budgets: [{amount: 20.50, unit: usd, window: month}]}
                shares:
                  - {user: bob, role: reader}
                  - {grantee: '@lab', role: reader}
            models:
              - {name: gpt, service: house}
            prices:
              - {provider: openai, model: a/b, valid_from: 2026-01-31, input: 1.250}
            """);
    ResourceKey mine = ResourceKey.of(ResourceKind.SERVICE, "alice/mine");
    DesiredResource service = desired.resources().get(mine);

    assertThat(desired.name()).isEqualTo("team");
    assertThat(desired.resources().keySet())
        .containsExactly(
            mine,
            new ResourceKey(ResourceKind.SERVICE_SHARE, "alice/mine", "@lab"),
            new ResourceKey(ResourceKind.SERVICE_SHARE, "alice/mine", "bob"),
            ResourceKey.of(ResourceKind.MODEL, "gpt"),
            ResourceKey.of(ResourceKind.PRICE, "openai 2026-01-31 a/b"));
    assertThat(desired.complete()).containsExactly(mine.listOf(ResourceKind.SERVICE_SHARE));
    assertThat(service.position().line()).isEqualTo(3);
    assertThat(service.fields().toString())
        .isEqualTo(
            """
            {"definition":"alice/chat","provider":"anthropic","limits":{"budgets":\
            [{"amount":"20.50","unit":"usd","window":"month"}]},"api_key_version":"2026-11-21"}\
            """);
    assertThat(service.secrets().key().map(DesiredState.KeyReference::from))
        .contains(new SecretReference.Env("OPENAI_KEY"));
    assertThat(
            desired
                .resources()
                .get(ResourceKey.of(ResourceKind.MODEL, "gpt"))
                .fields()
                .path("service")
                .asString())
        .isEqualTo("_system/house");
  }

  @Test
  void all_faults_are_told_at_once_with_their_places() {
    assertThat(
            Files.faults(
                """
                name: team
                servcies: []
                services:
                  - ref: one
                    modle: m
                    timeout_ms: soon
                    enabled: 'yes'
                    limits: {request_per_minute: 5}
                  - ref: one
                  - {description: nameless}
                  - ref: Two
                    model: 5
                projects:
                  - ref: _system/three
                    shares: [{grantee: bob, role: reader}]
                groups:
                  - handle: lab
                    members: [{user: bob}]
                """))
        .containsExactly(
            "2:1: there is no field `servcies`; did you mean `services`?",
            "5:5: there is no field `modle`; did you mean `model`?",
            "6:17: here has to be a whole number",
            "7:14: here has to be true or false",
            "8:14: there is no field `request_per_minute`; did you mean `requests_per_minute`?",
            "9:5: service alice/one is in line 4 too",
            "10:5: `ref` is missing: OWNER/HANDLE, or HANDLE for one of your own",
            "11:5: \"alice/Two\" is no `ref`: OWNER/HANDLE, or HANDLE for one of your own",
            "12:12: here has to be a text; put it in quotes",
            "15:13: everybody can use what belongs to _system, so it is not shared",
            "18:15: `role` is missing");
  }

  /** Names are unique only among the models of a format. */
  @Test
  void models_of_the_same_name_have_a_format() {
    DesiredState desired =
        Files.read(
            """
            name: team
            models: [{name: a, format: openai}, {name: a, format: anthropic}, {name: b}]
            """);
    assertThat(desired.resources().keySet())
        .extracting(ResourceKey::toString)
        .containsExactlyInAnyOrder("model a (openai)", "model a (anthropic)", "model b");
    assertThat(desired.resources().values())
        .allSatisfy(model -> assertThat(model.fields().has("format")).isFalse());

    assertThat(
            Files.faults(
                """
                name: team
                models:
                  - {name: a, format: openai}
                  - {name: a}
                  - {name: b}
                  - {name: b, format: anthropic}
                  - {name: c, format: anthropic}
                  - {name: c, format: anthropic}
                  - {name: d, format: opneai}
                """))
        .hasSize(4)
        .contains(
            "4:5: a model of this name is in line 3 too; give both a `format`",
            "6:5: a model of this name is in line 5 too; give both a `format`",
            "8:5: model c (anthropic) is in line 7 too")
        .anyMatch(fault -> fault.startsWith("9:23: ") && fault.contains("openai"));
  }

  @Test
  void values_that_the_api_refuses_are_told_together_with_unknown_fields() {
    assertThat(
            Files.faults(
                """
                name: team
                services:
                  - ref: one
                    modle: m
                    endpoint: llm.example.com
                    timeout_ms: 900000
                    display_name: ''
                    shares:
                      - {grantee: bob, role: raeder}
                      - {grantee: carol, role: reader, expires_at: tomorrow}
                    limits:
                      requests_per_minute: 0
                      models: []
                      budgets:
                        - {amount: 20, unit: eur}
                """))
        .containsExactly(
            "4:5: there is no field `modle`; did you mean `model`?",
            "5:15: here has to be a value that the API accepts: The base URL for the"
                + " provider's own SDK: an absolute http or https URL of at most 2,048 characters, without user info, query,"
                + " fragment, dot segments and encoded slashes.",
            "6:17: here has to be a number of 1 to 600,000",
            "7:19: here has to be a text of 1 to 200 characters",
            "9:30: here has to be reader, writer or owner",
            "10:52: here has to be a time such as 2026-01-31T12:00:00Z",
            "12:28: here has to be a number of 1 to 1,000,000",
            "13:15: here has to be a list of 1 to 100 items",
            "15:11: `window` is missing",
            "15:30: here has to be usd, tokens or requests");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "credential: {kind: oauth_client, client_secret: sk-canary-0123456789}",
        "credential: {kind: oauth_client, key: {env: A}, client_secret: {env: B}}",
        "credential: null",
        "credential: {client_id: x}",
        "api_key: sk-canary-0123456789",
        "api_key: [sk-canary-0123456789]",
        "api_key: {value: sk-canary-0123456789}",
        "api_key: {env: A, file: b}",
        "api_key: {}",
        "custom_headers: {X-Team: sk-canary-0123456789}",
        "custom_headers: sk-canary-0123456789"
      })
  void a_secret_in_the_file_is_a_fault_and_not_repeated(String line) {
    assertThat(Files.faults("name: team\nservices:\n  - ref: one\n    " + line))
        .isNotEmpty()
        .allSatisfy(fault -> assertThat(fault).startsWith("4:").doesNotContain("canary"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"description", "metadata", "display_name", "enabled", "timeout_ms"})
  void null_is_a_fault_where_the_api_does_not_accept_it(String field) {
    assertThat(Files.faults("name: team\nservices:\n  - {ref: one, " + field + ": null}"))
        .singleElement(STRING)
        .startsWith("3:")
        .endsWith("here has to be a value; leave the field out instead of null");
  }

  @ParameterizedTest
  @ValueSource(strings = {"note", "organization", "api_key", "limits", "custom_headers"})
  void null_clears_a_field_that_may_have_no_value(String field) {
    assertThat(Files.faults("name: team\nservices:\n  - {ref: one, " + field + ": null}"))
        .isEmpty();
  }

  @Test
  void a_name_is_needed() {
    assertThat(Files.faults("services: []"))
        .containsExactly(
            "1:1: `name` is missing: a name for this file, by which --prune recognizes things of this file");
    assertThat(Files.faults("name: \"two\\nlines\""))
        .containsExactly("1:7: `name` is one line of 1 to 100 characters");
    assertThat(Files.faults("")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: b: c",
        "{",
        "\t- x",
        "name: team\nservices: !!java.net.URL [http://localhost]",
        "name: team\nservices:\n  - !evil {ref: x}",
        "name: team\nservices: [{ref: x, description: !!binary aGk=}]",
        "name: team\nname: other",
        "name: team\nservices: [{ref: x, model: a, model: b}]",
        "name: team\n---\nname: other",
        "name: team\nservices: &a [*a]",
        "? [a]\n: b",
        "name: team\nservices: [{ref: x, timeout_ms: 1e999999999}]",
        "name: team\nprices: [{provider: p, model: m, valid_from: 2026-01-01, input: 1e999999999}]",
        "- a",
        "just a text",
        "\0"
      })
  void what_is_not_a_file_for_this_is_a_fault(String text) {
    assertThat(Files.faults(text)).isNotEmpty();
  }

  @Test
  void aliases_that_multiply_are_bounded() {
    StringBuilder bomb = new StringBuilder("name: team\n");
    bomb.append("groups:\n  - handle: g0\n    members: &m\n");
    for (int n = 0; n < 20_000; n++) {
      bomb.append("      - {user: u").append(n).append(", role: member}\n");
    }
    for (int n = 1; n < 1_000; n++) {
      bomb.append("  - {handle: g").append(n).append(", members: *m}\n");
    }
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThat(Files.faults(bomb.toString()))
                .anySatisfy(fault -> assertThat(fault).contains("aliases")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "projects: [{ref: a, metadata: &m {self: *m}}] | 2:41",
        "projects: [{ref: a, metadata: {list: &m [1, [*m]]}}] | 2:46",
        "projects: [&p {ref: a, <<: *p}] | 2:28",
        "projects: [{ref: a, metadata: &m {b: &m {self: *m}}}] | 2:48",
      })
  void an_alias_of_what_surrounds_it_is_refused(String projects, String place) {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThat(Files.faults("name: team\n" + projects + "\n"))
                .contains(place + ": not YAML: this alias is inside the value to which it refers"));
  }

  @Test
  void an_alias_of_something_before_it_is_not_refused() {
    assertThat(Files.faults("name: team\nprojects:\n- {ref: a, metadata: &m {b: &m [1], c: *m}}\n"))
        .isEmpty();
  }

  @Test
  void of_very_many_faults_the_first_hundred_are_told_and_the_rest_is_not_read() {
    List<String> faults =
        Files.faults("name: team\nservices:\n" + "- {ref: a, x: 1}\n".repeat(40_000));

    assertThat(faults).hasSize(100);
    assertThat(faults.getFirst()).isEqualTo("3:12: there is no field `x`");
  }

  @Test
  void a_file_that_is_too_long_or_too_deep_is_refused() {
    assertThat(Files.faults(new byte[10 * 1024 * 1024]))
        .contains("1:1: the file has more than 8,388,608 bytes");
    assertThat(Files.faults("name: " + "[".repeat(1_000_000))).isNotEmpty();
    assertThat(Files.faults("name: \u00ff".getBytes(StandardCharsets.ISO_8859_1)))
        .contains("1:1: the file is not UTF-8");
  }

  @Test
  void words_that_look_like_truth_values_are_texts() {
    DesiredState desired =
        Files.read("name: no\nservices: [{ref: yes, model: on, description: 'null'}]");
    assertThat(desired.name()).isEqualTo("no");
    assertThat(
            desired
                .resources()
                .get(ResourceKey.of(ResourceKind.SERVICE, "alice/yes"))
                .fields()
                .toString())
        .isEqualTo("{\"model\":\"on\",\"description\":\"null\"}");
  }

  @Test
  void the_file_that_replaces_mosaics_instances_is_read() throws IOException {
    String page = java.nio.file.Files.readString(Path.of("../docs/arriving.md"));
    String mosaic = page.substring(page.indexOf("## From Mosaic"));
    String fence = "```yaml\n";
    String file = mosaic.substring(mosaic.indexOf(fence) + fence.length());
    DesiredState desired = Files.read(file.substring(0, file.indexOf("```")));

    DesiredResource service =
        desired.resources().get(ResourceKey.of(ResourceKind.SERVICE, "_system/team-openai"));
    assertThat(service.fields().path("organization").asString()).isEqualTo("org-123");
    assertThat(service.secrets().key().map(DesiredState.KeyReference::from))
        .contains(new SecretReference.Env("TEAM_OPENAI_KEY"));
  }
}
