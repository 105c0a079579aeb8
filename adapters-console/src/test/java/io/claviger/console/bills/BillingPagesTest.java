package io.claviger.console.bills;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ContractFields;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.TestResponse;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where owners enter the key with which their provider is asked for its bill. */
final class BillingPagesTest {
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  private static Person owning(String name) {
    Person owner = SERVED.person(name);
    owner
        .api()
        .put("/v1/llm-services/" + name + "/x", Map.of("definition", "_system/openai-large"))
        .isStatus(201);
    return owner;
  }

  @Test
  void the_form_has_all_fields_of_the_contract() {
    String page = owning("berta").open("/console/services/berta/x/billing").body();
    Set<String> written = new TreeSet<>(ContractFields.writable("BillingCredentialWrite"));

    assertThat(ContractFields.missing(written, ContractFields.inputs(page), Map.of())).isEmpty();
  }

  @Test
  void a_key_is_stored_replaced_and_deleted_and_never_shown() {
    Person owner = owning("bruno");
    String page = "/console/services/bruno/x/billing";
    assertThat(owner.open("/console/services/bruno/x/key").body()).contains(page);
    owner
        .send(page, Map.of("api_key", "sk-admin-0123", "project", "proj_1", "api_key_id", "key_1"))
        .isStatus(303);

    TestResponse shown = owner.open(page);
    assertThat(ServedConsole.sound(shown).body())
        .contains("proj_1", "key_1", "https://api.openai.com/v1", "Replace the key")
        .doesNotContain("0123");
    owner.send(page, page + "/delete", Map.of()).isStatus(303);
    assertThat(owner.open(page).body()).contains("Store the key").doesNotContain("proj_1");
  }

  @Test
  void an_old_page_neither_replaces_nor_deletes_a_key_that_was_stored_meanwhile() {
    Person owner = owning("bella");
    String page = "/console/services/bella/x/billing";
    TestResponse empty = owner.open(page);
    owner.send(page, Map.of("api_key", "sk-admin-1", "project", "proj_1")).isStatus(303);
    TestResponse old = owner.open(page);
    owner.send(page, Map.of("api_key", "sk-admin-2", "project", "proj_2")).isStatus(303);

    Map<String, String> typed = Map.of("api_key", "sk-admin-3", "project", "proj_3");
    owner.browser().submit(empty, page, typed).isStatus(412);
    TestResponse refused = owner.browser().submit(old, page, typed).isStatus(412);
    owner.browser().submit(old, page + "/delete", Map.of()).isStatus(412);

    assertThat(ServedConsole.sound(refused).body()).contains("<bdi>proj_2</bdi>", "proj_3");
    assertThat(owner.open(page).body()).contains("proj_2");
    owner.browser().submit(refused, page, typed).isStatus(303);
    assertThat(owner.open(page).body()).contains("proj_3");
  }

  @Test
  void a_typing_error_does_not_make_an_old_page_a_new_one() {
    Person owner = owning("bert");
    String page = "/console/services/bert/x/billing";
    TestResponse empty = owner.open(page);
    owner.send(page, Map.of("api_key", "sk-admin-1", "project", "proj_1")).isStatus(303);

    TestResponse wrong =
        owner.browser().submit(empty, page, Map.of("api_key", "sk-admin-2", "project", "a b"));
    owner
        .browser()
        .submit(wrong.isStatus(422), page, Map.of("api_key", "sk-admin-2", "project", "proj_2"))
        .isStatus(412);

    assertThat(owner.open(page).body()).contains("proj_1");
  }

  @Test
  void a_refused_form_says_why_and_keeps_what_was_typed_but_the_key() {
    Person owner = owning("bodo");
    String page = "/console/services/bodo/x/billing";
    TestResponse refused =
        owner
            .send(
                page, Map.of("api_key", "sk-admin-models", "project", "proj_7", "may_do_more", ""))
            .isStatus(422);
    assertThat(ServedConsole.sound(refused).body())
        .contains("lets this key call models", "proj_7")
        .doesNotContain("sk-admin-models");
    assertThat(owner.send(page, Map.of("api_key", "sk-admin-key_rejected")).isStatus(422).body())
        .contains("rejects the billing credential");
    assertThat(owner.send(page, Map.of("project", "a b")).isStatus(422).body())
        .contains("Paste the key.", "letters, digits");

    owner.send(page, Map.of("api_key", "sk-admin-models", "may_do_more", "yes")).isStatus(303);
    assertThat(owner.open(page).body()).contains("as you confirmed");
  }

  @Test
  void nobody_but_the_owner_sees_the_page() {
    Person owner = owning("benno");
    Person other = SERVED.person("bea");
    String page = "/console/services/benno/x/billing";
    other.open(page).isStatus(404);
    owner.api().put("/v1/llm-services/benno/x/shares/bea", Map.of("role", "owner")).isStatus(201);

    other.open(page).isStatus(403);
    assertThat(other.open("/console/services/benno/x/key").body()).doesNotContain(page);
  }
}
