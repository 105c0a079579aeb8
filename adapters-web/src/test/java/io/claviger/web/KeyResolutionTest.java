package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.sharing.port.AttributedUsers.AttributedUser;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallQuestion.Reach;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Which key a call of the caller's would use, explained. */
class KeyResolutionTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String RESOLUTION = SERVICE + "/key-resolution";
  private static final String OPENAI = "https://api.openai.com/v1";
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice =
      served.user("alice").owning(SERVICE, Map.of("api_key", "sk-0123456789"));

  @Test
  void a_stored_key_is_the_central_one() {
    TestResponse resolution = alice.get(RESOLUTION).isStatus(200);
    assertThat(resolution.text("/source")).isEqualTo("central");
    assertThat(resolution.at("/reason").isNull()).isTrue();
    assertThat(steps(resolution))
        .containsExactly(
            "use next",
            "enabled next",
            "keyless next",
            "user_key next",
            "fallback next",
            "central_key central",
            "rate next",
            "destination next");
    assertThat(resolution.text("/steps/5/why")).contains("The central key is on");
  }

  @Test
  void without_a_key_the_last_rule_says_so() {
    alice.patch(SERVICE, "{\"api_key\":null}").isStatus(200);
    TestResponse resolution = alice.get(RESOLUTION);
    assertThat(resolution.at("/source").isNull()).isTrue();
    assertThat(resolution.text("/reason")).isEqualTo("missing_api_key");
    assertThat(steps(resolution)).hasSize(8).endsWith("nothing_left missing_api_key");
    assertThat(resolution.at("/limits/requests_left").isNull()).isTrue();
  }

  @Test
  void a_budget_in_dollars_asks_what_the_model_costs() {
    Client bob = served.user("bob");
    Map<String, Object> terms =
        Map.of(
            "role",
            "reader",
            "limits",
            Map.of("budgets", List.of(Map.of("amount", "5", "unit", "usd", "window", "month"))));
    TestResponse lent = alice.put(SERVICE + "/shares/bob", terms).isStatus(201);
    assertThat(lent.at("/models_without_price").isMissingNode()).isTrue();
    assertThat(steps(bob.get(RESOLUTION))).contains("price next", "budget next");

    alice.patch(SERVICE, Map.of("model", "unheard-of")).isStatus(200);
    TestResponse refused = bob.get(RESOLUTION);
    assertThat(refused.text("/reason")).isEqualTo("model_has_no_price");
    assertThat(steps(refused)).endsWith("price model_has_no_price");
    assertThat(refused.at("/steps").findValuesAsString("why"))
        .last()
        .asString()
        .contains("Calls are refused until unheard-of has one");
    assertThat(bob.get(RESOLUTION + "?model=gpt-5").at("/reason").isNull()).isTrue();
    assertThat(bob.get(RESOLUTION + "?operation=GET%20models").at("/reason").isNull()).isTrue();
    assertThat(
            alice
                .patch(SERVICE + "/shares/bob", Map.of("role", "reader"))
                .text("/models_without_price/0"))
        .isEqualTo("unheard-of");

    alice.put(SERVICE + "/prices?model=unheard-of", Map.of("valid_from", "2026-01-01", "input", 1));
    assertThat(bob.get(RESOLUTION).at("/reason").isNull()).isTrue();
  }

  @Test
  void an_address_of_ones_own_has_none_of_the_prices_that_providers_publish() {
    alice
        .put(
            "/v1/llm-services/alice/relay",
            Map.of(
                "definition",
                "_system/openai-chat",
                "endpoint",
                "https://relay.example.com/v1",
                "api_key",
                "sk-0123456789",
                "limits",
                Map.of("budgets", List.of(Map.of("amount", "5", "unit", "usd", "window", "day")))))
        .isStatus(201);
    Client bob = served.user("bob");
    TestResponse lent =
        alice
            .put("/v1/llm-services/alice/relay/shares/bob", Map.of("role", "reader"))
            .isStatus(201);

    assertThat(lent.text("/models_without_price/0")).isEqualTo("gpt-5");
    assertThat(bob.get("/v1/llm-services/alice/relay/key-resolution").text("/reason"))
        .isEqualTo("model_has_no_price");
  }

  @Test
  void a_disabled_service_ends_it_early() {
    alice.patch(SERVICE, Map.of("enabled", false));
    TestResponse resolution = alice.get(RESOLUTION);
    assertThat(resolution.text("/reason")).isEqualTo("disabled");
    assertThat(steps(resolution)).containsExactly("use next", "enabled disabled");
  }

  @Test
  void each_caller_is_told_of_their_own() {
    alice.put(SERVICE + "/shares/root", Map.of("role", "reader")).isStatus(201);
    alice.patch(SERVICE, Map.of("key_policy", Map.of("user_keys", true)));
    root.put(
        SERVICE + "/user-key",
        Map.of("api_key", "sk-of-root-alone", "endpoint", "https://api.openai.com/v1"));
    assertThat(root.get(RESOLUTION).text("/source")).isEqualTo("user");
    assertThat(alice.get(RESOLUTION).text("/reason")).isEqualTo("user_api_key_required");
  }

  @Test
  void the_operators_key_serves_where_it_may_go() {
    served.ports().deploymentKeys().put(Provider.OPENAI, "sk-of-the-operator");
    root.put("/v1/llm-services/_system/s", Map.of("definition", "_system/openai-large"));
    assertThat(alice.get("/v1/llm-services/_system/s/key-resolution").text("/source"))
        .isEqualTo("deployment");
  }

  @Test
  void who_sees_but_may_not_use_it_is_told_that() {
    TestResponse resolution = root.get(RESOLUTION).isStatus(200);
    assertThat(resolution.text("/reason")).isEqualTo("not_permitted");
    assertThat(steps(resolution)).containsExactly("use not_permitted");
  }

  @Test
  void what_one_can_not_see_is_404() {
    Client bob = served.user("bob");
    bob.get(RESOLUTION).isProblem(404, "not_found");
    bob.get("/v1/llm-services/bob/none/key-resolution").isProblem(404, "not_found");
    bob.get("/v1/llm-services/_by-id/x/key-resolution").isProblem(404, "not_found");
  }

  @Test
  void a_token_of_scope_use_reads_it() {
    using(Map.of("name", "n", "scope", "use")).get(RESOLUTION).isStatus(200);
  }

  @Test
  void a_restricted_token_reads_that_of_its_service() {
    alice.put("/v1/llm-services/alice/y", Map.of("definition", "_system/openai-large"));
    Client using = using(Map.of("name", "n", "service", "alice/y"));
    using.get("/v1/llm-services/alice/y/key-resolution").isStatus(200);
    using.get(RESOLUTION).isProblem(404, "not_found");
  }

  @Test
  void an_operation_and_a_model_are_judged_as_the_gateway_judges_them() {
    limit(Map.of("models", List.of("text-*"), "operations", List.of("POST embeddings")));

    assertThat(reason("?operation=POST+embeddings&model=text-x")).isNull();
    assertThat(steps(alice.get(RESOLUTION + "?operation=POST%20embeddings&model=text-x")))
        .containsSequence("enabled next", "operation next", "keyless next")
        .containsSequence("central_key central", "model next", "rate next", "destination next");
    assertThat(reason("?model=other")).isEqualTo("model_not_allowed");
    assertThat(reason("?operation=GET+models")).isEqualTo("operation_not_allowed");
    assertThat(reason("?operation=DELETE+fine_tuning/jobs")).isEqualTo("operation_not_allowed");
    assertThat(reason("?operation=DELETE+files/all")).isEqualTo("storage_not_lent");
    assertThat(reason("?operation=GET+v1/files/%7Bid%7D")).isEqualTo("storage_not_lent");
    alice.get(RESOLUTION + "?operation=embeddings").hasFaults("/operation invalid_value");
    alice.get(RESOLUTION + "?model=").hasFaults("/model invalid_value");
  }

  @Test
  void storage_is_explained_with_who_may_lend_it() {
    Client bob = served.user("bob");
    alice.put(SERVICE + "/shares/bob", Map.of("role", "reader")).isStatus(201);
    String files = RESOLUTION + "?operation=GET+files/file-1";
    assertThat(why(bob.get(files))).contains("the service does not lend", "Its owners add files");
    alice.patch(SERVICE, Map.of("storage", List.of("files"))).isStatus(200);
    assertThat(bob.get(files).isStatus(200).at("/reason").isNull()).isTrue();
    assertThat(steps(bob.get(files))).endsWith("object next");
    alice
        .put(
            SERVICE + "/shares/bob",
            Map.of("role", "reader", "limits", Map.of("storage", List.of())))
        .isStatus(200);
    assertThat(why(bob.get(files))).contains("The limits on this service", "files");
  }

  private static String why(TestResponse resolution) {
    JsonNode steps = resolution.isStatus(200).at("/steps");
    assertThat(resolution.text("/reason")).isEqualTo("storage_not_lent");
    return steps.get(steps.size() - 1).path("why").asString();
  }

  @Test
  void a_tokens_own_limits_are_told_apart() {
    Client with = using(Map.of("name", "n", "limits", Map.of("models", List.of("a"))));
    assertThat(with.get(RESOLUTION + "?model=b").text("/reason")).isEqualTo("token_restricted");
    assertThat(with.get(RESOLUTION + "?model=a").at("/reason").isNull()).isTrue();
    assertThat(with.get(RESOLUTION).at("/limits/models").toString()).isEqualTo("[\"a\"]");
  }

  @Test
  void what_is_left_of_a_rate_is_told_and_not_used() {
    limit(Map.of("requests_per_minute", 2));
    for (int i = 0; i < 5; i++) {
      assertThat(alice.get(RESOLUTION).at("/limits/requests_left").intValue()).isEqualTo(2);
    }
    alice.post(SERVICE + "/check", Map.of()).isStatus(200);
    assertThat(alice.get(RESOLUTION).at("/limits/requests_left").intValue()).isEqualTo(1);
    alice.post(SERVICE + "/check", Map.of()).isStatus(200);
    TestResponse none = alice.get(RESOLUTION);
    assertThat(none.at("/limits/requests_left").intValue()).isZero();
    assertThat(none.text("/reason")).isEqualTo("rate_limited");
    assertThat(none.at("/source").isNull()).isTrue();
  }

  @Test
  void a_destination_that_is_not_allowed_is_told_and_not_effective() {
    served.ports().destinations().put("10.0.0.1", Reach.NOT_ALLOWED);
    TestResponse registered =
        alice.patch(SERVICE, Map.of("endpoint", "https://10.0.0.1/v1", "api_key", "sk-0123456789"));
    assertThat(registered.isStatus(200).at("/destination_allowed").booleanValue()).isFalse();
    assertThat(registered.at("/has_effective_api_key").booleanValue()).isFalse();
    assertThat(reason("")).isEqualTo("destination_not_allowed");
    alice.patch(SERVICE, alice.get(SERVICE).body()).isStatus(200);
  }

  @Test
  void who_sees_the_shares_asks_about_others() {
    Client bob = served.user("bob");
    Client carol = served.user("carol");
    Map<String, Object> most = Map.of("models", List.of("a"), "requests_per_minute", 7);
    alice.put(SERVICE + "/shares/bob", Map.of("role", "reader", "limits", most)).isStatus(201);
    alice.put(SERVICE + "/shares/carol", Map.of("role", "writer")).isStatus(201);

    TestResponse bobs = carol.get(RESOLUTION + "?user=bob&model=b").isStatus(200);
    assertThat(bobs.text("/reason")).isEqualTo("model_not_allowed");
    assertThat(bobs.at("/limits/requests_left").intValue()).isEqualTo(7);
    bob.get(RESOLUTION + "?user=bob").isStatus(200);
    bob.get(RESOLUTION + "?user=carol").isProblem(403, "forbidden");
    bob.get(RESOLUTION + "?user=nobody").isProblem(403, "forbidden");
    assertThat(alice.get(RESOLUTION + "?user=nobody").text("/reason")).isEqualTo("not_permitted");
    root.get(RESOLUTION + "?user=nobody").hasFaults("/user unknown_reference");
    assertThat(root.get(RESOLUTION + "?user=root").text("/reason")).isEqualTo("not_permitted");
    assertThat(alice.get(RESOLUTION + "?user=root").text("/reason")).isEqualTo("not_permitted");
    served.user("dave").get(RESOLUTION + "?user=dave").isProblem(404, "not_found");
  }

  @Test
  void what_administrators_allow_another_is_told_to_administrators_alone() {
    Client bob = served.user("bob");
    root.put("/v1/groups/team", Map.of()).isStatus(201);
    root.put("/v1/groups/team/members/bob", Map.of("role", "member")).isStatus(201);
    for (boolean shared : List.of(false, true)) {
      if (shared) {
        alice.put(SERVICE + "/shares/bob", Map.of("role", "reader")).isStatus(201);
      }
      JsonNode without = alice.get(RESOLUTION + "?user=bob&model=a").isStatus(200).json();
      assertThat(without.at("/limits/requests_left").isNull()).isTrue();
      for (String limits :
          List.of("users/bob/limits", "groups/team/limits", "groups/team/pooled-limits")) {
        root.put("/v1/" + limits, limits()).isStatus(200);
        TestResponse told = alice.get(RESOLUTION + "?user=bob&model=a").isStatus(200);
        assertThat(told.json()).as(limits).isEqualTo(without);
        assertThat(steps(told).contains("user_limits not_told")).isEqualTo(shared);
        if (shared) {
          assertThat(bob.get(RESOLUTION + "?model=a").text("/reason"))
              .isEqualTo("model_not_allowed");
          TestResponse administrators = root.get(RESOLUTION + "?user=bob&model=a").isStatus(200);
          assertThat(administrators.text("/reason")).isEqualTo("model_not_allowed");
          assertThat(steps(administrators)).doesNotContain("user_limits not_told");
        }
        root.put("/v1/" + limits, Map.of()).isStatus(200);
      }
    }
  }

  private static Map<String, Object> limits() {
    return Map.of(
        "requests_per_minute",
        5,
        "concurrent_calls",
        2,
        "models",
        List.of("b"),
        "budgets",
        List.of(Map.of("amount", "5", "unit", "requests", "window", "day")));
  }

  @Test
  void who_is_in_a_group_is_told_to_members_and_once_the_user_has_called() {
    served.user("bob");
    served.user("carol");
    root.put("/v1/groups/team", Map.of()).isStatus(201);
    root.put("/v1/groups/team/members/bob", Map.of("role", "member")).isStatus(201);
    alice.patch(SERVICE, Map.of("limits", Map.of("requests_per_minute", 9))).isStatus(200);
    alice
        .put(
            SERVICE + "/shares/@team",
            Map.of("role", "reader", "limits", Map.of("requests_per_minute", 3)))
        .isStatus(201);

    TestResponse hidden = alice.get(RESOLUTION + "?user=bob").isStatus(200);
    assertThat(hidden.text("/reason")).isEqualTo("not_permitted");
    assertThat(hidden.json()).isEqualTo(alice.get(RESOLUTION + "?user=carol").json());
    assertThat(root.get(RESOLUTION + "?user=bob").text("/steps/0/why")).contains("@team");

    Instance x =
        served
            .ports()
            .instances()
            .find(
                new Instance.Ref(new Handle("alice"), new Handle("x")), id("alice"), Instant.now())
            .orElseThrow()
            .instance();
    served
        .ports()
        .attributedUsers()
        .add(x.id(), x.owner(), new AttributedUser(id("bob"), new Handle("bob"), LocalDate.EPOCH));
    TestResponse known = alice.get(RESOLUTION + "?user=bob").isStatus(200);
    assertThat(known.text("/steps/0/why")).contains("@team");
    assertThat(known.at("/limits/requests_left").intValue()).isEqualTo(3);

    root.put("/v1/groups/team/members/carol", Map.of("role", "member")).isStatus(201);
    root.put("/v1/groups/team/members/alice", Map.of("role", "member")).isStatus(201);
    assertThat(alice.get(RESOLUTION + "?user=carol").text("/steps/0/why")).contains("@team");
  }

  private User.Id id(String handle) {
    return served.ports().users().find(new Handle(handle)).orElseThrow().id();
  }

  @Test
  void whether_another_has_a_key_of_their_own_is_not_told() {
    Client bob = served.user("bob");
    alice.put(SERVICE + "/shares/bob", Map.of("role", "reader")).isStatus(201);
    alice.patch(SERVICE, Map.of("key_policy", Map.of("user_keys", true))).isStatus(200);
    TestResponse without = alice.get(RESOLUTION + "?user=bob");
    bob.put(
            SERVICE + "/user-key",
            Map.of("api_key", "sk-of-bob-0123", "endpoint", "https://api.openai.com/v1"))
        .isStatus(201);
    TestResponse with = alice.get(RESOLUTION + "?user=bob");
    assertThat(with.json()).isEqualTo(without.json());
    assertThat(steps(with)).contains("user_key not_told").doesNotContain("user_key user");
    assertThat(with.at("/source").isNull()).isTrue();
    assertThat(with.at("/reason").isNull()).isTrue();
    assertThat(bob.get(RESOLUTION).text("/source")).isEqualTo("user");
  }

  /** A budget in dollars that refuses models without a price holds for the central key alone. */
  @Test
  void no_other_step_tells_either_whether_another_has_a_key_of_their_own() {
    Client bob = served.user("bob");
    Map<String, Object> limits =
        Map.of(
            "requests_per_minute",
            7,
            "concurrent_calls",
            3,
            "models",
            List.of("unheard-of", "gpt-5"),
            "budgets",
            List.of(Map.of("amount", "5", "unit", "usd", "window", "month", "unpriced", "refuse")));
    alice.put(SERVICE + "/shares/bob", Map.of("role", "reader", "limits", limits)).isStatus(201);
    alice.patch(SERVICE, Map.of("model", "unheard-of")).isStatus(200);
    Map<String, Object> minted =
        Map.of(
            "credential",
            Map.of(
                "kind",
                "oauth_client",
                "client_id",
                "claviger",
                "client_secret",
                "canary-0123456789",
                "token_url",
                "https://tokens.example/oauth/token"),
            "endpoint",
            OPENAI);
    for (Map<String, Object> credential :
        List.<Map<String, Object>>of(
            Map.of(), minted, Map.of("credential", Map.of("kind", "none")))) {
      alice.patch(SERVICE, credential).isStatus(200);
      for (boolean central : List.of(true, false)) {
        for (boolean fallback : central ? List.of(true, false) : List.of(false)) {
          Map<String, Object> policy =
              Map.of("central_key", central, "user_keys", true, "fallback_to_central", fallback);
          alice.patch(SERVICE, Map.of("key_policy", policy)).isStatus(200);
          assertSameWithAKeyOf(bob);
        }
      }
    }
  }

  private void assertSameWithAKeyOf(Client bob) {
    List<String> questions =
        List.of(
            "",
            "&model=unheard-of",
            "&model=gpt-5",
            "&model=other",
            "&operation=POST%20embeddings",
            "&operation=GET%20models&model=unheard-of",
            "&operation=GET%20files/file-1");
    List<JsonNode> without = questions.stream().map(this::aboutBob).toList();
    bob.put(SERVICE + "/user-key", Map.of("api_key", "sk-of-bob-0123", "endpoint", OPENAI))
        .isStatus(201);
    assertThat(questions.stream().map(this::aboutBob).toList()).isEqualTo(without);
    bob.delete(SERVICE + "/user-key").isStatus(204);
  }

  private JsonNode aboutBob(String question) {
    return alice.get(RESOLUTION + "?user=bob" + question).isStatus(200).json();
  }

  @Test
  void the_steps_about_another_user_do_not_call_them_the_caller() {
    Client bob = served.user("bob");
    alice.put(SERVICE + "/shares/bob", Map.of("role", "reader")).isStatus(201);

    TestResponse bobs = alice.get(RESOLUTION + "?user=bob").isStatus(200);
    assertThat(bobs.at("/steps").findValuesAsString("why"))
        .isNotEmpty()
        .noneMatch(why -> why.contains("caller"))
        .contains("The user may use the service.");
    JsonNode own = bob.get(RESOLUTION).at("/steps");
    assertThat(root.get(RESOLUTION + "?user=bob").at("/steps")).isEqualTo(own);
    assertThat(bobs.at("/steps"))
        .filteredOn(step -> !step.path("rule").asString().equals("user_limits"))
        .containsExactlyElementsOf(own);
  }

  private void limit(Map<String, Object> limits) {
    alice.patch(SERVICE, Map.of("limits", limits)).isStatus(200);
  }

  private @Nullable String reason(String query) {
    return alice.get(RESOLUTION + query).isStatus(200).at("/reason").stringValue(null);
  }

  private Client using(Map<String, Object> token) {
    return served.holding(alice.post("/v1/users/alice/tokens", token).text("/token"));
  }

  private static List<String> steps(TestResponse resolution) {
    return resolution
        .at("/steps")
        .valueStream()
        .map(s -> s.at("/rule").stringValue() + " " + s.at("/outcome").stringValue())
        .toList();
  }
}
