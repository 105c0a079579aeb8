package io.claviger.web.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.contract.OpenApiDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The server refuses to change the fields that are {@code readOnly} in the contract, no others. */
class ReadOnlyFieldsTest {
  /**
   * Times, and fields with which answers describe a write. The server ignores these fields if a
   * request contains them.
   */
  private static final Set<String> IGNORED =
      Set.of(
          "created_at",
          "updated_at",
          "user_keys_removed",
          "limits_removed",
          "pooled_limits_removed",
          "leaves_pool",
          "models_without_price",
          "ended");

  /**
   * Other names of fields in the same list. A body that contains both names of a field is refused
   * for this reason.
   */
  private static final Set<String> OTHER_NAMES =
      Set.of("definition_handle", "definition_id", "instance_handle", "instance_id");

  private static final JsonNode CONTRACT = OpenApiDocument.ofServer().root();
  private static final AuthorizationFixture FIXTURE = new AuthorizationFixture();
  private static final Set<String> TRIED = new TreeSet<>();

  @AfterAll
  static void every_resource_with_such_fields_was_tried() {
    FIXTURE.close();
    assertThat(TRIED)
        .containsAll(
            templates()
                .filter(template -> !template.endsWith("/draft/check"))
                .filter(template -> !readOnly(template).isEmpty())
                .toList());
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH, /v1/users/{user}, /v1/users/alice, ADMIN",
    "PUT, /v1/users/{user}/identity, /v1/users/alice/identity, ADMIN",
    "PUT, /v1/users/{user}/webhook, /v1/users/alice/webhook, OWNER",
    "PUT, /v1/groups/{group}/webhook, /v1/groups/team/webhook, ADMIN",
    "PUT, /v1/webhook, /v1/webhook, ADMIN",
    "PUT, /v1/users/{user}/default-service, /v1/users/alice/default-service, OWNER",
    "PUT, /v1/users/{user}/trusts/{name}, /v1/users/bot/trusts/main, ADMIN",
    "PUT, /v1/trusted-issuers/{name}, /v1/trusted-issuers/ci, ADMIN",
    "PUT, /v1/api-standards/{handle}, /v1/api-standards/spare, ADMIN",
    "PUT, /v1/providers/{handle}, /v1/providers/spare, ADMIN",
    "PUT, /v1/retention, /v1/retention, ADMIN",
    "PUT, /v1/prices/{provider}, /v1/prices/openai?model=priced, ADMIN",
    "PATCH, /v1/groups/{group}, /v1/groups/team, ADMIN",
    "PUT, /v1/groups/{group}/members/{user}, /v1/groups/team/members/eve, ADMIN",
    "PATCH, /v1/llm-definitions/{owner}/{handle}, /v1/llm-definitions/alice/d, OWNER",
    "PATCH, /v1/llm-services/{owner}/{handle}, /v1/llm-services/alice/x, OWNER",
    "PUT, /v1/llm-services/{owner}/{handle}/prices, /v1/llm-services/alice/x/prices?model=priced,"
        + " OWNER",
    "PUT, /v1/llm-services/{owner}/{handle}/bill/invoices/{month},"
        + " /v1/llm-services/alice/x/bill/invoices/2026-01, OWNER",
    "PATCH, /v1/projects/{owner}/{handle}, /v1/projects/alice/p, OWNER",
    "PATCH, /v1/model-configs/{id}, /v1/model-configs/$model, ADMIN",
    "PATCH, /v1/llm-services/{owner}/{handle}/shares/{user}, /v1/llm-services/alice/x/shares/carol,"
        + " OWNER",
    "PATCH, /v1/llm-definitions/{owner}/{handle}/shares/{user},"
        + " /v1/llm-definitions/alice/d/shares/carol, OWNER",
    "PATCH, /v1/projects/{owner}/{handle}/shares/{user}, /v1/projects/alice/p/shares/carol, OWNER",
    "PUT, /v1/llm-services/{owner}/{handle}/shared-objects/{kind}/{id},"
        + " /v1/llm-services/alice/x/shared-objects/files/file-1, OWNER"
  })
  void the_server_refuses_other_values_of_exactly_these(
      String method, String template, String path, CallerRole who) {
    Set<String> expected = readOnly(template);
    expected.removeAll(IGNORED);
    expected.removeAll(OTHER_NAMES);
    Set<String> sent = new TreeSet<>(fields(template).keySet());
    templates().forEach(other -> sent.addAll(readOnly(other)));
    sent.removeAll(OTHER_NAMES);

    String body =
        sent.stream()
            .map(name -> "\"" + name + "\": {\"nothing\": \"like this\"}")
            .collect(Collectors.joining(", ", "{", "}"));
    TestResponse answer =
        FIXTURE.ask(who, new Row(method, path, Map.of(), Optional.of(body))).isStatus(422);

    Set<String> refused = new TreeSet<>();
    for (JsonNode fault : answer.at("/errors")) {
      if (fault.path("code").asString().equals("read_only")) {
        refused.add(fault.path("pointer").asString().substring(1));
      }
    }
    assertThat(refused).isEqualTo(expected);
    TRIED.add(template);
  }

  @Test
  void these_fields_are_found_in_the_contract() {
    assertThat(readOnly("/v1/model-configs/{id}"))
        .containsExactly(
            "created_at", "created_by", "format", "id", "status", "updated_at", "updated_by");
  }

  private static Stream<String> templates() {
    return CONTRACT.path("paths").propertyNames().stream();
  }

  private static Set<String> readOnly(String template) {
    return fields(template).entrySet().stream()
        .filter(field -> is(field.getValue(), "readOnly"))
        .map(field -> field.getKey())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the fields of the bodies that can be sent to a path. */
  private static Map<String, JsonNode> fields(String template) {
    Map<String, JsonNode> fields = new TreeMap<>();
    for (String method : List.of("patch", "put")) {
      JsonNode body = CONTRACT.path("paths").path(template).path(method).path("requestBody");
      while (body.has("$ref")) {
        body = referred(body);
      }
      collect(body.at("/content/application~1json/schema"), fields);
    }
    return fields;
  }

  private static void collect(JsonNode schema, Map<String, JsonNode> fields) {
    if (schema.has("$ref")) {
      collect(referred(schema), fields);
    }
    schema.path("allOf").forEach(part -> collect(part, fields));
    schema.path("properties").forEachEntry(fields::put);
  }

  private static boolean is(JsonNode schema, String keyword) {
    return schema.path(keyword).asBoolean(false)
        || (schema.has("$ref") && is(referred(schema), keyword));
  }

  private static JsonNode referred(JsonNode node) {
    return CONTRACT.at(node.path("$ref").asString().substring(1));
  }
}
