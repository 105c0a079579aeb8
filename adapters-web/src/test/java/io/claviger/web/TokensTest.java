package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.builders.AToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import io.claviger.web.served.UseCaseStubs;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
  private static final String TOKENS = "/v1/users/alice/tokens";
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice");

  @Test
  void a_token_is_shown_once_and_listed_without_its_text() {
    TestResponse issued = alice.post(TOKENS, Map.of("name", "laptop"));
    issued.isStatus(201);
    String text = issued.text("/token");
    assertThat(issued.header("Location")).isEqualTo(TOKENS + "/" + issued.text("/id"));
    served.holding(text).get("/v1/me").isStatus(200);
    TestResponse listed = alice.get(TOKENS);
    assertThat(listed.at("/items").size()).isEqualTo(2);
    assertThat(listed.body()).doesNotContain(text).contains("laptop");
  }

  @Test
  void who_is_demoted_before_a_list_is_read_is_told_so() {
    AtomicReference<Runnable> demoting = new AtomicReference<>(() -> {});
    AtomicInteger asked = new AtomicInteger();
    try (Served ending =
        Served.start(
            settings -> settings,
            usual ->
                UseCaseStubs.answered(
                    usual,
                    AccessTokens.class,
                    (operation, arguments) -> {
                      if (operation.equals("authenticateForReading")
                          && asked.incrementAndGet() == 2) {
                        demoting.get().run();
                      }
                      return Optional.empty();
                    }))) {
      Client dan = ending.user("dan");
      ending.root().patch("/v1/users/dan", Map.of("administrator", true)).isStatus(200);
      demoting.set(
          () -> ending.root().patch("/v1/users/dan", Map.of("administrator", false)).isStatus(200));
      asked.set(0);

      assertThat(dan.get("/v1/users").isProblem(403, "forbidden").body())
          .contains("You are no longer an administrator.");
    }
  }

  @Test
  void fields_come_in_the_order_of_the_contract() {
    assertThat(alice.post(TOKENS, Map.of("name", "laptop")).json().propertyNames())
        .containsExactly(
            "id",
            "name",
            "scope",
            "created_at",
            "expires_at",
            "last_used_at",
            "service",
            "project",
            "limits",
            "parent",
            "refreshable_until",
            "imported_from",
            "imported_services",
            "bound_to",
            "presented_elsewhere",
            "token");
  }

  @Test
  void a_token_is_bound_to_networks_and_a_certificate_as_asked() {
    String certificate = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0";
    TestResponse here =
        alice.post(
            TOKENS,
            Map.of("name", "n", "bound_to", Map.of("networks", List.of("127.0.0.0/8", "::1"))));
    TestResponse elsewhere =
        alice.post(
            TOKENS,
            Map.of(
                "name",
                "n",
                "bound_to",
                Map.of("networks", List.of("10.0.0.0/8"), "certificate_sha256", certificate)));

    assertThat(elsewhere.isStatus(201).text("/bound_to/networks/0")).isEqualTo("10.0.0.0/8");
    assertThat(elsewhere.text("/bound_to/certificate_sha256")).isEqualTo(certificate);
    served.holding(here.isStatus(201).text("/token")).get("/v1/me").isStatus(200);
    served.holding(elsewhere.text("/token")).get("/v1/me").isProblem(401, "token_bound");
    served
        .holding(elsewhere.text("/token"))
        .post("/v1/me/tokens/narrow", Map.of("name", "n"))
        .isProblem(401, "token_bound");
  }

  @Test
  void a_token_that_is_to_be_bound_to_nothing_is_not_made() {
    for (String nothing :
        List.of(
            "{}", "{\"networks\": null}", "{\"networks\": null, \"certificate_sha256\": null}")) {
      String body = "{\"name\": \"n\", \"bound_to\": %s}".formatted(nothing);
      alice.post(TOKENS, body).hasFaults("/bound_to required");
      alice.post("/v1/me/tokens/narrow", body).hasFaults("/bound_to required");
    }
    alice
        .post(
            TOKENS,
            "{\"name\": \"n\", \"bound_to\": {\"networks\": [\"::1\"], \"certificate_sha256\": null}}")
        .isStatus(201);
  }

  @Test
  void a_token_that_is_made_with_a_bound_one_is_not_wider() {
    Client bound =
        served.holding(
            alice
                .post(
                    TOKENS,
                    Map.of("name", "n", "bound_to", Map.of("networks", List.of("127.0.0.0/8"))))
                .text("/token"));

    assertThat(
            bound
                .post("/v1/me/tokens/narrow", Map.of("name", "n"))
                .isStatus(201)
                .text("/bound_to/networks/0"))
        .isEqualTo("127.0.0.0/8");
    assertThat(bound.post(TOKENS, Map.of("name", "n")).text("/bound_to/networks/0"))
        .isEqualTo("127.0.0.0/8");
    for (String path : List.of(TOKENS, "/v1/me/tokens/narrow")) {
      TestResponse wider =
          bound.post(
              path, Map.of("name", "n", "bound_to", Map.of("networks", List.of("0.0.0.0/0"))));
      assertThat(wider.isStatus(422).text("/errors/0/pointer")).isEqualTo("/bound_to/networks");
    }
  }

  @Test
  void a_binding_that_is_not_understood_is_refused() {
    for (Object wrong :
        List.of(
            List.of(),
            List.of("10.0.0.1/8"),
            List.of("localhost"),
            Collections.nCopies(33, "10.0.0.0/8"))) {
      alice.post(TOKENS, Map.of("name", "n", "bound_to", Map.of("networks", wrong))).isStatus(422);
    }
    alice
        .post(TOKENS, Map.of("name", "n", "bound_to", Map.of("certificate_sha256", "AAAA")))
        .isStatus(422);
    alice.post(TOKENS, Map.of("name", "n", "bound_to", Map.of("network", "x"))).isStatus(422);
  }

  @Test
  void whoever_has_a_token_ends_it_and_the_answer_does_not_say_whether_it_was_one() {
    String leaked = alice.post(TOKENS, Map.of("name", "leaked")).text("/token");
    Client anyone = served.nobody();

    anyone.post("/v1/tokens/_leaked", Map.of("token", leaked)).isStatus(204);
    anyone.post("/v1/tokens/_leaked", Map.of("token", leaked)).isStatus(204);
    anyone.post("/v1/tokens/_leaked", Map.of("token", "clv_no")).isStatus(204);

    served.holding(leaked).get("/v1/me").isStatus(401);
    TestResponse events = alice.get("/v1/audit-events?action=token.leaked").isStatus(200);
    assertThat(events.at("/items").size()).isEqualTo(1);
    assertThat(events.text("/items/0/target/ref")).isEqualTo("alice");
  }

  @Test
  void whoever_has_a_scim_token_ends_it() {
    String leaked =
        root.post("/v1/scim-tokens", Map.of("name", "idp", "issuer", "https://idp.example"))
            .isStatus(201)
            .text("/token");

    served.nobody().post("/v1/tokens/_leaked", Map.of("token", leaked)).isStatus(204);

    assertThat(root.get("/v1/scim-tokens").at("/items").size()).isZero();
    TestResponse events = root.get("/v1/audit-events?action=scim_token.delete").isStatus(200);
    assertThat(events.text("/items/0/target/ref")).isEqualTo("idp");
    assertThat(events.text("/items/0/fields/0")).isEqualTo("leaked");
  }

  @Test
  void whoever_has_an_imported_token_ends_it() {
    String leaked = "sk-of-another-system-0123456789";
    User owner = served.ports().users().find(new Handle("alice")).orElseThrow();
    served
        .ports()
        .accessTokens()
        .save(
            AToken.of(owner).imported("litellm", "sk-", Instant.MAX).build(),
            TokenText.presented(leaked).hash());

    served.nobody().post("/v1/tokens/_leaked", Map.of("token", leaked)).isStatus(204);

    assertThat(served.ports().accessTokens().find(TokenText.presented(leaked).hash())).isEmpty();
  }

  @Test
  void a_report_of_a_leaked_token_without_its_text_is_refused() {
    Client anyone = served.nobody();
    for (Map<String, ?> body :
        List.of(
            Map.<String, Object>of(),
            Map.of("token", 5),
            Map.of("token", List.of()),
            Map.of("token", "clv_no", "more", 1))) {
      anyone.post("/v1/tokens/_leaked", body).isStatus(422);
    }
    anyone.post("/v1/tokens/_leaked", "{\"token\": null}").isStatus(422);
    anyone.post("/v1/tokens/_leaked", "no JSON").isStatus(400);
  }

  @Test
  void an_address_reports_ten_leaked_tokens_a_minute() {
    Client anyone = served.nobody();
    for (int n = 0; n < 10; n++) {
      anyone.post("/v1/tokens/_leaked", Map.of("token", "clv_no")).isStatus(204);
    }
    anyone.post("/v1/tokens/_leaked", Map.of("token", "clv_no")).isProblem(429, "rate_limited");
  }

  @Test
  void an_imported_token_says_where_it_comes_from_and_is_refused() {
    User owner = served.ports().users().find(new Handle("alice")).orElseThrow();
    TokenText text = TokenText.presented("sk-of-the-old-gateway");
    served
        .ports()
        .accessTokens()
        .save(
            AToken.of(owner)
                .imported("litellm", "sk-", served.ports().clock().instant().plusSeconds(60))
                .build(),
            text.hash());

    assertThat(alice.get(TOKENS).isStatus(200).body())
        .contains("\"imported_from\":\"litellm\"")
        .doesNotContain("sk-");
    served.holding(text.reveal()).get("/v1/me").isStatus(401);
  }

  @Test
  void an_imported_token_says_for_which_services_it_works() {
    alice.put("/v1/llm-services/alice/x", Map.of("definition", "_system/openai-large"));
    User owner = served.ports().users().find(new Handle("alice")).orElseThrow();
    Instance service =
        served
            .ports()
            .instances()
            .find(Instance.Ref.of("alice/x"), owner.id(), served.ports().clock().instant())
            .orElseThrow()
            .instance();
    served
        .ports()
        .accessTokens()
        .save(
            AToken.of(owner)
                .importedFor(served.ports().clock().instant().plusSeconds(60), service)
                .build(),
            TokenText.presented("sk-of-the-old-gateway").hash());

    assertThat(alice.get(TOKENS).isStatus(200).body())
        .contains("\"imported_services\":[\"alice/x\"]")
        .contains("\"imported_services\":null");
  }

  @Test
  void a_token_is_bounded_as_asked() {
    alice.put("/v1/llm-services/alice/x", Map.of("definition", "_system/openai-large"));
    TestResponse issued =
        alice.post(
            TOKENS,
            """
            {"name": "nightly", "scope": "use", "service": "alice/x", "project": null,
             "expires_at": "2030-01-01T01:00:00.5+01:00",
             "limits": {"requests_per_minute": 5, "models": ["b", "a"], "operations": null}}
            """);
    issued.isStatus(201);
    assertThat(issued.text("/expires_at")).isEqualTo("2030-01-01T00:00:00.500Z");
    assertThat(issued.text("/service")).isEqualTo("alice/x");
    assertThat(issued.at("/limits/models").toString()).isEqualTo("[\"a\",\"b\"]");
  }

  @Test
  void a_service_of_ones_own_is_named_by_its_handle_alone() {
    alice.put("/v1/llm-services/alice/x", Map.of("definition", "_system/openai-large"));
    TestResponse issued = alice.post(TOKENS, Map.of("name", "n", "service", "x"));
    assertThat(issued.isStatus(201).text("/service")).isEqualTo("alice/x");
    assertThat(issued.text("/scope")).isEqualTo("use");
  }

  @Test
  void a_token_restricted_to_a_project_shows_that_one_and_nothing_else() {
    alice.put("/v1/llm-services/alice/x", Map.of("definition", "_system/openai-large"));
    for (String handle : List.of("o", "p", "q")) {
      alice.put("/v1/projects/alice/" + handle, Map.of("service", "x")).isStatus(201);
    }
    Client restricted = restrictedTo("project", "alice/p");
    restricted.get("/v1/projects/alice/p").isStatus(200);
    restricted.get("/v1/projects/alice/q").isStatus(404);
    TestResponse list = restricted.get("/v1/projects/alice?limit=1").isStatus(200);
    assertThat(list.at("/items").findValuesAsString("ref")).containsExactly("alice/p");
    assertThat(list.at("/next_cursor").isNull()).isTrue();
    assertThat(restricted.get("/v1/llm-services/alice").at("/items").size()).isZero();
    restricted.patch("/v1/projects/alice/p", Map.of()).isProblem(403, "forbidden");
    restricted.get("/v1/projects/alice/p/shares").isProblem(403, "forbidden");
  }

  @Test
  void the_project_stands_on_the_token_wherever_it_is_shown() {
    alice.put("/v1/projects/alice/p", Map.of()).isStatus(201);
    TestResponse issued = alice.post(TOKENS, Map.of("name", "n", "project", "p"));
    assertThat(issued.isStatus(201).text("/project")).isEqualTo("alice/p");
    assertThat(issued.text("/scope")).isEqualTo("use");
    assertThat(issued.at("/service").isNull()).isTrue();
    assertThat(alice.get(TOKENS).text("/items/1/project")).isEqualTo("alice/p");
    TestResponse me = served.holding(issued.text("/token")).get("/v1/me");
    assertThat(me.text("/token/project")).isEqualTo("alice/p");
  }

  @Test
  void a_token_restricted_to_a_service_shows_no_project() {
    alice.put("/v1/llm-services/alice/x", Map.of("definition", "_system/openai-large"));
    alice.put("/v1/projects/alice/p", Map.of("service", "x")).isStatus(201);
    Client restricted = restrictedTo("service", "alice/x");
    restricted.get("/v1/projects/alice/p").isStatus(404);
    assertThat(restricted.get("/v1/projects/alice").at("/items").size()).isZero();
  }

  @Test
  void a_member_has_tokens_restricted_to_the_project_of_another() {
    Client bob = served.user("bob");
    bob.put("/v1/projects/bob/p", Map.of()).isStatus(201);
    bob.put("/v1/projects/bob/p/shares/alice", Map.of("role", "reader")).isStatus(201);
    restrictedTo("project", "bob/p").get("/v1/projects/bob/p").isStatus(200);
  }

  @Test
  void a_token_goes_with_the_project_it_is_restricted_to() {
    alice.put("/v1/projects/alice/p", Map.of()).isStatus(201);
    Client restricted = restrictedTo("project", "p");
    alice.delete("/v1/projects/alice/p").isStatus(204);
    restricted.get("/v1/me").isStatus(401);
  }

  @Test
  void a_token_is_restricted_to_one_thing_and_then_of_scope_use() {
    alice.put("/v1/llm-services/alice/x", Map.of("definition", "_system/openai-large"));
    alice.put("/v1/projects/alice/p", Map.of()).isStatus(201);
    alice
        .post(TOKENS, Map.of("name", "n", "service", "x", "project", "p", "scope", "manage"))
        .hasFaults("/project not_allowed", "/scope not_allowed");
  }

  @Test
  void a_project_that_one_can_not_see_is_as_one_that_is_not_there() {
    served.user("bob").put("/v1/projects/bob/p", Map.of()).isStatus(201);
    TestResponse hidden = alice.post(TOKENS, Map.of("name", "n", "project", "bob/p"));
    TestResponse missing = alice.post(TOKENS, Map.of("name", "n", "project", "bob/q"));
    hidden.hasFaults("/project unknown_reference");
    assertThat(hidden.at("/errors")).isEqualTo(missing.at("/errors"));
  }

  @Test
  void an_administrators_token_of_scope_use_shows_no_project_of_others() {
    alice.put("/v1/projects/alice/p", Map.of()).isStatus(201);
    TestResponse issued = root.post("/v1/users/root/tokens", Map.of("name", "n", "scope", "use"));
    Client use = served.holding(issued.text("/token"));
    use.get("/v1/projects/alice/p").isStatus(404);
    use.get("/v1/projects/alice").isStatus(404);
    assertThat(use.get("/v1/projects/root").isStatus(200).at("/items").size()).isZero();
  }

  @Test
  void a_reference_to_what_is_not_there_is_422() {
    alice
        .post(TOKENS, Map.of("name", "n", "service", "bob/x"))
        .hasFaults("/service unknown_reference");
    alice
        .post(TOKENS, Map.of("name", "n", "project", "alice/p"))
        .hasFaults("/project unknown_reference");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2030-01-01",
        "2030-01-01 00:00:00Z",
        "2030-01-01T00:00Z",
        "2030-13-01T00:00:00Z",
        "2030-01-01T00:00:00",
        "2030-01-01T25:00:00Z",
        "+12030-01-01T00:00:00Z",
        "tomorrow",
        "",
        "9999-12-31T23:59:59-18:00",
        "0000-01-01T00:00:00Z"
      })
  void a_time_that_is_none_is_422(String time) {
    alice
        .post(TOKENS, Map.of("name", "n", "expires_at", time))
        .hasFaults("/expires_at invalid_value");
  }

  @Test
  void faults_in_limits_stand_where_they_are() {
    alice
        .post(
            TOKENS,
            Map.of(
                "name",
                "n",
                "limits",
                Map.of(
                    "requests_per_minute",
                    0,
                    "models",
                    List.of(),
                    "operations",
                    List.of("POST", 1))))
        .hasFaults(
            "/limits/requests_per_minute invalid_value",
            "/limits/models invalid_value",
            "/limits/operations/0 invalid_value",
            "/limits/operations/1 wrong_type");
  }

  @Test
  void a_name_and_a_known_scope_are_needed() {
    alice.post(TOKENS, Map.of("scope", "all")).hasFaults("/name required", "/scope invalid_value");
  }

  @Test
  void an_administrator_makes_a_recovery_token_but_no_second_one() {
    root.post(TOKENS, Map.of("name", "n")).isProblem(403, "forbidden");
    TestResponse recovery = root.post(TOKENS, Map.of("name", "recovery", "recovery", true));
    recovery.isStatus(201);
    alice.get("/v1/me").isStatus(401);
    served.holding(recovery.text("/token")).get("/v1/me").isStatus(200);
  }

  @Test
  void anothers_tokens_are_404() {
    Client bob = served.user("bob");
    bob.get(TOKENS).isStatus(404);
    bob.post(TOKENS, Map.of("name", "n")).isStatus(404);
    bob.delete(TOKENS + "/" + alice.get("/v1/me").text("/token/id")).isStatus(404);
  }

  private Client restrictedTo(String what, String ref) {
    TestResponse issued = alice.post(TOKENS, Map.of("name", "restricted", what, ref)).isStatus(201);
    return served.holding(issued.text("/token"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"01980000-0000-7000-8000-000000000002", "x", "1-1-1-1-1", "not-a-uuid"})
  void a_token_that_is_not_there_is_404(String id) {
    alice.delete(TOKENS + "/" + id).isProblem(404, "not_found");
  }
}
