package io.claviger.console.budgetreports;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.budgets.BudgetReference;
import io.claviger.testkit.http.TestResponse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is left of budgets, raises, and what a budget would have refused. */
class BudgetPagesTest {
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void somebody_without_budgets_is_told_how_to_give_one() {
    assertThat(ServedConsole.sound(SERVED.person("bella").open("/console/budgets")).body())
        .contains("No budget limits your calls.", "/console/services");
  }

  @Test
  void a_caller_sees_what_is_left_of_what_they_were_lent() {
    Person owner = withBudget("bea", "10");
    Person reader = SERVED.person("bill");
    lend(owner, "bea/chat", "bill");
    charge(reader, "bea/chat", 8);
    String page = reader.open("/console/budgets").isStatus(200).body();
    assertThat(page)
        .contains("You on bea/chat", "10 requests a day", "8 requests used", "nearly used up")
        .contains("80 percent used", "2 requests")
        .doesNotContain("All callers of bea/chat");
    charge(reader, "bea/chat", 2);
    assertThat(reader.open("/console/budgets?service=bea/chat").body())
        .contains(">used up<", "0 requests");
  }

  @Test
  void an_owner_sees_what_those_have_left_with_whom_a_service_is_shared() {
    Person owner = withBudget("bert", "10");
    Person reader = SERVED.person("boris");
    lend(owner, "bert/chat", "boris");
    assertThat(owner.open("/console/budgets?service=bert/chat").isStatus(200).body())
        .contains("boris on bert/chat", "You on bert/chat");
    assertThat(reader.open("/console/budgets?service=bert/chat").body())
        .doesNotContain("bert on bert/chat");
    assertThat(SERVED.person("bodo").open("/console/budgets?service=bert/chat").status())
        .isEqualTo(404);
  }

  @Test
  void an_owner_sees_the_callers_of_all_services_with_what_is_nearest_to_its_end_first() {
    Person owner = withBudget("bibi", "10");
    owner.api().put("/v1/llm-services/bibi/second", perDay("10")).isStatus(201);
    Person reader = SERVED.person("berta");
    for (String service : List.of("bibi/chat", "bibi/second")) {
      lend(owner, service, "berta");
    }
    charge(reader, "bibi/second", 8);

    String page = owner.open("/console/budgets?whose=callers").isStatus(200).body();

    assertThat(page)
        .containsSubsequence("berta on bibi/second", "berta on bibi/chat", "You on bibi/chat")
        .contains("aria-current=\"page\">Of your callers</a>");
    assertThat(owner.open("/console/budgets").body())
        .contains("href=\"/console/budgets?whose=callers\"");
    assertThat(reader.open("/console/budgets?whose=callers").isStatus(200).body())
        .contains("No budget limits those who call your services.")
        .doesNotContain("bibi");
  }

  @Test
  void an_owner_sees_first_what_is_nearest_to_its_end() {
    Person owner = withBudget("bela", "10");
    for (String reader : List.of("adele", "bonnie", "carla")) {
      Person person = SERVED.person(reader);
      lend(owner, "bela/chat", reader);
      charge(person, "bela/chat", reader.equals("adele") ? 0 : reader.equals("bonnie") ? 10 : 5);
    }

    String body =
        ServedConsole.sound(owner.open("/console/budgets?service=bela/chat").isStatus(200)).body();
    assertThat(body)
        .containsSubsequence("bonnie on bela/chat", "carla on bela/chat", "adele on bela/chat")
        .contains("aria-label=\"50 percent used\"", "<rect class=\"settled\" width=\"50\"");
  }

  @Test
  void filters_that_are_wrong_are_told_beside_their_fields() {
    Person person = SERVED.person("basil");
    TestResponse page =
        person.open("/console/budgets?service=%3Cscript%3Ealert(1)&user=%3Cscript%3Ealert(2)");
    assertThat(ServedConsole.sound(page.isStatus(422)).body()).contains("field-error");
    assertThat(person.open("/console/budgets?user=nobody").isStatus(200).body())
        .contains("There is no such budget");
  }

