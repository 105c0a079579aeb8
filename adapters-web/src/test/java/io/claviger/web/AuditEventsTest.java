package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.TokenText;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alice's service, and Bob who has nothing. */
class AuditEventsTest {
  private static final String EVENTS = "/v1/audit-events";
  @AutoClose private final Served served = Served.start();
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");
  private final String service =
      alice
          .with("X-Request-Id", "request-of-alice")
          .put(
              "/v1/llm-services/alice/x",
              Map.of("definition", "_system/openai-large", "api_key", "sk-0123456789"))
          .isStatus(201)
          .text("/id");

  @Test
  void an_item_says_who_did_what_to_which_and_which_fields() {
    TestResponse events = alice.get(EVENTS + "?action=service.create").isStatus(200);
    assertThat(events.at("/items").size()).isEqualTo(1);
    assertThat(events.at("/items/0").propertyNames())
        .containsExactly(
            "id",
            "at",
            "actor",
            "token_id",
            "session_id",
            "presented_subject",
            "address",
            "request_id",
            "action",
            "target",
            "outcome",
            "fields",
            "grantee",
            "terms",
            "count",
            "number",
            "hash",
            "previous_hash");
    assertThat(events.text("/items/0/actor")).isEqualTo("alice");
    assertThat(events.text("/items/0/token_id")).isEqualTo(alice.get("/v1/me").text("/token/id"));
    assertThat(events.text("/items/0/address")).isEqualTo("127.0.0.1");
    assertThat(events.text("/items/0/request_id")).isEqualTo("request-of-alice");
    assertThat(events.text("/items/0/outcome")).isEqualTo("done");
    assertThat(events.at("/items/0/target").toString())
        .isEqualTo("{\"type\":\"service\",\"id\":\"" + service + "\",\"ref\":\"alice/x\"}");
    assertThat(events.body()).doesNotContain("sk-0123456789");
  }

  @Test
  void the_fields_changed_are_named() {
    alice
        .patch("/v1/llm-services/alice/x", Map.of("description", "new-words", "enabled", false))
        .isStatus(200);
    TestResponse events = alice.get(EVENTS + "?action=service.update").isStatus(200);
    assertThat(events.at("/items/0/fields").toString()).isEqualTo("[\"description\",\"enabled\"]");
    assertThat(events.at("/items/0/count").intValue()).isEqualTo(1);
    assertThat(events.at("/items/0/terms").toString())
        .contains("{\"field\":\"description\",\"before\":null,\"after\":\"new-words\"}");
  }

  @Test
  void a_share_says_whose_it_is_and_what_it_was_before_and_after() {
    String share = "/v1/llm-services/alice/x/shares/bob";
    alice.put(share, Map.of("role", "reader", "expires_at", "2030-01-31T10:00:00Z")).isStatus(201);
    alice
        .put(
            share,
            Map.of(
                "role",
                "writer",
                "limits",
                Map.of(
                    "requests_per_minute",
                    60,
                    "models",
                    List.of("text-*", "gpt-5"),
                    "budgets",
                    List.of(Map.of("amount", "20", "unit", "usd", "window", "month")))))
        .isStatus(200);
    alice.delete(share).isStatus(204);

    TestResponse given = alice.get(EVENTS + "?action=service.share").isStatus(200);
    assertThat(given.text("/items/0/grantee")).isEqualTo("bob");
    assertThat(given.at("/items/0/terms").toString())
        .isEqualTo(
            "[{\"field\":\"role\",\"before\":\"reader\",\"after\":\"writer\"},"
                + "{\"field\":\"expires_at\",\"before\":\"2030-01-31T10:00:00Z\",\"after\":null},"
                + "{\"field\":\"limits/requests_per_minute\",\"before\":null,\"after\":\"60\"},"
                + "{\"field\":\"limits/models\",\"before\":null,\"after\":\"gpt-5, text-*\"},"
                + "{\"field\":\"limits/budgets\",\"before\":null,"
                + "\"after\":\"20 usd/month UTC measured\"}]");
    TestResponse ended = alice.get(EVENTS + "?action=service.unshare").isStatus(200);
    assertThat(ended.text("/items/0/grantee")).isEqualTo("bob");
    assertThat(ended.at("/items/0/terms/0").toString())
        .isEqualTo("{\"field\":\"role\",\"before\":\"writer\",\"after\":null}");
  }

