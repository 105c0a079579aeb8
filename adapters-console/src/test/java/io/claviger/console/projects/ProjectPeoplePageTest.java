package io.claviger.console.projects;

import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ContractFields;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The members of a project, as its owner, its members and others see and change them. */
class ProjectPeoplePageTest {
  private static final Pattern NEXT = Pattern.compile("href=\"([^\"]+)\">Next page");
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void the_form_has_all_fields_that_can_be_written_and_a_missing_one_is_found() {
    Person owner = withProject("pia");
    Set<String> written = ContractFields.writable("ProjectShareWrite");
    Set<String> inputs = ContractFields.inputs(owner.open(page("pia") + "/add").body());
    assertThat(ContractFields.missing(written, inputs, Map.of())).isEmpty();
    Set<String> more = new TreeSet<>(written);
    more.add("region");
    assertThat(ContractFields.missing(more, inputs, Map.of())).containsExactly("region");
  }

  @Test
  void the_owner_adds_changes_and_ends_members() {
    Person owner = withProject("pola");
    SERVED.person("mia");
    SERVED.root().api().put("/v1/groups/lab", Map.of()).isStatus(201);
    assertThat(owner.open("/console/projects/pola/corpus").body())
        .contains("<a href=\"" + page("pola") + "\">Members</a>");
    assertThat(sound(owner.open(page("pola")).isStatus(200)).body())
        .contains("Nobody but its owner.", "Add a member");

    String add = page("pola") + "/add";
    assertThat(owner.send(add, Map.of("to", "mia", "role", "reader")).header("Location"))
        .isEqualTo(page("pola") + "#mia");
    owner.send(add, Map.of("to", "@lab", "role", "writer", "applied_by", "team.yaml"));
    assertThat(sound(owner.open(page("pola"))).body())
        .contains("<tr id=\"mia\">", "<tr id=\"@lab\">", "applied by <bdi>team.yaml</bdi>")
        .contains(add + "?to=%40lab");

    owner.send(add + "?to=%40lab", add, Map.of("role", "reader", "applied_by", ""));
    TestResponse stored = owner.api().get(api("pola") + "/shares/@lab");
    assertThat(stored.text("/role")).isEqualTo("reader");
    assertThat(stored.at("/applied_by").isNull()).isTrue();

    Map<String, String> row = proof(owner);
    row.putAll(Map.of("end-@lab", version(owner, "pola", "@lab"), "sure", "yes"));
    owner.browser().submitOnly(page("pola") + "/end", row).isStatus(303);
    assertThat(owner.open(page("pola")).body()).contains("mia").doesNotContain("@lab");
  }

  @Test
  void what_is_wrong_stands_at_its_field() {
    Person owner = withProject("petra");
    String add = page("petra") + "/add";
    for (String name : List.of("", "no Name", "nobody", "petra")) {
      assertThat(owner.send(add, Map.of("to", name, "role", "reader")).isStatus(422).body())
          .as(name)
          .contains("id=\"to-more\"><span class=\"field-error\">");
    }
    SERVED.person("momo");
    assertThat(owner.send(add, Map.of("to", "momo", "role", "owner")).isStatus(422).body())
        .contains("id=\"role-more\"><span class=\"field-error\">");
    assertThat(owner.send(add, Map.of("to", ServedConsole.HOSTILE)).isStatus(422).body())
        .doesNotContain("<script>alert");
    assertThat(owner.open(add + "?to=momo").status()).isEqualTo(404);
  }

  @Test
  void what_somebody_else_did_meanwhile_is_shown_and_not_overwritten() {
    Person owner = withProject("pim");
    SERVED.person("moritz");
    String add = page("pim") + "/add";
    TestResponse opened = owner.open(add);
    Map<String, String> typed = Map.of("to", "moritz", "role", "writer");
    owner.browser().submit(opened, add, typed).isStatus(303);
    TestResponse twice =
        owner.browser().submit(opened, add, Map.of("to", "moritz", "role", "reader"));
    assertThat(twice.isStatus(412).body()).contains("is a member already", "writer");
    assertThat(owner.api().get(api("pim") + "/shares/moritz").text("/role")).isEqualTo("writer");

    TestResponse change = owner.open(add + "?to=moritz");
    owner.api().patch(api("pim") + "/shares/moritz", Map.of("applied_by", "x")).isStatus(200);
    TestResponse refused =
        owner.browser().submit(change, add, Map.of("role", "reader")).isStatus(412);
    assertThat(refused.body()).contains("Somebody else changed this membership");
    owner.api().delete(api("pim") + "/shares/moritz").isStatus(204);
    assertThat(owner.browser().submit(refused, add, Map.of("role", "reader")).isStatus(412).body())
        .contains("Somebody ended this membership");
  }

