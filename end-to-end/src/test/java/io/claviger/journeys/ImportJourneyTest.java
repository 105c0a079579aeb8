package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.bootstrap.node.Node;
import io.claviger.host.StartRefused;
import io.claviger.imports.shared.ImportReport;
import io.claviger.imports.shared.ReportReason.Section;
import io.claviger.testkit.http.TestResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is imported from a database of dhamps-vdb, with which keys, and what the report says. */
class ImportJourneyTest {
  @AutoClose private final Journey journey = new Journey();
  private final DhampsImports imports;

  ImportJourneyTest(@TempDir Path directory) {
    imports = new DhampsImports(journey, directory);
  }

  @Tag("thorough")
  @Test
  void the_shape_before_the_refactoring_comes_as_its_readme_lists() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("before")) {
      ImportReport report = imports.from(old);

      assertThat(users()).containsExactly("alice", "dr.no", "jdoe", "prof.x", "reader-1");
      assertThat(journey.column("select email from users where handle = 'dr.no'"))
          .containsExactly("no2@example.org");
      assertThat(imports.services())
          .containsExactly(
              "alice/cohere https://api.cohere.com cohere cohere t embed-v4.0 1536",
              "alice/gemini https://generativelanguage.googleapis.com google gemini t"
                  + " gemini-embedding-001 3072",
              "jdoe/my-openai https://api.openai.com/v1 openai openai t text-embedding-3-large"
                  + " 3072",
              "jdoe/no-key https://api.openai.com/v1 openai openai f text-embedding-3-small 1536");
      assertThat(shares())
          .containsExactly("alice/cohere jdoe writer", "jdoe/my-openai alice reader");
      assertThat(projects())
          .containsExactly("alice/empty -", "jdoe/corpus jdoe/my-openai", "jdoe/tie alice/cohere");
      assertThat(members())
          .containsExactly("jdoe/corpus prof.x writer", "jdoe/corpus reader-1 reader");
      assertThat(journey.column("select key_method from api_standards where handle = 'gemini'"))
          .containsExactly("custom_header");
      assertThat(DhampsImports.lines(report, Section.LEFT_OUT))
          .containsExactly("user Dr.No handle_taken", "service Dr.No/x owner_missing");
      assertThat(DhampsImports.lines(report, Section.LINKS_LEFT))
          .containsExactly(
              "link jdoe/corpus alice/cohere another_was_linked_first",
              "link jdoe/tie alice/gemini another_was_linked_first");
      assertThat(DhampsImports.lines(report, Section.HANDLES_CHANGED))
          .containsExactly("user Prof.X handle_folded");
      assertThat(DhampsImports.lines(report, Section.STANDARDS_THAT_DIFFER))
          .containsExactly("standard gemini travels_otherwise");
      assertThat(DhampsImports.lines(report, Section.NOT_CARRIED))
          .containsExactly("project jdoe/tie public_read");
      assertThat(report.of(Section.USERS_WITHOUT_TOKEN)).hasSize(5);
    }
  }

  @Test
  void the_shape_after_the_refactoring_comes_as_its_readme_lists() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("refactored")) {
      List<String> before =
          journey.column("select t::text from definitions t where handle = 'openai-large'");
      ImportReport report = imports.from(old);

      assertThat(users()).containsExactly("carol", "dave");
      assertThat(imports.services())
          .containsExactly(
              "carol/both https://api.openai.com/v1 openai openai t text-embedding-3-small 1536",
              "carol/enc https://api.openai.com/v1 openai openai t text-embedding-3-large 3072",
              "carol/fallback https://api.openai.com/v1 openai openai t text-embedding-3-small"
                  + " 1536",
              "carol/lost https://api.openai.com/v1 openai openai f text-embedding-3-small 1536",
              "carol/plain https://llm.example.org openai-compat house t house-1 512");
      assertThat(
              journey.column(
                  """
                  select concat_ws(' ', i.handle, d.owner_handle || '/' || d.handle, d.endpoint)
                  from instances i join definitions d on d.id = i.definition_id order by 1
                  """))
          .containsExactly(
              "enc _system/openai-large https://api.openai.com/v1",
              "plain carol/in-house https://llm.example.org");
      assertThat(
              journey.column(
                  """
                  select concat_ws(' ', key_method, key_field, operations) from api_standards
                  where handle = 'house'
                  """))
          .containsExactly("query_param token {\"POST embed\"}");
      assertThat(shares())
          .containsExactly(
              "carol/both dave reader", "carol/enc dave owner", "carol/plain dave reader");
      assertThat(projects()).containsExactly("dave/shared-use carol/enc");
      assertThat(DhampsImports.lines(report, Section.LEFT_OUT))
          .containsExactlyInAnyOrder(
              "key carol/fallback encrypted_key_does_not_open", "key carol/lost key_does_not_open");
      assertThat(DhampsImports.lines(report, Section.NOTES))
          .containsExactly("standard house format_unknown");
      assertThat(journey.column("select t::text from definitions t where handle = 'openai-large'"))
          .isEqualTo(before);
    }
  }

  @Tag("thorough")
  @Test
  void the_later_shape_comes_as_its_readme_lists() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("renamed")) {
      ImportReport report = imports.from(old);

      assertThat(imports.services())
          .containsExactly(
              "erin/chat https://api.openai.com/v1 openai openai f gpt-4o-mini",
              "erin/emb https://api.openai.com/v1 openai openai t text-embedding-3-small 1536");
      assertThat(
              journey.column(
                  """
                  select concat_ws(' ', i.context_limit, d.owner_handle || '/' || d.handle)
                  from instances i join definitions d on d.id = i.definition_id
                  """))
          .containsExactly("8191 erin/tmpl");
      assertThat(shares()).containsExactly("erin/emb frank writer");
      assertThat(
              journey.column(
                  """
                  select concat_ws(' ', d.handle, d.public, s.grantee_handle)
                  from definitions d left join definition_shares s on s.definition_id = d.id
                  where d.owner_handle = 'erin' order by 1
                  """))
          .containsExactly("priv f frank", "tmpl t");
      assertThat(projects()).containsExactly("erin/p1 erin/emb");
      assertThat(report.leftSomethingOut()).isFalse();
    }
  }

  @Test
  void every_key_that_came_works_through_the_gateway_and_no_other_is_seen() {
    String here = journey.provider().baseUrl();
    Node node = journey.startNode();
    try (ForeignDatabase before = ForeignDatabase.dhamps("before");
        ForeignDatabase refactored = ForeignDatabase.dhamps("refactored");
        ForeignDatabase renamed = ForeignDatabase.dhamps("renamed")) {
      before.run(redirect("llm_services", here));
      refactored.run(redirect("llm_service_instances", here));
      refactored.run(redirect("llm_service_definitions", here));
      renamed.run(redirect("instances", here));
      for (ForeignDatabase old : List.of(before, refactored, renamed)) {
        ImportReport unused = imports.from(old);
      }
    }
    Map<String, Object> body = Map.of("model", "m", "input", "Hello");
    Api jdoe = newcomer(node, "jdoe");
    Api alice = newcomer(node, "alice");
    Api carol = newcomer(node, "carol");
    Api erin = newcomer(node, "erin");

    jdoe.embed("jdoe/my-openai").isStatus(200);
    alice.embed("jdoe/my-openai").isStatus(200);
    TestResponse unused =
        alice.call("alice/cohere", "v2/embed", Map.of("model", "m", "texts", List.of("Hello")));
    unused =
        alice.call("alice/gemini", "v1beta/models/g:embedContent", Map.of("content", Map.of()));
    carol.embed("carol/enc").isStatus(200);
    carol.embed("carol/both").isStatus(200);
    carol.embed("carol/fallback").isStatus(200);
    unused = carol.call("carol/plain", "embed", body);
    erin.embed("erin/emb").isStatus(200);
    jdoe.embed("jdoe/no-key").isRefused(403, "missing_api_key");
    carol.embed("carol/lost").isRefused(403, "missing_api_key");

    assertThat(journey.provider().requests())
        .extracting(
            r ->
                Optional.ofNullable(r.header("Authorization"))
                    .or(() -> Optional.ofNullable(r.header("x-goog-api-key")))
                    .orElse(r.uri()))
        .containsExactly(
            "Bearer sk-legacy-jdoe-0001",
            "Bearer sk-legacy-jdoe-0001",
            "Bearer co-legacy-alice-0002",
            "AIza-legacy-alice-0003",
            "Bearer sk-legacy-carol-encrypted-0001",
            "Bearer sk-legacy-both-current-0002",
            "Bearer sk-legacy-plain-wins-0005",
            "/embed?token=house-legacy-plain-0004",
            "Bearer sk-legacy-carol-encrypted-0001");
    assertThat(journey.everything()).doesNotContain("-legacy-");
    journey.assertNothingLeaked();
  }

  @Tag("thorough")
  @Test
  void a_wrong_legacy_key_imports_nothing_and_is_told() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("refactored")) {
      String before = journey.everything();
      assertThatThrownBy(() -> imports.from(old.url(), Optional.of("another key"), false, Map.of()))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("none of the 4 encrypted keys opens")
          .hasMessageNotContaining("another key");
      assertThat(journey.everything()).isEqualTo(before);
    }
  }

  @Tag("thorough")
  @Test
  void the_audit_trail_tells_of_everything_that_came() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("before")) {
      ImportReport unused = imports.from(old);
      assertThat(
              journey.column(
                  """
                  select concat_ws(' ', actor, address, request_id, action, count(*))
                  from audit_events where request_id = 'import dhamps'
                  group by actor, address, request_id, action order by action
                  """))
          .containsExactly(
              "command-line import dhamps project.create 3",
              "command-line import dhamps project.share 2",
              "command-line import dhamps project.update 2",
              "command-line import dhamps service.create 4",
              "command-line import dhamps service.key_set 3",
              "command-line import dhamps service.share 2",
              "command-line import dhamps user.create 5");
    }
  }

  @Test
  void a_role_that_may_only_read_is_enough() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("refactored")) {
      old.run(
          """
          drop role if exists claviger_test_reader;
          create role claviger_test_reader login password 'reader';
          grant select on all tables in schema public to claviger_test_reader
          """);
      String url =
          old.url()
              .replaceFirst("user=[^&]*&password=.*", "user=claviger_test_reader&password=reader");

      ImportReport report =
          imports.from(url, Optional.of(ForeignDatabase.LEGACY_KEY), false, Map.of());

      assertThat(report.changedNothing()).isFalse();
      old.run("drop owned by claviger_test_reader; drop role claviger_test_reader");
    }
  }

  private static String redirect(String table, String here) {
    return """
    update %s
    set endpoint = regexp_replace(endpoint, '^https://[^/]+', '%s')
    """
        .formatted(table, here);
  }

  private Api newcomer(Node node, String handle) {
    return journey
        .root(node)
        .holding(
            journey.token(
                journey
                    .root(node)
                    .post("/v1/users/" + handle + "/tokens", Map.of("name", "first"))
                    .isStatus(201)
                    .text("/token")));
  }

  private List<String> users() {
    return journey.column(
        "select handle from users where handle not in ('_system', 'root') order by 1");
  }

  private List<String> shares() {
    return journey.column(
        """
        select concat_ws(' ', owner_handle || '/' || instance_handle, grantee_handle, role)
        from shares order by 1
        """);
  }

  private List<String> projects() {
    return journey.column(
        """
        select concat_ws(' ', p.owner_handle || '/' || p.handle,
          coalesce(i.owner_handle || '/' || i.handle, '-'))
        from projects p left join instances i on i.id = p.instance_id order by 1
        """);
  }

  private List<String> members() {
    return journey.column(
        """
        select concat_ws(' ', owner_handle || '/' || project_handle, grantee_handle, role)
        from project_shares order by 1
        """);
  }
}
