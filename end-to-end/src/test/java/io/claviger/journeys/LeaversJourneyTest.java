package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Users who leave a group or are suspended, and tokens whose parent token has ended, are refused.
 * The node that made the change refuses the next call. Other nodes refuse calls as soon as after
 * the end of a share.
 */
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeaversJourneyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String MEMBER = "/v1/groups/research/members/bob";
  private static final String SERVICE = "alice/lent";
  private static final int ROUNDS = 10;

  @AutoClose private final Journey journey = new Journey();
  private final Node one = journey.startNode();
  private final Node other = journey.startNode();
  private final Api root = journey.root(one);
  private Api bob = root;

  @BeforeAll
  void lend() {
    Api alice = journey.user(one, "alice");
    bob = journey.user(one, "bob");
    journey.service(alice, SERVICE);
    root.put("/v1/groups/research", Map.of("display_name", "Research")).isStatus(201);
    alice.share(SERVICE, "@research", "reader").isStatus(201);
  }

  @BeforeEach
  void join() {
    assertThat(root.put(MEMBER, Map.of("role", "member")).status()).isIn(200, 201);
    warm(bob);
    warm(bob.at(other));
  }

  /** Calls until the node answers from its cache. */
  private static void warm(Api caller) {
    Eventually.holds(PATIENCE, () -> caller.models(SERVICE).status() == 200);
    for (int i = 0; i < 3; i++) {
      caller.models(SERVICE).isStatus(200);
    }
  }

  @Test
  void whoever_left_a_group_is_refused_here_at_once_and_soon_elsewhere() {
    for (int round = 0; round < ROUNDS; round++) {
      root.delete(MEMBER).isStatus(204);
      bob.models(SERVICE).isRefused(404, "not_found");
      Eventually.answers(404, () -> bob.at(other).models(SERVICE)).isRefused(404, "not_found");
      join();
    }
  }

  @Test
  void a_stream_by_the_share_of_a_group_ends_when_its_caller_leaves() {
    assertEnds(bob.at(other), () -> root.delete(MEMBER).isStatus(204), "not_found");
  }

  @Test
  void a_suspended_user_is_refused_at_both_ports_of_every_node() {
    for (Api there : List.of(bob, bob.at(other))) {
      warm(there);
      suspend("now()");
      for (Api each : List.of(bob, bob.at(other))) {
        each.models(SERVICE).isRefused(401, "user_suspended");
        each.get("/v1/me").isProblem(401, "user_suspended");
      }
      suspend("null");
    }
    bob.models(SERVICE).isStatus(200);
  }

  @Test
  void a_stream_ends_when_its_caller_is_suspended() {
    try {
      assertEnds(bob, () -> suspend("now()"), "user_suspended");
    } finally {
      suspend("null");
    }
  }

  @Test
  void
      whom_the_identity_provider_suspends_by_scim_is_refused_on_every_node_and_keeps_what_they_own() {
    String token =
        journey.token(
            root.post("/v1/scim-tokens", Map.of("name", "idp", "issuer", "https://id.example.org"))
                .isStatus(201)
                .text("/token"));
    TestClient provider = TestClient.of(other.api()).withToken(token);
    String path =
        "/scim/v2/Users/"
            + provider
                .json("POST", "/scim/v2/Users", Map.of("userName", "erin@lab", "externalId", "e"))
                .isStatus(201)
                .text("/id");
    Api erin =
        bob.holding(
            journey.token(
                root.post("/v1/users/erin/tokens", Map.of("name", "program"))
                    .isStatus(201)
                    .text("/token")));
    journey.service(erin, "erin/kept");
    erin.share("erin/kept", "bob", "reader").isStatus(201);
    erin.models("erin/kept").isStatus(200);
    erin.at(other).models("erin/kept").isStatus(200);

    assertEnds(erin, "erin/kept", () -> active(provider, path, false), "user_suspended");

    for (Api each : List.of(erin, erin.at(other))) {
      each.models("erin/kept").isRefused(401, "user_suspended");
      each.get("/v1/me").isProblem(401, "user_suspended");
    }
    bob.models("erin/kept").isStatus(200);
    active(provider, path, true);
    Eventually.holds(PATIENCE, () -> erin.models("erin/kept").status() == 200);
    journey.assertNothingLeaked();
  }

  private static void active(TestClient provider, String path, boolean active) {
    provider
        .json(
            "PATCH",
            path,
            Map.of(
                "Operations", List.of(Map.of("op", "replace", "value", Map.of("active", active)))))
        .isStatus(200);
  }

  @Test
  void a_narrower_token_ends_with_the_one_it_was_made_from() {
    for (int round = 0; round < ROUNDS; round++) {
      TestResponse parent = token("parent-" + round);
      Api child = narrower(narrower(bob.holding(parent.text("/token"))));
      warm(child);
      warm(child.at(other));
      bob.delete("/v1/users/bob/tokens/" + parent.text("/id")).isStatus(204);

      child.models(SERVICE).isRefused(401, "bad_token");
      child.get("/v1/me").isStatus(401);
      Eventually.answers(401, () -> child.at(other).models(SERVICE)).isRefused(401, "bad_token");
    }
  }

  @Test
  void a_stream_of_a_narrower_token_ends_with_the_one_it_was_made_from() {
    TestResponse parent = token("of-a-stream");
    Api child = narrower(bob.holding(parent.text("/token"))).at(other);
    warm(child);
    assertEnds(
        child,
        () -> bob.delete("/v1/users/bob/tokens/" + parent.text("/id")).isStatus(204),
        "bad_token");
  }

  private TestResponse token(String name) {
    TestResponse issued = bob.post("/v1/users/bob/tokens", Map.of("name", name)).isStatus(201);
    String unused = journey.token(issued.text("/token"));
    return issued;
  }

  private Api narrower(Api parent) {
    TestResponse child = parent.post("/v1/me/tokens/narrow", Map.of("name", "n")).isStatus(201);
    return parent.holding(journey.token(child.text("/token")));
  }

  /**
   * Suspends a user, as Claviger does when the identity provider says that somebody has left the
   * organization.
   */
  private void suspend(String time) {
    journey.tamper("update users set suspended_at = " + time + " where handle = 'bob'");
  }

  private static void assertEnds(Api caller, Runnable leave, String code) {
    assertEnds(caller, SERVICE, leave, code);
  }

  /** Streams end within a second, and later on a busy machine. */
  private static void assertEnds(Api caller, String service, Runnable leave, String code) {
    try (OpenStream stream = OpenStream.of(caller, "services/" + service, OpenStream.ENDLESS)) {
      Eventually.holds(PATIENCE, () -> stream.text().contains("data: "));
      leave.run();
      Eventually.holds(Duration.ofSeconds(5), stream::isOver);

      assertThat(stream.text()).contains("\"code\":\"" + code + "\"").endsWith("<broken>");
    }
  }
}
