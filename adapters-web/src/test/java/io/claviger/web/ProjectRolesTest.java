package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may do what with a project: its owner, a writer, a reader, an administrator, a stranger. */
class ProjectRolesTest {
  private static final String PROJECT = "/v1/projects/alice/corpus";
  private static final String SHARES = PROJECT + "/shares";
  private static final String SERVICE = "/v1/llm-services/alice/large";
  @AutoClose private final Served served = Served.start();
  private final Client administrator = served.root();
  private final Client owner = served.user("alice");
  private final Client writer = served.user("bob");
  private final Client reader = served.user("carol");
  private final Client stranger = served.user("dave");

  @BeforeEach
  void start() {
    owner.put(SERVICE, Map.of("definition", "_system/openai-large")).isStatus(201);
    owner.put(PROJECT, Map.of("description", "Letters", "service", "large")).isStatus(201);
    owner.put(SHARES + "/bob", Map.of("role", "writer")).isStatus(201);
    owner.put(SHARES + "/carol", Map.of("role", "reader")).isStatus(201);
  }

  @Test
  void everybody_sees_their_own_role() {
    assertThat(owner.get(PROJECT).text("/role")).isEqualTo("owner");
    assertThat(writer.get(PROJECT).text("/role")).isEqualTo("writer");
    assertThat(reader.get(PROJECT).text("/role")).isEqualTo("reader");
    assertThat(administrator.get(PROJECT).at("/role").isNull()).isTrue();
  }

  @Test
  void to_a_stranger_there_is_no_project() {
    stranger.get(PROJECT).isProblem(404, "not_found");
    stranger.patch(PROJECT, Map.of("description", "x")).isProblem(404, "not_found");
    stranger.delete(PROJECT).isProblem(404, "not_found");
  }

  @Test
  void creating_in_anothers_namespace_is_403_whatever_is_there() {
    stranger.put(PROJECT, Map.of()).isProblem(403, "forbidden");
    stranger.put("/v1/projects/alice/other", Map.of()).isProblem(403, "forbidden");
    stranger.put("/v1/projects/nobody/x", Map.of()).isProblem(403, "forbidden");
    administrator.put("/v1/projects/alice/other", Map.of()).isProblem(403, "forbidden");
    administrator.put("/v1/projects/_system/x", Map.of()).isProblem(403, "forbidden");
  }

  @Test
  void members_who_can_not_see_the_service_are_not_told_its_name() {
    for (Client member : List.of(writer, reader)) {
      TestResponse shown = member.get(PROJECT);
      assertThat(shown.at("/service").isNull()).isTrue();
      assertThat(shown.text("/instance_access")).isEqualTo("ok");
      assertThat(shown.body()).doesNotContain("large");
    }
  }

  @Test
  void members_who_can_see_the_service_are_told_its_name() {
    owner.put(SERVICE + "/shares/carol", Map.of("role", "reader")).isStatus(201);
    assertThat(reader.get(PROJECT).text("/service")).isEqualTo("alice/large");
    assertThat(administrator.get(PROJECT).text("/service")).isEqualTo("alice/large");
  }

  @Test
  void what_was_read_can_be_sent_back_in_every_role_and_changes_nothing() {
    for (Client caller : List.of(owner, writer, reader, administrator)) {
      String read = caller.get(PROJECT).body();
      caller.put(PROJECT, read).isStatus(200);
      caller.patch(PROJECT, read).isStatus(200);
    }
    TestResponse shown = owner.get(PROJECT);
    assertThat(shown.text("/service")).isEqualTo("alice/large");
    assertThat(shown.at("/version").intValue()).isEqualTo(1);
  }

  @Test
  void a_writer_changes_the_description() {
    assertThat(writer.patch(PROJECT, Map.of("description", "Diaries")).text("/description"))
        .isEqualTo("Diaries");
    writer.put(PROJECT, Map.of("description", "Both")).isStatus(200);
    TestResponse shown = owner.get(PROJECT);
    assertThat(shown.text("/description")).isEqualTo("Both");
    assertThat(shown.text("/service")).isEqualTo("alice/large");
  }

  @Test
  void a_writer_binds_nothing() {
    writer
        .put("/v1/llm-services/bob/own", Map.of("definition", "_system/openai-large"))
        .isStatus(201);
    writer.patch(PROJECT, Map.of("service", "own")).isProblem(403, "forbidden");
    writer.patch(PROJECT, Map.of("service", "alice/large")).isProblem(403, "forbidden");
    writer.patch(PROJECT, Map.of("service", "alice/nothing")).isProblem(403, "forbidden");
  }

  @Test
  void a_writer_who_sees_the_service_does_not_unbind_it() {
    owner.put(SERVICE + "/shares/bob", Map.of("role", "reader")).isStatus(201);
    writer.patch(PROJECT, "{\"service\":null}").isProblem(403, "forbidden");
    writer.put(PROJECT, Map.of("description", "x")).isProblem(403, "forbidden");
    writer.put(PROJECT, Map.of("description", "x", "service", "alice/large")).isStatus(200);
  }

  @Test
  void a_reader_changes_nothing() {
    reader.patch(PROJECT, Map.of("description", "x")).isProblem(403, "forbidden");
    reader.put(PROJECT, Map.of("description", "x")).isProblem(403, "forbidden");
    reader.patch(PROJECT, Map.of("service", "alice/large")).isProblem(403, "forbidden");
    reader.patch(PROJECT, Map.of("description", "Letters")).isStatus(200);
  }

  @Test
  void members_do_not_delete() {
    writer.delete(PROJECT).isProblem(403, "forbidden");
    reader.delete(PROJECT).isProblem(403, "forbidden");
  }

  @Test
  void an_administrator_sees_and_deletes_but_does_not_edit() {
    administrator.patch(PROJECT, Map.of("description", "x")).isProblem(403, "forbidden");
    administrator.patch(PROJECT, "{\"service\":null}").isProblem(403, "forbidden");
    administrator.delete(PROJECT).isStatus(204);
  }

  @Test
  void an_administrator_binds_no_service_that_they_see_but_may_not_use() {
    administrator
        .put("/v1/projects/root/x", Map.of("service", "alice/large"))
        .isProblem(403, "forbidden");
  }

  @Test
  void a_token_of_scope_use_reads_projects_and_writes_none() {
    TestResponse issued = owner.post("/v1/users/alice/tokens", Map.of("name", "n", "scope", "use"));
    Client use = served.holding(issued.text("/token"));
    use.get(PROJECT).isStatus(200);
    use.get("/v1/projects/alice").isStatus(200);
    use.put(PROJECT, Map.of()).isProblem(403, "forbidden");
    use.delete(PROJECT).isProblem(403, "forbidden");
    use.get(SHARES).isProblem(403, "forbidden");
  }
}