  @Test
  void what_was_refused_is_listed_with_its_code() {
    bob.put("/v1/llm-services/alice/x/shares/carol", Map.of("role", "reader")).isStatus(404);
    Client root = served.root();
    TestResponse refused = root.get(EVENTS + "?outcome=refused&actor=bob").isStatus(200);
    assertThat(refused.at("/items").size()).isEqualTo(1);
    assertThat(refused.text("/items/0/fields/0")).isEqualTo("not_found");
    assertThat(refused.at("/items/0/grantee").isNull()).isTrue();
    assertThat(root.get(EVENTS + "?outcome=done&actor=bob").at("/items").size()).isZero();
    root.get(EVENTS + "?outcome=fine").isProblem(422, "invalid_value");
  }

  @Test
  void who_is_not_known_is_null() {
    served
        .nobody()
        .with("Authorization", "Bearer " + TokenText.of(new byte[64]).reveal())
        .get("/v1/me")
        .isStatus(401);
    TestResponse events = served.root().get(EVENTS + "?action=token.rejected").isStatus(200);
    assertThat(events.at("/items/0/actor").isNull()).isTrue();
    assertThat(events.at("/items/0/token_id").isNull()).isTrue();
    assertThat(events.at("/items/0/target/id").isNull()).isTrue();
    assertThat(events.text("/items/0/outcome")).isEqualTo("refused");
  }

  @Test
  void owners_see_what_is_about_their_things_and_administrators_all() {
    assertThat(actions(alice, "")).contains("service.create", "user.create");
    assertThat(actions(bob, "?target=alice/x")).isEmpty();
    assertThat(actions(bob, "")).containsOnly("user.create");
    assertThat(actions(served.root(), "?target=alice/x")).contains("service.create");
  }

  @Test
  void owners_see_what_those_tried_in_vain_who_see_their_things() {
    Map<String, Object> reader = Map.of("role", "reader");
    alice.put("/v1/llm-services/alice/x/shares/bob", reader).isStatus(201);
    alice.put("/v1/projects/alice/p", Map.of()).isStatus(201);
    alice.put("/v1/projects/alice/p/shares/bob", reader).isStatus(201);
    alice
        .put("/v1/llm-definitions/alice/d", Map.of("provider", "openai", "model", "m"))
        .isStatus(201);
    alice.put("/v1/llm-definitions/alice/d/shares/bob", reader).isStatus(201);
    for (String path :
        List.of("llm-services/alice/x", "projects/alice/p", "llm-definitions/alice/d")) {
      bob.delete("/v1/" + path).isStatus(403);
      bob.patch("/v1/" + path, Map.of("description", "d")).isStatus(403);
      bob.put("/v1/" + path + "/shares/carol", reader).isStatus(403);
      bob.delete("/v1/" + path + "/shares/carol").isStatus(403);
    }

    for (String thing : List.of("service", "project", "definition")) {
      for (String verb : List.of("delete", "update", "share", "unshare")) {
        assertThat(actions(alice, "?actor=bob&action=" + thing + "." + verb))
            .as(thing + "." + verb)
            .isNotEmpty();
      }
    }
    served.user("dan").delete("/v1/llm-services/alice/x").isStatus(404);
    assertThat(actions(alice, "?actor=dan")).isEmpty();
    assertThat(actions(served.root(), "?actor=dan")).containsExactly("service.delete");
  }

