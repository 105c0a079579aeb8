package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DefinitionSharesTest {
  private static final String DEFINITION = "/v1/llm-definitions/alice/mine";
  private static final String SHARES = DEFINITION + "/shares";
  private static final String SYSTEM = "/v1/llm-definitions/_system/openai-large/shares";
  private static final Map<String, Object> SIGHT = Map.of("role", "reader");
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice =
      served.user("alice").having(DEFINITION, Map.of("provider", "openai", "model", "m"));
  private final Client bob = served.user("bob");

  @Test
  void sight_is_given_and_shown() {
    TestResponse given = alice.put(SHARES + "/bob", SIGHT).isStatus(201);
    assertThat(given.header("Location")).isEqualTo(SHARES + "/bob");
    assertThat(given.json().propertyNames())
        .containsExactly("user", "grantee", "role", "given_by", "version", "created_at");
    assertThat(given.text("/given_by")).isEqualTo("alice");
    TestResponse shown = alice.get(SHARES + "/bob");
    assertThat(shown.json()).isEqualTo(given.json());
    long version = given.at("/version").longValue();
    assertThat(shown.header("ETag")).isEqualTo("\"%d\"".formatted(version));
    TestResponse again = alice.post(SHARES + "/bob", SIGHT).isStatus(200);
    assertThat(again.at("/version").longValue()).isEqualTo(version);
  }

  @Test
  void who_was_given_sight_sees_it_and_makes_services_from_it() {
    bob.get(DEFINITION).isStatus(404);
    bob.put("/v1/llm-services/bob/x", Map.of("definition", "alice/mine"))
        .hasFaults("/definition unknown_reference");
    alice.put(SHARES + "/bob", SIGHT);
    bob.get(DEFINITION).isStatus(200);
    assertThat(bob.get("/v1/llm-definitions/alice").at("/items").size()).isEqualTo(1);
    assertThat(bob.get("/v1/llm-definitions?owner=alice").at("/items").size()).isEqualTo(1);
    TestResponse made = bob.put("/v1/llm-services/bob/x", Map.of("definition", "alice/mine"));
    assertThat(made.isStatus(201).text("/model")).isEqualTo("m");
  }

  @Test
  void a_patch_changes_a_share_that_is_there() {
    alice.patch(SHARES + "/bob", SIGHT).isProblem(404, "not_found");
    TestResponse given = alice.put(SHARES + "/bob", SIGHT).isStatus(201);
    assertThat(alice.patch(SHARES + "/bob", SIGHT).isStatus(200).json()).isEqualTo(given.json());
    alice.patch(SHARES + "/bob", given.body()).isStatus(200);
    alice.with("If-Match", "\"2\"").patch(SHARES + "/bob", SIGHT).isStatus(412);
    alice.patch(SHARES + "/bob", Map.of("rolle", "reader")).hasFaults("/rolle unknown_field");
    alice.patch(SHARES + "/bob", Map.of("role", "writer")).isStatus(422);
    alice.patch(SHARES + "/bob", "{\"role\": null}").isStatus(422);
    alice.patch(SHARES + "/nobody", SIGHT).isProblem(404, "not_found");
    root.patch(SHARES + "/bob", SIGHT).isProblem(403, "forbidden");
  }

  @Test
  void sight_is_no_more_than_that() {
    alice.put(SHARES + "/bob", SIGHT);
    bob.patch(DEFINITION, Map.of("model", "x")).isProblem(403, "forbidden");
    bob.delete(DEFINITION).isProblem(403, "forbidden");
    bob.get(SHARES).isProblem(403, "forbidden");
    bob.get(SHARES + "/bob").isProblem(403, "forbidden");
    served.user("carol");
    bob.put(SHARES + "/carol", SIGHT).isProblem(403, "forbidden");
  }

  @Test
  void what_was_made_from_it_stays_when_sight_ends() {
    alice.put(SHARES + "/bob", SIGHT);
    bob.put("/v1/llm-services/bob/x", Map.of("definition", "alice/mine")).isStatus(201);
    alice.delete(SHARES + "/bob").isStatus(204);
    bob.get(DEFINITION).isStatus(404);
    bob.get("/v1/llm-definitions/alice").isStatus(404);
    TestResponse service = bob.get("/v1/llm-services/bob/x").isStatus(200);
    assertThat(service.text("/model")).isEqualTo("m");
    bob.put("/v1/llm-services/bob/y", Map.of("definition", "alice/mine"))
        .hasFaults("/definition unknown_reference");
  }

  @Test
  void who_was_given_sight_may_end_it() {
    alice.put(SHARES + "/bob", SIGHT);
    bob.delete(SHARES + "/bob").isStatus(204);
    bob.get(DEFINITION).isStatus(404);
  }

  @Test
  void ending_sight_is_204_whether_or_not_there_was_any() {
    alice.delete(SHARES + "/bob").isStatus(204);
    alice.delete(SHARES + "/nobody").isStatus(204);
    alice.get(SHARES + "/bob").isStatus(404);
  }

  @Test
  void there_is_nothing_but_sight_to_give() {
    alice.put(SHARES + "/bob", Map.of()).hasFaults("/role required");
    alice.put(SHARES + "/bob", Map.of("role", "writer")).hasFaults("/role invalid_value");
    alice.put(SHARES + "/bob", Map.of("role", "owner")).hasFaults("/role invalid_value");
    alice
        .put(SHARES + "/bob", "{\"role\":\"reader\",\"expires_at\":null}")
        .hasFaults("/expires_at unknown_field");
  }

  @Test
  void what_belongs_to_system_is_not_shared() {
    root.put(SYSTEM + "/bob", SIGHT).hasFaults(" not_shareable");
    alice.put(SYSTEM + "/bob", SIGHT).isProblem(403, "forbidden");
  }

  @Test
  void sight_for_the_owner_for_system_or_for_nobody_is_422() {
    alice.put(SHARES + "/alice", SIGHT).hasFaults("/user not_shareable");
    alice.put(SHARES + "/_system", SIGHT).hasFaults("/user not_shareable");
    alice.put(SHARES + "/nobody", SIGHT).hasFaults("/user unknown_reference");
    alice.put(SHARES + "/NOBODY", SIGHT).hasFaults("/user invalid_value");
  }

  @Test
  void an_administrator_sees_who_sees_it_and_gives_nothing() {
    alice.put(SHARES + "/bob", SIGHT);
    assertThat(root.get(SHARES).at("/items").findValuesAsString("user")).containsExactly("bob");
    root.put(SHARES + "/root", SIGHT).isProblem(403, "forbidden");
    root.delete(SHARES + "/bob").isProblem(403, "forbidden");
  }

  @Test
  void the_shares_of_what_one_can_not_see_are_404() {
    bob.get(SHARES).isStatus(404);
    bob.get(SHARES + "/bob").isStatus(404);
    bob.put(SHARES + "/bob", SIGHT).isStatus(404);
    bob.delete(SHARES + "/bob").isStatus(404);
  }

  @Test
  void what_was_read_can_be_sent_back() {
    alice.put(SHARES + "/bob", SIGHT);
    alice.put(SHARES + "/bob", alice.get(SHARES + "/bob").body()).isStatus(200);
    alice.put(SHARES + "/bob", Map.of("role", "reader", "user", "carol")).hasReadOnly("user");
  }

  @Test
  void shares_are_listed_by_handle() {
    served.user("carol");
    alice.put(SHARES + "/carol", SIGHT);
    alice.put(SHARES + "/bob", SIGHT);
    TestResponse page = alice.get(SHARES + "?limit=1");
    assertThat(page.at("/items").findValuesAsString("user")).containsExactly("bob");
    TestResponse next = alice.get(SHARES + "?cursor=" + page.text("/next_cursor"));
    assertThat(next.at("/items").findValuesAsString("user")).containsExactly("carol");
  }

  @Test
  void a_condition_on_a_share_is_honoured() {
    alice.put(SHARES + "/bob", SIGHT);
    String current = alice.get(SHARES + "/bob").header("ETag");
    alice.with("If-None-Match", "*").put(SHARES + "/bob", SIGHT).isStatus(412);
    alice.with("If-Match", "\"7\"").put(SHARES + "/bob", SIGHT).isStatus(412);
    alice.with("If-Match", "\"7\"").delete(SHARES + "/bob").isStatus(412);
    alice.with("If-Match", current).delete(SHARES + "/bob").isStatus(204);
  }
}
