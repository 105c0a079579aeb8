package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SharesTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String SHARES = SERVICE + "/shares";
  private static final Map<String, Object> FIVE = Map.of("requests_per_minute", 5);
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice").owning(SERVICE);
  private final Client bob = served.user("bob");

  @Test
  void a_share_is_given_shown_and_replaced() {
    TestResponse given = alice.put(SHARES + "/bob", Map.of("role", "reader"));
    given.isStatus(201);
    assertThat(given.header("Location")).isEqualTo(SHARES + "/bob");
    assertThat(given.json().propertyNames())
        .containsExactly(
            "user",
            "grantee",
            "role",
            "may_reshare",
            "to_everybody",
            "expires_at",
            "limits",
            "pooled_limits",
            "weight",
            "given_by",
            "depends_on",
            "version",
            "created_at",
            "applied_by");
    assertThat(given.text("/given_by")).isEqualTo("alice");
    assertThat(given.at("/depends_on").isNull()).isTrue();
    long first = given.at("/version").longValue();
    TestResponse replaced =
        alice.post(
            SHARES + "/bob",
            """
            {"role": "writer", "may_reshare": true, "expires_at": "2020-01-01T00:00:00Z",
             "limits": {"operations": ["POST embeddings"]}}
            """);
    replaced.isStatus(200);
    TestResponse shown = alice.get(SHARES + "/bob");
    assertThat(shown.json()).isEqualTo(replaced.json());
    assertThat(shown.header("ETag")).isEqualTo("\"%d\"".formatted(first + 1));
    bob.get(SERVICE).isStatus(404);
  }

  @Test
  void a_patch_keeps_what_it_leaves_out() {
    TestResponse given =
        alice.put(SHARES + "/bob", Map.of("role", "reader", "limits", FIVE)).isStatus(201);
    long first = given.at("/version").longValue();
    TestResponse changed = alice.patch(SHARES + "/bob", Map.of("role", "writer")).isStatus(200);
    assertThat(changed.text("/role")).isEqualTo("writer");
    assertThat(changed.at("/limits/requests_per_minute").intValue()).isEqualTo(5);
    assertThat(changed.at("/version").longValue()).isEqualTo(first + 1);
    alice.patch(SHARES + "/bob", "{\"limits\": {\"requests_per_minute\": null}}").isStatus(200);
    TestResponse shown = alice.get(SHARES + "/bob");
    assertThat(shown.text("/role")).isEqualTo("writer");
    assertThat(shown.at("/limits/requests_per_minute").isNull()).isTrue();
    alice.with("If-Match", "\"7\"").patch(SHARES + "/bob", Map.of()).isStatus(412);
    assertThat(alice.patch(SHARES + "/bob", Map.of()).at("/version").longValue())
        .isEqualTo(first + 2);
    alice.patch(SHARES + "/carol", Map.of("role", "writer")).isStatus(404);
    alice.patch(SHARES + "/alice", Map.of("role", "writer")).isStatus(404);
  }

  /** The owner saw the terms, and somebody else changed the share meanwhile. */
  @Test
  void a_granted_share_replaces_only_the_version_that_was_shown() {
    TestResponse given =
        alice.put(SHARES + "/bob", Map.of("role", "reader", "limits", FIVE)).isStatus(201);
    long version = given.at("/version").longValue();
    String first = asked("writer");
    TestResponse shown = alice.get(first).isStatus(200);
    assertThat(shown.at("/share/version").longValue()).isEqualTo(version);
    alice.patch(SHARES + "/bob", Map.of("may_reshare", true)).isStatus(200);

    Map<String, Object> grant = Map.of("share", shown.at("/share"));
    alice.post(first + "/grant", grant).isProblem(412, "precondition_failed");
    alice.with("If-Match", "\"%d\"".formatted(version)).post(first + "/grant", "").isStatus(412);
    alice
        .with("If-None-Match", "*")
        .post(first + "/grant", Map.of("share", Map.of("role", "reader")))
        .isStatus(412);
    alice
        .post(first + "/grant", Map.of("share", Map.of("role", "reader", "version", "one")))
        .isStatus(422);
    assertThat(alice.get(SHARES + "/bob").at("/version").longValue()).isEqualTo(version + 1);

    TestResponse granted =
        alice.post(first + "/grant", Map.of("share", alice.get(first).at("/share"))).isStatus(200);
    assertThat(granted.at("/share/version").longValue()).isEqualTo(version + 2);
    assertThat(granted.at("/share/may_reshare").booleanValue()).isTrue();
  }

  /**
   * A PUT of a share removes terms that it does not mention, and so does the grant of a request.
   */
  @Test
  void the_shown_terms_of_a_grant_name_everything_that_the_asker_has() {
    alice
        .put(SHARES + "/bob", Map.of("role", "reader", "may_reshare", true, "to_everybody", true))
        .isStatus(201);
    String request = asked("writer");
    TestResponse shown = alice.get(request).isStatus(200);
    assertThat(shown.at("/share/to_everybody").asBoolean()).isTrue();
    TestResponse granted =
        alice.post(request + "/grant", Map.of("share", shown.at("/share"))).isStatus(200);
    assertThat(granted.at("/share/to_everybody").asBoolean()).isTrue();
    assertThat(alice.get(SHARES + "/bob").at("/to_everybody").booleanValue()).isTrue();
  }

  @Test
  void a_fault_of_a_granted_share_points_to_the_field_of_the_share() {
    alice.put(SHARES + "/bob", Map.of("role", "reader")).isStatus(201);
    String request = asked("writer");
    alice
        .post(request + "/grant", Map.of("share", Map.of("role", "reader", "to_everybody", true)))
        .hasFaults("/share/to_everybody not_allowed");
    alice
        .post(
            request + "/grant",
            Map.of("share", Map.of("role", "reader", "expires_at", "2019-01-01T00:00:00Z")))
        .isProblem(409, "end_passed");
  }

  private String asked(String role) {
    return "/v1/requests/"
        + bob.post(SERVICE + "/requests", Map.of("role", role)).isStatus(201).text("/id");
  }

  @Test
  void a_replacement_says_which_limits_it_removed() {
    assertThat(
            alice
                .put(SHARES + "/bob", Map.of("role", "reader", "limits", FIVE))
                .json()
                .has("limits_removed"))
        .isFalse();
    TestResponse replaced = alice.put(SHARES + "/bob", Map.of("role", "writer")).isStatus(200);
    assertThat(replaced.at("/limits_removed/requests_per_minute").intValue()).isEqualTo(5);
    assertThat(alice.get(SHARES + "/bob").json().has("limits_removed")).isFalse();
    alice.put(SHARES + "/bob", replaced.body()).isStatus(200);
    alice.put(SHARES + "/bob", Map.of("role", "reader", "limits", FIVE));
    Map<String, Object> none = Map.of("role", "reader", "limits", Map.of());
    assertThat(alice.put(SHARES + "/bob", none).json().has("limits_removed")).isFalse();
  }

  @Test
  void an_asterisk_stands_at_the_end_of_a_model_only() {
    Map<String, Object> some = Map.of("models", List.of("text-embedding-*"));
    alice.put(SHARES + "/bob", Map.of("role", "reader", "limits", some)).isStatus(201);
    Map<String, Object> none = Map.of("models", List.of("a*b"));
    alice
        .put(SHARES + "/bob", Map.of("role", "reader", "limits", none))
        .hasFaults("/limits/models/0 invalid_value");
  }

  @Test
  void what_was_read_can_be_sent_back() {
    alice.put(SHARES + "/bob", Map.of("role", "reader"));
    alice.put(SHARES + "/bob", alice.get(SHARES + "/bob").body()).isStatus(200);
    alice
        .put(
            SHARES + "/bob",
            Map.of("role", "reader", "user", "carol", "given_by", "bob", "depends_on", "bob"))
        .hasReadOnly("user", "given_by", "depends_on");
  }

  @Test
  void one_fault_is_told_in_the_detail_and_a_misspelt_field_with_the_right_one() {
    TestResponse missing = alice.put(SHARES + "/bob", Map.of());
    assertThat(missing.text("/detail")).isEqualTo("role: Give reader, writer or owner.");
    TestResponse misspelt = alice.put(SHARES + "/bob", Map.of("role", "reader", "expiresAt", "x"));
    misspelt.hasFaults("/expiresAt unknown_field");
    assertThat(misspelt.text("/detail")).endsWith("Did you mean expires_at?");
    TestResponse strange =
        alice.put(SHARES + "/bob", Map.of("role", "reader", "pooled_limits", Map.of("rpm", 3)));
    assertThat(strange.text("/detail"))
        .endsWith(
            "The fields are budgets, concurrent_calls, input_tokens_per_minute, max_output_tokens,"
                + " models, operations, output_tokens_per_minute, requests_per_minute,"
                + " tokens_per_minute.");
    TestResponse two = alice.put(SHARES + "/bob", Map.of("colour", 1));
    assertThat(two.text("/detail")).startsWith("2 things");
  }

  @Test
  void a_role_is_needed_and_known() {
    alice.put(SHARES + "/bob", Map.of()).hasFaults("/role required");
    alice.put(SHARES + "/bob", Map.of("role", "Reader")).hasFaults("/role invalid_value");
    alice.put(SHARES + "/bob", Map.of("role", 1)).hasFaults("/role wrong_type");
  }

  @Test
  void a_share_with_the_owner_with_system_or_with_nobody_is_422() {
    assertThat(refusedTo("alice"))
        .isEqualTo("Neither the owning user nor _system can get a share.");
    assertThat(refusedTo("_system")).isEqualTo(refusedTo("alice"));
    assertThat(refusedTo("nobody")).isEqualTo("There is no such user that you can see.");
    assertThat(refusedTo("@nobodies")).isEqualTo("There is no such group that you can see.");
    assertThat(refusedTo("NOBODY")).startsWith("user: ");
    alice.put(SHARES + "/NOBODY", Map.of("role", "reader")).hasFaults("/user invalid_value");
  }

  private String refusedTo(String grantee) {
    return alice
        .put(SHARES + "/" + grantee, Map.of("role", "reader"))
        .isStatus(422)
        .text("/detail");
  }

  @Test
  void system_level_services_are_not_shared() {
    root.put("/v1/llm-services/_system/box", Map.of("provider", "ollama", "model", "m"));
    root.put("/v1/llm-services/_system/box/shares/bob", Map.of("role", "reader")).isStatus(422);
  }

  @Test
  void ending_a_share_is_204_whether_or_not_there_was_one() {
    alice.put(SHARES + "/bob", Map.of("role", "reader"));
    alice.delete(SHARES + "/bob").isStatus(204);
    alice.delete(SHARES + "/bob").isStatus(204);
    alice.get(SHARES + "/bob").isStatus(404);
    bob.get(SERVICE).isStatus(404);
  }

  @Test
  void a_reader_leaves_but_does_not_see_the_others() {
    alice.put(SHARES + "/bob", Map.of("role", "reader"));
    served.user("carol");
    alice.put(SHARES + "/carol", Map.of("role", "reader"));
    bob.get(SHARES + "/carol").isStatus(403);
    bob.delete(SHARES + "/bob").isStatus(204);
  }

  @Test
  void everybody_ends_their_own_share() {
    for (String role : List.of("reader", "writer", "owner")) {
      alice.put(SHARES + "/bob", Map.of("role", role)).isStatus(201);
      bob.delete(SHARES + "/bob").isStatus(204);
      bob.get(SERVICE).isStatus(404);
    }
    alice
        .put(SHARES + "/bob", Map.of("role", "reader", "expires_at", "2020-01-01T00:00:00Z"))
        .isStatus(201);
    bob.delete(SHARES + "/bob").isStatus(204);
    alice.get(SHARES + "/bob").isStatus(404);
  }

  @Test
  void a_borrower_sees_when_their_share_ends() {
    Map<String, Object> ending = Map.of("role", "reader", "expires_at", "2099-01-01T00:00:00Z");
    alice.put(SHARES + "/bob", ending).isStatus(201);
    assertThat(bob.get(SERVICE).text("/until")).isEqualTo("2099-01-01T00:00:00Z");
    assertThat(alice.get(SERVICE).at("/until").isNull()).isTrue();
    alice.put(SHARES + "/bob", Map.of("role", "reader")).isStatus(200);
    assertThat(bob.get(SERVICE).at("/until").isNull()).isTrue();
  }

  @Test
  void a_borrower_sees_the_limits_that_hold_for_them() {
    alice
        .patch(SERVICE, Map.of("limits", Map.of("operations", List.of("POST embeddings"))))
        .isStatus(200);
    Map<String, Object> most = Map.of("requests_per_minute", 5, "models", List.of("a", "b"));
    alice.put(SHARES + "/bob", Map.of("role", "reader", "limits", most)).isStatus(201);

    TestResponse seen = bob.get(SERVICE);
    assertThat(seen.at("/my_limits").toString())
        .isEqualTo(
            "{\"requests_per_minute\":5,\"models\":[\"a\",\"b\"],"
                + "\"operations\":[\"POST embeddings\"],"
                + "\"max_output_tokens\":null,\"budgets\":null,\"tokens_per_minute\":null,\"input_tokens_per_minute\":null,"
                + "\"output_tokens_per_minute\":null,\"concurrent_calls\":null}");
    assertThat(alice.get(SERVICE).at("/my_limits").toString())
        .isEqualTo(
            "{\"requests_per_minute\":null,\"models\":null,\"operations\":[\"POST embeddings\"],"
                + "\"max_output_tokens\":null,\"budgets\":null,\"tokens_per_minute\":null,\"input_tokens_per_minute\":null,"
                + "\"output_tokens_per_minute\":null,\"concurrent_calls\":null}");
    assertThat(bob.get("/v1/llm-services/bob?owner=alice").at("/items/0")).isEqualTo(seen.json());
    alice.put(SERVICE, alice.get(SERVICE).body()).isStatus(200);
  }

  @Test
  void the_limits_of_the_token_hold_too() {
    alice.put(SHARES + "/bob", Map.of("role", "reader")).isStatus(201);
    Map<String, Object> most = Map.of("models", List.of("a"));
    TestResponse token = bob.post("/v1/users/bob/tokens", Map.of("name", "t", "limits", most));
    Client with = served.holding(token.isStatus(201).text("/token"));

    assertThat(with.get(SERVICE).at("/my_limits/models").toString()).isEqualTo("[\"a\"]");
    assertThat(bob.get(SERVICE).at("/my_limits/models").isNull()).isTrue();
  }

  @Test
  void shares_are_listed_by_handle() {
    served.user("carol");
    alice.put(SHARES + "/carol", Map.of("role", "reader"));
    alice.put(SHARES + "/bob", Map.of("role", "writer"));
    TestResponse page = alice.get(SHARES + "?limit=1");
    assertThat(page.text("/items/0/user")).isEqualTo("bob");
    TestResponse next = alice.get(SHARES + "?cursor=" + page.text("/next_cursor"));
    assertThat(next.at("/items").findValuesAsString("user")).containsExactly("carol");
  }

  @Test
  void the_shares_of_what_one_can_not_see_are_404() {
    bob.get(SHARES).isStatus(404);
    bob.get(SHARES + "/bob").isStatus(404);
    bob.put(SHARES + "/bob", Map.of("role", "reader")).isStatus(404);
    bob.delete(SHARES + "/bob").isStatus(404);
  }

  @Test
  void a_condition_on_a_share_is_honoured() {
    alice.put(SHARES + "/bob", Map.of("role", "reader"));
    alice.with("If-Match", "\"7\"").put(SHARES + "/bob", Map.of("role", "writer")).isStatus(412);
    alice.with("If-None-Match", "*").put(SHARES + "/bob", Map.of("role", "writer")).isStatus(412);
    alice.with("If-Match", "\"7\"").delete(SHARES + "/bob").isStatus(412);
  }

  /** A program read the share, and then somebody ended it and gave another one. */
  @Test
  void a_condition_on_a_share_does_not_hold_for_the_share_that_is_given_after_its_end() {
    alice.put(SHARES + "/bob", Map.of("role", "reader")).isStatus(201);
    String read = alice.get(SHARES + "/bob").header("ETag");
    alice.delete(SHARES + "/bob").isStatus(204);
    served.ports().clock().advance(Duration.ofNanos(1_000));
    TestResponse again = alice.put(SHARES + "/bob", Map.of("role", "reader")).isStatus(201);

    alice.with("If-Match", read).delete(SHARES + "/bob").isStatus(412);
    alice.with("If-Match", read).put(SHARES + "/bob", Map.of("role", "writer")).isStatus(412);

    assertThat(again.at("/version").longValue()).isLessThan(1L << 53);
    assertThat(alice.get(SHARES + "/bob").json()).isEqualTo(again.json());
  }

  @Test
  void a_day_of_the_shared_time_that_has_not_begun_is_refused_by_the_name_of_its_parameter() {
    LocalDate today = LocalDate.ofInstant(served.ports().clock().instant(), ZoneOffset.UTC);
    for (String day : List.of("/access?day=", "/holders?at=")) {
      alice.get(SERVICE + day + today).isStatus(200);
    }
    alice.get(SERVICE + "/access?day=" + today.plusDays(1)).hasFaults("/day invalid_value");
    alice.get(SERVICE + "/holders?at=" + today.plusDays(1)).hasFaults("/at invalid_value");
  }
}
