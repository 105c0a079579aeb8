package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** System-level services that only holders of shares see and use. */
class AudienceTest {
  private static final String SERVICES = "/v1/llm-services/_system";
  private static final String LENT = SERVICES + "/lent";
  private static final String BOBS_SHARE = LENT + "/shares/bob";
  private static final Map<String, Object> NEW =
      Map.of("definition", "_system/openai-large", "audience", "shared");
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root().having(LENT, NEW);
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");

  @Test
  void a_system_level_service_has_an_audience_and_any_other_has_none() {
    assertThat(root.get(LENT).text("/audience")).isEqualTo("shared");
    root.put(SERVICES + "/open", Map.of("definition", "_system/openai-large")).isStatus(201);
    assertThat(alice.get(SERVICES + "/open").text("/audience")).isEqualTo("everybody");
    assertThat(
            root.patch(SERVICES + "/open", "{\"audience\": null}").isStatus(200).text("/audience"))
        .isEqualTo("everybody");
    Map<String, Object> own = Map.of("definition", "_system/openai-large");
    assertThat(alice.put("/v1/llm-services/alice/x", own).at("/audience").isNull()).isTrue();
    for (String audience : List.of("everybody", "shared")) {
      alice
          .patch("/v1/llm-services/alice/x", Map.of("audience", audience))
          .hasFaults("/audience not_allowed");
    }
    root.patch(LENT, Map.of("audience", "nobody")).hasFaults("/audience invalid_value");
  }

  @Test
  void who_holds_no_share_does_not_see_it_and_who_holds_one_does() {
    alice.get(LENT).isStatus(404);
    assertThat(listed(alice, "_system")).isEmpty();
    assertThat(listed(root, "_system")).containsExactly("lent");
    assertThat(listed(root, "root")).isEmpty();
    alice.put("/v1/projects/alice/p", Map.of("service", "_system/lent")).isStatus(422);

    root.put(BOBS_SHARE, Map.of("role", "reader")).isStatus(201);

    assertThat(bob.get(LENT).isStatus(200).text("/role")).isEqualTo("reader");
    assertThat(listed(bob, "_system")).containsExactly("lent");
    assertThat(listed(bob, "bob")).containsExactly("lent");
    bob.put("/v1/projects/bob/p", Map.of("service", "_system/lent")).isStatus(201);
    bob.put("/v1/users/bob/default-service", Map.of("service", "_system/lent")).isStatus(201);
    bob.put(LENT + "/shares/alice", Map.of("role", "reader")).isStatus(403);

    bob.delete(BOBS_SHARE).isStatus(204);
    bob.get(LENT).isStatus(404);
    bob.get("/v1/users/bob/default-service").isStatus(404);
    assertThat(bob.get("/v1/projects/bob/p").text("/instance_access")).isEqualTo("revoked");
  }

  @Test
  void an_administrator_manages_it_and_needs_a_share_to_use_it() {
    assertThat(root.get(LENT).at("/role").isNull()).isTrue();
    root.put("/v1/users/root/default-service", Map.of("service", "_system/lent")).isStatus(422);

    root.put(LENT + "/shares/root", Map.of("role", "reader")).isStatus(201);

    root.put("/v1/users/root/default-service", Map.of("service", "_system/lent")).isStatus(201);
    root.patch(LENT, Map.of("display_name", "Lent")).isStatus(200);
  }

  @Test
  void it_has_readers_and_writers_and_no_co_owners() {
    root.put(BOBS_SHARE, Map.of("role", "owner")).hasFaults("/role not_allowed");
    root.put(BOBS_SHARE, Map.of("role", "writer")).isStatus(201);

    bob.patch(LENT, Map.of("display_name", "Lent")).isStatus(200);
    bob.patch(LENT, Map.of("audience", "everybody")).isStatus(403);
    bob.patch(LENT, Map.of("endpoint", "http://127.0.0.1:1/v1")).isStatus(403);
  }

  @Test
  void it_becomes_everybodys_only_without_shares() {
    root.put(BOBS_SHARE, Map.of("role", "reader")).isStatus(201);
    root.patch(LENT, Map.of("audience", "everybody")).isProblem(409, "in_use");
    assertThat(root.get(LENT).text("/audience")).isEqualTo("shared");

    root.delete(BOBS_SHARE).isStatus(204);
    root.patch(LENT, Map.of("audience", "everybody")).isStatus(200);

    alice.get(LENT).isStatus(200);
    root.put(BOBS_SHARE, Map.of("role", "reader")).hasFaults(" not_shareable");
    root.patch(LENT, Map.of("audience", "shared")).isStatus(200);
    alice.get(LENT).isStatus(404);
  }

  /** A program that does not know the field must not open the service to everybody. */
  @Test
  void a_replacement_that_leaves_it_out_keeps_it() {
    root.put(LENT, Map.of("definition", "_system/openai-large", "display_name", "Again"))
        .isStatus(200);

    assertThat(root.get(LENT).text("/audience")).isEqualTo("shared");
  }

  private static List<String> listed(Client client, String user) {
    return client
        .get("/v1/llm-services/" + user)
        .at("/items")
        .valueStream()
        .map(item -> item.at("/handle").asString())
        .toList();
  }
}
