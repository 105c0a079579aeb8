package io.claviger.console.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ContractFields;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where people are told about thresholds. */
class WebhookPagesTest {
  private static final String URL = "https://hooks.example.com/budgets";
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void the_form_has_all_fields_of_the_contract_and_a_missing_one_is_found() {
    Set<String> written = new TreeSet<>(ContractFields.writable("WebhookWrite"));
    // A write may repeat what was read; these counts are ignored then.
    written.remove("deliveries");
    String page = SERVED.person("wilma").open("/console/people/wilma/webhook").body();
    Set<String> inputs = ContractFields.inputs(page);
    assertThat(ContractFields.missing(written, inputs, Map.of())).isEmpty();
    Set<String> more = new TreeSet<>(written);
    more.add("retries");
    assertThat(ContractFields.missing(more, inputs, Map.of())).containsExactly("retries");
  }

  @Test
  void the_secret_is_shown_by_the_page_that_made_it_and_never_again() {
    Person person = SERVED.person("wanda");
    String page = "/console/people/wanda/webhook";
    TestResponse made = person.send(page, Map.of("url", URL, "thresholds", "100, 75%"));
    assertThat(ServedConsole.sound(made.isStatus(200)).body()).contains("whsec_", "shown once");
    assertThat(person.open(page).body())
        .contains(URL, "75, 100", "none yet")
        .doesNotContain("whsec_");
    assertThat(person.send(page, Map.of("thresholds", "50")).isStatus(200).body())
        .doesNotContain("whsec_");
    person.send(page, page + "/delete", Map.of()).isStatus(303);
    assertThat(person.open(page).body()).contains(">Create<");
  }

  @Test
  void a_form_that_was_sent_twice_says_where_the_secret_was() {
    Person person = SERVED.person("willy");
    String page = "/console/people/willy/webhook";
    TestResponse open = person.open(page);
    Map<String, String> sent = Map.of("url", URL, "format", "plain");
    person.browser().submit(open, page, sent).isStatus(200);
    assertThat(person.browser().submit(open, page, sent).isStatus(412).body())
        .contains("saved already")
        .doesNotContain("whsec_");
  }

  @Test
  void somebody_elses_change_is_shown_beside_what_was_typed() {
    Person person = SERVED.person("wim");
    String page = "/console/people/wim/webhook";
    person.send(page, Map.of("url", URL)).isStatus(200);
    TestResponse open = person.open(page);
    person
        .api()
        .put("/v1/users/wim/webhook", Map.of("url", URL, "thresholds", List.of(33)))
        .isStatus(200);
    TestResponse refused = person.browser().submit(open, page, Map.of("thresholds", "44"));
    assertThat(refused.isStatus(412).body()).contains("Stored now", "33", "44");
    person.browser().submit(refused, page, Map.of()).isStatus(200);
    assertThat(person.api().get("/v1/users/wim/webhook").at("/thresholds/0").asInt()).isEqualTo(44);
  }

  @Test
  void what_is_wrong_is_told_beside_the_fields_and_nothing_typed_is_lost() {
    Person person = SERVED.person("wolf");
    String page = "/console/people/wolf/webhook";
    String hostile = "http://\"><script>alert(1)</script>";
    TestResponse refused = person.send(page, Map.of("url", hostile, "thresholds", "0, 101"));
    assertThat(ServedConsole.sound(refused.isStatus(422)).body())
        .contains("an absolute https URL", "1 to 10 different whole numbers", "0, 101");
  }

  @Test
  void nobody_opens_the_webhook_of_somebody_else_but_administrators() {
    Person person = SERVED.person("walt");
    assertThat(person.open("/console/people/_system/webhook").status()).isEqualTo(404);
    assertThat(person.open("/console/people/root/webhook").status()).isEqualTo(404);
    assertThat(SERVED.root().open("/console/people/_system/webhook").isStatus(200).body())
        .contains(
            "<title>Get messages for the installation – Claviger</title>",
            "administrators of this installation have to know");
    assertThat(SERVED.root().open("/console/people/walt/webhook").isStatus(200).body())
        .contains("<title>Get messages for walt – Claviger</title>");
  }

  @Test
  void the_webhook_of_a_group_is_set_tried_out_and_removed_by_who_keeps_its_members() {
    SERVED.root().api().put("/v1/groups/choir", Map.of()).isStatus(201);
    String page = "/console/groups/choir/webhook";
    Person other = SERVED.person("wes");
    assertThat(other.open(page).status()).isEqualTo(404);
    SERVED
        .root()
        .send(page, Map.of("url", URL, "format", "slack", "events", "key.old, key.rejected"))
        .isStatus(200);
    SERVED.root().send(page, page + "/test", Map.of()).isStatus(303);
    assertThat(SERVED.root().open(page).body())
        .contains("<dd>1 message</dd>", "key.rejected, key.old", "value=\"slack\"");
    assertThat(other.open(page).status()).isEqualTo(404);
    SERVED.root().api().put("/v1/groups/choir/members/wes", Map.of("role", "member")).isStatus(201);
    assertThat(other.open(page).status()).isEqualTo(404);
    assertThat(other.open("/console/groups/choir").isStatus(200).body()).doesNotContain(page);
    SERVED.root().send(page, page + "/delete", Map.of()).isStatus(303);
    SERVED.root().api().get("/v1/groups/choir/webhook").isStatus(404);
  }
}
