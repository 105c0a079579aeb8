package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What auditors ask about the past: who could use a service, and what a group used. */
@Tag("thorough")
class AuditorJourneyTest {
  private static final String SERVICE = "/v1/llm-services/alice/lent";

  private final LocalDate today = Eventually.today();
  @AutoClose private final Journey journey = new Journey();
  private final Node node = journey.startNode();
  private final Api root = journey.root(node);
  private final Api alice = journey.user(node, "alice");
  private final Api bob = journey.user(node, "bob");
  private final Api carol = journey.user(node, "carol");

  @BeforeEach
  void lend() {
    Api unused = journey.user(node, "dave");
    journey.service(alice, "alice/lent");
    alice.share("alice/lent", "bob", "writer").isStatus(201);
    root.put("/v1/groups/team", Map.of()).isStatus(201);
    root.put("/v1/groups/team/members/carol", Map.of("role", "member")).isStatus(201);
    alice.share("alice/lent", "@team", "reader").isStatus(201);
    alice.put("/v1/projects/alice/corpus", Map.of("service", "alice/lent")).isStatus(201);
    alice.put("/v1/projects/alice/corpus/shares/dave", Map.of("role", "reader")).isStatus(201);
  }

  /** Lets everything that happened so far have happened ten days ago. */
  private void tenDaysPass() {
    journey.tamper(
        "update access_spans set since = since - interval '10 days',"
            + " until = until - interval '10 days', expires_at = expires_at - interval '10 days'");
  }

  private List<String> access(Api reader, LocalDate day) {
    return access(reader, SERVICE, day);
  }

  private static List<String> access(Api reader, String service, LocalDate day) {
    TestResponse found = reader.get(service + "/access?day=" + day).isStatus(200);
    return found
        .at("/items")
        .valueStream()
        .map(
            item ->
                String.join(
                    " ",
                    item.path("user").asString("*"),
                    item.path("way").asString(),
                    item.path("role").asString(),
                    item.path("group").asString("-"),
                    item.path("project").asString("-"),
                    item.path("until").isNull() ? "still" : "ended"))
        .toList();
  }

  @Test
  void who_could_use_a_service_is_known_for_each_day() {
    List<String> all =
        List.of(
            "alice owner owner - - still",
            "bob share writer - - still",
            "carol group reader @team - still",
            "dave project reader - alice/corpus still");
    assertThat(access(root, today)).isEqualTo(all);
    assertThat(root.get(SERVICE + "/holders?at=" + today).isStatus(200).items("way"))
        .containsExactly("owner", "share", "group", "project");
    assertThat(root.get(SERVICE + "/holders?at=" + today.minusDays(3)).items("way")).isEmpty();
    root.get(SERVICE + "/holders?at=yesterday").isStatus(422);
    tenDaysPass();
    alice.delete(SERVICE + "/shares/bob").isStatus(204);
    root.delete("/v1/groups/team").isStatus(204);
    root.delete("/v1/users/dave").isStatus(204);

    assertThat(access(root, today)).contains("bob share writer - - ended");
    tenDaysPass();
    assertThat(access(root, today)).containsExactly("alice owner owner - - still");
    assertThat(access(root, today.minusDays(15)))
        .containsExactly(
            "alice owner owner - - still",
            "bob share writer - - ended",
            "carol group reader @team - ended",
            "dave project reader - alice/corpus ended");
    assertThat(access(root, today.minusDays(30))).isEmpty();

    alice.delete("/v1/projects/alice/corpus").isStatus(204);
    alice.delete(SERVICE).isStatus(204);
    assertThat(access(root, today.minusDays(15)))
        .hasSize(4)
        .contains("alice owner owner - - ended");
    alice.get(SERVICE + "/access").isStatus(404);
    assertThat(access(root, today.minusDays(30))).isEmpty();
    for (String mistyped : List.of("/access", "/holders")) {
      root.get("/v1/llm-services/alice/lend" + mistyped).isStatus(404);
    }
  }

