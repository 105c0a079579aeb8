package io.claviger.console.projects;

import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ContractFields;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.projects.Project;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console shows and sets all fields of a project that the API's contract has. */
class ProjectContractTest {
  private static final Set<String> WRITTEN = ContractFields.writable("ProjectWrite");
  private static final String NEW = "/console/projects/new";
  private static final Map<String, String> LIMITS = Map.of("limits", "requests_per_minute");
  private static final Map<String, Object> CHAT =
      Map.of("provider", "openai", "model", "gpt-4o", "endpoint", "https://api.example/v1");

  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void the_form_has_all_fields_that_can_be_written_and_a_missing_one_is_found() {
    Person owner = withProject("cora");
    Set<String> inputs = ContractFields.inputs(owner.open(page("cora")).isStatus(200).body());
    assertThat(ContractFields.missing(WRITTEN, inputs, LIMITS)).isEmpty();
    Set<String> more = new TreeSet<>(WRITTEN);
    more.add("region");
    assertThat(ContractFields.missing(more, inputs, LIMITS)).containsExactly("region");
  }

  @Test
  void all_fields_are_set_by_the_form_and_shown_as_facts() {
    Person owner = withProject("cleo");
    Map<String, String> sample = ContractFields.samples(Project.FIELDS, Map.of());
    Map<String, String> typed = new HashMap<>(sample);
    typed.put("service", "chat");
    typed.put("allow_dimension_change", "");
    owner.send(page("cleo"), typed).isStatus(303);
    TestResponse stored = owner.api().get(api("cleo"));
    ContractFields.assertShown(
        Project.FIELDS, sample, owner.open(page("cleo")).isStatus(200).body(), stored);
    assertThat(stored.text("/service")).isEqualTo("cleo/chat");
    typed.put("service", "");
    owner.send(page("cleo"), typed).isStatus(303);
    assertThat(owner.api().get(api("cleo")).at("/service").isNull()).isTrue();
  }

  @Test
  void what_is_wrong_stands_at_its_field() {
    Person owner = withProject("cato");
    assertThat(
            owner
                .send(page("cato"), Map.of("service", "no Service", "allow_dimension_change", ""))
                .isStatus(422)
                .body())
        .contains("id=\"service-more\"><span class=\"field-error\">", "value=\"no Service\"");
  }

  @Test
  void what_somebody_else_saved_is_shown_with_what_was_typed() {
    Person owner = withProject("cyd");
    TestResponse opened = owner.open(page("cyd"));
    owner.api().patch(api("cyd"), Map.of("description", "theirs")).isStatus(200);
    Map<String, String> typed = Map.of("description", "mine", "allow_dimension_change", "");
    TestResponse refused = owner.browser().submit(opened, page("cyd"), typed).isStatus(412);
    assertThat(refused.body()).contains("<bdi>mine</bdi></td><td><bdi>theirs</bdi>");
    owner.browser().submit(refused, page("cyd"), typed).isStatus(303);
    assertThat(owner.api().get(api("cyd")).text("/description")).isEqualTo("mine");
  }

  @Test
  void members_change_only_what_they_may() {
    Person owner = withProject("cleon");
    Person writer = SERVED.person("wanda");
    Person reader = SERVED.person("rita");
    owner.api().put(api("cleon") + "/shares/wanda", Map.of("role", "writer")).isStatus(201);
    owner.api().put(api("cleon") + "/shares/rita", Map.of("role", "reader")).isStatus(201);
    assertThat(ContractFields.inputs(writer.open(page("cleon")).body()))
        .contains("description")
        .doesNotContain("service", "applied_by");
    assertThat(ContractFields.inputs(reader.open(page("cleon")).body()))
        .doesNotContain("description", "service", "applied_by");
    writer.send(page("cleon"), Map.of("description", "by wanda")).isStatus(303);
    TestResponse stored = owner.api().get(api("cleon"));
    assertThat(stored.text("/description")).isEqualTo("by wanda");
    assertThat(stored.text("/service")).isEqualTo("cleon/chat");
  }

