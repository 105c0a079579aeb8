package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.routing.port.ModelListStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.routing.ModelList;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Where names of models lead, explained, and what callers accept. */
class ModelResolutionTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";

  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice =
      served.user("alice").owning(SERVICE, Map.of("api_key", "sk-0123456789", "model", "m"));
  private final Client bob = served.user("bob");

  private static TestResponse resolve(Client client, String name) {
    return client.get(
        "/v1/model-resolution?format=openai&name="
            + URLEncoder.encode(name, StandardCharsets.UTF_8));
  }

  @Test
  void an_own_service_is_found_by_its_model() {
    TestResponse found = resolve(alice, "m").isStatus(200);

    assertThat(found.text("/target")).isEqualTo("alice/x");
    assertThat(found.text("/model")).isEqualTo("m");
    assertThat(found.text("/key_source")).isEqualTo("central");
    assertThat(found.at("/reason").isNull()).isTrue();
    assertThat(found.text("/steps/3/rule")).isEqualTo("own_services");
    assertThat(found.text("/steps/3/outcome")).isEqualTo("found");
  }

  @Test
  void the_bounds_of_a_model_are_those_of_its_price() {
    alice
        .put(
            "/v1/llm-services/alice/y",
            Map.of("definition", "_system/openai-large", "api_key", "sk-0123456789"))
        .isStatus(201);

    TestResponse priced = resolve(alice, "alice/y/gpt-5").isStatus(200);
    assertThat(priced.at("/context_limit").asLong()).isEqualTo(400_000);
    assertThat(priced.at("/max_output_tokens").asLong()).isEqualTo(128_000);

    TestResponse unknown = resolve(alice, "alice/x/gpt-of-nobody").isStatus(200);
    assertThat(unknown.text("/target")).isEqualTo("alice/x");
    assertThat(unknown.at("/context_limit").isNull()).isTrue();
    assertThat(unknown.at("/max_output_tokens").isNull()).isTrue();
  }

  @Test
  void a_name_that_nobody_lists_leads_to_the_default_service_that_alice_chose() {
    assertThat(resolve(alice, "alias").text("/reason")).isEqualTo("model_not_found");
    alice.put("/v1/users/alice/default-service", Map.of("service", "alice/x")).isStatus(201);

    TestResponse found = resolve(alice, "alias").isStatus(200);

    assertThat(found.text("/target")).isEqualTo("alice/x");
    assertThat(found.text("/model")).isEqualTo("alias");
    assertThat(found.text("/steps/6/rule")).isEqualTo("unlisted_name");
    assertThat(found.text("/steps/6/outcome")).isEqualTo("found");
  }

  @Test
  void a_disabled_service_is_the_reason() {
    alice.patch(SERVICE, Map.of("enabled", false)).isStatus(200);

    TestResponse found = resolve(alice, "alice/x").isStatus(200);

    assertThat(found.at("/target").isNull()).isTrue();
    assertThat(found.text("/reason")).isEqualTo("disabled");
  }

  @Test
  void what_bob_cannot_see_is_as_unknown_as_what_does_not_exist() {
    TestResponse hidden = resolve(bob, "alice/x/m").isStatus(200);
    TestResponse missing = resolve(bob, "alice/y/m").isStatus(200);

    assertThat(hidden.text("/reason")).isEqualTo("model_not_found");
    assertThat(hidden.body().replace("alice/x", "alice/y")).isEqualTo(missing.body());
  }

  @Test
  void bare_names_lead_to_a_share_once_that_was_accepted_until_it_is_withdrawn() {
    alice.put(SERVICE + "/shares/bob", Map.of("role", "reader")).isStatus(201);
    assertThat(resolve(bob, "m").text("/reason")).isEqualTo("model_not_found");
    assertThat(resolve(bob, "alice/x").text("/target")).isEqualTo("alice/x");

    bob.json("PUT", SERVICE + "/bare-names", "").isStatus(204);
    bob.json("PUT", SERVICE + "/bare-names", "").isStatus(204);
    assertThat(resolve(bob, "m").text("/target")).isEqualTo("alice/x");

    bob.delete(SERVICE + "/bare-names").isStatus(204);
    bob.delete(SERVICE + "/bare-names").isStatus(204);
    assertThat(resolve(bob, "m").text("/reason")).isEqualTo("model_not_found");
  }

  @Test
  void an_acceptance_is_on_record_for_who_gave_it() {
    alice.put(SERVICE + "/shares/bob", Map.of("role", "reader")).isStatus(201);
    bob.json("PUT", SERVICE + "/bare-names", "").isStatus(204);

    assertThat(bob.get("/v1/audit-events?action=bare_names.create").at("/items").size())
        .isEqualTo(1);
    assertThat(alice.get("/v1/audit-events?action=bare_names.create").at("/items").size()).isZero();
  }

  @Test
  void an_own_or_hidden_service_is_not_accepted() {
    alice.json("PUT", SERVICE + "/bare-names", "").hasFaults(" not_shared");
    bob.json("PUT", SERVICE + "/bare-names", "").isProblem(404, "not_found");
    root.json("PUT", SERVICE + "/bare-names", "").isProblem(403, "forbidden");
  }

  @Test
  void a_name_of_the_catalogue_is_found_first() {
    root.put(
            "/v1/llm-services/_system/house",
            Map.of("definition", "_system/openai-large", "api_key", "sk-0123456789"))
        .isStatus(201);
    root.post(
            "/v1/model-configs",
            Map.of("name", "m", "targets", List.of(Map.of("service", "house", "model", "gpt"))))
        .isStatus(201);

    TestResponse found = resolve(alice, "m").isStatus(200);

    assertThat(found.text("/target")).isEqualTo("_system/house");
    assertThat(found.text("/model")).isEqualTo("gpt");
    assertThat(found.text("/steps/0/outcome")).isEqualTo("found");
  }

  @Test
  void a_question_names_a_format_and_a_model() {
    alice.get("/v1/model-resolution").hasFaults("/format required");
    alice.get("/v1/model-resolution?format=smtp&name=m").hasFaults("/format invalid_value");
    alice.get("/v1/model-resolution?format=openai").hasFaults("/name required");
    for (String name : List.of("", "a\nb", "\u0001", "x".repeat(401))) {
      resolve(alice, name).hasFaults("/name invalid_value");
    }
    assertThat(resolve(alice.offContract(), "x".repeat(1 << 20)).status()).isEqualTo(414);
  }

  @Test
  void offers_are_listed_in_pages_with_where_they_come_from() {
    alice.patch(SERVICE, Map.of("limits", Map.of("models", List.of("b", "c*")))).isStatus(200);
    Instance service =
        served
            .ports()
            .instances()
            .find(Instance.Ref.of("alice/x"), User.Id.SYSTEM, Instant.now())
            .orElseThrow()
            .instance();
    boolean unused =
        served
            .ports()
            .modelLists()
            .save(
                new ModelListStore.ListOf(service.id(), Optional.empty()),
                service.endpoint(),
                Optional.empty(),
                ModelList.of(List.of("a", "m", "z")),
                Instant.parse("2026-01-01T00:00:00Z"));

    TestResponse first = alice.get(SERVICE + "/offers?limit=3").isStatus(200);
    assertThat(first.items("model")).containsExactly("a", "b", "m");
    assertThat(first.items("source")).containsExactly("listed", "declared", "declared");
    assertThat(first.text("/items/0/seen_at")).isEqualTo("2026-01-01T00:00:00Z");
    TestResponse last =
        alice.get(SERVICE + "/offers?limit=3&cursor=" + first.text("/next_cursor")).isStatus(200);
    assertThat(last.items("model")).containsExactly("z");
    bob.get(SERVICE + "/offers").isProblem(404, "not_found");
  }

  @Test
  void a_token_of_scope_use_asks_too() {
    String token =
        alice
            .post("/v1/users/alice/tokens", Map.of("name", "n", "scope", "use"))
            .isStatus(201)
            .text("/token");
    Client using = served.holding(token);

    assertThat(resolve(using, "m").text("/target")).isEqualTo("alice/x");
    using.json("PUT", SERVICE + "/bare-names", "").isProblem(403, "forbidden");
  }
}
