package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.sharing.port.AttributedUsers.AttributedUser;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class GroupsTest {
  private static final String TEAM = "/v1/groups/team";
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String SHARE = SERVICE + "/shares/@team";
  private static final Map<String, Object> FIVE = Map.of("requests_per_minute", 5);
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root().having(TEAM, Map.of("display_name", "The team"));
  private final Client alice = served.user("alice").owning(SERVICE);
  private final Client bob = served.user("bob");

  @Test
  void a_group_is_shown_changed_and_deleted() {
    TestResponse shown = bob.get(TEAM).isStatus(200);
    assertThat(shown.json().propertyNames())
        .containsExactly("handle", "display_name", "applied_by", "kind", "member_count", "version");
    assertThat(shown.text("/kind")).isEqualTo("local");
    assertThat(shown.header("ETag")).isEqualTo("\"1\"");
    root.with("If-Match", "\"7\"").patch(TEAM, Map.of("display_name", "T")).isStatus(412);
    assertThat(root.patch(TEAM, Map.of("display_name", "T")).text("/display_name")).isEqualTo("T");
    assertThat(root.put(TEAM, Map.of()).text("/display_name")).isEqualTo("team");
    assertThat(alice.get("/v1/groups").at("/items").findValuesAsString("handle"))
        .containsExactly("team");
    root.delete(TEAM).isStatus(204);
    bob.get(TEAM).isStatus(404);
    root.put("/v1/groups/Team", Map.of()).isStatus(422);
  }

  @Test
  void a_membership_is_changed_only_as_it_was_seen() {
    String path = TEAM + "/members/bob";
    root.with("If-None-Match", "*").put(path, Map.of("role", "member")).isStatus(201);
    root.with("If-None-Match", "*").put(path, Map.of("role", "manager")).isStatus(412);
    String seen = root.get(path).header("ETag");
    root.put(path, Map.of("role", "manager", "applied_by", "lab.yaml")).isStatus(200);
    String now = root.get(path).header("ETag");
    assertThat(now).isNotEqualTo(seen);

    root.with("If-Match", seen).put(path, Map.of("role", "member")).isStatus(412);
    assertThat(root.get(path).text("/role")).isEqualTo("manager");
    root.with("If-Match", now).put(path, Map.of("role", "member")).isStatus(200);
    root.with("If-Match", now).put(TEAM + "/members/alice", Map.of("role", "member")).isStatus(412);
    root.get(TEAM + "/members/alice").isStatus(404);
  }

  @Test
  void a_membership_ends_only_as_it_was_seen() {
    String path = TEAM + "/members/bob";
    TestResponse seen = root.put(path, Map.of("role", "member")).isStatus(201);
    root.put(path, Map.of("role", "manager")).isStatus(200);
    TestResponse now = root.get(path);
    assertThat(now.header("ETag")).isEqualTo("\"" + now.at("/version") + "\"");

    root.with("If-Match", "\"" + seen.at("/version") + "\"").delete(path).isStatus(412);
    root.put(path, Map.of("role", "member", "version", seen.at("/version").longValue()))
        .isStatus(412);
    assertThat(root.get(path).text("/role")).isEqualTo("manager");
    root.with("If-Match", now.header("ETag")).delete(path).isStatus(204);
    root.with("If-Match", now.header("ETag")).delete(path).isStatus(412);
    root.delete(path).isStatus(204);
  }

  @Test
  void members_are_kept_by_managers_and_leave_on_their_own() {
    root.put(TEAM + "/members/alice", Map.of("role", "manager")).isStatus(201);
    alice.put(TEAM + "/members/bob", Map.of("role", "member")).isStatus(201);
    assertThat(bob.get(TEAM + "/members").at("/items").findValuesAsString("user"))
        .containsExactly("alice", "bob");
    assertThat(bob.get(TEAM).at("/member_count").intValue()).isEqualTo(2);
    bob.put(TEAM + "/members/bob", Map.of("role", "manager")).isStatus(403);
    alice.put(TEAM + "/members/nobody", Map.of("role", "member")).isStatus(422);
    alice.put(TEAM + "/members/_system", Map.of("role", "member")).isStatus(422);
    alice.put(TEAM + "/members/bob", Map.of("role", "owner")).isStatus(422);
    bob.delete(TEAM + "/members/bob").isStatus(204);
    bob.get(TEAM + "/members").isStatus(403);
  }

  @Test
  void nobody_leaves_a_limited_group_by_a_service_account_of_theirs() {
    root.put("/v1/groups/operators", Map.of()).isStatus(201);
    root.put("/v1/groups/operators/members/bob", Map.of("role", "manager")).isStatus(201);
    root.put("/v1/groups/operators/members/alice", Map.of("role", "member")).isStatus(201);
    root.put(TEAM + "/limits", FIVE).isStatus(200);
    for (String user : List.of("alice", "bob")) {
      root.put(TEAM + "/members/" + user, Map.of("role", "manager")).isStatus(201);
    }
    Client ofAlice = serviceAccount("robot", "alice");
    Client ofOperators = serviceAccount("machine", "@operators");

    ofAlice.delete(TEAM + "/members/alice").isStatus(403);
    ofOperators.delete(TEAM + "/members/bob").isStatus(403);
    ofAlice.delete(TEAM + "/members/bob").isStatus(204);
    ofOperators.delete(TEAM + "/members/alice").isStatus(204);

    root.put(TEAM + "/members/alice", Map.of("role", "member")).isStatus(201);
    root.put(TEAM + "/limits", Map.of()).isStatus(200);
    ofAlice.delete(TEAM + "/members/alice").isStatus(204);
  }

  @Test
  void nobody_takes_a_service_account_of_theirs_out_of_a_limited_group() {
    root.put("/v1/groups/operators", Map.of()).isStatus(201);
    root.put("/v1/groups/operators/members/bob", Map.of("role", "manager")).isStatus(201);
    root.put(TEAM + "/limits", FIVE).isStatus(200);
    for (String user : List.of("alice", "bob")) {
      root.put(TEAM + "/members/" + user, Map.of("role", "manager")).isStatus(201);
    }
    Client ofAlice = serviceAccount("robot", "alice");
    Client unusedOther = serviceAccount("android", "alice");
    Client ofOperators = serviceAccount("machine", "@operators");
    Client unusedOfBob = serviceAccount("drone", "bob");
    Client unusedOfRoot = serviceAccount("rover", "root");

    alice.delete(TEAM + "/members/robot").isStatus(403);
    bob.delete(TEAM + "/members/machine").isStatus(403);
    ofAlice.delete(TEAM + "/members/android").isStatus(403);
    ofOperators.delete(TEAM + "/members/drone").isStatus(403);

    alice.delete(TEAM + "/members/machine").isStatus(204);
    bob.delete(TEAM + "/members/robot").isStatus(204);
    root.delete(TEAM + "/members/android").isStatus(204);
    root.delete(TEAM + "/members/rover").isStatus(204);
    root.put(TEAM + "/limits", Map.of()).isStatus(200);
    bob.delete(TEAM + "/members/drone").isStatus(204);
  }

  @Test
  void the_last_manager_stays_while_the_group_answers_for_service_accounts() {
    for (String user : List.of("alice", "bob")) {
      root.put(TEAM + "/members/" + user, Map.of("role", "manager")).isStatus(201);
    }
    root.post("/v1/users", Map.of("handle", "robot", "kind", "service", "responsible", "@team"))
        .isStatus(201);
    bob.delete(TEAM + "/members/bob").isStatus(204);
    alice.put(TEAM + "/members/bob", Map.of("role", "member")).isStatus(201);

    alice.delete(TEAM + "/members/alice").isProblem(409, "in_use");
    alice.put(TEAM + "/members/alice", Map.of("role", "member")).isProblem(409, "in_use");
    alice.put(TEAM + "/members/alice", Map.of("role", "manager")).isStatus(200);
    alice.delete(TEAM + "/members/bob").isStatus(204);
    root.patch("/v1/users/robot", Map.of("responsible", "alice")).isStatus(200);
    alice.delete(TEAM + "/members/alice").isStatus(204);
  }

  @Test
  void administrators_may_take_the_last_manager_from_a_group_that_answers_for_service_accounts() {
    root.put(TEAM + "/members/alice", Map.of("role", "manager")).isStatus(201);
    root.post("/v1/users", Map.of("handle", "robot", "kind", "service", "responsible", "@team"))
        .isStatus(201);
    root.put(TEAM + "/members/alice", Map.of("role", "member")).isStatus(200);
    root.put(TEAM + "/members/alice", Map.of("role", "manager")).isStatus(200);
    root.delete(TEAM + "/members/alice").isStatus(204);
  }

  /** A service account that is a manager of the team. */
  private Client serviceAccount(String handle, String responsible) {
    root.post("/v1/users", Map.of("handle", handle, "kind", "service", "responsible", responsible))
        .isStatus(201);
    root.put(TEAM + "/members/" + handle, Map.of("role", "manager")).isStatus(201);
    return served.holding(
        root.post("/v1/users/" + handle + "/tokens", Map.of("name", "n", "scope", "manage"))
            .isStatus(201)
            .text("/token"));
  }

  @Test
  void a_share_with_a_group_names_it_instead_of_a_user() {
    TestResponse given =
        alice.put(SHARE, Map.of("role", "reader", "limits", FIVE, "pooled_limits", FIVE));
    given.isStatus(201);
    assertThat(given.header("Location")).isEqualTo(SHARE);
    assertThat(given.at("/user").isNull()).isTrue();
    assertThat(given.text("/grantee")).isEqualTo("@team");
    assertThat(given.at("/pooled_limits/requests_per_minute").intValue()).isEqualTo(5);
    TestResponse replaced = alice.put(SHARE, Map.of("role", "writer", "limits", FIVE));
    assertThat(replaced.at("/pooled_limits_removed/requests_per_minute").intValue()).isEqualTo(5);
    assertThat(replaced.json().has("limits_removed")).isFalse();
    assertThat(alice.get(SERVICE + "/shares").at("/items").findValuesAsString("grantee"))
        .containsExactly("@team");
    alice.patch(SHARE, Map.of("pooled_limits", FIVE)).isStatus(200);
    assertThat(alice.get(SHARE).text("/role")).isEqualTo("writer");
    alice.delete(SHARE).isStatus(204);
    alice.get(SHARE).isStatus(404);
  }

  @Test
  void the_answer_says_which_pool_a_member_leaves_by_a_share_of_their_own() {
    alice.put(SHARE, Map.of("role", "reader", "pooled_limits", FIVE)).isStatus(201);
    root.put(TEAM + "/members/bob", Map.of("role", "member")).isStatus(201);
    bobHasCalled();

    TestResponse own = alice.put(SERVICE + "/shares/bob", Map.of("role", "reader"));
    assertThat(own.isStatus(201).text("/leaves_pool")).isEqualTo("team");

    TestResponse again = alice.put(SERVICE + "/shares/bob", Map.of("role", "writer"));
    assertThat(again.isStatus(200).json().has("leaves_pool")).isFalse();

    alice
        .patch(SERVICE + "/shares/bob", Map.of("expires_at", "2026-01-01T00:00:00Z"))
        .isStatus(200);
    TestResponse ended = alice.patch(SERVICE + "/shares/bob", Map.of("role", "reader"));
    assertThat(ended.isStatus(200).json().has("leaves_pool")).isFalse();
    TestResponse revived =
        alice.patch(SERVICE + "/shares/bob", "{\"expires_at\": null}").isStatus(200);
    assertThat(revived.text("/leaves_pool")).isEqualTo("team");
    TestResponse changed = alice.patch(SERVICE + "/shares/bob", Map.of("role", "writer"));
    assertThat(changed.isStatus(200).json().has("leaves_pool")).isFalse();
  }

  /** Everybody can lend to every group and to every user. */
  @Test
  void nobody_finds_out_who_is_in_a_group_by_lending_to_people() {
    alice.put(SHARE, Map.of("role", "reader", "pooled_limits", FIVE)).isStatus(201);
    root.put(TEAM + "/members/bob", Map.of("role", "member")).isStatus(201);
    String share = SERVICE + "/shares/bob";

    TestResponse own = alice.put(share, Map.of("role", "reader")).isStatus(201);
    assertThat(own.json().has("leaves_pool")).isFalse();

    alice.delete(share).isStatus(204);
    root.put(TEAM + "/members/alice", Map.of("role", "member")).isStatus(201);
    assertThat(alice.put(share, Map.of("role", "reader")).text("/leaves_pool")).isEqualTo("team");

    alice.delete(share).isStatus(204);
    root.delete(TEAM + "/members/alice").isStatus(204);
    TestResponse byRoot = root.put(share, Map.of("role", "reader"));
    assertThat(byRoot.text("/leaves_pool")).isEqualTo("team");
  }

  private void bobHasCalled() {
    User.Id user = served.ports().users().find(new Handle("bob")).orElseThrow().id();
    Instance x =
        served
            .ports()
            .instances()
            .find(new Instance.Ref(new Handle("alice"), new Handle("x")), user, Instant.now())
            .orElseThrow()
            .instance();
    served
        .ports()
        .attributedUsers()
        .add(x.id(), x.owner(), new AttributedUser(user, new Handle("bob"), LocalDate.EPOCH));
  }

  @Test
  void a_group_holds_no_ownership_and_does_not_reshare() {
    alice.put(SHARE, Map.of("role", "owner")).isStatus(422);
    alice.put(SHARE, Map.of("role", "reader", "may_reshare", true)).isStatus(422);
    alice.put(SERVICE + "/shares/@nobody", Map.of("role", "reader")).isStatus(422);
    alice
        .put(SERVICE + "/shares/bob", Map.of("role", "reader", "pooled_limits", FIVE))
        .isStatus(422);
  }

  @Test
  void a_member_sees_what_is_shared_with_the_group_and_gives_it_up_by_leaving() {
    alice.put(SHARE, Map.of("role", "reader")).isStatus(201);
    alice.put("/v1/llm-definitions/alice/d", Map.of("provider", "openai", "model", "m"));
    alice.put("/v1/llm-definitions/alice/d/shares/@team", Map.of("role", "reader")).isStatus(201);
    alice.put("/v1/projects/alice/p", Map.of("service", "alice/x")).isStatus(201);
    alice.put("/v1/projects/alice/p/shares/@team", Map.of("role", "writer")).isStatus(201);
    bob.get(SERVICE).isStatus(404);
    root.put(TEAM + "/members/bob", Map.of("role", "member")).isStatus(201);

    assertThat(bob.get(SERVICE).isStatus(200).text("/role")).isEqualTo("reader");
    bob.get("/v1/llm-definitions/alice/d").isStatus(200);
    TestResponse project = bob.get("/v1/projects/alice/p").isStatus(200);
    assertThat(project.text("/role")).isEqualTo("writer");
    assertThat(project.text("/service")).isEqualTo("alice/x");
    bob.patch("/v1/projects/alice/p", Map.of("description", "Letters")).isStatus(200);
    TestResponse refused = bob.delete(SHARE).isStatus(403);
    assertThat(refused.text("/detail")).contains("leave the group");
    bob.delete(TEAM + "/members/bob").isStatus(204);
    bob.get(SERVICE).isStatus(404);
    bob.get("/v1/llm-definitions/alice/d").isStatus(404);
    bob.get("/v1/projects/alice/p").isStatus(404);
  }
}