  @Test
  void a_role_that_changed_and_a_share_that_expired_are_told_apart() {
    tenDaysPass();
    alice
        .put(
            SERVICE + "/shares/bob", Map.of("role", "reader", "expires_at", "2999-01-01T00:00:00Z"))
        .isStatus(200);
    assertThat(access(root, today))
        .contains("bob share reader - - ended", "bob share writer - - ended");
    journey.tamper("update access_spans set expires_at = now() where expires_at is not null");
    tenDaysPass();
    assertThat(access(root, today)).noneMatch(line -> line.startsWith("bob"));
  }

  @Test
  void who_is_suspended_or_finds_the_service_disabled_can_not_use_it() {
    journey.tamper("update users set suspended_at = now() where handle = 'bob'");
    assertThat(access(root, today)).anyMatch(line -> line.startsWith("bob"));
    tenDaysPass();
    assertThat(access(root, today)).noneMatch(line -> line.startsWith("bob"));
    alice.patch(SERVICE, Map.of("enabled", false)).isStatus(200);
    tenDaysPass();
    assertThat(access(root, today)).isEmpty();
    alice.patch(SERVICE, Map.of("enabled", true)).isStatus(200);
    assertThat(access(root, today)).isNotEmpty();
  }

  @Test
  void of_a_system_level_service_that_is_lent_holders_alone_could_use_it() {
    String lent = "/v1/llm-services/_system/lent";
    journey.service(root, "_system/lent");
    assertThat(access(root, lent, today)).containsExactly("* everybody owner - - still");
    tenDaysPass();
    root.patch(lent, Map.of("audience", "shared")).isStatus(200);
    root.share("_system/lent", "bob", "reader").isStatus(201);
    tenDaysPass();

    assertThat(access(root, lent, today)).containsExactly("bob share reader - - still");
    assertThat(access(root, lent, today.minusDays(15)))
        .containsExactly("* everybody owner - - ended");
    root.delete(lent + "/shares/bob").isStatus(204);
    root.patch(lent, Map.of("audience", "everybody")).isStatus(200);
    tenDaysPass();
    assertThat(access(root, lent, today)).containsExactly("* everybody owner - - still");
  }

  @Test
  void owners_see_groups_and_projects_and_nobody_else_sees_anything() {
    assertThat(access(alice, today))
        .containsExactly(
            "* group reader @team - still",
            "* project project - alice/corpus still",
            "alice owner owner - - still",
            "bob share writer - - still");
    carol.get(SERVICE + "/access").isStatus(403);
    journey.user(node, "eve").get(SERVICE + "/access").isStatus(404);
  }

  @Test
  void pages_neither_skip_nor_repeat_and_say_since_when_all_is_known() {
    TestResponse first = root.get(SERVICE + "/access?limit=3").isStatus(200);
    assertThat(first.text("/known_since")).startsWith(today.toString());
    TestResponse second =
        root.get(SERVICE + "/access?limit=3&cursor=" + first.text("/next_cursor")).isStatus(200);
    assertThat(second.items("user")).containsExactly("dave");
    assertThat(second.at("/next_cursor").isNull()).isTrue();
    root.get(SERVICE + "/access?cursor=nothing").isStatus(422);
    root.get(SERVICE + "/access?day=yesterday").isStatus(422);
    LocalDate later = today.plusDays(2);
    root.get(SERVICE + "/access?day=" + later).hasFaults("/day invalid_value");
    root.get(SERVICE + "/holders?at=" + later).hasFaults("/at invalid_value");
  }

  private List<String> used(String query) {
    return root.get("/v1/usage?group=@team&" + query)
        .isStatus(200)
        .at("/items")
        .valueStream()
        .map(item -> item.path("user").asString() + " " + item.path("requests").asInt())
        .toList();
  }

