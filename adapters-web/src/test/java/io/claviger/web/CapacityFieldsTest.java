package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an owner says of a service's capacity, and the weight of shares. */
class CapacityFieldsTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final Map<String, Object> NEW = Map.of("definition", "_system/openai-large");
  @AutoClose private final Served served = Served.start();
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");

  @BeforeEach
  void start() {
    alice.put(SERVICE, NEW).isStatus(201);
  }

  @Test
  void a_new_service_states_nothing_and_its_calls_wait() {
    TestResponse shown = alice.get(SERVICE);

    assertThat(shown.at("/provider_limits").toString())
        .isEqualTo(
            "{\"requests_per_minute\":null,\"tokens_per_minute\":null,"
                + "\"input_tokens_per_minute\":null,\"output_tokens_per_minute\":null,"
                + "\"concurrent_calls\":null}");
    assertThat(shown.at("/capacity_group").isNull()).isTrue();
    assertThat(shown.at("/max_wait_ms").intValue()).isEqualTo(10_000);
    assertThat(shown.text("/on_429")).isEqualTo("wait");
  }

  @Test
  void limits_are_stated_one_by_one_and_removed_by_null() {
    TestResponse stated =
        alice.patch(
            SERVICE,
            """
            {"provider_limits": {"requests_per_minute": 60, "concurrent_calls": 100000},
             "capacity_group": "main", "max_wait_ms": 120000, "on_429": "pass"}
            """);
    assertThat(stated.isStatus(200).text("/capacity_group")).isEqualTo("main");
    assertThat(stated.at("/max_wait_ms").intValue()).isEqualTo(120_000);
    assertThat(stated.text("/on_429")).isEqualTo("pass");
    TestResponse more =
        alice.patch(
            SERVICE,
            """
            {"provider_limits": {"requests_per_minute": null, "tokens_per_minute": 1000000000}}
            """);

    assertThat(more.isStatus(200).at("/provider_limits").toString())
        .isEqualTo(
            "{\"requests_per_minute\":null,\"tokens_per_minute\":1000000000,"
                + "\"input_tokens_per_minute\":null,\"output_tokens_per_minute\":null,"
                + "\"concurrent_calls\":100000}");
    assertThat(
            alice
                .patch(SERVICE, "{\"provider_limits\": null, \"capacity_group\": null}")
                .isStatus(200)
                .at("/provider_limits/concurrent_calls")
                .isNull())
        .isTrue();
    assertThat(alice.get(SERVICE).at("/capacity_group").isNull()).isTrue();
  }

  @Test
  void a_replacement_states_anew_but_stays_in_its_group() {
    alice
        .patch(
            SERVICE,
            """
            {"provider_limits": {"requests_per_minute": 60}, "capacity_group": "main",
             "max_wait_ms": 0, "on_429": "pass"}
            """)
        .isStatus(200);

    TestResponse replaced = alice.put(SERVICE, NEW).isStatus(200);

    assertThat(replaced.at("/provider_limits/requests_per_minute").isNull()).isTrue();
    assertThat(replaced.text("/capacity_group")).isEqualTo("main");
    assertThat(replaced.at("/max_wait_ms").intValue()).isEqualTo(10_000);
    assertThat(replaced.text("/on_429")).isEqualTo("wait");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"max_wait_ms\": -1} | /max_wait_ms invalid_value",
        "{\"max_wait_ms\": 120001} | /max_wait_ms invalid_value",
        "{\"max_wait_ms\": 1e400} | /max_wait_ms wrong_type",
        "{\"max_wait_ms\": 99999999999999999999} | /max_wait_ms invalid_value",
        "{\"max_wait_ms\": \"10\"} | /max_wait_ms wrong_type",
        "{\"max_wait_ms\": 1.5} | /max_wait_ms wrong_type",
        "{\"max_wait_ms\": null} | /max_wait_ms not_nullable",
        "{\"on_429\": \"queue\"} | /on_429 invalid_value",
        "{\"on_429\": null} | /on_429 not_nullable",
        "{\"capacity_group\": \"bob/main\"} | /capacity_group invalid_value",
        "{\"capacity_group\": \"\"} | /capacity_group invalid_value",
        "{\"capacity_group\": \"Main\"} | /capacity_group invalid_value",
        "{\"capacity_group\": 7} | /capacity_group wrong_type",
        "{\"provider_limits\": 60} | /provider_limits wrong_type",
        "{\"provider_limits\": {\"requests_per_minute\": -1}}"
            + " | /provider_limits/requests_per_minute invalid_value",
        "{\"provider_limits\": {\"tokens_per_minute\": 0}}"
            + " | /provider_limits/tokens_per_minute invalid_value",
        "{\"provider_limits\": {\"input_tokens_per_minute\": 1e400}}"
            + " | /provider_limits/input_tokens_per_minute wrong_type",
        "{\"provider_limits\": {\"output_tokens_per_minute\": 1000000001}}"
            + " | /provider_limits/output_tokens_per_minute invalid_value",
        "{\"provider_limits\": {\"concurrent_calls\": 100001}}"
            + " | /provider_limits/concurrent_calls invalid_value",
        "{\"provider_limits\": {\"concurrent_calls\": 1.5}}"
            + " | /provider_limits/concurrent_calls wrong_type",
        "{\"provider_limits\": {\"requests_per_day\": 5}}"
            + " | /provider_limits/requests_per_day unknown_field"
      })
  void what_is_not_allowed_is_refused_with_its_pointer_and_changes_nothing(
      String body, String fault) {
    String before = alice.get(SERVICE).body();

    alice.patch(SERVICE, body).isStatus(422).hasFaults(fault);

    assertThat(alice.get(SERVICE).body()).isEqualTo(before);
  }

  @Test
  void a_field_given_twice_is_refused() {
    alice
        .patch(SERVICE, "{\"provider_limits\": {\"concurrent_calls\": 1, \"concurrent_calls\": 2}}")
        .isStatus(422);
    alice.patch(SERVICE, "{\"max_wait_ms\": 1, \"max_wait_ms\": 2}").isStatus(422);

    assertThat(alice.get(SERVICE).at("/version").intValue()).isEqualTo(1);
  }

  @Test
  void a_co_owner_narrows_what_is_stated_and_decides_how_long_calls_wait() {
    alice.put(SERVICE + "/shares/bob", Map.of("role", "owner")).isStatus(201);
    bob.patch(SERVICE, "{\"provider_limits\": {\"concurrent_calls\": 5}}").isStatus(200);
    bob.patch(SERVICE, "{\"provider_limits\": {\"concurrent_calls\": 4}}").isStatus(200);
    bob.patch(SERVICE, "{\"max_wait_ms\": 7, \"on_429\": \"pass\"}").isStatus(200);
    bob.patch(SERVICE, "{\"provider_limits\": {\"concurrent_calls\": 6}}").isStatus(403);
    bob.patch(SERVICE, "{\"provider_limits\": null}").isStatus(403);
    bob.patch(SERVICE, "{\"capacity_group\": \"main\"}").isStatus(403);

    TestResponse shown = alice.get(SERVICE);
    assertThat(shown.at("/provider_limits/concurrent_calls").intValue()).isEqualTo(4);
    assertThat(shown.at("/capacity_group").isNull()).isTrue();
  }

  @Test
  void a_co_owner_of_one_service_can_not_slow_the_others_of_its_group() {
    alice.put(SERVICE + "/shares/bob", Map.of("role", "owner")).isStatus(201);
    alice
        .patch(SERVICE, Map.of("capacity_group", "main", "api_key", "sk-0123456789"))
        .isStatus(200);
    for (String narrowing :
        List.of(
            "{\"provider_limits\": {\"concurrent_calls\": 1}}",
            "{\"capacity_group\": null}",
            "{\"capacity_group\": \"other\"}",
            "{\"endpoint\": \"https://liar.example\", \"api_key\": \"sk-9876543210\"}",
            "{\"organization\": \"other\"}",
            "{\"api_key\": \"sk-9876543210\"}",
            "{\"api_key\": null}",
            "{\"custom_headers\": {\"X-Account\": \"other-account\"}}")) {
      bob.patch(SERVICE, narrowing).isStatus(403);
    }
    bob.patch(SERVICE, "{\"max_wait_ms\": 7, \"note\": \"ours\"}").isStatus(200);
    alice.patch(SERVICE, "{\"provider_limits\": {\"concurrent_calls\": 1}}").isStatus(200);
  }

  @Test
  void a_transferred_service_leaves_its_group() {
    alice
        .patch(SERVICE, Map.of("capacity_group", "main", "max_wait_ms", 5, "on_429", "pass"))
        .isStatus(200);
    bob.put("/v1/llm-services/bob/own", Map.of("definition", "_system/openai-large")).isStatus(201);
    bob.patch("/v1/llm-services/bob/own", Map.of("capacity_group", "main")).isStatus(200);
    String offer =
        alice
            .post("/v1/transfers", Map.of("services", List.of("x"), "to", "bob"))
            .isStatus(201)
            .text("/id");

    bob.post("/v1/transfers/" + offer + "/accept", Map.of()).isStatus(200);

    TestResponse moved = bob.get("/v1/llm-services/bob/x").isStatus(200);
    assertThat(moved.at("/capacity_group").isNull()).isTrue();
    assertThat(moved.at("/max_wait_ms").intValue()).isEqualTo(5);
    assertThat(moved.text("/on_429")).isEqualTo("pass");
  }

  @Test
  void a_share_has_a_weight_that_a_patch_keeps_and_a_replacement_states() {
    String share = SERVICE + "/shares/bob";
    TestResponse given = alice.put(share, Map.of("role", "reader")).isStatus(201);
    assertThat(given.at("/weight").intValue()).isEqualTo(10);
    alice.patch(share, Map.of("weight", 100)).isStatus(200);
    assertThat(alice.patch(share, Map.of("role", "writer")).isStatus(200).at("/weight").intValue())
        .isEqualTo(100);
    for (String wrong : List.of("0 invalid_value", "101 invalid_value", "-1 invalid_value")) {
      refused(share, wrong);
    }
    for (String wrong :
        List.of("1.5 wrong_type", "\"10\" wrong_type", "1e400 wrong_type", "null not_nullable")) {
      refused(share, wrong);
    }
    assertThat(alice.get(share).at("/weight").intValue()).isEqualTo(100);
    assertThat(alice.put(share, Map.of("role", "reader")).at("/weight").intValue()).isEqualTo(10);
  }

  private void refused(String share, String wrong) {
    String[] parts = wrong.split(" ", 2);
    alice
        .patch(share, "{\"weight\": " + parts[0] + "}")
        .isStatus(422)
        .hasFaults("/weight " + parts[1]);
  }

  @Test
  void members_of_a_group_have_the_weight_of_its_share() {
    served.root().put("/v1/groups/team", Map.of("display_name", "Team")).isStatus(201);
    served.root().put("/v1/groups/team/members/alice", Map.of("role", "member")).isStatus(201);

    TestResponse given =
        alice.put(SERVICE + "/shares/@team", Map.of("role", "reader", "weight", 3)).isStatus(201);

    assertThat(given.at("/weight").intValue()).isEqualTo(3);
  }

  @Test
  void a_co_owner_gives_no_more_weight_than_their_own_and_keeps_shares_when_theirs_shrinks() {
    Client carol = served.user("carol");
    String bobs = SERVICE + "/shares/bob";
    String carols = SERVICE + "/shares/carol";
    alice.put(bobs, Map.of("role", "owner", "weight", 20)).isStatus(201);

    TestResponse refused = bob.put(carols, Map.of("role", "reader", "weight", 21)).isStatus(403);
    assertThat(refused.text("/detail")).contains("more weight than their own, which is 20");
    bob.put(carols, Map.of("role", "reader", "weight", 20)).isStatus(201);
    alice.patch(bobs, Map.of("weight", 5)).isStatus(200);

    carol.get(SERVICE).isStatus(200);
    assertThat(alice.get(carols).at("/weight").intValue()).isEqualTo(20);
    alice.put(SERVICE + "/shares/carol", Map.of("role", "reader", "weight", 30)).isStatus(200);
    bob.patch(carols, Map.of("weight", 31)).isStatus(403);
    bob.patch(carols, Map.of("role", "writer")).isStatus(200);

    Client unusedDora = served.user("dora");
    bob.put(SERVICE + "/shares/dora", Map.of("role", "reader")).isStatus(201);
  }
}
