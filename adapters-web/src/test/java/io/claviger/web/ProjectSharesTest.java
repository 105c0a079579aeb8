package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ProjectSharesTest {
  private static final String PROJECT = "/v1/projects/alice/corpus";
  private static final String SHARES = PROJECT + "/shares";
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice =
      served.user("alice").having(PROJECT, Map.of("description", "Letters"));
  private final Client bob = served.user("bob");

  @Test
  void a_membership_is_given_shown_and_replaced() {
    TestResponse given = alice.put(SHARES + "/bob", Map.of("role", "reader"));
    given.isStatus(201);
    assertThat(given.header("Location")).isEqualTo(SHARES + "/bob");
    assertThat(given.json().propertyNames())
        .containsExactly(
            "user", "grantee", "role", "given_by", "version", "created_at", "applied_by");
    assertThat(given.text("/given_by")).isEqualTo("alice");
    bob.get(PROJECT).isStatus(200);
    TestResponse replaced = alice.post(SHARES + "/bob", Map.of("role", "writer")).isStatus(200);
    TestResponse shown = alice.get(SHARES + "/bob");
    assertThat(shown.json()).isEqualTo(replaced.json());
    assertThat(shown.header("ETag"))
        .isEqualTo("\"%d\"".formatted(given.at("/version").longValue() + 1));
  }

  @Test
  void a_patch_changes_a_membership_that_is_there() {
    alice.patch(SHARES + "/bob", Map.of("role", "writer")).isProblem(404, "not_found");
    TestResponse given = alice.put(SHARES + "/bob", Map.of("role", "reader")).isStatus(201);
    long first = given.at("/version").longValue();
    TestResponse changed = alice.patch(SHARES + "/bob", Map.of("role", "writer")).isStatus(200);
    assertThat(changed.text("/role")).isEqualTo("writer");
    assertThat(changed.at("/version").longValue()).isEqualTo(first + 1);
    assertThat(alice.patch(SHARES + "/bob", Map.of()).json()).isEqualTo(changed.json());
    alice.patch(SHARES + "/bob", changed.body()).isStatus(200);
    alice
        .with("If-Match", "\"%d\"".formatted(first))
        .patch(SHARES + "/bob", Map.of())
        .isStatus(412);
    alice.patch(SHARES + "/bob", Map.of("rolle", "reader")).hasFaults("/rolle unknown_field");
    alice.patch(SHARES + "/bob", Map.of("role", "owner")).hasFaults("/role invalid_value");
    alice.patch(SHARES + "/nobody", Map.of("role", "reader")).isProblem(404, "not_found");
    alice.patch(SHARES + "/alice", Map.of("role", "reader")).isProblem(404, "not_found");
    bob.patch(SHARES + "/bob", Map.of("role", "reader")).isProblem(403, "forbidden");
    root.patch(SHARES + "/bob", Map.of("role", "reader")).isProblem(403, "forbidden");
  }

  @Test
  void what_was_read_can_be_sent_back() {
    TestResponse given = alice.put(SHARES + "/bob", Map.of("role", "reader"));
    TestResponse sent = alice.put(SHARES + "/bob", alice.get(SHARES + "/bob").body()).isStatus(200);
    assertThat(sent.at("/version")).isEqualTo(given.at("/version"));
    alice
        .put(SHARES + "/bob", Map.of("role", "reader", "user", "carol", "given_by", "bob"))
        .hasReadOnly("user", "given_by");
  }

  @Test
  void a_member_is_reader_or_writer_and_nothing_more_is_said() {
    alice.put(SHARES + "/bob", Map.of()).hasFaults("/role required");
    alice.put(SHARES + "/bob", Map.of("role", "owner")).hasFaults("/role invalid_value");
    alice
        .put(SHARES + "/bob", Map.of("role", "reader", "may_reshare", true))
        .hasFaults("/may_reshare unknown_field");
  }

  @Test
  void a_membership_of_the_owner_of_system_or_of_nobody_is_422() {
    alice.put(SHARES + "/alice", Map.of("role", "reader")).hasFaults("/user not_shareable");
    alice.put(SHARES + "/_system", Map.of("role", "reader")).hasFaults("/user not_shareable");
    alice.put(SHARES + "/nobody", Map.of("role", "reader")).hasFaults("/user unknown_reference");
    alice.put(SHARES + "/NOBODY", Map.of("role", "reader")).hasFaults("/user invalid_value");
  }

  @Test
  void only_the_owner_gives_and_ends_membership() {
    served.user("carol");
    alice.put(SHARES + "/bob", Map.of("role", "writer"));
    alice.put(SHARES + "/carol", Map.of("role", "reader"));
    bob.put(SHARES + "/carol", Map.of("role", "writer")).isProblem(403, "forbidden");
    bob.delete(SHARES + "/carol").isProblem(403, "forbidden");
    root.put(SHARES + "/root", Map.of("role", "reader")).isProblem(403, "forbidden");
    root.delete(SHARES + "/carol").isProblem(403, "forbidden");
  }

  @Test
  void writers_and_administrators_see_the_members_and_readers_do_not() {
    Client carol = served.user("carol");
    alice.put(SHARES + "/bob", Map.of("role", "writer"));
    alice.put(SHARES + "/carol", Map.of("role", "reader"));
    bob.get(SHARES).isStatus(200);
    bob.get(SHARES + "/carol").isStatus(200);
    root.get(SHARES).isStatus(200);
    carol.get(SHARES).isProblem(403, "forbidden");
    carol.get(SHARES + "/carol").isProblem(403, "forbidden");
  }

  @Test
  void members_may_leave() {
    alice.put(SHARES + "/bob", Map.of("role", "reader"));
    bob.delete(SHARES + "/bob").isStatus(204);
    bob.get(PROJECT).isStatus(404);
  }

  @Test
  void ending_a_membership_is_204_whether_or_not_there_was_one() {
    alice.put(SHARES + "/bob", Map.of("role", "reader"));
    alice.delete(SHARES + "/bob").isStatus(204);
    alice.delete(SHARES + "/bob").isStatus(204);
    alice.delete(SHARES + "/nobody").isStatus(204);
    alice.get(SHARES + "/bob").isStatus(404);
    bob.get(PROJECT).isStatus(404);
  }

  @Test
  void the_members_of_what_one_can_not_see_are_404() {
    bob.get(SHARES).isStatus(404);
    bob.get(SHARES + "/bob").isStatus(404);
    bob.put(SHARES + "/bob", Map.of("role", "reader")).isStatus(404);
    bob.delete(SHARES + "/bob").isStatus(404);
  }

  @Test
  void members_are_listed_by_handle() {
    served.user("carol");
    alice.put(SHARES + "/carol", Map.of("role", "reader"));
    alice.put(SHARES + "/bob", Map.of("role", "writer"));
    TestResponse page = alice.get(SHARES + "?limit=1");
    assertThat(page.at("/items").findValuesAsString("user")).containsExactly("bob");
    TestResponse next = alice.get(SHARES + "?cursor=" + page.text("/next_cursor"));
    assertThat(next.at("/items").findValuesAsString("user")).containsExactly("carol");
    assertThat(next.at("/next_cursor").isNull()).isTrue();
  }

  @Test
  void a_condition_on_a_membership_is_honoured() {
    alice.put(SHARES + "/bob", Map.of("role", "reader"));
    String current = alice.get(SHARES + "/bob").header("ETag");
    alice.with("If-Match", "\"7\"").put(SHARES + "/bob", Map.of("role", "writer")).isStatus(412);
    alice.with("If-None-Match", "*").put(SHARES + "/bob", Map.of("role", "writer")).isStatus(412);
    alice.put(SHARES + "/bob", Map.of("role", "writer", "version", 7)).isStatus(412);
    alice.with("If-Match", "\"7\"").delete(SHARES + "/bob").isStatus(412);
    alice.with("If-Match", current).delete(SHARES + "/bob").isStatus(204);
  }

  @Test
  void membership_does_not_change_the_version_of_the_project() {
    alice.put(SHARES + "/bob", Map.of("role", "reader"));
    assertThat(alice.get(PROJECT).at("/version").intValue()).isEqualTo(1);
  }
}
