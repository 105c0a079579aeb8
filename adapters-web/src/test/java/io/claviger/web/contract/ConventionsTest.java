package io.claviger.web.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What all operations have in common, so that a client that knows one knows the others. */
class ConventionsTest {
  private static final OpenApiDocument DOCUMENT = OpenApiDocument.ofServer();

  @Test
  void every_operation_says_what_it_does_under_a_known_tag() {
    Set<String> tags = new HashSet<>();
    DOCUMENT.root().path("tags").forEach(tag -> tags.add(tag.path("name").asString()));
    for (Operation operation : DOCUMENT.operations()) {
      JsonNode node = node(operation);
      assertThat(node.path("summary").asString("")).as(operation.route()).isNotBlank();
      assertThat(node.path("description").asString("")).as(operation.route()).isNotBlank();
      assertThat(node.path("tags").valueStream().map(JsonNode::asString).toList())
          .as(operation.route())
          .hasSize(1)
          .isSubsetOf(tags);
    }
  }

  @Test
  void post_does_what_put_does() {
    Stream<Operation> puts = DOCUMENT.operations().stream().filter(o -> o.method().equals("PUT"));
    assertThat(puts)
        .isNotEmpty()
        .allSatisfy(
            put ->
                assertThat(withoutWords(DOCUMENT.operation(put.path(), "POST")))
                    .isEqualTo(withoutWords(node(put))));
  }

  @Test
  void every_error_is_a_problem_unless_it_is_one_of_oauth() {
    eachResponse(
        (operation, status, response) -> {
          boolean refusedForm =
              operation.method().equals("POST")
                  && operation.path().startsWith("/oauth/")
                  && List.of(400, 413, 415).contains(status);
          boolean eitherWay =
              operation.path().equals("/oauth/token") && List.of(429, 503).contains(status);
          // The checks of this answer tell an operator more than a problem with a text would.
          boolean readiness = operation.path().equals("/health/ready");
          if (status >= 400 && !readiness && !eitherWay) {
            assertThat(response.path("content").propertyNames())
                .as(operation.route() + " " + status)
                .containsExactly(refusedForm ? "application/json" : "application/problem+json");
          }
        });
  }

  @Test
  void every_answer_has_a_request_id_and_only_static_pages_may_be_stored() {
    eachResponse(
        (operation, status, response) -> {
          List<String> headers = List.copyOf(response.path("headers").propertyNames());
          boolean page =
              operation.path().startsWith("/docs") || operation.path().equals("/openapi.yaml");
          assertThat(headers).as(operation.route() + " " + status).contains("X-Request-Id");
          if (!page || status >= 400) {
            assertThat(headers).as(operation.route() + " " + status).contains("Cache-Control");
          }
        });
  }

  @Test
  void what_is_created_or_elsewhere_has_a_location_and_what_is_unavailable_a_time_to_retry() {
    eachResponse(
        (operation, status, response) -> {
          String name = operation.route() + " " + status;
          List<String> headers = List.copyOf(response.path("headers").propertyNames());
          assertThat(headers.contains("Location"))
              .as(name)
              .isEqualTo(List.of(201, 302, 303).contains(status));
          assertThat(headers.contains("Retry-After"))
              .as(name)
              .isEqualTo(status == 503 || status == 429);
          assertThat(headers.contains("WWW-Authenticate")).as(name).isEqualTo(status == 401);
        });
  }

  @Test
  void operations_list_the_refusals_that_their_requests_can_earn() {
    for (Operation operation : DOCUMENT.operations()) {
      JsonNode node = node(operation);
      List<String> expected = new ArrayList<>(List.of("400", "500"));
      if (!node.path("security").isArray()) {
        // 422 because every such operation refuses parameters that it does not know.
        expected.addAll(List.of("401", "422", "429", "503"));
      }
      if (node.has("requestBody")) {
        expected.addAll(List.of("413", "415"));
      }
      if (node.at("/requestBody/content").has("application/json")) {
        expected.add("422");
      }
      List<String> parameters =
          DOCUMENT.parameters(operation).stream().map(p -> p.path("name").asString()).toList();
      if (parameters.contains("If-Match")) {
        expected.add("412");
      }
      assertThat(node.path("responses").propertyNames())
          .as(operation.route())
          .containsAll(expected);
    }
  }

  @Test
  void a_list_is_a_page() {
    eachResponse(
        (operation, status, response) -> {
          JsonNode schema = response.at("/content/application~1json/schema");
          if (operation.method().equals("GET") && schema.path("properties").has("items")) {
            assertThat(response.path("headers").propertyNames())
                .as(operation.route())
                .contains("Link");
            assertThat(DOCUMENT.parameters(operation).stream().map(p -> p.path("name").asString()))
                .as(operation.route())
                .contains("limit", "cursor");
          }
        });
  }

