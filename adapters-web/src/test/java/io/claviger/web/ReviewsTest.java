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

/** Access reviews of services and groups. */
class ReviewsTest {
  private static final String SERVICE = "/v1/llm-services/alice/x";
  private static final String REVIEWS = "/v1/reviews";
  private static final Map<String, String> KEEP = Map.of("decision", "keep");
  private static final Map<String, String> END = Map.of("decision", "end");

  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice").owning(SERVICE);
  private final Client bob = served.user("bob");
  private final Client carol = served.user("carol");

  @BeforeEach
  void lend() {
    root.put("/v1/groups/team", Map.of()).isStatus(201);
    root.put("/v1/groups/team/members/bob", Map.of("role", "manager")).isStatus(201);
    root.put("/v1/groups/team/members/carol", Map.of("role", "member")).isStatus(201);
    alice.put(SERVICE + "/shares/bob", Map.of("role", "owner")).isStatus(201);
    alice.put(SERVICE + "/shares/carol", Map.of("role", "reader")).isStatus(201);
    alice.put(SERVICE + "/shares/@team", Map.of("role", "writer")).isStatus(201);
  }

  private String start(Client who, String what, String name) {
    TestResponse started = who.post(REVIEWS, Map.of(what, name)).isStatus(201);
    String id = started.text("/id");
    assertThat(started.header("Location")).isEqualTo(REVIEWS + "/" + id);
    return REVIEWS + "/" + id;
  }

  @Test
  void an_owner_keeps_and_ends_the_grants_of_a_service() {
    String review = start(alice, "service", "alice/x");

    TestResponse shown = alice.get(review).isStatus(200);
    assertThat(shown.items("grantee")).isEqualTo(List.of("@team", "bob", "carol"));
    assertThat(shown.items("role")).isEqualTo(List.of("writer", "owner", "reader"));
    assertThat(shown.items("kind")).isEqualTo(List.of("group", "user", "user"));
    assertThat(shown.text("/review/service")).isEqualTo("alice/x");
    assertThat(shown.at("/review/decided").intValue()).isZero();
    TestResponse kept = alice.put(review + "/@team", KEEP).isStatus(200);
    assertThat(kept.text("/decision")).isEqualTo("keep");
    assertThat(kept.text("/decided_by")).isEqualTo("alice");
    alice.put(review + "/@team", KEEP).isStatus(200);
    assertThat(alice.post(review + "/carol", END).isStatus(200).text("/state")).isEqualTo("ended");
    alice.get(SERVICE + "/shares/carol").isStatus(404);
    alice.put(review + "/carol", END).isStatus(200);
    alice.put(review + "/carol", KEEP).isProblem(409, "decision_stands");
    alice.put(review + "/@team", END).isStatus(200);
    alice.get(SERVICE + "/shares/@team").isStatus(404);

    assertThat(alice.get(REVIEWS).at("/items/0/decided").intValue()).isEqualTo(2);
    assertThat(root.get("/v1/audit-events?outcome=done&action=review.end").items("grantee"))
        .isEqualTo(List.of("@team", "carol"));
    assertThat(root.get("/v1/audit-events?outcome=done&action=review.keep").items("grantee"))
        .isEqualTo(List.of("@team"));
    assertThat(alice.get("/v1/audit-events?action=service.unshare").items("grantee"))
        .isEqualTo(List.of("@team", "carol"));
    assertThat(alice.get(review + "/_export").isStatus(200).body())
        .startsWith("reviewed,grantee,kind,role,")
        .contains("\r\nalice/x,'@team,group,writer,alice,", "\r\nalice/x,bob,user,owner,alice,");
  }