  @Test
  void a_project_that_is_open_to_everybody_stands_where_the_holders_of_its_service_do() {
    Person owner = withProject("cyra");
    assertThat(owner.open("/console/services/cyra/chat/people").body())
        .doesNotContain("cyra/corpus");
    owner
        .send(page("cyra"), Map.of("visibility", "everybody", "requests_per_minute", "20"))
        .isStatus(303);
    assertThat(owner.open("/console/services/cyra/chat/people").isStatus(200).body())
        .contains(
            "<h2 id=\"everybody\">Everybody</h2>",
            "cyra/corpus",
            "(each person: <bdi>20 requests a minute</bdi>)");
    assertThat(SERVED.person("otto").open(page("cyra")).isStatus(200).body())
        .contains(
            "<dt>Visibility</dt><dd><bdi>everybody</bdi></dd>",
            "<dt>Limits of each person</dt><dd><bdi>20 requests a minute</bdi></dd>")
        .doesNotContain("cyra/chat");
  }

  @Test
  void limits_of_each_person_are_set_and_ended_by_the_form_and_kept_by_one_that_lacks_them() {
    Person owner = withProject("cleo-l");
    Map<String, String> typed =
        Map.of("requests_per_minute", "20", "amount1", "5", "unit1", "usd", "window1", "month");
    owner.send(page("cleo-l"), typed).isStatus(303);
    TestResponse stored = owner.api().get(api("cleo-l"));
    assertThat(stored.at("/limits/requests_per_minute").intValue()).isEqualTo(20);
    assertThat(stored.text("/limits/budgets/0/amount")).isEqualTo("5");

    Map<String, String> wrong = new HashMap<>(typed);
    wrong.putAll(Map.of("requests_per_minute", "many", "amount2", "7", "unit2", "tokens"));
    assertThat(owner.send(page("cleo-l"), wrong).isStatus(422).body())
        .contains("value=\"many\"", "name=\"amount2\" value=\"7\"");

    Person writer = SERVED.person("wim");
    owner.api().put(api("cleo-l") + "/shares/wim", Map.of("role", "writer")).isStatus(201);
    assertThat(ContractFields.inputs(writer.open(page("cleo-l")).body()))
        .doesNotContain("requests_per_minute");
    writer.send(page("cleo-l"), Map.of("description", "by wim")).isStatus(303);
    assertThat(owner.api().get(api("cleo-l")).at("/limits/requests_per_minute").intValue())
        .isEqualTo(20);

    owner.send(page("cleo-l"), Map.of("requests_per_minute", "", "amount1", "")).isStatus(303);
    assertThat(owner.api().get(api("cleo-l")).at("/limits/requests_per_minute").isNull()).isTrue();
    assertThat(owner.api().get(api("cleo-l")).at("/limits/budgets").isNull()).isTrue();
  }

  @Test
  void the_form_of_a_new_project_has_all_fields_that_can_be_written() {
    Person owner = SERVED.person("cosima");
    assertThat(owner.open("/console/projects").body()).contains("href=\"" + NEW + "\"");
    Set<String> inputs = ContractFields.inputs(sound(owner.open(NEW).isStatus(200)).body());
    Set<String> written = new TreeSet<>(WRITTEN);
    written.add("handle");
    // A new project has no version, and no service yet whose vectors could differ.
    written.removeAll(Set.of("version", "allow_dimension_change"));
    assertThat(ContractFields.missing(written, inputs, LIMITS)).isEmpty();
    written.add("region");
    assertThat(ContractFields.missing(written, inputs, LIMITS)).containsExactly("region");
  }

  @Test
  void a_project_is_created_once_with_what_was_typed() {
    Person owner = SERVED.owner("clara", CHAT);
    TestResponse opened = owner.open(NEW);
    Map<String, String> sample = ContractFields.samples(Project.FIELDS, Map.of());
    Map<String, String> typed = new HashMap<>(sample);
    typed.putAll(Map.of("handle", "corpus", "service", "chat", "requests_per_minute", "20"));
    assertThat(owner.browser().submit(opened, NEW, typed).isStatus(303).header("Location"))
        .isEqualTo(page("clara"));
    TestResponse stored = owner.api().get(api("clara")).isStatus(200);
    ContractFields.assertShown(
        Project.FIELDS, sample, owner.open(page("clara")).isStatus(200).body(), stored);
    assertThat(stored.text("/service")).isEqualTo("clara/chat");
    assertThat(stored.at("/limits/requests_per_minute").intValue()).isEqualTo(20);

    typed.put("description", "sent again");
    assertThat(sound(owner.browser().submit(opened, NEW, typed).isStatus(412)).body())
        .contains(
            "id=\"handle-more\"><span class=\"field-error\">You have a project", "sent again");
    assertThat(owner.api().get(api("clara")).at("/version").intValue()).isEqualTo(1);

    owner.send(NEW, Map.of("handle", "least")).isStatus(303);
    TestResponse least = owner.api().get("/v1/projects/clara/least").isStatus(200);
    assertThat(least.at("/service").isNull()).isTrue();
    assertThat(least.text("/visibility")).isEqualTo("members");
  }

