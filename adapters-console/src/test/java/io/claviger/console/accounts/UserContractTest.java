package io.claviger.console.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ContractFields;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.testkit.http.TestResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console shows and sets all fields of a user that the API's contract has. */
class UserContractTest {
  private static final String NEW = "/console/new-person";
  private static final Set<String> CHANGED = ContractFields.writable("UserPatch");
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();

  private final Person root = CONSOLE.root();

  @Test
  void the_forms_have_all_fields_that_can_be_written_and_a_missing_one_is_found() {
    Set<String> inputs =
        ContractFields.inputs(
            root.open(user("piet", "person")).body() + root.open(user("bot", "service")).body());
    Set<String> more = new TreeSet<>(CHANGED);
    more.add("region");

    assertThat(ContractFields.missing(CHANGED, inputs, Map.of())).isEmpty();
    assertThat(ContractFields.missing(more, inputs, Map.of())).containsExactly("region");
    assertThat(
            ContractFields.missing(
                ContractFields.writable("UserCreation"),
                ContractFields.inputs(root.open(NEW).body()),
                Map.of()))
        .isEmpty();
  }

  @Test
  void all_fields_are_set_by_the_forms_and_shown_as_facts() {
    for (UserKind kind : UserKind.values()) {
      String name = kind.name().toLowerCase(Locale.ROOT);
      Map<String, String> typed =
          ContractFields.samples(
              User.fieldsOf(kind), Map.of("email", "s@example.org", "responsible", "sponsor"));
      typed.keySet().retainAll(User.fieldsOf(kind).stream().map(Object::toString).toList());
      CONSOLE.apiOf("sponsor");
      String changed = user("changed-" + name, name);
      root.send(changed, typed).isStatus(303);
      Map<String, String> creation = new TreeMap<>(typed);
      creation.put("handle", "made-" + name);
      creation.put("kind", name);
      root.send(NEW, creation).isStatus(201);

      for (String page : new String[] {changed, "/console/people/made-" + name}) {
        ContractFields.assertShown(
            User.fieldsOf(kind),
            typed,
            root.open(page).isStatus(200).body(),
            root.api().get(page.replace("/console/people", "/v1/users")));
      }
    }
  }

  @Test
  void people_change_their_own_name_and_address_and_nothing_else() {
    Person otto = CONSOLE.person("otto");
    String page = "/console/people/otto";

    TestResponse open = otto.open(page).isStatus(200);
    assertThat(ContractFields.inputs(open.body()))
        .contains("display_name", "email")
        .doesNotContain("administrator");
    assertThat(open.body()).doesNotContain(page + "/delete", "What they did");
    otto.send(page, Map.of("display_name", "Otto O.", "email", "o@example.org")).isStatus(303);
    assertThat(otto.open("/console/account").body()).contains("Otto O.", "o@example.org", page);
    otto.send(page, Map.of("administrator", "true")).isStatus(403);
  }

  /** Makes a user, and returns the address of their page. */
  private String user(String handle, String kind) {
    Map<String, String> wanted = new TreeMap<>(Map.of("handle", handle, "kind", kind));
    if (kind.equals("service")) {
      wanted.put("responsible", "root");
    }
    root.api().post("/v1/users", wanted).isStatus(201);
    return "/console/people/" + handle;
  }
}