  @Test
  void what_a_group_used_counts_who_was_in_it_on_the_day() {
    carol.embed("alice/lent").isStatus(200);
    carol.embed("alice/lent").isStatus(200);
    bob.embed("alice/lent").isStatus(200);
    Eventually.holds(
        Eventually.SOON,
        () -> journey.column("select sum(requests) from usage_daily").contains("3"));

    assertThat(used("by=user")).containsExactly("carol 2");
    assertThat(used("limit=50")).containsExactly("carol 2");
    root.delete("/v1/groups/team").isStatus(204);
    assertThat(used("by=user,model&from=" + today)).containsExactly("carol 2");
    assertThat(used("by=user&user=bob")).isEmpty();
    tenDaysPass();
    root.put("/v1/groups/team", Map.of()).isStatus(201);
    root.put("/v1/groups/team/members/bob", Map.of("role", "member")).isStatus(201);
    assertThat(used("by=day,user")).containsExactly("bob 1");
    assertThat(used("limit=50")).containsExactly("bob 1");

    String month = today.toString().substring(0, 7);
    assertThat(used("by=user&month=" + month)).containsExactly("bob 1");
    assertThat(used("by=user&month=2020-01")).isEmpty();
    root.get("/v1/usage?by=model&month=2026-1").isStatus(422);
    root.get("/v1/usage?by=model&month=2026-01&from=2026-01-02").isStatus(422);
    assertThat(root.get("/v1/usage?group=team&by=model").text("/known_since"))
        .startsWith(today.toString());
    alice.get("/v1/usage?group=team").isStatus(403);
  }

  @Test
  void whole_months_of_a_group_are_read_from_their_sums() {
    carol.embed("alice/lent").isStatus(200);
    bob.embed("alice/lent").isStatus(200);
    Eventually.holds(
        Eventually.SOON,
        () -> journey.column("select sum(requests) from usage_daily").contains("2"));
    LocalDate month = today.minusMonths(2).withDayOfMonth(1);
    journey.tamper("update usage_daily set day = '" + month.plusDays(9) + "'");
    String asked = "by=user,model&from=" + month + "&to=" + month.plusMonths(1).minusDays(1);
    assertThat(used(asked)).isEmpty();
    journey.tamper("update access_spans set since = since - interval '200 days'");
    assertThat(used(asked)).containsExactly("carol 1");
    while (!journey.column("select roll_up_usage()").equals(Collections.singletonList(null))) {
      // Another period was summed up.
    }
    assertThat(used(asked)).containsExactly("carol 1");
    assertThat(used("by=user")).containsExactly("carol 1");
  }

  @Test
  void old_and_rejected_keys_are_listed_and_own_ones_counted() {
    journey.serviceOfUserKeys(alice, "alice/own");
    alice.share("alice/own", "bob", "reader").isStatus(201);
    bob.storeKey("alice/own", journey.endpoint(), journey.key("bobs")).isStatus(201);
    assertThat(root.get("/v1/key-ages?older_than_days=90").items("service")).isEmpty();
    journey.tamper(
        "update instances set api_key_set_at = now() - interval '100 days' where handle = 'lent'");
    journey.tamper(
        "insert into rejected_keys (instance_id, key_set_at, since, last_at, status)"
            + " select id, api_key_set_at, now(), now(), 401 from instances where handle = 'lent'");

    TestResponse old = root.get("/v1/key-ages?older_than_days=90").isStatus(200);
    assertThat(old.items("service")).containsExactly("alice/lent");
    assertThat(old.at("/own_keys").toString()).isEqualTo("{\"stored\":1,\"old\":0,\"rejected\":0}");
    TestResponse rejected = root.get("/v1/key-ages?rejected=true").isStatus(200);
    assertThat(rejected.items("service")).containsExactly("alice/lent");
    assertThat(rejected.at("/items/0/status").asInt()).isEqualTo(401);
    assertThat(root.get("/v1/key-ages?older_than_days=0").at("/own_keys/old").asInt()).isOne();
    assertThat(root.get("/v1/llm-services?key=rejected&key_older_than=90").items("handle"))
        .containsExactly("lent");
    assertThat(alice.get("/v1/llm-services/alice?key=rejected").items("handle"))
        .containsExactly("lent");
    assertThat(root.get("/v1/llm-services?key=rejected&key_older_than=101").items("handle"))
        .isEmpty();
    root.get("/v1/llm-services?key=lost").isStatus(422);
    root.get("/v1/key-ages?older_than_days=-1").isStatus(422);
    alice.get("/v1/key-ages").isStatus(403);

    assertThat(root.signedIn().open("/console/audit/keys?older_than_days=90").isStatus(200).body())
        .contains("alice/lent", "401", "Keys that people stored for themselves: 1");
    alice.signedIn().open("/console/audit/keys").isStatus(403);
  }