  @Test
  void what_is_wrong_with_a_new_project_stands_at_its_field() {
    Person owner = SERVED.owner("carlo", CHAT);
    for (String handle : List.of("", "no Name", "_own", "a/b", ServedConsole.HOSTILE)) {
      assertThat(sound(owner.send(NEW, Map.of("handle", handle)).isStatus(422)).body())
          .as(handle)
          .contains("id=\"handle-more\"><span class=\"field-error\">");
    }
    for (String service : List.of("no Service", "nothing", "clara/chat")) {
      assertThat(
              owner.send(NEW, Map.of("handle", "corpus", "service", service)).isStatus(422).body())
          .as(service)
          .contains("id=\"service-more\"><span class=\"field-error\">", "value=\"corpus\"");
    }
    assertThat(
            owner
                .send(NEW, Map.of("handle", "corpus", "requests_per_minute", "many"))
                .isStatus(422)
                .body())
        .contains("value=\"many\"", "id=\"requests_per_minute-more\"><span class=\"field-error\">");
    owner.api().get(api("carlo")).isStatus(404);
  }

  @Test
  void a_project_is_deleted_after_a_page_that_names_what_ends() {
    Person owner = withProject("cilla");
    SERVED.person("milan");
    owner.api().put(api("cilla") + "/shares/milan", Map.of("role", "reader")).isStatus(201);
    String delete = page("cilla") + "/delete";
    assertThat(owner.open(page("cilla")).body()).contains("href=\"" + delete + "\"");
    TestResponse asked = sound(owner.open(delete).isStatus(200));
    assertThat(asked.body())
        .contains("Delete cilla/corpus", "<li><bdi>milan</bdi></li>", page("cilla") + "/transfer");
    owner.api().get(api("cilla")).isStatus(200);

    owner.api().patch(api("cilla"), Map.of("visibility", "everybody")).isStatus(200);
    TestResponse refused = owner.browser().submit(asked, delete, Map.of()).isStatus(412);
    assertThat(refused.body()).contains("role=\"alert\"", "It is open to everybody.");
    owner.browser().submit(asked, delete, Map.of("version", "")).isStatus(422);
    owner.api().get(api("cilla")).isStatus(200);

    assertThat(owner.browser().submit(refused, delete, Map.of()).isStatus(303).header("Location"))
        .isEqualTo("/console/projects");
    owner.api().get(api("cilla")).isStatus(404);
    owner.api().get("/v1/llm-services/cilla/chat").isStatus(200);
    owner.browser().submit(refused, delete, Map.of()).isStatus(404);
  }

  @Test
  void only_the_owner_and_administrators_delete_a_project() {
    Person owner = withProject("celia");
    Person writer = SERVED.person("wolf");
    Person stranger = SERVED.person("stan");
    owner.api().put(api("celia") + "/shares/wolf", Map.of("role", "writer")).isStatus(201);
    String delete = page("celia") + "/delete";
    Map<String, String> form = new HashMap<>(FormBrowser.hidden(owner.open(delete), delete));
    for (Person other : List.of(writer, stranger)) {
      int status = other == writer ? 403 : 404;
      assertThat(other.open(delete).isStatus(status).body()).doesNotContain("celia/corpus");
      form.putAll(FormBrowser.hidden(other.open("/console/account"), "/console/account/sign-out"));
      other.browser().submitOnly(delete, form).isStatus(status);
    }
    assertThat(writer.open(page("celia")).body()).doesNotContain(delete);
    owner.api().get(api("celia")).isStatus(200);

    Person root = SERVED.root();
    assertThat(sound(root.open(delete).isStatus(200)).body()).contains("wolf");
    root.send(delete, Map.of()).isStatus(303);
    owner.api().get(api("celia")).isStatus(404);
  }

  private static String page(String owner) {
    return "/console/projects/" + owner + "/corpus";
  }

  private static String api(String owner) {
    return "/v1/projects/" + owner + "/corpus";
  }

  private static Person withProject(String handle) {
    Person owner = SERVED.owner(handle, CHAT);
    owner.api().put(api(handle), Map.of("service", "chat")).isStatus(201);
    return owner;
  }
}
