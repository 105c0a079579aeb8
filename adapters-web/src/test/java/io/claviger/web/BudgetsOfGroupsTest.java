package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetReference;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who sees what is left of the budgets of users and groups, whatever services they can use. */
final class BudgetsOfGroupsTest {
  private static final String EACH =
      "{\"budgets\": [{\"amount\": 5, \"unit\": \"requests\", \"window\": \"day\"}]}";
  private static final String POOLED =
      "{\"budgets\": [{\"amount\": 90, \"unit\": \"requests\", \"window\": \"month\"}]}";
  private static final String OWN =
      "{\"budgets\": [{\"amount\": 7, \"unit\": \"tokens\", \"window\": \"week\"}]}";
  @AutoClose private static final Served SERVED = Served.start();
  private static int groups;
  private Client manager;
  private Client member;
  private Client stranger;
  private String group = "";
  private String memberName = "";

  @BeforeEach
  void begin() {
    int n = ++groups;
    group = "team-" + n;
    memberName = "member-" + n;
    manager = SERVED.user("manager-" + n);
    member = SERVED.user(memberName);
    stranger = SERVED.user("other-" + n);
    root("PUT", "/v1/groups/" + group, "{}", 201);
    root("PUT", "/v1/groups/" + group + "/members/manager-" + n, "{\"role\": \"manager\"}", 201);
    root("PUT", "/v1/groups/" + group + "/members/" + memberName, "{\"role\": \"member\"}", 201);
    root("PUT", "/v1/groups/" + group + "/limits", EACH, 200);
    root("PUT", "/v1/groups/" + group + "/pooled-limits", POOLED, 200);
    root("PUT", "/v1/users/" + memberName + "/limits", OWN, 200);
  }

  private static void root(String method, String path, String body, int status) {
    TestResponse unused = SERVED.root().json(method, path, body).isStatus(status);
  }

  /** Returns the kinds and the users of the shown budgets. */
  private static List<String> shown(Client viewer, String query) {
    TestResponse page = viewer.get("/v1/budgets" + query).isStatus(200);
    List<String> holders = new ArrayList<>();
    page.json()
        .get("items")
        .forEach(
            item -> {
              var holder = item.get("holder");
              holders.add(
                  holder.get("type").asString()
                      + (holder.get("user").isNull() ? "" : " " + holder.get("user").asString()));
            });
    return holders;
  }

  @Test
  void users_see_their_own_and_those_of_their_groups_without_any_service() {
    assertThat(shown(member, ""))
        .containsExactly("user " + memberName, "group_member " + memberName, "group");
  }

  @Test
  void they_are_on_the_first_page_alone() {
    for (String service : List.of("a", "b")) {
      member
          .put(
              "/v1/llm-services/" + memberName + "/" + service,
              Map.of("definition", "_system/openai-large"))
          .isStatus(201);
    }
    TestResponse first = member.get("/v1/budgets?limit=1").isStatus(200);

    assertThat(shown(member, "?limit=1")).hasSize(3);
    assertThat(shown(member, "?limit=1&cursor=" + first.text("/next_cursor"))).isEmpty();
  }

  @Test
  void members_see_the_pool_of_a_group_and_what_is_left_for_themselves() {
    assertThat(shown(member, "?group=" + group))
        .containsExactly("group", "group_member " + memberName);
  }

  @Test
  void managers_see_what_is_left_for_each_member_and_not_what_members_may_do_elsewhere() {
    String managerName = "manager-" + groups;
    assertThat(shown(manager, "?group=" + group))
        .containsExactly("group", "group_member " + managerName, "group_member " + memberName);
    assertThat(shown(manager, "?group=" + group + "&user=" + memberName))
        .containsExactly("group_member " + memberName);
    assertThat(shown(manager, "?user=" + memberName)).containsExactly("group_member " + memberName);
  }

  @Test
  void the_budget_of_a_member_is_raised_and_no_longer_once_they_left() {
    String id = member.get("/v1/budgets?group=" + group).text("/items/1/id");
    String raise =
        "{\"amount\": 5, \"until\": \"%s\"}"
            .formatted(SERVED.ports().clock().instant().plusSeconds(60));
    root("POST", "/v1/budgets/" + id + "/raises", raise, 201);

    SERVED.root().delete("/v1/groups/" + group + "/members/" + memberName).isStatus(204);

    root("POST", "/v1/budgets/" + id + "/raises", raise, 404);
  }