  @Test
  void a_budget_is_raised_for_a_time_by_its_owner_once_for_each_form() {
    Person owner = withBudget("bob", "10");
    Person reader = SERVED.person("britta");
    lend(owner, "bob/chat", "britta");
    String budget = "/console/budgets/" + id(reader, "bob/chat");
    assertThat(reader.open(budget).isStatus(200).body())
        .doesNotContain("<button type=\"submit\">")
        .contains("May be exceeded", "not at all");
    String day = LocalDate.now(ZoneOffset.UTC).plusDays(3).toString();
    TestResponse open = owner.open(budget).isStatus(200);
    Map<String, String> typed = Map.of("amount", "5", "until", day);
    owner.browser().submit(open, budget, typed).isStatus(303);
    assertThat(owner.browser().submit(open, budget, typed).isStatus(409).body())
        .contains("in force already", "value=\"5\"");
    assertThat(reader.open(budget).body()).contains("5 requests", "15 requests");
    assertThat(owner.send(budget, Map.of("amount", "0", "until", "soon")).isStatus(422).body())
        .contains("a day, such as");
    assertThat(owner.send(budget, Map.of("amount", "0", "until", day)).isStatus(422).body())
        .contains("a whole number, 1 to");
    for (String malformed : List.of("many", "1,5", "1e3", "2.50")) {
      assertThat(owner.send(budget, Map.of("amount", malformed, "until", day)).isStatus(422).body())
          .contains("a whole number, 1 to")
          .doesNotContain("12.50");
    }
    owner.send(budget, budget + "/end", Map.of()).isStatus(303);
    assertThat(owner.open(budget).body()).contains("No raise is in force.");
    assertThat(owner.browser().submit(owner.open(budget), budget, Map.of()).status())
        .isEqualTo(422);
  }

  @Test
  void a_reader_who_sends_the_form_all_the_same_is_refused() {
    Person owner = withBudget("bruno", "10");
    Person reader = SERVED.person("birgit");
    lend(owner, "bruno/chat", "birgit");
    String budget = "/console/budgets/" + id(reader, "bruno/chat");
    Map<String, String> stolen =
        new java.util.HashMap<>(
            io.claviger.testkit.http.FormBrowser.fields(
                reader.open("/console/account"), "/console/account/sign-out"));
    stolen.put("amount", "5");
    stolen.put("until", LocalDate.now(ZoneOffset.UTC).plusDays(3).toString());
    TestResponse refused =
        reader.browser().post(budget, stolen, "Sec-Fetch-Site", "same-origin", "Origin", "null");
    assertThat(refused.isStatus(403).body()).contains("Only those who gave these limits");
    assertThat(SERVED.person("bran").open(budget).status()).isEqualTo(404);
    assertThat(reader.open("/console/budgets/nonsense").status()).isEqualTo(404);
  }

  @Test
  void a_budget_is_tried_before_it_is_given() {
    Person owner = withBudget("bruce", "10");
    String ask = "/console/what-if?service=bruce/chat";
    assertThat(ServedConsole.sound(owner.open(ask)).body()).contains("value=\"bruce/chat\"");
    assertThat(owner.open(ask + "&amount=4&unit=requests&window=day").isStatus(200).body())
        .contains("of 10 calls would have been refused", "4 requests a day");
    assertThat(owner.open(ask + "&amount=x&unit=requests").isStatus(422).body())
        .contains("field-error");
    assertThat(SERVED.person("burt").open(ask + "&amount=4&unit=requests").status()).isEqualTo(404);
  }

  private static String id(Person who, String service) {
    return who.api().get("/v1/budgets?service=" + service).isStatus(200).text("/items/0/id");
  }

  private static void charge(Person who, String service, long amount) {
    SERVED
        .ports()
        .budgetStates()
        .charge(BudgetReference.read(id(who, service)).orElseThrow(), amount);
  }

  private static void lend(Person owner, String service, String to) {
    TestResponse unused =
        owner
            .api()
            .put("/v1/llm-services/" + service + "/shares/" + to, Map.of("role", "reader"))
            .isStatus(201);
  }

  /** A service with a budget. */
  private static Map<String, Object> perDay(String requests) {
    return Map.of(
        "provider",
        "openai",
        "model",
        "m",
        "limits",
        Map.of(
            "budgets", List.of(Map.of("amount", requests, "unit", "requests", "window", "day"))));
  }

  private static Person withBudget(String handle, String requests) {
    return SERVED.owner(handle, perDay(requests));
  }
}
