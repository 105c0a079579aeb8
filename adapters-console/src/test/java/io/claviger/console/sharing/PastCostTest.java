package io.claviger.console.sharing;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AnInstance;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageCost;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.testkit.http.FormBrowser;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the page that lends a service says about the last 30 days. */
class PastCostTest {
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void an_owner_is_told_what_callers_cost_and_whether_a_budget_would_have_been_enough() {
    Person owner = owner("otto");
    use("otto", Map.of("olaf", 12_000_000_000L, "oona", 2_000_000_000L));

    assertThat(preview(owner, "otto", Map.of()))
        .contains("the calls of its 2 callers cost $14.00 (2 requests): $7.00 each on average, and")
        .contains("$12.00 at most.")
        .doesNotContain("budget");
    assertThat(preview(owner, "otto", Map.of("amount1", "5")))
        .contains("1 of them would have used up this budget.");
    assertThat(preview(owner, "otto", Map.of("amount1", "50")))
        .contains("None of them would have used up this budget.");
    assertThat(preview(owner, "otto", Map.of("to", "olaf", "amount1", "5")))
        .contains(
            "the calls of olaf cost $12.00 (1 request). This budget would have been used up.");
    assertThat(preview(owner, "otto", Map.of("to", "olaf", "amount1", "13")))
        .contains("This budget would have been enough.");
  }

  @Test
  void nothing_is_said_where_nothing_was_used_and_to_who_does_not_own_the_service() {
    Person owner = owner("ulla");
    assertThat(preview(owner, "ulla", Map.of())).doesNotContain("30 days");
    Person coOwner = SERVED.person("udo");
    owner.api().put("/v1/llm-services/ulla/chat/shares/udo", Map.of("role", "owner")).isStatus(201);
    use("ulla", Map.of("uwe", 12_000_000_000L));

    assertThat(preview(owner, "ulla", Map.of())).contains("of its only caller cost $12.00");
    assertThat(preview(coOwner, "ulla", Map.of()))
        .contains("Whoever you name may call ulla/chat")
        .doesNotContain("30 days", "12.00");
  }

  private static Person owner(String handle) {
    return SERVED.owner(handle, Map.of("provider", "openai", "model", "m"));
  }

  private static void use(String owner, Map<String, Long> nanoDollars) {
    Instance service = AnInstance.of(user(owner), "chat").build();
    nanoDollars.forEach(
        (caller, cost) -> {
          Person unused = SERVED.person(caller);
          UsageCounts counts =
              new UsageCounts(1, 0, 0, 0, 10, 10).costing(new UsageCost(1, cost, 0, 0));
          SERVED
              .ports()
              .usage()
              .add(
                  AUsage.of(user(caller), service)
                      .on(LocalDate.now(ZoneOffset.UTC))
                      .counts(counts)
                      .build());
        });
  }

  private static User user(String handle) {
    return SERVED.ports().users().find(new Handle(handle)).orElseThrow();
  }

  private static String preview(Person viewer, String owner, Map<String, String> typed) {
    String lend = "/console/services/" + owner + "/chat/lend";
    Map<String, String> sent = new HashMap<>(FormBrowser.fields(viewer.open(lend), lend));
    sent.putAll(typed);
    return viewer
        .browser()
        .post(lend + "/preview", sent, "Sec-Fetch-Site", "same-origin", "Origin", "null")
        .isStatus(200)
        .body();
  }
}