  @Test
  void several_are_ended_at_once_after_a_page_that_names_them() {
    Person owner = withProject("paul");
    for (String name : List.of("max", "moe", "mo")) {
      SERVED.person(name);
      owner.api().put(api("paul") + "/shares/" + name, Map.of("role", "reader")).isStatus(201);
    }
    String end = page("paul") + "/end";
    Map<String, String> chosen = proof(owner);
    String max = version(owner, "paul", "max");
    chosen.putAll(Map.of("end-max", max, "end-moe", version(owner, "paul", "moe")));
    TestResponse asked = sound(owner.browser().submitOnly(end, chosen).isStatus(200));
    assertThat(asked.body()).contains("2 people and groups", "paul/corpus").doesNotContain(">mo<");
    Map<String, String> damaged = proof(owner);
    damaged.putAll(Map.of("end-max", max, "end-zz!", "1", "sure", "yes"));
    owner.browser().submitOnly(end, damaged).isStatus(422);
    owner.api().get(api("paul") + "/shares/max").isStatus(200);
    owner.browser().submit(asked, end, Map.of("sure", "yes")).isStatus(303);
    assertThat(owner.api().get(api("paul") + "/shares").at("/items").size()).isEqualTo(1);
    assertThat(owner.open(end).header("Location")).isEqualTo(page("paul"));
  }

  @Test
  void a_membership_that_somebody_else_changed_does_not_end_from_an_old_page() {
    Person owner = withProject("pavo");
    SERVED.person("mara");
    owner.api().put(api("pavo") + "/shares/mara", Map.of("role", "reader")).isStatus(201);
    TestResponse old = owner.open(page("pavo"));
    String read = version(owner, "pavo", "mara");
    owner.api().put(api("pavo") + "/shares/mara", Map.of("role", "writer")).isStatus(200);

    String end = page("pavo") + "/end";
    assertThat(
            owner
                .browser()
                .submit(old, end, Map.of("end-mara", read, "sure", "yes"))
                .isStatus(412)
                .body())
        .contains("mara", "did not end");
    owner
        .browser()
        .submit(
            owner.open(page("pavo")),
            end,
            Map.of("end-mara", version(owner, "pavo", "mara"), "sure", "yes"))
        .isStatus(303);
    assertThat(owner.api().get(api("pavo") + "/shares/mara").status()).isEqualTo(404);
  }

  private static String version(Person owner, String user, String member) {
    return owner.api().get(api(user) + "/shares/" + member).isStatus(200).at("/version").asString();
  }

  @Test
  void all_members_are_shown_page_by_page() {
    Person owner = withProject("petro");
    for (int n = 0; n < 60; n++) {
      SERVED.root().api().put("/v1/groups/many-%02d".formatted(n), Map.of());
      owner.api().put(api("petro") + "/shares/@many-%02d".formatted(n), Map.of("role", "reader"));
    }
    Set<String> seen = new HashSet<>();
    String next = page("petro");
    while (!next.isEmpty()) {
      String body = owner.open(next).isStatus(200).body();
      Pattern.compile("<tr id=\"(@many-[0-9]+)\"")
          .matcher(body)
          .results()
          .forEach(row -> seen.add(row.group(1)));
      Matcher link = NEXT.matcher(body);
      next = link.find() ? link.group(1).replace("&amp;", "&") : "";
    }
    assertThat(seen).hasSize(60);
  }

  @Test
  void others_see_and_change_only_what_the_api_lets_them() {
    Person owner = withProject("pepe");
    Person writer = SERVED.person("walt");
    Person reader = SERVED.person("ruth");
    Person stranger = SERVED.person("sten");
    owner.api().put(api("pepe") + "/shares/walt", Map.of("role", "writer")).isStatus(201);
    owner.api().put(api("pepe") + "/shares/ruth", Map.of("role", "reader")).isStatus(201);
    for (Person sees : List.of(writer, SERVED.root())) {
      assertThat(sees.open("/console/projects/pepe/corpus").body()).contains(">Members</a>");
      assertThat(sound(sees.open(page("pepe")).isStatus(200)).body())
          .contains("walt", "ruth")
          .doesNotContain("Add a member", "/end\"", "/add");
    }
    assertThat(reader.open("/console/projects/pepe/corpus").isStatus(200).body())
        .doesNotContain(">Members</a>");
    assertThat(reader.open(page("pepe")).isStatus(403).body()).doesNotContain("walt");
    assertThat(stranger.open(page("pepe")).isStatus(404).body()).doesNotContain("walt");
    for (Person other : List.of(writer, reader, SERVED.root(), stranger)) {
      int refused = other == stranger ? 404 : 403;
      assertThat(other.open(page("pepe") + "/add").status()).isEqualTo(refused);
      Map<String, String> form = proof(other);
      form.putAll(Map.of("to", "sten", "role", "writer"));
      assertThat(other.browser().submitOnly(page("pepe") + "/add", form).status())
          .isEqualTo(refused);
      form.putAll(Map.of("end-walt", "yes"));
      assertThat(other.browser().submitOnly(page("pepe") + "/end", form).status())
          .isEqualTo(refused);
      if (other != writer) {
        form.put("sure", "yes");
        assertThat(other.browser().submitOnly(page("pepe") + "/end", form).status())
            .isEqualTo(refused);
      }
    }
    assertThat(owner.api().get(api("pepe") + "/shares").at("/items").size()).isEqualTo(2);
  }