  @Test
  void the_newest_come_first() {
    alice.delete("/v1/llm-services/alice/x").isStatus(204);
    assertThat(actions(alice, "?target=alice/x")).first().isEqualTo("service.delete");
    assertThat(actions(alice, "?target=" + service)).first().isEqualTo("service.delete");
  }

  @Test
  void it_is_filtered_by_all_that_is_asked_for() {
    served.root().patch("/v1/users/alice", Map.of("display_name", "A")).isStatus(200);
    assertThat(actions(alice, "?actor=root")).contains("user.update").doesNotContain("service");
    assertThat(actions(alice, "?actor=alice&action=user.update")).isEmpty();
    assertThat(actions(alice, "?actor=root&action=user.update&target=alice"))
        .containsExactly("user.update");
    assertThat(actions(alice, "?until=2020-01-01T00:00:00Z")).isEmpty();
    assertThat(actions(alice, "?since=2020-01-01T00:00:00Z")).isNotEmpty();
    assertThat(actions(alice, "?since=2020-01-01T00:00:00Z&until=9999-01-01T00:00:00%2B02:00"))
        .isNotEmpty();
    assertThat(actions(alice, "?since=2020-01-01T00:00:00Z&until=2020-01-01T00:00:00Z")).isEmpty();
  }

  @Test
  void a_token_that_only_uses_sees_nothing() {
    served.holdingTokenToUse("alice", alice).get(EVENTS).isProblem(403, "forbidden");
    served.nobody().get(EVENTS).isStatus(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "actor=Bob",
        "actor=",
        "action=service.rename",
        "action=service",
        "action=SERVICE_UPDATE",
        "target=",
        "target=%20",
        "since=yesterday",
        "since=2026-02-30T00:00:00Z",
        "since=2026-01-01",
        "until=-999999999-01-01T00:00:00Z",
        "cursor=x",
        "limit=0"
      })
  void what_can_not_be_is_refused_where_it_stands(String parameter) {
    String name = parameter.substring(0, parameter.indexOf('='));
    alice.offContract().get(EVENTS + "?" + parameter).hasFaults("/" + name + " invalid_value");
  }

  @Test
  void a_target_is_no_longer_than_names_are() {
    alice
        .offContract()
        .get(EVENTS + "?target=" + "x".repeat(301))
        .hasFaults("/target invalid_value");
  }

  @Test
  void a_span_does_not_end_before_it_begins() {
    alice
        .offContract()
        .get(EVENTS + "?since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z")
        .hasFaults("/until invalid_value");
  }

  @Test
  void all_faults_are_told_at_once() {
    alice
        .offContract()
        .get(EVENTS + "?actor=Bob&action=x&since=x&until=x&limit=x")
        .hasFaults(
            "/actor invalid_value",
            "/action invalid_value",
            "/since invalid_value",
            "/until invalid_value",
            "/limit invalid_value");
  }

  @Test
  void pages_follow_one_another_while_more_is_recorded() {
    IntStream.range(0, 12)
        .forEach(
            n ->
                alice
                    .patch("/v1/llm-services/alice/x", Map.of("description", "d" + n))
                    .isStatus(200));
    List<String> ids = new ArrayList<>();
    String query = EVENTS + "?action=service.update&limit=5";
    String next = query;
    while (!next.isEmpty()) {
      TestResponse page = alice.get(next).isStatus(200);
      page.at("/items").forEach(item -> ids.add(item.at("/id").stringValue()));
      alice
          .patch("/v1/llm-services/alice/x", Map.of("description", "later" + ids.size()))
          .isStatus(200);
      next = page.at("/next_cursor").isNull() ? "" : query + "&cursor=" + page.text("/next_cursor");
    }
    assertThat(ids).hasSize(12).doesNotHaveDuplicates();
  }

  private static List<String> actions(Client caller, String query) {
    List<String> actions = new ArrayList<>();
    caller
        .get(EVENTS + query)
        .isStatus(200)
        .at("/items")
        .forEach(item -> actions.add(item.at("/action").stringValue()));
    return actions;
  }
}
