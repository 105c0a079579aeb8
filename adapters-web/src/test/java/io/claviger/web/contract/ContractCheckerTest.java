package io.claviger.web.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContractCheckerTest {
  private static final ContractChecker CHECKER = ContractChecker.ofServer();
  private static final String USER =
      """
      {"id": "01980000-0000-7000-8000-000000000001", "handle": "alice", "display_name": "Alice",
       "email": null, "administrator": false, "kind": "person", "responsible": null,
       "suspended": false, "version": 3,
       "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00.123456Z"}
      """;

  @Test
  void an_answer_as_promised_passes() {
    assertThatCode(() -> CHECKER.check(user(USER))).doesNotThrowAnyException();
  }

  @Test
  void a_query_does_not_count_for_the_path() {
    Exchange page =
        json("GET", "/v1/users?limit=1", 200, "{\"items\": [], \"next_cursor\": null}", Map.of());
    assertThatCode(() -> CHECKER.check(page)).doesNotThrowAnyException();
  }

  @Test
  void an_unknown_field_is_told() {
    assertFault(user(USER.replace("\"email\"", "\"secret\": 1, \"email\"")), "secret");
  }

  @Test
  void an_unknown_field_beside_an_extended_schema_is_told() {
    String created =
        USER.replace(
            "\"email\"",
            "\"access_token\": \"clv_" + "x".repeat(49) + "\", \"password\": \"\", \"email\"");
    assertFault(
        json("POST", "/v1/users", 201, created, Map.of("Location", "/v1/users/alice")), "password");
  }

  @Test
  void a_missing_field_is_told() {
    assertFault(user(USER.replace("\"email\": null,", "")), "email");
  }

  @Test
  void a_wrong_type_is_told() {
    assertFault(user(USER.replace("\"version\": 3", "\"version\": \"3\"")), "/version");
  }

  @Test
  void a_wrong_format_is_told() {
    assertFault(user(USER.replace("01980000-0000-7000", "0198")), "/id");
    assertFault(user(USER.replace("2026-01-01T00:00:00Z", "yesterday, in UTCZ")), "/created_at");
    assertFault(user(USER.replace("00:00:00Z", "00:00:00+01:00")), "/created_at");
  }

  @Test
  void a_field_given_twice_is_told() {
    assertFault(user(USER.replace("\"email\"", "\"administrator\": false, \"email\"")), "not JSON");
  }

  @Test
  void what_is_not_json_is_told() {
    assertFault(user(""), "not JSON");
    assertFault(user(USER + "}"), "not JSON");
  }

  @Test
  void a_status_that_is_not_listed_is_told() {
    assertFault(json("GET", "/v1/users/alice", 202, USER, Map.of()), "getUser lists no status 202");
  }

  @Test
  void an_unknown_path_is_told() {
    assertFault(json("GET", "/v1/nowhere", 200, "{}", Map.of()), "no such path");
    assertFault(json("GET", "/v1/users/", 200, "{}", Map.of()), "no such path");
  }

  @Test
  void a_missing_header_is_told() {
    assertFault(json("GET", "/v1/users/alice", 200, USER, Map.of()), "header ETag is missing");
    assertFault(
        new Exchange(
            "GET",
            "/v1",
            200,
            Map.of("Content-Type", List.of("application/json")),
            "{\"name\": \"claviger\", \"version\": \"1\", \"links\": {\"me\": \"/v1/me\"}}"),
        "header X-Request-Id is missing");
  }

  @Test
  void a_misshapen_header_is_told() {
    assertFault(
        json("GET", "/v1/users/alice", 200, USER, Map.of("ETag", "W/\"3\"")), "header ETag");
  }

  @Test
  void another_content_type_is_told() {
    assertFault(
        json(
            "GET",
            "/v1/users/alice",
            200,
            USER,
            Map.of("ETag", "\"3\"", "Content-Type", "text/html")),
        "content type is text/html, not application/json");
  }

  @Test
  void a_body_where_none_belongs_is_told() {
    assertFault(json("DELETE", "/v1/users/alice", 204, "{}", Map.of()), "no body");
  }

  @Test
  void a_link_without_a_next_page_is_told_and_the_other_way_round() {
    assertFault(
        json("GET", "/v1/users", 200, "{\"items\": [], \"next_cursor\": \"x\"}", Map.of()),
        "header Link");
    assertFault(
        json(
            "GET",
            "/v1/users",
            200,
            "{\"items\": [], \"next_cursor\": null}",
            Map.of("Link", "</v1/users?cursor=x>; rel=\"next\"")),
        "header Link");
  }

  @Test
  void a_method_that_a_path_has_not_must_be_refused_with_those_it_has() {
    Exchange refused =
        problem("PUT", "/v1/users", 405, Map.of("Allow", "POST, GET, HEAD"), "method_not_allowed");
    assertThatCode(() -> CHECKER.check(refused)).doesNotThrowAnyException();
    assertFault(
        problem("PUT", "/v1/users", 405, Map.of("Allow", "GET"), "method_not_allowed"), "POST");
    assertFault(problem("PUT", "/v1/users", 405, Map.of(), "method_not_allowed"), "Allow");
    assertFault(problem("PUT", "/v1/users", 404, Map.of(), "not_found"), "405 is due");
  }

  @Test
  void head_is_get_without_the_body() {
    assertThatCode(
            () -> CHECKER.check(json("HEAD", "/v1/users/a", 200, "", Map.of("ETag", "\"1\""))))
        .doesNotThrowAnyException();
    assertFault(json("HEAD", "/v1/users/a", 200, USER, Map.of("ETag", "\"1\"")), "must be no body");
  }

  @Test
  void a_problem_says_the_status_that_it_comes_with() {
    Exchange problem = problem("GET", "/v1/users/bob", 404, Map.of(), "not_found");
    assertThatCode(() -> CHECKER.check(problem)).doesNotThrowAnyException();
    assertFault(
        new Exchange("GET", "/v1/users/bob", 403, problem.headers(), problem.body()),
        "body/status");
  }

  @Test
  void a_refused_token_says_how_to_authenticate() {
    assertFault(problem("GET", "/v1/me", 401, Map.of(), "unauthorized"), "WWW-Authenticate");
  }

  @Test
  void what_is_no_operation_is_answered_with_a_problem() {
    assertThatCode(
            () -> CHECKER.checkProblem(problem("GET", "/nowhere", 404, Map.of(), "not_found")))
        .doesNotThrowAnyException();
    assertThatCode(
            () -> CHECKER.checkProblem(problem("GET", "/x", 431, Map.of(), "headers_too_large")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> CHECKER.checkProblem(json("GET", "/nowhere", 404, "{}", Map.of())))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not application/problem+json");
  }

  @Test
  void the_most_concrete_path_counts() {
    OpenApiDocument document = OpenApiDocument.ofServer();
    assertThat(document.template("/v1/llm-services/alice/_check"))
        .contains("/v1/llm-services/{user}/_check");
    assertThat(document.template("/v1/llm-services/alice/x"))
        .contains("/v1/llm-services/{owner}/{handle}");
  }

  @Test
  void a_route_is_an_operation_without_the_names_of_its_parameters() {
    assertThat(CHECKER.operations().stream().map(Operation::route))
        .contains("DELETE /v1/users/{}/tokens/{}", "GET /v1")
        .doesNotHaveDuplicates();
  }

  private static Exchange user(String body) {
    return json("GET", "/v1/users/alice", 200, body, Map.of("ETag", "\"3\""));
  }

  private static Exchange problem(
      String method, String path, int status, Map<String, String> headers, String code) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Content-Type", "application/problem+json");
    String body =
        "{\"type\": \"urn:claviger:problem:%s\", \"title\": \"No\", \"status\": %d, \"detail\": \"No.\", \"instance\": \"r-1\"}"
            .formatted(code, status);
    return json(method, path, status, body, all);
  }

  private static Exchange json(
      String method, String path, int status, String body, Map<String, String> headers) {
    Map<String, List<String>> all = new HashMap<>();
    all.put("content-type", List.of("application/json; charset=utf-8"));
    all.put("x-request-id", List.of("r-1"));
    all.put("cache-control", List.of("no-store"));
    headers.forEach(
        (name, value) -> {
          all.keySet().removeIf(name::equalsIgnoreCase);
          all.put(name, List.of(value));
        });
    return new Exchange(method, path, status, all, body);
  }

  private static void assertFault(Exchange exchange, String told) {
    assertThatThrownBy(() -> CHECKER.check(exchange))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(told)
        .hasMessageStartingWith(exchange.method() + " " + exchange.path());
  }
}