  @Test
  void administrators_see_all_of_them() {
    assertThat(shown(SERVED.root(), "?group=" + group)).hasSize(3);
    assertThat(shown(SERVED.root(), "?user=" + memberName))
        .containsExactly("user " + memberName, "group_member " + memberName);
  }

  @Test
  void others_see_none_of_them() {
    assertThat(shown(stranger, "?group=" + group)).isEmpty();
    assertThat(shown(stranger, "?user=" + memberName)).isEmpty();
    assertThat(shown(member, "?user=manager-" + groups)).isEmpty();
    stranger.get("/v1/budgets?group=no-such-group").isStatus(404);
  }

  @Test
  void who_is_responsible_for_a_service_account_sees_its_budgets() {
    String account = "bot-" + groups;
    root(
        "POST",
        "/v1/users",
        "{\"handle\": \"%s\", \"kind\": \"service\", \"responsible\": \"@%s\"}"
            .formatted(account, group),
        201);
    root("PUT", "/v1/users/" + account + "/limits", OWN, 200);

    assertThat(shown(manager, "?user=" + account)).containsExactly("user " + account);
    assertThat(shown(member, "?user=" + account)).isEmpty();
  }

  /**
   * The answer to a stranger who names a user does not show either whether this user is a member.
   */
  private void assertSameForStranger(Client owner, String query, String kind) {
    String member = "&user=" + memberName;
    String other = "&user=other-" + groups;
    List<String> said = shown(owner, query + other);
    assertThat(shown(owner, query + member))
        .isEqualTo(said.stream().map(one -> kind + " " + memberName).toList());
    assertThat(owner.get("/v1/budgets" + query + member).items("amount"))
        .isEqualTo(owner.get("/v1/budgets" + query + other).items("amount"));
    TestResponse page = owner.get("/v1/budgets?limit=1" + member).isStatus(200);
    assertThat(page.json().get("items")).isEmpty();
    assertThat(page.at("/next_cursor").isNull()).isTrue();
  }

  @Test
  void an_owner_sees_what_is_left_for_members_of_a_group_once_they_used_the_service() {
    String n = Integer.toString(groups);
    Client owner = SERVED.user("owner-" + n);
    String service = "/v1/llm-services/owner-" + n + "/lent";
    owner
        .put(service, Map.of("definition", "_system/openai-large", "api_key", "sk-0123456789"))
        .isStatus(201);
    Map<String, Object> budget = Map.of("amount", 5, "unit", "requests", "window", "day");
    owner
        .put(
            service + "/shares/@" + group,
            Map.of("role", "reader", "limits", Map.of("budgets", List.of(budget))))
        .isStatus(201);
    Map<String, Object> alone = Map.of("amount", 9, "unit", "requests", "window", "week");
    owner
        .put(
            service + "/shares/manager-" + n,
            Map.of("role", "reader", "limits", Map.of("budgets", List.of(alone))))
        .isStatus(201);
    String query = "?service=owner-" + n + "/lent";

    assertThat(shown(owner, query))
        .as("an owner outside the group does not learn who is in it")
        .containsExactly("service_caller manager-" + n);
    assertSameForStranger(owner, query, "service_caller");
    owner.patch(service, Map.of("limits", Map.of("budgets", List.of(alone)))).isStatus(200);
    assertSameForStranger(owner, query, "service_caller");
    owner.patch(service, "{\"limits\":{\"budgets\":null}}").isStatus(200);
    BudgetAccount account =
        BudgetReference.read(member.get("/v1/budgets" + query).text("/items/0/id")).orElseThrow();
    SERVED.ports().budgetStates().charge(account, 1);
    assertThat(shown(owner, query))
        .as("the owner sees by the usage who used the service")
        .containsExactlyInAnyOrder("service_caller " + memberName, "service_caller manager-" + n);
    assertThat(owner.get("/v1/budgets" + query).items("amount"))
        .containsExactlyInAnyOrder("5", "9");
    assertThat(shown(SERVED.root(), query)).hasSize(2);
    assertThat(shown(member, query))
        .containsOnlyOnce("service_caller " + memberName)
        .doesNotContain("service_caller manager-" + n);
  }
}