  @Test
  void who_was_refused_what_is_known_with_the_code() {
    Map<String, Object> reader = Map.of("role", "reader", "limits", Map.of("models", List.of("x")));
    alice.put(SERVICE + "/shares/bob", reader).isStatus(200);
    bob.embed("alice/lent").isStatus(403);
    bob.embed("alice/lent").isStatus(403);
    Map<String, Object> lists =
        Map.of("role", "reader", "limits", Map.of("operations", List.of("GET models")));
    alice.put(SERVICE + "/shares/bob", lists).isStatus(200);
    bob.embed("alice/lent").isStatus(403);
    bob.delete(SERVICE).isStatus(403);

    Eventually.holds(
        Eventually.SOON, () -> root.get("/v1/refusals?user=bob").items("code").size() == 2);
    TestResponse refused = alice.get("/v1/refusals?service=alice/lent&limit=1").isStatus(200);
    assertThat(refused.items("code")).containsExactly("model_not_allowed");
    assertThat(refused.at("/items/0/calls").asInt()).isEqualTo(2);
    TestResponse rest =
        alice
            .get("/v1/refusals?service=alice/lent&cursor=" + refused.text("/next_cursor"))
            .isStatus(200);
    assertThat(rest.items("code")).containsExactly("operation_beyond_limits");
    TestResponse sums = alice.get("/v1/refusals?by=code&limit=1").isStatus(200);
    assertThat(sums.at("/items").toString())
        .isEqualTo("[{\"code\":\"model_not_allowed\",\"calls\":2}]");
    assertThat(
            alice
                .get("/v1/refusals?by=code&limit=1&cursor=" + sums.text("/next_cursor"))
                .at("/items")
                .toString())
        .isEqualTo("[{\"code\":\"operation_beyond_limits\",\"calls\":1}]");
    assertThat(root.get("/v1/refusals?by=user,service&user=bob").at("/items").toString())
        .isEqualTo("[{\"user\":\"bob\",\"service\":\"alice/lent\",\"calls\":3}]");
    alice.get("/v1/refusals?by=code,code").isStatus(422);
    assertThat(alice.get("/v1/refusals?code=rate_limited").items("code")).isEmpty();
    assertThat(bob.get("/v1/refusals").items("code")).isEmpty();
    assertThat(root.get("/v1/audit-events?outcome=refused&actor=bob").items("action"))
        .containsExactly("service.delete");
    assertThat(alice.signedIn().open("/console/audit/refusals?user=bob").isStatus(200).body())
        .contains("model_not_allowed", "operation_beyond_limits");
    alice.signedIn().open("/console/audit/refusals?code=No").isStatus(422);
  }

