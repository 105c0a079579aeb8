package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectsTest {
  private static final String MINE = "/v1/projects/alice/corpus";
  private static final String LARGE = "/v1/llm-services/alice/large";
  private static final String LENT = "/v1/llm-services/bob/lab";
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice =
      served
          .user("alice")
          .owning(LARGE)
          .having("/v1/llm-services/alice/small", Map.of("definition", "_system/openai-small"));
  private final Client bob = served.user("bob").owning(LENT);

  @Test
  void a_project_is_created_shown_and_replaced() {
    TestResponse created =
        alice.put(MINE, Map.of("description", "Letters", "service", "alice/large"));
    created.isStatus(201);
    assertThat(created.header("Location")).isEqualTo(MINE);
    assertThat(created.text("/gateway_url"))
        .isEqualTo(Served.GATEWAY + "/gateway/projects/alice/corpus");
    assertThat(created.text("/service")).isEqualTo("alice/large");
    assertThat(created.text("/instance_access")).isEqualTo("ok");
    assertThat(created.text("/role")).isEqualTo("owner");
    TestResponse shown = alice.get(MINE);
    assertThat(shown.json()).isEqualTo(created.json());
    assertThat(shown.header("ETag")).isEqualTo("\"1\"");
    TestResponse replaced = alice.post(MINE, Map.of());
    assertThat(replaced.isStatus(200).at("/service").isNull()).isTrue();
    assertThat(replaced.at("/instance_access").isNull()).isTrue();
    assertThat(replaced.text("/description")).isEmpty();
    assertThat(replaced.at("/version").intValue()).isEqualTo(2);
  }

  @Test
  void fields_come_in_the_order_of_the_contract() {
    assertThat(alice.put(MINE, Map.of()).json().propertyNames())
        .containsExactly(
            ("id owner handle ref role description metadata visibility limits service instance_access"
                    + " gateway_url applied_by version created_at updated_at")
                .split(" "));
  }

  @Test
  void metadata_is_kept_as_it_was_given_and_replaced_as_a_whole() {
    String given = "{\"metadata\": {\"b\": [1.50, null, {\"no\": \"on\"}], \"a\": 1e3}}";
    assertThat(alice.put(MINE, given).isStatus(201).body())
        .contains("\"metadata\":{\"b\":[1.50,null,{\"no\":\"on\"}],\"a\":1e3}");
    assertThat(alice.put(MINE, given).isStatus(200).at("/version").intValue()).isEqualTo(1);
    assertThat(alice.patch(MINE, Map.of("description", "d")).at("/metadata/a").doubleValue())
        .isEqualTo(1000);
    assertThat(alice.patch(MINE, "{\"metadata\": {\"c\": true}}").at("/metadata").toString())
        .isEqualTo("{\"c\":true}");
    assertThat(alice.get("/v1/projects/alice").body()).contains("\"metadata\":{\"c\":true}");
    assertThat(alice.put(MINE, Map.of()).at("/metadata").toString()).isEqualTo("{}");
    alice.patch(LARGE, given).isStatus(200);
    assertThat(alice.get(LARGE).body()).contains("\"metadata\":{\"b\":[1.50,null,");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "\"{}\"",
        "{\"a\": \"\\u0000\"}",
        "{\"a\": 1, \"a\": 2}",
        "{\"deep\": [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}",
        "{\"sub\": {\"api_key\": \"sk-0123456789abcdef\"}}"
      })
  void other_metadata_is_refused_without_being_repeated(String metadata) {
    TestResponse refused = alice.put(MINE, "{\"metadata\": " + metadata + "}").isStatus(422);
    assertThat(refused.text("/errors/0/pointer")).startsWith("/metadata");
    assertThat(refused.body()).doesNotContain("sk-0123456789abcdef");
    alice.put(MINE, Map.of("metadata", Map.of("a", "x".repeat(16_377)))).isStatus(422);
  }

  @Test
  void a_project_that_is_open_to_everybody_is_seen_by_name_and_listed_for_nobody() {
    Client carol = served.user("carol");
    alice.put(MINE, Map.of("service", "large", "visibility", "everybody")).isStatus(201);

    TestResponse seen = carol.get(MINE).isStatus(200);
    assertThat(seen.text("/role")).isEqualTo("reader");
    assertThat(seen.at("/service").isNull()).isTrue();
    assertThat(carol.get("/v1/projects/carol").at("/items").size()).isZero();
    assertThat(carol.get("/v1/llm-services/carol").body()).doesNotContain("alice/large");
    carol.get(LARGE).isStatus(404);
    carol.get(MINE + "/shares").isStatus(403);
    carol.get(MINE + "/objects").isStatus(403);
    carol.patch(MINE, Map.of("description", "mine")).isStatus(403);
    carol.delete(MINE).isStatus(403);
    assertThat(alice.get(LARGE + "/open-projects").text("/items/0/project"))
        .isEqualTo("alice/corpus");

    alice.patch(MINE, Map.of("visibility", "members")).isStatus(200);
    carol.get(MINE).isStatus(404);
    assertThat(alice.get(LARGE + "/open-projects").at("/items").size()).isZero();
  }

  @Test
  void limits_of_a_project_are_shown_to_all_who_see_it_and_to_the_owner_of_the_service() {
    Client carol = served.user("carol");
    Map<String, Object> limits =
        Map.of(
            "requests_per_minute",
            20,
            "budgets",
            List.of(Map.of("amount", "5", "unit", "usd", "window", "month")));
    alice
        .put(MINE, Map.of("service", "large", "visibility", "everybody", "limits", limits))
        .isStatus(201);

    for (TestResponse shown :
        List.of(carol.get(MINE), alice.patch(MINE, Map.of("description", "x")))) {
      assertThat(shown.at("/limits/requests_per_minute").intValue()).isEqualTo(20);
      assertThat(shown.text("/limits/budgets/0/amount")).isEqualTo("5");
    }
    assertThat(
            alice
                .get(LARGE + "/open-projects")
                .at("/items/0/limits/requests_per_minute")
                .intValue())
        .isEqualTo(20);
    carol.patch(MINE, Map.of("limits", Map.of("requests_per_minute", 900))).isStatus(403);
    TestResponse one =
        alice.patch(MINE, "{\"limits\":{\"requests_per_minute\":null}}").isStatus(200);
    assertThat(one.at("/limits/requests_per_minute").isNull()).isTrue();
    assertThat(one.text("/limits/budgets/0/amount")).isEqualTo("5");
    alice.put(MINE, Map.of("service", "large")).isStatus(200);
    assertThat(alice.get(MINE).at("/limits/budgets").isNull()).isTrue();
    alice
        .patch(
            MINE,
            "{\"limits\":{\"requests_per_minute\":0,\"storage\":[],\"budgets\":[{\"amount\":\"1\","
                + "\"unit\":\"usd\",\"window\":\"day\",\"zone\":\"Mars/Base\"}]}}")
        .hasFaults(
            "/limits/requests_per_minute invalid_value",
            "/limits/budgets/0/zone invalid_value",
            "/limits/storage unknown_field");
  }

  @Test
  void a_borrower_opens_a_project_only_by_a_share_that_says_so_and_its_owner_ends_it() {
    String share = LENT + "/shares/alice";
    Client carol = served.user("carol");
    bob.put(share, Map.of("role", "reader", "to_everybody", true)).isStatus(422);
    bob.put(share, Map.of("role", "reader", "may_reshare", true)).isStatus(201);
    alice.put(MINE, Map.of("service", "bob/lab", "visibility", "everybody")).isStatus(403);
    assertThat(bob.patch(share, Map.of("to_everybody", true)).at("/to_everybody").asBoolean())
        .isTrue();
    alice.put(MINE, Map.of("service", "bob/lab", "visibility", "everybody")).isStatus(201);
    carol.get(MINE).isStatus(200);
    assertThat(bob.get(LENT + "/open-projects").at("/items/0/by_share").asBoolean()).isTrue();

    bob.patch(share, Map.of("to_everybody", false)).isStatus(200);
    carol.get(MINE).isStatus(404);
    assertThat(alice.get(MINE).text("/visibility")).isEqualTo("members");
    bob.patch(share, Map.of("to_everybody", true)).isStatus(200);
    carol.get(MINE).isStatus(404);
    alice.patch(MINE, Map.of("visibility", "everybody")).isStatus(200);
    bob.delete(share).isStatus(204);
    carol.get(MINE).isStatus(404);
    alice.patch(MINE, Map.of("visibility", "everybody")).isStatus(403);
  }

  @Test
  void a_service_of_ones_own_is_named_by_its_handle_alone() {
    TestResponse created = alice.put(MINE, Map.of("service", "large"));
    assertThat(created.isStatus(201).text("/service")).isEqualTo("alice/large");
  }

  @Test
  void a_patch_keeps_what_is_absent_and_null_unbinds() {
    alice.put(MINE, Map.of("description", "Letters", "service", "large"));
    TestResponse described = alice.patch(MINE, Map.of("description", "More letters"));
    assertThat(described.isStatus(200).text("/service")).isEqualTo("alice/large");
    TestResponse unbound = alice.patch(MINE, "{\"service\":null}");
    assertThat(unbound.isStatus(200).at("/service").isNull()).isTrue();
    assertThat(unbound.text("/description")).isEqualTo("More letters");
  }

  @Test
  void a_write_that_changes_nothing_makes_no_version() {
    alice.put(MINE, Map.of("description", "Letters", "service", "large"));
    alice.put(MINE, Map.of("description", "Letters", "service", "large")).isStatus(200);
    assertThat(alice.patch(MINE, Map.of()).at("/version").intValue()).isEqualTo(1);
  }

  @Test
  void a_project_stays_the_same_when_the_service_behind_it_changes() {
    TestResponse before = alice.put(MINE, Map.of("service", "large"));
    bob.put(LENT + "/shares/alice", Map.of("role", "reader"));
    TestResponse after = alice.patch(MINE, Map.of("service", "bob/lab")).isStatus(200);
    assertThat(after.text("/service")).isEqualTo("bob/lab");
    assertThat(after.text("/id")).isEqualTo(before.text("/id"));
    assertThat(after.text("/gateway_url")).isEqualTo(before.text("/gateway_url"));
  }

  @Test
  void what_was_read_can_be_edited_and_sent_back() {
    alice.put(MINE, Map.of("description", "Letters", "service", "large"));
    TestResponse read = alice.get(MINE);
    String edited = read.body().replace("\"Letters\"", "\"Diaries\"");
    assertThat(edited).isNotEqualTo(read.body());
    TestResponse written = alice.put(MINE, edited).isStatus(200);
    assertThat(written.text("/description")).isEqualTo("Diaries");
    assertThat(written.text("/service")).isEqualTo("alice/large");
    alice.patch(MINE, written.body()).isStatus(200);
    alice.put(MINE, edited).isProblem(412, "precondition_failed");
  }

  @Test
  void read_only_fields_that_differ_are_named() {
    alice.put(MINE, Map.of("service", "large"));
    alice
        .patch(
            MINE,
            "{\"id\":\"x\",\"owner\":\"bob\",\"handle\":7,\"ref\":null,\"role\":\"reader\","
                + "\"instance_access\":\"revoked\",\"gateway_url\":{},\"created_at\":\"whenever\","
                + "\"updated_at\":null}")
        .hasReadOnly("id", "owner", "handle", "ref", "role", "instance_access", "gateway_url");
  }

  @Test
  void what_the_path_fixes_may_stand_in_a_body_that_creates() {
    alice
        .put(MINE, Map.of("owner", "alice", "handle", "corpus", "ref", "alice/corpus"))
        .isStatus(201);
    alice.put("/v1/projects/alice/other", Map.of("id", "x")).hasReadOnly("id");
  }

  @Test
  void everything_that_is_wrong_is_said_at_once() {
    alice
        .put(
            MINE,
            "{\"description\":null,\"service\":7,\"allow_dimension_change\":null,\"colour\":1}")
        .hasFaults(
            "/description not_nullable",
            "/service wrong_type",
            "/allow_dimension_change not_nullable",
            "/colour unknown_field");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "alice/", "/large", "Alice/large", "a/b/c", "alice/_by-id"})
  void a_service_that_can_not_be_is_422(String service) {
    alice.put(MINE, Map.of("service", service)).hasFaults("/service invalid_value");
  }

  @Test
  void a_service_that_one_can_not_see_is_as_one_that_is_not_there() {
    TestResponse hidden = alice.put(MINE, Map.of("service", "bob/lab"));
    TestResponse missing = alice.put(MINE, Map.of("service", "nobody/lab"));
    hidden.hasFaults("/service unknown_reference");
    assertThat(hidden.at("/errors")).isEqualTo(missing.at("/errors"));
    alice.get(MINE).isStatus(404);
  }

  @Test
  void a_service_that_is_shared_or_of_the_system_can_be_bound() {
    bob.put(LENT + "/shares/alice", Map.of("role", "reader"));
    root.put("/v1/llm-services/_system/box", Map.of("provider", "ollama", "model", "m"));
    alice.put(MINE, Map.of("service", "bob/lab")).isStatus(201);
    alice.put("/v1/projects/alice/chat", Map.of("service", "_system/box")).isStatus(201);
  }

  @Test
  void a_service_of_other_dimensions_is_a_conflict_and_changes_nothing() {
    alice.put(MINE, Map.of("service", "large"));
    alice
        .patch(MINE, Map.of("service", "small", "description", "x"))
        .isProblem(409, "dimensions_differ");
    alice.put(MINE, Map.of("service", "small")).isProblem(409, "dimensions_differ");
    TestResponse shown = alice.get(MINE);
    assertThat(shown.text("/service")).isEqualTo("alice/large");
    assertThat(shown.at("/version").intValue()).isEqualTo(1);
  }

  @Test
  void other_dimensions_are_taken_where_the_request_allows_them() {
    alice.put(MINE, Map.of("service", "large"));
    TestResponse rebound =
        alice.patch(MINE, Map.of("service", "small", "allow_dimension_change", true));
    assertThat(rebound.isStatus(200).text("/service")).isEqualTo("alice/small");
    assertThat(rebound.json().has("allow_dimension_change")).isFalse();
    alice
        .put(MINE, Map.of("service", "large", "allow_dimension_change", false))
        .isProblem(409, "dimensions_differ");
    alice.put(MINE, Map.of("service", "large", "allow_dimension_change", true)).isStatus(200);
  }

  @Test
  void a_project_whose_owner_lost_the_service_says_so() {
    bob.put(LENT + "/shares/alice", Map.of("role", "reader"));
    alice.put(MINE, Map.of("service", "bob/lab"));
    bob.delete(LENT + "/shares/alice").isStatus(204);
    TestResponse revoked = alice.get(MINE).isStatus(200);
    assertThat(revoked.text("/instance_access")).isEqualTo("revoked");
    assertThat(revoked.at("/service").isNull()).isTrue();
    assertThat(revoked.at("/version").intValue()).isEqualTo(1);
    bob.put(LENT + "/shares/alice", Map.of("role", "reader"));
    assertThat(alice.get(MINE).text("/instance_access")).isEqualTo("ok");
    assertThat(alice.get(MINE).text("/service")).isEqualTo("bob/lab");
  }

  @Test
  void a_share_that_has_expired_is_lost_too() {
    bob.put(
        LENT + "/shares/alice",
        Map.of(
            "role",
            "reader",
            "expires_at",
            served.ports().clock().instant().plus(Duration.ofHours(1)).toString()));
    alice.put(MINE, Map.of("service", "bob/lab")).isStatus(201);
    served.ports().clock().advance(Duration.ofHours(2));
    assertThat(alice.get(MINE).text("/instance_access")).isEqualTo("revoked");
  }

  @Test
  void a_lost_service_is_unbound_by_null() {
    bob.put(LENT + "/shares/alice", Map.of("role", "reader"));
    alice.put(MINE, Map.of("service", "bob/lab"));
    bob.delete(LENT + "/shares/alice");
    TestResponse unbound = alice.patch(MINE, "{\"service\":null}").isStatus(200);
    assertThat(unbound.at("/instance_access").isNull()).isTrue();
    bob.delete(LENT).isStatus(204);
  }

  @Test
  void a_project_of_a_disabled_service_says_so() {
    alice.put(MINE, Map.of("service", "large"));
    alice.patch(LARGE, Map.of("enabled", false)).isStatus(200);
    assertThat(alice.get(MINE).text("/instance_access")).isEqualTo("disabled");
    assertThat(alice.get(MINE).text("/service")).isEqualTo("alice/large");
  }

  @Test
  void conditions_are_honoured() {
    alice.with("If-Match", "*").put(MINE, Map.of()).isStatus(412);
    alice.with("If-None-Match", "*").put(MINE, Map.of()).isStatus(201);
    alice.with("If-None-Match", "*").put(MINE, Map.of()).isStatus(412);
    alice.with("If-Match", "\"7\"").patch(MINE, Map.of("description", "x")).isStatus(412);
    alice.patch(MINE, Map.of("description", "x", "version", 7)).isStatus(412);
    alice.with("If-Match", "\"1\"").patch(MINE, Map.of("description", "x")).isStatus(200);
    alice.with("If-Match", "\"1\"").delete(MINE).isStatus(412);
    alice.with("If-Match", "\"2\"").delete(MINE).isStatus(204);
  }

  @Test
  void a_project_is_deleted_once_and_the_service_stays() {
    alice.put(MINE, Map.of("service", "large"));
    alice.delete(MINE).isStatus(204);
    alice.delete(MINE).isProblem(404, "not_found");
    alice.get(MINE).isStatus(404);
    alice.patch(MINE, Map.of()).isStatus(404);
    alice.get(LARGE).isStatus(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"My", "_by-id", "_system", "me", "admin", "public", "%C3%A4"})
  void a_handle_outside_its_rule_is_422_where_it_would_be_created(String handle) {
    alice.put("/v1/projects/alice/" + handle, Map.of()).hasFaults("/handle invalid_value");
    alice.post("/v1/projects/alice/" + handle, Map.of()).hasFaults("/handle invalid_value");
    alice.get("/v1/projects/alice/" + handle).isStatus(404);
    alice.patch("/v1/projects/alice/" + handle, Map.of()).isStatus(404);
    alice.delete("/v1/projects/alice/" + handle).isStatus(404);
  }

  @Test
  void a_list_has_ones_own_and_those_one_is_a_member_of() {
    alice.put(MINE, Map.of("service", "large"));
    bob.put("/v1/projects/bob/a", Map.of());
    bob.put("/v1/projects/bob/b", Map.of());
    bob.put("/v1/projects/bob/b/shares/alice", Map.of("role", "writer")).isStatus(201);
    TestResponse list = alice.get("/v1/projects/alice");
    assertThat(list.at("/items").findValuesAsString("ref"))
        .containsExactly("alice/corpus", "bob/b");
    assertThat(list.at("/items").findValuesAsString("role")).containsExactly("owner", "writer");
    assertThat(list.at("/items/0")).isEqualTo(alice.get(MINE).json());
    assertThat(root.get("/v1/projects/alice").at("/items").findValuesAsString("ref"))
        .containsExactly("alice/corpus", "bob/b");
    assertThat(root.get("/v1/projects/alice").at("/items/0/role").isNull()).isTrue();
  }

  @Test
  void following_the_links_shows_every_project_once() {
    for (int i = 0; i < 5; i++) {
      alice.put("/v1/projects/alice/p" + i, Map.of()).isStatus(201);
      bob.put("/v1/projects/bob/p" + i, Map.of()).isStatus(201);
      bob.put("/v1/projects/bob/p" + i + "/shares/alice", Map.of("role", "reader")).isStatus(201);
    }
    List<String> seen = new ArrayList<>();
    String path = "/v1/projects/alice?limit=3";
    while (!path.isEmpty()) {
      TestResponse page = alice.get(path);
      seen.addAll(page.at("/items").findValuesAsString("ref"));
      path = page.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    }
    assertThat(seen).hasSize(10).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void anothers_list_is_404_whether_or_not_there_is_such_a_user() {
    bob.get("/v1/projects/alice").isStatus(404);
    bob.get("/v1/projects/nobody").isStatus(404);
    bob.get("/v1/projects/NOBODY").isStatus(404);
    root.get("/v1/projects/nobody").isStatus(404);
  }
}
