package io.claviger.console.groups;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AGroup;
import io.claviger.console.served.ServedConsole;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What administrators, managers, members and others do with groups. */
class GroupPagesTest {
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final String LIST = "/console/groups";

  @Test
  void an_administrator_creates_a_group_and_its_manager_keeps_the_members() {
    FormBrowser root = CONSOLE.browserOf("root");
    FormBrowser manager = CONSOLE.browserOf("maria");
    CONSOLE.apiOf("nils");
    TestResponse list = sound(root.open(LIST).isStatus(200));
    TestResponse created =
        root.submit(list, LIST, Map.of("handle", "research", "display_name", HOSTILE));
    TestResponse group = sound(root.follow(created).isStatus(200));
    assertThat(group.body()).contains("@research", "&lt;script&gt;alert");
    assertThat(root.submit(list, LIST, Map.of("handle", "research")).isStatus(412).body())
        .contains("id=\"handle-more\"><span class=\"field-error\">There is a group of this name.");
    String members = LIST + "/research/members";
    root.submit(group, members, Map.of("user", "maria", "role", "manager")).isStatus(303);

    TestResponse kept = sound(manager.open(LIST + "/research").isStatus(200));
    assertThat(kept.body()).contains("Make member").doesNotContain("/research/delete");
    assertThat(added(manager, kept, members, "nils").status()).isEqualTo(303);
    assertThat(sound(manager.open(LIST + "/research")).body()).contains("<tr id=\"nils\">");

    FormBrowser member = CONSOLE.browserOf("nils");
    TestResponse seen = sound(member.open(LIST + "/research").isStatus(200));
    assertThat(seen.body())
        .contains("<tr id=\"maria\">", "Leave the group")
        .doesNotContain("Make manager", "Add a member");
    assertThat(added(member, seen, members, "root").status()).isEqualTo(403);
    member.submit(seen, members + "/end", Map.of("user", "nils")).isStatus(303);
    assertThat(manager.open(LIST + "/research").body()).doesNotContain("<tr id=\"nils\">");
  }

  @Test
  void others_see_that_a_group_is_there_and_not_who_is_in_it() {
    CONSOLE.apiOf("root").put("/v1/groups/closed", Map.of("display_name", HOSTILE)).isStatus(201);
    CONSOLE.apiOf("olga");
    CONSOLE
        .apiOf("root")
        .put("/v1/groups/closed/members/olga", Map.of("role", "member"))
        .isStatus(201);
    FormBrowser other = CONSOLE.browserOf("peter");
    assertThat(sound(other.open(LIST)).body()).contains("@closed").doesNotContain("New group");
    TestResponse group = sound(other.open(LIST + "/closed").isStatus(200));
    assertThat(group.body()).doesNotContain("olga", "action=\"/console/groups");
  }

  @Test
  void a_member_whom_a_file_added_is_shown_with_the_name_of_the_file() {
    FormBrowser root = CONSOLE.browserOf("root");
    CONSOLE.apiOf("root").put("/v1/groups/filed", Map.of()).isStatus(201);
    CONSOLE.apiOf("fina");
    CONSOLE
        .apiOf("root")
        .put("/v1/groups/filed/members/fina", Map.of("role", "member", "applied_by", "lab.yaml"))
        .isStatus(201);
    assertThat(sound(root.open(LIST + "/filed")).body()).contains("applied by <bdi>lab.yaml</bdi>");
  }

  @Test
  void an_unknown_member_and_a_bad_handle_are_told_beside_the_field() {
    FormBrowser root = CONSOLE.browserOf("root");
    CONSOLE.apiOf("root").put("/v1/groups/typos", Map.of()).isStatus(201);
    TestResponse group = root.open(LIST + "/typos");
    String members = LIST + "/typos/members";
    for (String user : new String[] {"nobody-there", HOSTILE, "x".repeat(10_000)}) {
      TestResponse refused = sound(added(root, group, members, user).isStatus(422));
      assertThat(refused.body()).contains("field-error");
    }
    Map<String, String> boss = Map.of("user", "root", "role", "boss");
    assertThat(sound(root.submit(group, members, boss).isStatus(422)).body())
        .contains("id=\"role-more\"><span class=\"field-error\">")
        .containsPattern("<select name=\"role\" aria-invalid=\"true\"");
  }

