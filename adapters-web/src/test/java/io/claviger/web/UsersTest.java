package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsersTest {
  @AutoClose private final Served served = Served.start();
  private final Client root = served.root();
  private final Client alice = served.user("alice");

  @Test
  void a_user_is_created_with_a_first_token_shown_once() {
    TestResponse created =
        root.post(
            "/v1/users",
            Map.of("handle", "bob", "display_name", "Bob", "email", "bob@example.org"));
    created.isStatus(201);
    assertThat(created.header("Location")).isEqualTo("/v1/users/bob");
    Client bob = served.holding(created.text("/access_token"));
    TestResponse shown = bob.get("/v1/users/bob").isStatus(200);
    assertThat(shown.at("/access_token").isMissingNode()).isTrue();
    assertThat(shown.text("/email")).isEqualTo("bob@example.org");
    assertThat(shown.header("ETag")).isEqualTo("\"1\"");
  }

  @Test
  void fields_come_in_the_order_of_the_contract() {
    assertThat(alice.get("/v1/users/alice").json().propertyNames())
        .containsExactly(
            "id",
            "handle",
            "display_name",
            "email",
            "administrator",
            "responsible",
            "kind",
            "suspended",
            "version",
            "created_at",
            "updated_at");
  }

  @Test
  void administrators_see_the_built_in_user() {
    assertThat(root.get("/v1/users/_system").isStatus(200).text("/handle")).isEqualTo("_system");
  }

  @Test
  void a_handle_that_is_taken_is_a_conflict() {
    root.post("/v1/users", Map.of("handle", "alice")).isProblem(409, "handle_taken");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "Alice", "a b", "_x", "_system", "me", "admin", "public", "-a", ".a", "ä", "a/b"
      })
  void a_handle_outside_its_rule_is_422(String handle) {
    root.post("/v1/users", Map.of("handle", handle)).hasFaults("/handle invalid_value");
  }

  @Test
  void a_handle_of_65_characters_is_422() {
    root.post("/v1/users", Map.of("handle", "a".repeat(65))).hasFaults("/handle invalid_value");
  }

  @Test
  void only_administrators_create_and_list() {
    alice.post("/v1/users", Map.of("handle", "bob")).isProblem(403, "forbidden");
    alice.get("/v1/users").isProblem(403, "forbidden");
    assertThat(root.get("/v1/users").at("/items").size()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/users/root", "/v1/users/nobody", "/v1/users/NOBODY", "/v1/users/_x"})
  void whom_one_can_not_see_is_404(String path) {
    alice.get(path).isProblem(404, "not_found");
    alice.patch(path, Map.of("display_name", "x")).isProblem(404, "not_found");
  }

  @Test
  void a_user_changes_their_name_and_address() {
    TestResponse changed =
        alice.patch("/v1/users/alice", Map.of("display_name", "Alice A.", "email", "a@b"));
    assertThat(changed.isStatus(200).text("/display_name")).isEqualTo("Alice A.");
    assertThat(changed.at("/version").intValue()).isEqualTo(2);
    TestResponse cleared = alice.patch("/v1/users/alice", "{\"email\":null}");
    assertThat(cleared.at("/email").isNull()).isTrue();
    assertThat(cleared.text("/display_name")).isEqualTo("Alice A.");
  }

  @Test
  void null_is_no_display_name() {
    alice
        .patch("/v1/users/alice", "{\"display_name\":null,\"administrator\":null}")
        .hasFaults("/display_name not_nullable", "/administrator not_nullable");
  }

  @Test
  void what_was_read_can_be_sent_back() {
    String read = alice.get("/v1/users/alice").body();
    alice.patch("/v1/users/alice", read).isStatus(200);
  }

  @Test
  void read_only_fields_can_not_be_changed() {
    alice.patch("/v1/users/alice", Map.of("handle", "bob", "id", "1")).hasReadOnly("handle", "id");
  }

  @Test
  void nobody_makes_themselves_an_administrator() {
    alice.patch("/v1/users/alice", Map.of("administrator", true)).isProblem(403, "forbidden");
  }

  @Test
  void the_last_administrator_stays() {
    root.patch("/v1/users/root", Map.of("administrator", false))
        .isProblem(409, "last_administrator");
    root.delete("/v1/users/root").isProblem(409, "last_administrator");
    root.delete("/v1/users/root?force=true").isProblem(409, "last_administrator");
  }

  @Test
  void a_user_is_deleted() {
    root.delete("/v1/users/alice").isStatus(204);
    alice.get("/v1/me").isStatus(401);
    root.delete("/v1/users/alice").isProblem(404, "not_found");
  }

  @Test
  void force_is_true_or_false() {
    root.delete("/v1/users/alice?force=yes").hasFaults("/force invalid_value");
    root.delete("/v1/users/alice?force=false").isStatus(204);
  }

  @Test
  void a_user_is_deleted_with_their_own_projects() {
    alice.put("/v1/llm-services/alice/x", Map.of("definition", "_system/openai-large"));
    alice.put("/v1/projects/alice/p", Map.of("service", "x")).isStatus(201);
    alice.delete("/v1/users/alice").isStatus(204);
    root.get("/v1/projects/alice/p").isStatus(404);
  }

  @Test
  void whose_services_others_projects_use_is_not_deleted() {
    Client bob = projectOfBobOnServiceOfAlice();
    TestResponse asked = root.delete("/v1/users/alice").isProblem(409, "in_use");
    assertThat(asked.text("/detail")).contains("1 project", "bob/p", "force=true");
    assertThat(bob.get("/v1/projects/bob/p").text("/service")).isEqualTo("alice/x");
  }

  @Test
  void projects_that_one_can_not_see_are_counted_and_not_named() {
    projectOfBobOnServiceOfAlice();
    TestResponse asked = alice.delete("/v1/users/alice").isProblem(409, "in_use");
    assertThat(asked.text("/detail")).contains("1 project").doesNotContain("bob");
  }

  @Test
  void force_unbinds_the_projects_of_others() {
    Client bob = projectOfBobOnServiceOfAlice();
    root.delete("/v1/users/alice?force=true").isStatus(204);
    TestResponse project = bob.get("/v1/projects/bob/p").isStatus(200);
    assertThat(project.at("/service").isNull()).isTrue();
    assertThat(project.at("/instance_access").isNull()).isTrue();
    assertThat(project.at("/version").intValue()).isEqualTo(2);
  }

  private Client projectOfBobOnServiceOfAlice() {
    Client bob = served.user("bob");
    alice.put("/v1/llm-services/alice/x", Map.of("definition", "_system/openai-large"));
    alice.put("/v1/llm-services/alice/x/shares/bob", Map.of("role", "reader")).isStatus(201);
    bob.put("/v1/projects/bob/p", Map.of("service", "alice/x")).isStatus(201);
    return bob;
  }
}