  @Test
  void a_member_leaves_after_a_page_that_says_what_ends() {
    Person owner = withProject("pina");
    Person member = SERVED.person("lena");
    owner.api().put(api("pina") + "/shares/lena", Map.of("role", "writer")).isStatus(201);
    String leave = "/console/projects/pina/corpus/leave";
    assertThat(member.open("/console/projects/pina/corpus").body())
        .contains("<a href=\"" + leave + "\">Leave the project…</a>");
    TestResponse asked = sound(member.open(leave).isStatus(200));
    assertThat(asked.body())
        .contains("are refused from then on", "for this project alone", "<bdi>pina</bdi>")
        .doesNotContain("open to everybody");
    owner.api().get(api("pina") + "/shares/lena").isStatus(200);
    assertThat(member.browser().submit(asked, leave, Map.of()).isStatus(303).header("Location"))
        .isEqualTo("/console/projects");
    owner.api().get(api("pina") + "/shares/lena").isStatus(404);
    assertThat(member.browser().submit(asked, leave, Map.of()).status()).isEqualTo(404);
  }

  @Test
  void who_is_a_member_through_a_group_too_is_told_so_after_leaving() {
    Person owner = withProject("pino");
    Person member = SERVED.person("lino");
    Client root = SERVED.root().api();
    root.put("/v1/groups/pool", Map.of()).isStatus(201);
    root.put("/v1/groups/pool/members/lino", Map.of("role", "member")).isStatus(201);
    owner.api().put(api("pino") + "/shares/@pool", Map.of("role", "reader")).isStatus(201);
    owner.api().put(api("pino") + "/shares/lino", Map.of("role", "writer")).isStatus(201);
    String leave = "/console/projects/pino/corpus/leave";
    TestResponse left = member.send(leave, Map.of()).isStatus(303);
    owner.api().get(api("pino") + "/shares/lino").isStatus(404);
    assertThat(sound(member.browser().follow(left).isStatus(200)).body())
        .contains("still a member of the project, because a group", "href=\"/console/groups\"")
        .doesNotContain("action=\"" + leave + "\"");
    root.delete("/v1/groups/pool/members/lino").isStatus(204);
    assertThat(member.open(leave).status()).isEqualTo(404);
  }

  @Test
  void who_is_no_member_can_not_leave() {
    Map<String, Object> chat =
        Map.of("provider", "openai", "model", "gpt-4o", "endpoint", "https://api.example/v1");
    Person owner = SERVED.owner("posy", chat);
    owner
        .api()
        .put(api("posy"), Map.of("service", "posy/chat", "visibility", "everybody"))
        .isStatus(201);
    Person caller = SERVED.person("cara");
    String leave = "/console/projects/posy/corpus/leave";
    for (Person other : List.of(owner, SERVED.root(), caller)) {
      assertThat(other.open("/console/projects/posy/corpus").isStatus(200).body())
          .doesNotContain("Leave the project");
      assertThat(sound(other.open(leave).isStatus(403)).body()).contains("Only members");
      assertThat(other.browser().submitOnly(leave, proof(other)).status()).isEqualTo(403);
    }
    owner.api().put(api("posy") + "/shares/cara", Map.of("role", "reader")).isStatus(201);
    assertThat(sound(caller.open(leave).isStatus(200)).body())
        .contains("open to everybody, so you can still make calls");
  }

  /** What proves that a form comes from a page of this browser. */
  private static Map<String, String> proof(Person person) {
    return new HashMap<>(
        FormBrowser.hidden(person.open("/console/account"), "/console/account/sign-out"));
  }

  private static String page(String owner) {
    return "/console/projects/" + owner + "/corpus/people";
  }

  private static String api(String owner) {
    return "/v1/projects/" + owner + "/corpus";
  }

  private static Person withProject(String handle) {
    Person owner = SERVED.person(handle);
    owner.api().put(api(handle), Map.of()).isStatus(201);
    return owner;
  }
}