  @Test
  void a_member_is_removed_once_and_a_bad_handle_told_on_the_page_of_the_group() {
    FormBrowser root = CONSOLE.browserOf("root");
    CONSOLE.apiOf("quin");
    CONSOLE.apiOf("root").put("/v1/groups/shrinking", Map.of()).isStatus(201);
    CONSOLE
        .apiOf("root")
        .put("/v1/groups/shrinking/members/quin", Map.of("role", "member"))
        .isStatus(201);
    TestResponse group = root.open(LIST + "/shrinking");
    String end = LIST + "/shrinking/members/end";
    root.submit(group, end, Map.of("user", "quin")).isStatus(303);
    root.submit(group, end, Map.of("user", "quin")).isStatus(303);
    assertThat(sound(root.submit(group, end, Map.of("user", HOSTILE)).isStatus(422)).body())
        .contains("@shrinking", "role=\"alert\"", "Add a member");
  }

  @Test
  void an_old_page_ends_no_membership_that_somebody_else_changed() {
    FormBrowser root = CONSOLE.browserOf("root");
    CONSOLE.apiOf("rex");
    String rex = "/v1/groups/watched/members/rex";
    CONSOLE.apiOf("root").put("/v1/groups/watched", Map.of()).isStatus(201);
    CONSOLE.apiOf("root").put(rex, Map.of("role", "member")).isStatus(201);
    TestResponse old = root.open(LIST + "/watched");
    CONSOLE.apiOf("root").put(rex, Map.of("role", "manager")).isStatus(200);

    root.submit(old, LIST + "/watched/members/end", Map.of("user", "rex")).isStatus(412);
    assertThat(CONSOLE.apiOf("root").get(rex).text("/role")).isEqualTo("manager");
  }

  @Test
  void deleting_a_group_says_first_what_ends_and_spares_one_that_changed() {
    FormBrowser root = CONSOLE.browserOf("root");
    CONSOLE.apiOf("root").put("/v1/groups/ending", Map.of()).isStatus(201);
    String path = LIST + "/ending/delete";
    TestResponse warning = sound(root.open(path).isStatus(200));
    assertThat(warning.body()).contains("@ending", "0 members", "can't be undone");
    CONSOLE.apiOf("root").put("/v1/groups/ending", Map.of("display_name", "Renamed")).isStatus(200);
    TestResponse refused = sound(root.submit(warning, path, Map.of()).isStatus(412));
    assertThat(refused.body()).contains("Renamed");
    root.submit(refused, path, Map.of()).isStatus(303);
    root.open(LIST + "/ending").isStatus(404);
  }

  /** For example, because another group needs its name. */
  @Test
  void an_administrator_deletes_a_group_of_the_identity_provider() {
    CONSOLE.ports().groups().insert(AGroup.synced("provided", "Provided"));
    FormBrowser root = CONSOLE.browserOf("root");
    FormBrowser other = CONSOLE.browserOf("quentin");
    String path = LIST + "/provided";
    assertThat(sound(root.open(path).isStatus(200)).body())
        .contains(path + "/delete", path + "/webhook")
        .doesNotContain(">Change<", "Add a member");
    assertThat(sound(other.open(path).isStatus(200)).body())
        .doesNotContain(path + "/delete", path + "/webhook");

    TestResponse warning = sound(root.open(path + "/delete").isStatus(200));
    assertThat(warning.body()).contains("the group is created again");
    root.submit(warning, path + "/delete", Map.of()).isStatus(303);
    root.open(path).isStatus(404);
  }

