package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetReference;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of budgets, and raises, over HTTP. */
final class BudgetsTest {
  private static final Map<String, Object> FIVE_DOLLARS =
      Map.of("amount", "5", "unit", "usd", "window", "day");
  private static final String LATER = "2099-01-01T00:00:00Z";
  @AutoClose private static final Served SERVED = Served.start();
  private static int owners;
  private Client owner;
  private Client caller;
  private Client stranger;
  private String handle = "";
  private String service = "";

  @BeforeEach
  void begin() {
    handle = "owner-" + ++owners;
    owner = SERVED.user(handle);
    caller = SERVED.user("caller-" + owners);
    stranger = SERVED.user("stranger-" + owners);
    service = "/v1/llm-services/" + handle + "/s";
    owner
        .put(
            service,
            Map.of(
                "definition",
                "_system/openai-large",
                "limits",
                Map.of("budgets", List.of(FIVE_DOLLARS)),
                "budgets_in_all",
                List.of(Map.of("amount", 1000, "unit", "requests", "window", "month"))))
        .isStatus(201);
    owner.put(service + "/shares/caller-" + owners, Map.of("role", "reader")).isStatus(201);
  }

  private String id(Client viewer, String user) {
    TestResponse shown = viewer.get("/v1/budgets?service=" + handle + "/s&user=" + user);
    return shown.isStatus(200).text("/items/0/id");
  }

  private static String until(String time) {
    return "{\"amount\": \"2.5\", \"until\": \"" + time + "\"}";
  }

  @Test
  void callers_see_what_is_left_for_them_and_not_what_all_may_use() {
    TestResponse shown = caller.get("/v1/budgets").isStatus(200);

    assertThat(shown.text("/items/0/holder/type")).isEqualTo("service_caller");
    assertThat(shown.text("/items/0/holder/service")).isEqualTo(handle + "/s");
    assertThat(shown.text("/items/0/holder/user")).isEqualTo("caller-" + owners);
    assertThat(shown.text("/items/0/amount")).isEqualTo("5");
    assertThat(shown.text("/items/0/left")).isEqualTo("5");
    assertThat(shown.text("/items/0/settled")).isEqualTo("0");
    assertThat(shown.body()).doesNotContain("requests");
  }

  @Test
  void owners_see_what_everybody_with_a_share_has_left() {
    TestResponse shown = owner.get("/v1/budgets?service=" + handle + "/s").isStatus(200);

    assertThat(shown.body())
        .contains("\"user\":\"caller-" + owners, "\"unit\":\"requests\"")
        .contains("\"may_exceed_by\":\"0\"");
  }

  @Test
  void strangers_see_nothing_of_it() {
    assertThat(stranger.get("/v1/budgets").isStatus(200).body()).contains("\"items\":[]");
    stranger.get("/v1/budgets?service=" + handle + "/s").isStatus(404);
    assertThat(stranger.get("/v1/budgets?user=" + handle).isStatus(200).body())
        .contains("\"items\":[]");
    assertThat(stranger.get("/v1/budgets?user=nobody").isStatus(200).body())
        .contains("\"items\":[]");
  }

  @Test
  void nobody_learns_from_a_filter_whether_a_user_exists() {
    stranger.get("/v1/me").isStatus(200);
    for (String filter :
        List.of("", "&service=" + handle + "/s", "&service=" + handle + "/none", "&group=none")) {
      TestResponse ofStranger = owner.get("/v1/budgets?user=stranger-" + owners + filter);
      TestResponse ofNobody = owner.get("/v1/budgets?user=nobody" + filter);

      assertThat(ofNobody.status()).as(filter).isEqualTo(ofStranger.status());
      assertThat(ofNobody.at("/items")).as(filter).isEqualTo(ofStranger.at("/items"));
    }
  }

  @Test
  void what_was_charged_is_no_longer_left() {
    UUID s = UUID.fromString(owner.get(service).text("/id"));
    UUID u = UUID.fromString(caller.get("/v1/users/caller-" + owners).isStatus(200).text("/id"));
    BudgetAccount account =
        new BudgetAccount(
            BudgetHolder.callerOf(s, u).account(),
            new Budget.Key(BudgetUnit.USD, BudgetWindow.DAY, BudgetZone.UTC));
    assertThat(caller.get("/v1/budgets").body()).contains("\"may_exceed_by\":null");
    SERVED.ports().budgetStates().charge(account, 1_000_000_001L);
    SERVED.ports().budgetStates().noteDearestCall(account, 250_000_000L);

    TestResponse shown = caller.get("/v1/budgets");

    assertThat(shown.text("/items/0/may_exceed_by")).isEqualTo("0.25");
    assertThat(shown.text("/items/0/forecast/at")).isEqualTo(shown.text("/items/0/forecast_at"));
    assertThat(shown.text("/items/0/settled")).isEqualTo("1.000000001");
    assertThat(shown.text("/items/0/left")).isEqualTo("3.999999999");
  }

