package io.claviger.console.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The limits of users and groups. */
class AssignedLimitsPagesTest {
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void administrators_limit_a_person_who_reads_it() {
    Person root = SERVED.root();
    Person person = SERVED.person("lukas");
    String page = "/console/people/lukas/limits";
    Map<String, String> typed = new HashMap<>();
    typed.put("requests_per_minute", "30");
    typed.put("input_tokens_per_minute", "5,000");
    typed.put("concurrent_calls", "1");
    typed.put("amount1", "9.99");
    typed.put("unit1", "usd");
    typed.put("window1", "week");
    assertThat(root.send(page, typed).header("Location")).isEqualTo("/console/people/lukas");
    assertThat(root.open("/console/people/lukas").body())
        .contains("30 requests a minute", "$9.99 a week", page);
    assertThat(ServedConsole.sound(person.open(page).isStatus(200)).body())
        .contains("30 requests a minute", "$9.99 a week")
        .contains("5,000 tokens of input a minute", "1 call at a time")
        .doesNotContain("<form method=\"post\" action=\"" + page);
    assertThat(person.open("/console/account").body()).contains("$9.99 a week");
    assertThat(SERVED.person("lutz").open(page).status()).isEqualTo(404);
    assertThat(sent(person, page, typed).status()).isEqualTo(403);
  }

  @Test
  void a_group_has_limits_for_each_member_and_for_all_together() {
    Person root = SERVED.root();
    Person member = SERVED.person("lotte");
    root.api().put("/v1/groups/lab", Map.of()).isStatus(201);
    root.api().put("/v1/groups/lab/members/lotte", Map.of("role", "manager")).isStatus(201);
    root.send("/console/groups/lab/limits", Map.of("max_output_tokens", "500")).isStatus(303);
    root.send(
            "/console/groups/lab/pooled-limits",
            Map.of("amount1", "1000000", "unit1", "tokens", "window1", "month"))
        .isStatus(303);
    assertThat(ServedConsole.sound(member.open("/console/groups/lab")).body())
        .contains("500 tokens of output a call", "1,000,000 tokens a month")
        .doesNotContain("Change the limits of");
    assertThat(root.open("/console/groups/lab").body()).contains("Change the limits of");
    assertThat(SERVED.person("leif").open("/console/groups/lab/limits").status()).isEqualTo(403);
    assertThat(sent(member, "/console/groups/lab/limits", Map.of()).status()).isEqualTo(403);
    assertThat(root.open("/console/groups/nolab/limits").status()).isEqualTo(404);
  }

  @Test
  void two_administrators_who_edit_at_once_see_both_versions() {
    Person root = SERVED.root();
    SERVED.person("liane");
    String page = "/console/people/liane/limits";
    TestResponse open = root.open(page);
    root.api().put("/v1/users/liane/limits", Map.of("requests_per_minute", 77)).isStatus(200);
    Map<String, String> mine = Map.of("requests_per_minute", "88", "unit1", "usd");
    TestResponse refused = root.browser().submit(open, page, mine).isStatus(412);
    assertThat(refused.body()).contains("Stored now", ">77<", ">88<").doesNotContain("Unit 1");
    root.browser().submit(refused, page, mine).isStatus(303);
    root.browser().submit(refused, page, mine).isStatus(303);
    assertThat(root.api().get("/v1/users/liane/limits").at("/requests_per_minute").asInt())
        .isEqualTo(88);
  }

  @Test
  void what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost() {
    Person root = SERVED.root();
    SERVED.person("lorenz");
    Map<String, String> typed = new HashMap<>();
    typed.put("requests_per_minute", "0");
    typed.put("concurrent_calls", "100001");
    typed.put("models", "gpt*4\n" + ServedConsole.HOSTILE);
    typed.put("operations", "GRAB things");
    typed.put("amount1", "5");
    typed.put("unit1", "requests");
    typed.put("unpriced1", "allow");
    TestResponse refused = root.send("/console/people/lorenz/limits", typed).isStatus(422);
    assertThat(ServedConsole.sound(refused).body())
        .contains("1 to 1,000,000", "1 to 100,000", "GRAB things", "such as POST chat/completions")
        .contains("only for budgets in usd");
  }

  private static TestResponse sent(Person person, String path, Map<String, String> typed) {
    Map<String, String> form =
        new HashMap<>(
            FormBrowser.fields(person.open("/console/account"), "/console/account/sign-out"));
    form.put("version", "1");
    form.putAll(typed);
    return person.browser().post(path, form, "Sec-Fetch-Site", "same-origin", "Origin", "null");
  }
}
