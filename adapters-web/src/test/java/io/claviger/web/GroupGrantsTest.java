package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AGroup;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** By what a service is used, and groups that the identity provider keeps. */
class GroupGrantsTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String SHARES = SERVICE + "/shares/";
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice").owning(SERVICE);
  private final Client bob = served.user("bob");

  @BeforeEach
  void start() {
    for (String group : new String[] {"readers", "writers"}) {
      root.put("/v1/groups/" + group, Map.of()).isStatus(201);
      root.put("/v1/groups/" + group + "/members/bob", Map.of("role", "member")).isStatus(201);
    }
  }

  @Test
  void via_names_the_group_with_the_highest_role_until_a_share_of_ones_own() {
    bob.get(SERVICE).isStatus(404);
    alice.put(SHARES + "@readers", Map.of("role", "reader")).isStatus(201);
    assertVia("@readers", "reader");
    alice.put(SHARES + "@writers", Map.of("role", "writer")).isStatus(201);
    assertVia("@writers", "writer");
    root.delete("/v1/groups/writers/members/bob").isStatus(204);
    assertVia("@readers", "reader");
    alice.put(SHARES + "bob", Map.of("role", "reader")).isStatus(201);
    assertThat(bob.get(SERVICE).text("/role")).isEqualTo("reader");
    assertThat(bob.get(SERVICE).at("/via").isNull()).isTrue();
    assertThat(alice.get(SERVICE).at("/via").isNull()).isTrue();
    assertThat(bob.get("/v1/llm-services/alice").at("/items").findValuesAsString("id"))
        .doesNotHaveDuplicates();
  }

  @Test
  void a_synced_group_is_left_to_the_identity_provider() {
    served.ports().groups().insert(AGroup.synced("ops", "Ops"));
    TestResponse shown = bob.get("/v1/groups/ops").isStatus(200);
    assertThat(shown.text("/kind")).isEqualTo("synced");
    String members = "/v1/groups/ops/members/bob";
    root.put(members, Map.of("role", "member")).isProblem(409, "synced");
    root.delete(members).isProblem(409, "synced");
    root.patch("/v1/groups/ops", Map.of("display_name", "O")).isProblem(409, "synced");
    root.put("/v1/groups/ops", Map.of("display_name", "O")).isProblem(409, "synced");
    bob.put(members, Map.of("role", "manager")).isStatus(403);
    alice.put(SHARES + "@ops", Map.of("role", "reader")).isStatus(201);
    bob.delete("/v1/groups/ops").isStatus(403);
    root.delete("/v1/groups/ops").isStatus(204);
  }

  private void assertVia(String group, String role) {
    TestResponse seen = bob.get(SERVICE).isStatus(200);
    assertThat(seen.text("/via")).isEqualTo(group);
    assertThat(seen.text("/role")).isEqualTo(role);
  }
}