  @Test
  void who_is_an_administrator_since_when_and_when_accounts_and_trusts_were_used() {
    root.post("/v1/users", Map.of("handle", "bot", "kind", "service", "responsible", "alice"))
        .isStatus(201);
    journey.tamper(
        "insert into trusted_issuers values"
            + " (gen_random_uuid(), 'forge', 'https://forge.example', 1, now(), now())");
    root.put("/v1/users/bot/trusts/main", Map.of("issuer", "forge", "subject", "repo:a/b"))
        .isStatus(201);
    root.put("/v1/users/bot/trusts/spare", Map.of("issuer", "forge", "subject", "repo:a/c"))
        .isStatus(201);
    journey.tamper(
        "insert into trust_uses select id, '2026-01-31T08:00:00Z' from trusts where name = 'main'");
    root.patch("/v1/users/carol", Map.of("administrator", true)).isStatus(200);

    TestResponse administrators = root.get("/v1/users?administrator=true").isStatus(200);
    assertThat(administrators.items("handle")).containsExactly("carol", "root");
    assertThat(administrators.text("/items/0/administrator_since")).startsWith(today.toString());
    assertThat(root.get("/v1/users?administrator=false&q=carol").items("handle")).isEmpty();
    TestResponse services = root.get("/v1/users?kind=service").isStatus(200);
    assertThat(services.items("handle")).containsExactly("bot");
    assertThat(services.text("/items/0/last_used_at")).isEqualTo("2026-01-31T08:00:00Z");
    assertThat(services.at("/items/0/trusts/0/last_used_at").asString())
        .isEqualTo("2026-01-31T08:00:00Z");
    assertThat(services.at("/items/0/trusts/1/last_used_at").isNull()).isTrue();
    root.get("/v1/users?kind=robot").isStatus(422);
    alice.get("/v1/users?administrator=true").isStatus(403);

    root.patch("/v1/users/carol", Map.of("administrator", false)).isStatus(200);
    assertThat(root.get("/v1/users?administrator=true").items("handle")).containsExactly("root");
    FormBrowser auditor = root.signedIn();
    assertThat(auditor.open("/console/people?only=administrators").isStatus(200).body())
        .contains("administrator since")
        .doesNotContain("/console/people/bot");
    assertThat(auditor.open("/console/people?only=service-accounts").isStatus(200).body())
        .contains("/console/people/bot", "trust <bdi>main</bdi>", "never");
  }

  @Test
  void an_access_review_ends_what_is_not_kept() {
    carol.embed("alice/lent").isStatus(200);
    String review =
        "/v1/reviews/"
            + root.post("/v1/reviews", Map.of("service", "alice/lent")).isStatus(201).text("/id");
    Eventually.holds(
        Eventually.SOON, () -> alice.get(review).items("last_use").contains(today.toString()));

    TestResponse shown = alice.get(review).isStatus(200);
    assertThat(shown.items("grantee")).containsExactly("@team", "alice:corpus", "bob");
    assertThat(shown.text("/items/0/last_use")).isEqualTo(today.toString());
    assertThat(shown.at("/items/2/last_use").isNull()).isTrue();
    bob.get(review).isStatus(404);
    carol.get(review).isStatus(404);
    alice.put(review + "/@team", Map.of("decision", "keep")).isStatus(200);
    alice.put(review + "/alice:corpus", Map.of("decision", "end")).isStatus(409);
    alice.put(review + "/bob", Map.of("decision", "end")).isStatus(200);
    bob.embed("alice/lent").isStatus(404);
    carol.embed("alice/lent").isStatus(200);
    assertThat(root.get("/v1/audit-events?outcome=done&action=review.end").items("grantee"))
        .containsExactly("bob");
    assertThat(alice.get(review + "/_export").isStatus(200).body())
        .contains("alice/lent,bob,user,writer,alice,", ",ended,end,alice,");
  }

  @Test
  void pages_of_the_console_answer_the_same_questions() {
    FormBrowser auditor = root.signedIn();
    String access = "/console/audit/access?service=alice/lent&day=";
    assertThat(auditor.open(access + today).isStatus(200).body())
        .contains("<bdi>carol</bdi>", "group @team", "project alice/corpus", "it goes on");
    assertThat(auditor.open(access + today.minusDays(3)).isStatus(200).body())
        .contains("Everything has been recorded since", "Nobody could use");
    assertThat(auditor.open("/console/audit/access").isStatus(200).body()).contains("Day (UTC)");
    auditor.open("/console/audit/access?service=x").isStatus(422);
    assertThat(auditor.open(access + today.plusDays(2)).isStatus(422).body())
        .contains("nobody knows yet who can use the service on a later day");
    assertThat(auditor.open("/console/usage?group=@team").isStatus(200).body())
        .contains("Group members have been recorded since");
    assertThat(alice.signedIn().open("/console/usage").body()).doesNotContain("name=\"group\"");
  }
}