  @Test
  void an_owner_raises_a_callers_budget_and_ends_the_raise() {
    String id = id(owner, "caller-" + owners);
    TestResponse raised = owner.json("POST", "/v1/budgets/" + id + "/raises", until(LATER));

    raised.isStatus(422); // 2099 is more than 366 days ahead
    String soon = SERVED.ports().clock().instant().plusSeconds(60).toString();
    TestResponse given =
        owner.json("POST", "/v1/budgets/" + id + "/raises", until(soon)).isStatus(201);
    assertThat(given.text("/amount")).isEqualTo("2.5");
    assertThat(caller.get("/v1/budgets").text("/items/0/left")).isEqualTo("7.5");
    owner.delete(given.header("Location")).isStatus(204);
    owner.delete(given.header("Location")).isStatus(404);
    assertThat(caller.get("/v1/budgets").text("/items/0/left")).isEqualTo("5");
  }

  @Test
  void nobody_else_raises_it() {
    String id = id(caller, "caller-" + owners);
    String soon = until(SERVED.ports().clock().instant().plusSeconds(60).toString());

    caller.json("POST", "/v1/budgets/" + id + "/raises", soon).isStatus(403);
    stranger.json("POST", "/v1/budgets/" + id + "/raises", soon).isStatus(404);
    SERVED.root().json("POST", "/v1/budgets/" + id + "/raises", soon).isStatus(403);
  }

  @Test
  void a_co_owner_raises_only_what_they_gave_and_within_what_they_could_give() {
    String soon = SERVED.ports().clock().instant().plusSeconds(60).toString();
    Client coOwner = SERVED.user("co-owner-" + owners);
    Client friend = SERVED.user("friend-" + owners);
    friend.get("/v1/me").isStatus(200);
    owner
        .put(
            service + "/shares/co-owner-" + owners,
            Map.of("role", "owner", "limits", Map.of("budgets", List.of(dollars("20")))))
        .isStatus(201);
    String ofOwner = id(coOwner, "caller-" + owners);

    coOwner.json("POST", "/v1/budgets/" + ofOwner + "/raises", until(soon)).isStatus(403);
    coOwner
        .json("POST", "/v1/budgets/" + id(coOwner, "co-owner-" + owners) + "/raises", until(soon))
        .isStatus(403);
    coOwner.json("PATCH", service, "{\"limits\": {\"budgets\": []}}").isStatus(403).text("/type");
    coOwner
        .put(
            service + "/shares/friend-" + owners,
            Map.of("role", "reader", "limits", Map.of("budgets", List.of(dollars("5")))))
        .isStatus(201);
    String own = "/v1/budgets/" + id(coOwner, "friend-" + owners) + "/raises";
    coOwner.json("POST", own, "{\"amount\": 1000000, \"until\": \"" + soon + "\"}").isStatus(403);
    coOwner.json("POST", own, "{\"amount\": 10, \"until\": \"" + soon + "\"}").isStatus(201);
    coOwner.json("POST", own, "{\"amount\": 6, \"until\": \"" + soon + "\"}").isStatus(403);
    coOwner.json("POST", own, "{\"amount\": 5, \"until\": \"" + soon + "\"}").isStatus(201);
    coOwner.json("PATCH", service, "{\"limits\": {\"requests_per_minute\": 5}}").isStatus(200);
  }

  private static Map<String, Object> dollars(String amount) {
    return Map.of("amount", amount, "unit", "usd", "window", "day");
  }

  @Test
  void administrators_raise_what_they_allow_a_user() {
    SERVED
        .root()
        .json(
            "PUT",
            "/v1/users/caller-" + owners + "/limits",
            """
            {"budgets": [{"amount": 100, "unit": "requests", "window": "month"}]}
            """)
        .isStatus(200);
    String id =
        BudgetReference.of(
            new BudgetAccount(
                BudgetHolder.user(
                        UUID.fromString(
                            SERVED.root().get("/v1/users/caller-" + owners).text("/id")))
                    .account(),
                new Budget.Key(BudgetUnit.REQUESTS, BudgetWindow.MONTH, BudgetZone.UTC)));
    String path = "/v1/budgets/" + id + "/raises";
    String raise =
        "{\"amount\": 50, \"until\": \"%s\"}"
            .formatted(SERVED.ports().clock().instant().plusSeconds(60));

    caller.json("POST", path, raise).isStatus(403);
    owner.json("POST", path, raise).isStatus(404);
    stranger.json("POST", path, raise).isStatus(404);
    TestResponse given = SERVED.root().json("POST", path, raise).isStatus(201);
    assertThat(given.text("/amount")).isEqualTo("50");
    SERVED.root().delete(given.header("Location")).isStatus(204);
  }

