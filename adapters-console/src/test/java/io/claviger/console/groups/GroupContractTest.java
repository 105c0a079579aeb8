package io.claviger.console.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ContractFields;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.groups.Group;
import io.claviger.testkit.http.TestResponse;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console shows and sets all fields of a group that the API's contract has. */
class GroupContractTest {
  private static final Set<String> WRITTEN = ContractFields.writable("GroupWrite");
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();

  private final Person root = CONSOLE.root();

  @Test
  void the_form_has_all_fields_that_can_be_written_and_a_missing_one_is_found() {
    Set<String> inputs = ContractFields.inputs(root.open(group("whole")).body());
    Set<String> more = new TreeSet<>(WRITTEN);
    more.add("region");

    assertThat(ContractFields.missing(WRITTEN, inputs, Map.of())).isEmpty();
    assertThat(ContractFields.missing(more, inputs, Map.of())).containsExactly("region");
  }

  @Test
  void all_fields_are_set_by_the_forms_and_shown_as_facts() {
    Map<String, String> typed = ContractFields.samples(Group.FIELDS, Map.of());
    String changed = group("changed");
    root.send(changed, typed).isStatus(303);
    String made = "/console/groups/made";
    Map<String, String> creation = new TreeMap<>(typed);
    creation.put("handle", "made");
    root.send("/console/groups", creation).isStatus(303);

    for (String page : new String[] {changed, made}) {
      ContractFields.assertShown(
          Group.FIELDS,
          typed,
          root.open(page).isStatus(200).body(),
          root.api().get(page.replace("/console", "/v1")));
    }
  }

  @Test
  void a_manager_is_offered_the_name_alone() {
    Person manager = CONSOLE.person("mara");
    String page = group("managed");
    root.api().put("/v1/groups/managed/members/mara", Map.of("role", "manager")).isStatus(201);

    assertThat(ContractFields.inputs(manager.open(page).body()))
        .contains("display_name")
        .doesNotContain("applied_by");
    manager.send(page, Map.of("display_name", "Ours")).isStatus(303);
    assertThat(root.api().get("/v1/groups/managed").text("/display_name")).isEqualTo("Ours");
  }

  @Test
  void an_emptied_field_is_compared_with_what_somebody_else_stored() {
    String page = group("shared");
    root.api().patch("/v1/groups/shared", Map.of("applied_by", "team")).isStatus(200);
    TestResponse open = root.open(page);
    root.api().patch("/v1/groups/shared", Map.of("applied_by", "staff")).isStatus(200);

    TestResponse refused = root.browser().submit(open, page, Map.of("applied_by", ""));
    assertThat(refused.isStatus(412).body()).contains("Stored now", "<bdi>staff</bdi>");
    root.browser().submit(refused, page, Map.of()).isStatus(303);
    assertThat(root.api().get("/v1/groups/shared").at("/applied_by").isNull()).isTrue();
  }

  /** Makes a group, and returns the address of its page. */
  private String group(String handle) {
    root.api().put("/v1/groups/" + handle, Map.of()).isStatus(201);
    return "/console/groups/" + handle;
  }
}
