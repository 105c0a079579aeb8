package io.claviger.application.projects;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.projects.ProjectFixture.NO_SERVICE;
import static io.claviger.application.projects.ProjectFixture.back;
import static io.claviger.application.projects.ProjectFixture.described;
import static io.claviger.application.projects.ProjectFixture.using;
import static io.claviger.application.projects.ProjectFixture.written;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.projects.Projects.WrittenProject;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Field;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may write which fields of a project, and what is stored then. */
class ProjectWritesTest {
  private final ProjectFixture p = new ProjectFixture();
  private final Project project =
      p.w.stored(AProject.of(p.bob, "corpus").description("old").using(p.alices).build());

  @BeforeEach
  void share() {
    Share unused = p.share(AShare.with(p.bob).mayReshare());
  }

  @Test
  void a_new_project_is_of_version_1_and_made_now() {
    Outcome<WrittenProject> outcome = p.put(p.carol, "carol/c", described("mine"));

    Project created = written(outcome).project();
    assertThat(outcome.orThrow().created()).isTrue();
    assertThat(created.version()).isEqualTo(1);
    assertThat(created.createdAt()).isEqualTo(p.w.claviger.clock().instant());
    assertThat(created.owner()).isEqualTo(p.carol.id());
    assertThat(p.w.recorded()).containsExactly("project.create done carol/c []");
  }

  @Test
  void in_anothers_namespace_nobody_creates_whatever_is_there() {
    assertThat(because(p.put(p.carol, "bob/new", described("d")))).isEqualTo("forbidden");
    assertThat(p.put(p.carol, "bob/corpus", described("d")))
        .isEqualTo(p.put(p.carol, "bob/new", described("d")));
    assertThat(because(p.put(p.root, "_system/new", described("d")))).isEqualTo("forbidden");
  }

  @Test
  void what_one_cannot_see_is_not_there_to_change() {
    assertThat(because(p.patch(p.carol, "bob/corpus", described("d")))).isEqualTo("not_found");
    assertThat(because(p.patch(p.bob, "bob/none", described("d")))).isEqualTo("not_found");
  }

  @Test
  void a_change_counts_the_version_up_and_keeps_the_handle_and_id() {
    Project changed = written(p.patch(p.bob, "bob/corpus", described("new"))).project();

    assertThat(changed.version()).isEqualTo(2);
    assertThat(changed.id()).isEqualTo(project.id());
    assertThat(p.w.now(project.ref())).isEqualTo(changed);
    assertThat(p.w.recorded()).containsExactly("project.update done bob/corpus [description]");
  }

  @Test
  void what_changes_nothing_is_no_change() {
    assertThat(written(p.patch(p.bob, "bob/corpus", described("old"))).project())
        .isEqualTo(project);
    assertThat(p.w.recorded()).isEmpty();
  }

  @Test
  void a_replacement_takes_what_is_absent_away() {
    Project replaced = written(p.put(p.bob, "bob/corpus", using(p.alices))).project();

    assertThat(replaced.description().value()).isEmpty();
    assertThat(replaced.instance()).contains(p.alices.id());
  }

  @Test
  void preconditions_hold() {
    assertThat(
            because(
                p.put(p.w.as(p.bob), "bob/corpus", Precondition.CREATE_ONLY, described("other"))))
        .isEqualTo("precondition_failed");
    assertThat(
            because(
                p.put(p.w.as(p.bob), "bob/corpus", Precondition.version(7), described("other"))))
        .isEqualTo("precondition_failed");
    assertThat(
            written(p.put(p.w.as(p.bob), "bob/corpus", Precondition.version(1), described("other")))
                .project()
                .version())
        .isEqualTo(2);
  }

  @Test
  void a_token_of_scope_use_writes_nothing() {
    assertThat(
            because(p.put(p.w.using(p.bob), "bob/corpus", Precondition.NONE, described("other"))))
        .isEqualTo("forbidden");
  }

  @Test
  void a_writer_changes_the_description() {
    p.w.member(project, p.carol, Role.WRITER);

    assertThat(written(p.patch(p.carol, "bob/corpus", described("hers"))).project().instance())
        .contains(p.alices.id());
  }

  @Test
  void a_reader_does_not() {
    p.w.member(project, p.carol, Role.READER);

    assertThat(because(p.patch(p.carol, "bob/corpus", described("hers")))).isEqualTo("forbidden");
  }

  @Test
  void an_administrator_does_not() {
    assertThat(because(p.patch(p.root, "bob/corpus", described("d")))).isEqualTo("forbidden");
  }

  @Test
  void a_writer_who_cannot_see_the_service_sends_back_what_they_read() {
    p.w.member(project, p.carol, Role.WRITER);
    ProjectView read = p.find(p.carol, project);

    Project put = written(p.put(p.carol, "bob/corpus", back(read, "put"))).project();
    Project patched = written(p.patch(p.carol, "bob/corpus", back(read, "patched"))).project();

    assertThat(read.service()).isEmpty();
    assertThat(put.instance()).contains(p.alices.id());
    assertThat(patched.instance()).contains(p.alices.id());
    assertThat(patched.description().value()).isEqualTo("patched");
  }

  @Test
  void a_writer_who_can_see_the_service_sends_back_what_they_read() {
    p.w.member(project, p.carol, Role.WRITER);
    Share unused = p.share(AShare.with(p.carol));
    ProjectView read = p.find(p.carol, project);

    assertThat(read.service()).contains(p.alices.ref());
    assertThat(written(p.put(p.carol, "bob/corpus", back(read, "put"))).project().instance())
        .contains(p.alices.id());
  }

  @Test
  void a_writer_who_can_see_the_service_does_not_unbind_it() {
    p.w.member(project, p.carol, Role.WRITER);
    Share unused = p.share(AShare.with(p.carol));

    assertThat(because(p.patch(p.carol, "bob/corpus", using(NO_SERVICE)))).isEqualTo("forbidden");
    assertThat(because(p.put(p.carol, "bob/corpus", described("d")))).isEqualTo("forbidden");
  }

  @Test
  void a_writer_learns_nothing_by_guessing_the_service() {
    p.w.member(project, p.carol, Role.WRITER);

    assertThat(p.patch(p.carol, "bob/corpus", using(p.alices)))
        .isEqualTo(p.patch(p.carol, "bob/corpus", using(p.bobs)));
    assertThat(because(p.patch(p.carol, "bob/corpus", using(p.alices)))).isEqualTo("forbidden");
  }

  @Test
  void a_reader_who_sends_back_what_they_read_changes_nothing() {
    p.w.member(project, p.carol, Role.READER);

    assertThat(
            written(p.put(p.carol, "bob/corpus", back(p.find(p.carol, project), "old"))).project())
        .isEqualTo(project);
  }

  @Test
  void the_owner_who_sends_null_unbinds() {
    assertThat(written(p.patch(p.bob, "bob/corpus", using(Field.ofNull()))).project().instance())
        .isEmpty();
    assertThat(p.w.recorded()).containsExactly("project.update done bob/corpus [service]");
  }
}