  @Test
  void a_manager_changes_a_membership_and_what_somebody_else_did_meanwhile_is_kept() {
    Client root = CONSOLE.apiOf("root");
    FormBrowser manager = CONSOLE.browserOf("mona");
    CONSOLE.apiOf("milo");
    root.put("/v1/groups/band", Map.of()).isStatus(201);
    root.put("/v1/groups/band/members/mona", Map.of("role", "manager")).isStatus(201);
    root.put("/v1/groups/band/members/milo", Map.of("role", "member")).isStatus(201);
    String form = LIST + "/band/member";
    String milo = "/v1/groups/band/members/milo";
    assertThat(manager.open(LIST + "/band").body()).contains(form + "?user=milo");

    TestResponse opened = sound(manager.open(form + "?user=milo").isStatus(200));
    TestResponse saved =
        manager.submit(opened, form, Map.of("role", "member", "applied_by", "band.yaml"));
    assertThat(saved.isStatus(303).header("Location")).isEqualTo(LIST + "/band#milo");
    assertThat(root.get(milo).text("/applied_by")).isEqualTo("band.yaml");
    assertThat(root.get(milo).text("/role")).isEqualTo("member");

    TestResponse stale = manager.open(form + "?user=milo");
    root.put(milo, Map.of("role", "manager")).isStatus(200);
    TestResponse refused =
        manager.submit(stale, form, Map.of("role", "member", "applied_by", "other.yaml"));
    assertThat(sound(refused.isStatus(412)).body())
        .contains("Somebody else changed this membership", "<bdi>manager</bdi>", "other.yaml");
    assertThat(root.get(milo).text("/applied_by")).isEqualTo("band.yaml");
    manager.submit(refused, form, Map.of("role", "manager")).isStatus(303);
    assertThat(root.get(milo).text("/applied_by")).isEqualTo("other.yaml");
    assertThat(root.get(milo).text("/role")).isEqualTo("manager");

    TestResponse late = manager.open(form + "?user=milo");
    root.delete(milo).isStatus(204);
    TestResponse ended = manager.submit(late, form, Map.of("role", "member", "applied_by", ""));
    assertThat(sound(ended.isStatus(412)).body()).contains("Somebody ended this membership");
    root.get(milo).isStatus(404);
  }

  @Test
  void an_old_page_of_a_group_changes_no_role_that_somebody_else_changed() {
    Client root = CONSOLE.apiOf("root");
    FormBrowser manager = CONSOLE.browserOf("mary");
    CONSOLE.apiOf("mark");
    root.put("/v1/groups/choir", Map.of()).isStatus(201);
    root.put("/v1/groups/choir/members/mary", Map.of("role", "manager")).isStatus(201);
    TestResponse empty = manager.open(LIST + "/choir");
    String mark = "/v1/groups/choir/members/mark";
    root.put(mark, Map.of("role", "manager")).isStatus(201);

    TestResponse refused =
        sound(added(manager, empty, LIST + "/choir/members", "mark").isStatus(412));

    assertThat(root.get(mark).text("/role")).isEqualTo("manager");
    assertThat(refused.body()).contains("exists already");
    String version = root.get(mark).header("ETag").replace("\"", "");
    assertThat(refused.body()).contains("name=\"version\" value=\"" + version + "\"");
  }

  @Test
  void a_bad_membership_is_told_beside_its_field_and_others_may_not_change_one() {
    Client root = CONSOLE.apiOf("root");
    FormBrowser member = CONSOLE.browserOf("mick");
    FormBrowser administrator = CONSOLE.browserOf("root");
    root.put("/v1/groups/duo", Map.of()).isStatus(201);
    root.put("/v1/groups/duo/members/mick", Map.of("role", "member")).isStatus(201);
    String form = LIST + "/duo/member";
    TestResponse opened = administrator.open(form + "?user=mick");
    for (Map<String, String> typed :
        List.of(
            Map.of("role", "owner"), Map.of("role", "member", "applied_by", "x".repeat(10_000)))) {
      assertThat(sound(administrator.submit(opened, form, typed).isStatus(422)).body())
          .contains("field-error", "<bdi>mick</bdi>");
    }
    assertThat(administrator.open(form + "?user=nobody").status()).isEqualTo(404);
    assertThat(administrator.open(form).status()).isEqualTo(422);
    assertThat(member.open(form + "?user=mick").status()).isEqualTo(403);
    Map<String, String> sent = new HashMap<>(FormBrowser.fields(opened, form));
    sent.putAll(FormBrowser.hidden(member.open("/console/account"), "/console/account/sign-out"));
    sent.put("role", "manager");
    assertThat(member.submitOnly(form, sent).status()).isEqualTo(403);
    assertThat(root.get("/v1/groups/duo/members/mick").text("/role")).isEqualTo("member");
  }

  private static TestResponse added(
      FormBrowser browser, TestResponse page, String members, String user) {
    Map<String, String> fields =
        Map.of(
            "page_token",
            FormBrowser.fields(
                    page, page.body().contains(members + "\"") ? members : members + "/end")
                .get("page_token"),
            "user",
            user,
            "role",
            "member");
    return browser.post(members, fields, "Sec-Fetch-Site", "same-origin", "Origin", "null");
  }
}