  @Test
  void what_changed_or_ended_since_is_shown_and_not_decided_about() {
    String review = start(alice, "service", "alice/x");
    alice.put(SERVICE + "/shares/carol", Map.of("role", "writer")).isStatus(200);
    alice.delete(SERVICE + "/shares/@team").isStatus(204);

    TestResponse shown = alice.get(review);
    assertThat(shown.items("state")).isEqualTo(List.of("ended", "unchanged", "changed"));
    assertThat(shown.items("role")).isEqualTo(List.of("writer", "owner", "writer"));
    alice.put(review + "/carol", KEEP).isProblem(409, "grant_changed");
    alice.put(review + "/carol", END).isProblem(409, "grant_changed");
    alice.put(review + "/@team", KEEP).isProblem(409, "grant_ended");
    alice.put(review + "/dave", END).isStatus(404);
    alice.put(review + "/alice", END).isStatus(404);
    for (String odd : List.of("..%2Fbob", "a%00b", "%40", "alice%2Fx", "*", "a:b:c")) {
      assertThat(alice.put(review + "/" + odd, END).status()).as(odd).isIn(400, 404);
    }
  }

  @Test
  void co_owners_decide_about_readers_alone_and_borrowers_see_nothing() {
    String review = start(alice, "service", "alice/x");
    assertThat(bob.get(REVIEWS).items("id")).hasSize(1);
    bob.put(review + "/bob", KEEP).isStatus(403);
    bob.put(review + "/carol", KEEP).isStatus(200);
    carol.get(review).isStatus(404);
    carol.get(review + "/_export").isStatus(404);
    carol.put(review + "/carol", END).isStatus(404);
    assertThat(carol.get(REVIEWS).items("id")).isEmpty();
    carol.post(REVIEWS, Map.of("service", "alice/x")).isStatus(403);
    served.user("dora").post(REVIEWS, Map.of("service", "alice/x")).isStatus(404);

    bob.put(review + "/bob", END).isStatus(200);
    bob.get(review).isStatus(404);
  }

  @Test
  void managers_review_their_group_and_do_not_keep_themselves() {
    String review = start(bob, "group", "@team");

    assertThat(bob.get(review).items("grantee")).isEqualTo(List.of("bob", "carol"));
    assertThat(bob.get(review).text("/review/group")).isEqualTo("team");
    bob.put(review + "/bob", KEEP).isStatus(403);
    bob.put(review + "/carol", END).isStatus(200);
    root.get("/v1/groups/team/members/carol").isStatus(404);
    root.put(review + "/bob", KEEP).isStatus(200);
    carol.get(review).isStatus(404);
    alice.get(review).isStatus(404);
    alice.post(REVIEWS, Map.of("group", "team")).isStatus(403);

    root.delete("/v1/groups/team").isStatus(204);
    root.put("/v1/groups/team", Map.of()).isStatus(201);
    root.put("/v1/groups/team/members/bob", Map.of("role", "manager")).isStatus(201);
    bob.get(review).isStatus(404);
  }

  @Test
  void exactly_one_thing_is_reviewed_and_reviews_are_bounded() {
    alice.post(REVIEWS, Map.of()).isStatus(422);
    alice.post(REVIEWS, Map.of("service", "alice/x", "group", "team")).isStatus(422);
    alice.post(REVIEWS, Map.of("service", "x")).isStatus(422);
    alice.post(REVIEWS, Map.of("service", "alice/y")).isStatus(404);
    alice.post(REVIEWS, Map.of("group", "none")).isStatus(404);
    String review = start(alice, "service", "alice/x");
    alice.put(review + "/carol", Map.of()).isStatus(422);
    alice.put(review + "/carol", Map.of("decision", "KEEP")).isStatus(422);
    alice.get(REVIEWS + "/x").isStatus(404);
    for (int n = 1; n < 10; n++) {
      String unused = start(alice, "service", "alice/x");
    }
    alice.post(REVIEWS, Map.of("service", "alice/x")).isProblem(409, "too_many_reviews");
    root.post(REVIEWS, Map.of("service", "alice/x")).isStatus(201);
  }
}