  @Test
  void what_has_a_version_and_a_place_of_its_own_has_an_etag() {
    eachResponse(
        (operation, status, response) -> {
          JsonNode schema = response.at("/content/application~1json/schema");
          boolean versioned = DOCUMENT.resolved(schema).path("properties").has("version");
          if (operation.method().equals("GET") && versioned && !operation.path().equals("/v1")) {
            assertThat(response.path("headers").propertyNames())
                .as(operation.route())
                .contains("ETag");
          }
        });
  }

  @Test
  void no_object_is_open_to_unknown_fields() {
    List<String> open = new ArrayList<>();
    eachResponse(
        (operation, status, response) ->
            response
                .path("content")
                .forEach(type -> open(operation.route(), type.path("schema"), false, open)));
    for (Operation operation : DOCUMENT.operations()) {
      DOCUMENT
          .resolved(node(operation).path("requestBody"))
          .path("content")
          .forEach(type -> open(operation.route(), type.path("schema"), false, open));
    }
    assertThat(open).isEmpty();
  }

  @Test
  void nothing_is_defined_that_nothing_uses() {
    // 405 comes to what is no operation, so that no operation can refer to it.
    Set<String> used = new HashSet<>(Set.of("#/components/responses/MethodNotAllowed"));
    references(DOCUMENT.root(), used);
    List<String> defined = new ArrayList<>();
    DOCUMENT
        .components()
        .forEachEntry(
            (home, all) -> {
              if (!home.equals("securitySchemes")) {
                all.propertyNames()
                    .forEach(name -> defined.add("#/components/" + home + "/" + name));
              }
            });
    assertThat(defined).isSubsetOf(used);
  }

  @Test
  void no_example_of_a_request_ends_before_2030() {
    List<String> ends = new ArrayList<>();
    for (Operation operation : DOCUMENT.operations()) {
      DOCUMENT
          .resolved(node(operation).path("requestBody"))
          .path("content")
          .forEach(
              type -> {
                collectEnds(type.path("example"), ends);
                type.path("examples").forEach(each -> collectEnds(DOCUMENT.resolved(each), ends));
              });
    }
    assertThat(ends)
        .hasSizeGreaterThan(4)
        .allSatisfy(end -> assertThat(end).isGreaterThanOrEqualTo("2030"));
  }

  private interface EachResponse {
    void accept(Operation operation, int status, JsonNode response);
  }

  private static void eachResponse(EachResponse each) {
    for (Operation operation : DOCUMENT.operations()) {
      node(operation)
          .path("responses")
          .forEachEntry(
              (status, response) ->
                  each.accept(operation, Integer.parseInt(status), DOCUMENT.resolved(response)));
    }
  }

  private static JsonNode node(Operation operation) {
    return DOCUMENT.operation(operation.path(), operation.method());
  }

  private static JsonNode withoutWords(JsonNode operation) {
    assertThat(operation.isObject()).isTrue();
    return ((ObjectNode) operation)
        .deepCopy()
        .remove(List.of("operationId", "summary", "description"));
  }

  /**
   * Collects the objects that say nothing of further fields.
   *
   * @param closed somebody who refers to this schema has closed it already
   */
  private static void open(String at, JsonNode schema, boolean closed, List<String> found) {
    boolean closedHere = closed || schema.path("unevaluatedProperties").isBoolean();
    if (schema.has("$ref")) {
      open(at, DOCUMENT.target(schema.path("$ref").asString()), closedHere, found);
    }
    // Beside a reference, properties only add to what is referred to.
    if (schema.has("properties")
        && !closedHere
        && !schema.has("additionalProperties")
        && !schema.has("$ref")) {
      found.add(at);
    }
    schema
        .path("properties")
        .forEachEntry((name, property) -> open(at + "/" + name, property, false, found));
    schema.path("anyOf").forEach(alternative -> open(at, alternative, false, found));
    schema.path("allOf").forEach(part -> open(at, part, closedHere, found));
    if (schema.path("items").isObject()) {
      open(at + "/items", schema.path("items"), false, found);
    }
    if (schema.path("additionalProperties").isObject()) {
      open(at + "/*", schema.path("additionalProperties"), false, found);
    }
  }

  /** Collects the times at which something ends. The server refuses times that have passed. */
  private static void collectEnds(JsonNode example, List<String> found) {
    for (String field : List.of("expires_at", "until")) {
      if (example.path(field).isString()) {
        found.add(example.path(field).asString());
      }
    }
    example.forEach(child -> collectEnds(child, found));
  }

  private static void references(JsonNode node, Set<String> found) {
    if (node.path("$ref").isString()) {
      found.add(node.path("$ref").asString());
    }
    node.forEach(child -> references(child, found));
  }
}
