package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.bootstrap.node.Node;
import io.claviger.host.StartRefused;
import io.claviger.imports.shared.ImportReport;
import io.claviger.imports.shared.ReportReason.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dry run of an import, and an import that is repeated. */
@Tag("thorough")
class RepeatedImportJourneyTest {
  @AutoClose private final Journey journey = new Journey();
  private final DhampsImports imports;

  RepeatedImportJourneyTest(@TempDir Path directory) {
    imports = new DhampsImports(journey, directory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"before", "refactored", "renamed"})
  void a_dry_run_reports_the_same_and_changes_nothing(String shape) {
    try (ForeignDatabase old = ForeignDatabase.dhamps(shape)) {
      String source = old.dump();
      String before = journey.everything();

      ImportReport dry = imports.dryRun(old);
      assertThat(journey.everything()).isEqualTo(before);

      ImportReport real = imports.from(old);
      assertThat(real.counts()).isEqualTo(dry.counts());
      assertThat(real.remarks()).isEqualTo(dry.remarks());
      assertThat(journey.everything()).isNotEqualTo(before);
      assertThat(old.dump()).isEqualTo(source);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"before", "refactored", "renamed"})
  void a_second_run_changes_nothing_and_leaves_the_same_out(String shape) {
    try (ForeignDatabase old = ForeignDatabase.dhamps(shape)) {
      ImportReport first = imports.from(old);
      String after = journey.everything();

      ImportReport second = imports.from(old);

      assertThat(journey.everything()).isEqualTo(after);
      assertThat(second.changedNothing()).isTrue();
      assertThat(DhampsImports.lines(second, Section.LEFT_OUT))
          .containsExactlyInAnyOrderElementsOf(DhampsImports.lines(first, Section.LEFT_OUT));
      assertThat(second.of(Section.LINKS_LEFT)).isEqualTo(first.of(Section.LINKS_LEFT));
    }
  }