  @Test
  void a_budget_that_is_not_there_is_not_raised() {
    String soon = until(SERVED.ports().clock().instant().plusSeconds(60).toString());
    String ofOthers =
        BudgetReference.of(
            new BudgetAccount(
                BudgetHolder.service(UUID.fromString(owner.get(service).text("/id"))).account(),
                new Budget.Key(BudgetUnit.USD, BudgetWindow.TOTAL, BudgetZone.UTC)));

    for (String id : List.of("unknown", "0", ofOthers)) {
      owner.json("POST", "/v1/budgets/" + id + "/raises", soon).isStatus(404);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "1e30",
        "1e999999999",
        "1e9999999999",
        "1e-999999999",
        "0.0000000001",
        "1000000000000000000000000000000",
        "\"NaN\"",
        "\"Infinity\"",
        "\"1e999999999\"",
        "\"\"",
        "\" 1\"",
        "\"0x10\"",
        "true",
        "null",
        "[]"
      })
  void what_is_no_amount_is_refused(String amount) {
    String id = id(owner, "caller-" + owners);
    String soon = SERVED.ports().clock().instant().plusSeconds(60).toString();

    owner
        .json(
            "POST",
            "/v1/budgets/" + id + "/raises",
            "{\"amount\": " + amount + ", \"until\": \"" + soon + "\"}")
        .isStatus(422);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e30", "1e999999999", "1e9999999999", "-1", "\"NaN\"", "\"1e999999999\"", "0"})
  void what_is_no_amount_is_no_budget_either(String amount) {
    String budget = "{\"amount\": " + amount + ", \"unit\": \"usd\", \"window\": \"day\"}";

    owner.json("PATCH", service, "{\"limits\": {\"budgets\": [" + budget + "]}}").isStatus(422);
    owner
        .json(
            "POST",
            "/v1/budgets/_what-if",
            "{\"service\": \"" + handle + "/s\", \"budget\": " + budget + "}")
        .isStatus(422);
  }

  @Test
  void an_owner_asks_what_a_budget_would_have_refused() {
    Map<String, Object> four = Map.of("amount", 4, "unit", "requests", "window", "day");

    TestResponse tried =
        owner
            .post("/v1/budgets/_what-if", Map.of("service", handle + "/s", "budget", four))
            .isStatus(200);

    assertThat(tried.at("/calls").intValue()).isEqualTo(10);
    assertThat(tried.at("/refused").intValue()).isEqualTo(6);
    caller
        .post("/v1/budgets/_what-if", Map.of("service", handle + "/s", "budget", four))
        .isStatus(403);
    stranger
        .post("/v1/budgets/_what-if", Map.of("service", handle + "/s", "budget", four))
        .isStatus(404);
    owner
        .post(
            "/v1/budgets/_what-if",
            Map.of(
                "service",
                handle + "/s",
                "budget",
                Map.of("amount", 4, "unit", "requests", "window", "day", "zone", "Mars/Base")))
        .isStatus(422);
  }

  @Test
  void at_most_ten_raises_are_in_force() {
    String id = id(owner, "caller-" + owners);
    String soon = until(SERVED.ports().clock().instant().plusSeconds(60).toString());
    for (int i = 0; i < 10; i++) {
      owner.json("POST", "/v1/budgets/" + id + "/raises", soon).isStatus(201);
    }

    assertThat(
            owner.json("POST", "/v1/budgets/" + id + "/raises", soon).isStatus(409).text("/type"))
        .isEqualTo("urn:claviger:problem:too_many_raises");
  }

  @Test
  void raises_and_the_largest_budget_together_can_be_counted() {
    String path = "/v1/budgets/" + id(owner, "caller-" + owners) + "/raises";
    String most =
        "{\"amount\": 1000000000, \"until\": \"%s\"}"
            .formatted(SERVED.ports().clock().instant().plusSeconds(60));
    for (int i = 0; i < 8; i++) {
      owner.json("POST", path, most).isStatus(201);
    }

    TestResponse refused = owner.json("POST", path, most).isStatus(422);

    assertThat(refused.text("/errors/0/pointer")).isEqualTo("/amount");
  }
}