  @Test
  void what_was_changed_or_deleted_here_stays_so() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("before")) {
      ImportReport unused = imports.from(old);
      journey.tamper("update instances set description = 'mine' where handle = 'my-openai'");
      journey.tamper("delete from shares where grantee_handle = 'jdoe'");
      journey.tamper("delete from instances where handle = 'gemini'");
      String after = journey.everything();

      ImportReport second = imports.from(old);

      assertThat(journey.everything()).isEqualTo(after);
      assertThat(DhampsImports.lines(second, Section.NOTES))
          .containsExactly("service alice/gemini ended_here");
    }
  }

  @Test
  void a_new_handle_lets_come_what_was_left_out() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("before")) {
      ImportReport unused = imports.from(old);

      ImportReport second = imports.renaming(old, Map.of("Dr.No", "drno", "Dr.No/x", "y"));

      assertThat(second.of(Section.LEFT_OUT)).isEmpty();
      assertThat(imports.services())
          .contains("drno/y https://api.openai.com/v1 openai openai t text-embedding-3-small 1536");
      assertThatThrownBy(() -> imports.renaming(old, Map.of("nobody", "drno")))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("nobody");
    }
  }

  @Test
  void a_handle_of_somebody_here_is_not_taken_over() {
    Node node = journey.startNode();
    Api unused = journey.user(node, "alice");
    try (ForeignDatabase old = ForeignDatabase.dhamps("before")) {
      ImportReport report = imports.from(old);

      assertThat(DhampsImports.lines(report, Section.LEFT_OUT))
          .contains(
              "user alice handle_taken",
              "service alice/cohere owner_missing",
              "share jdoe/my-openai alice user_missing",
              "link jdoe/tie alice/cohere service_missing");
      assertThat(journey.column("select 1 from instances where owner_handle = 'alice'")).isEmpty();
    }
  }

  /** A start of Claviger makes {@code root} an administrator. */
  @Test
  void nor_is_that_of_root_before_the_first_start() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("before")) {
      assertThat(
              DhampsImports.lines(imports.renaming(old, Map.of("alice", "root")), Section.LEFT_OUT))
          .contains("user alice handle_taken");
      assertThat(journey.column("select 1 from users where handle = 'root'")).isEmpty();
    }
  }

  @Test
  void nor_is_that_of_a_user_who_was_deleted_here() {
    Node node = journey.startNode();
    Api unused = journey.user(node, "alice");
    journey.root(node).delete("/v1/users/alice").isStatus(204);
    try (ForeignDatabase old = ForeignDatabase.dhamps("before")) {
      assertThat(DhampsImports.lines(imports.from(old), Section.LEFT_OUT))
          .contains("user alice handle_taken");
      assertThat(journey.column("select 1 from users where handle = 'alice'")).isEmpty();
    }
  }

  @Test
  void a_reference_that_still_leads_to_what_moved_is_taken() {
    Node node = journey.startNode();
    journey
        .user(node, "zoe")
        .put("/v1/llm-services/zoe/moved", Map.of("definition", "_system/openai-small"))
        .isStatus(201);
    journey.tamper(
        """
        insert into moved_references (kind, owner_handle, handle, service_id, until)
        select 'service', 'alice', 'cohere', id, now() + interval '1 day' from instances
        """);
    try (ForeignDatabase old = ForeignDatabase.dhamps("before")) {
      assertThat(DhampsImports.lines(imports.from(old), Section.LEFT_OUT))
          .contains("service alice/cohere handle_taken");
      assertThat(imports.services()).noneMatch(line -> line.startsWith("alice/cohere "));

      journey.tamper("delete from moved_references");
      ImportReport unused = imports.from(old);
      assertThat(imports.services()).anyMatch(line -> line.startsWith("alice/cohere "));
    }
  }

  @Test
  void a_key_that_could_not_be_opened_comes_when_the_legacy_key_does() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("renamed")) {
      assertThat(DhampsImports.lines(imports.withoutKey(old), Section.LEFT_OUT))
          .containsExactly("key erin/emb key_does_not_open");

      ImportReport second = imports.from(old);

      assertThat(second.leftSomethingOut()).isFalse();
      assertThat(imports.services())
          .contains(
              "erin/emb https://api.openai.com/v1 openai openai t text-embedding-3-small 1536");
      assertThat(imports.from(old).changedNothing()).isTrue();
    }
  }

  @Test
  void a_service_that_needs_the_consent_of_others_gets_no_key_and_no_co_owner() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("renamed")) {
      old.run("delete from instances_shared_with");
      ImportReport unused = imports.withoutKey(old);
      journey.tamper("update instances set approvals = 2 where handle = 'emb'");
      old.run("insert into instances_shared_with values ('frank', 1, 'owner', now(), now())");

      ImportReport second = imports.from(old);

      assertThat(DhampsImports.lines(second, Section.LEFT_OUT))
          .contains("key erin/emb consent_needed")
          .anyMatch(line -> line.startsWith("share ") && line.endsWith(" consent_needed"));
      assertThat(journey.column("select handle from instances where api_key_sealed is not null"))
          .isEmpty();
      assertThat(journey.column("select 1 from shares where role = 'owner'")).isEmpty();

      journey.tamper("update instances set approvals = 1");
      assertThat(imports.from(old).leftSomethingOut()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"before", "refactored", "renamed"})
  void an_undone_import_leaves_what_was_here_before_and_can_come_again(String shape) {
    List<String> before = things();
    try (ForeignDatabase old = ForeignDatabase.dhamps(shape)) {
      ImportReport first = imports.from(old);
      assertThat(things()).isNotEqualTo(before);

      ImportReport undone = imports.undo(first);

      assertThat(undone.of(Section.KEPT)).isEmpty();
      assertThat(things()).isEqualTo(before);
      assertThat(journey.column("select name from arrivals")).isEmpty();
      assertThat(imports.from(old).counts()).isEqualTo(first.counts());
    }
  }

  @Test
  void undoing_an_import_keeps_what_somebody_changed_or_uses() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("before")) {
      ImportReport first = imports.from(old);
      journey.tamper(
          "update instances set description = 'mine', version = version + 1"
              + " where handle = 'my-openai'");

      ImportReport undone = imports.undo(first);

      assertThat(DhampsImports.lines(undone, Section.KEPT))
          .containsExactlyInAnyOrder(
              "key jdoe/my-openai changed_here",
              "service jdoe/my-openai changed_here",
              "user jdoe in_use_here");
      assertThat(imports.services())
          .containsExactly(
              "jdoe/my-openai https://api.openai.com/v1 openai openai t text-embedding-3-large"
                  + " 3072");
      assertThat(imports.undo(first).changedNothing()).isTrue();
    }
  }

  @Test
  void a_key_that_came_later_goes_and_comes_with_its_service() {
    try (ForeignDatabase old = ForeignDatabase.dhamps("renamed")) {
      // A service that somebody else uses keeps its key.
      old.run("truncate instances_shared_with, projects cascade");
      ImportReport without = imports.withoutKey(old);
      ImportReport with = imports.from(old);
      assertThat(imports.undo(with).of(Section.KEPT)).isEmpty();
      assertThat(journey.column("select handle from instances where api_key_sealed is not null"))
          .isEmpty();

      ImportReport again = imports.from(old);
      assertThat(imports.undo(without).of(Section.KEPT)).isEmpty();
      assertThat(imports.services()).isEmpty();
      assertThat(imports.undo(again).changedNothing()).isTrue();

      ImportReport last = imports.from(old);
      assertThat(last.leftSomethingOut()).isFalse();
      assertThat(journey.column("select handle from instances where api_key_sealed is not null"))
          .containsExactly("emb");
    }
  }

  /** What people see, without when it was made. */
  private List<String> things() {
    return journey.column(
        """
        select 'user ' || handle from users
        union all select 'standard ' || handle from api_standards
        union all select 'definition ' || owner_handle || '/' || handle from definitions
        union all select 'service ' || owner_handle || '/' || handle from instances
        union all select 'project ' || owner_handle || '/' || handle from projects
        union all select 'share ' || grantee_handle from shares
        union all select 'share ' || grantee_handle from definition_shares
        union all select 'member ' || grantee_handle from project_shares
        order by 1
        """);
  }
}
