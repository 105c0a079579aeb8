package io.claviger.application.projects;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.projects.ProjectFixture.NO_SERVICE;
import static io.claviger.application.projects.ProjectFixture.described;
import static io.claviger.application.projects.ProjectFixture.using;
import static io.claviger.application.projects.ProjectFixture.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.projects.port.ProjectStore.OpenProject;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.policy.StorageLimits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.Visibility;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Projects that are open to everybody: Bob's, on a service of Alice, which Carol calls. */
class OpenProjectTest {
  private final ProjectFixture p = new ProjectFixture();
  private final Project borrowed = p.bobsProject("corpus", p.alices);

  @Test
  void the_owner_of_a_service_opens_their_projects() {
    Project own = p.bobsProject("mine", p.bobs);

    assertThat(written(p.patch(p.bob, "bob/mine", everybody())).project().isOpen()).isTrue();
    assertThat(p.find(p.carol, own).role()).contains(Role.READER);
    assertThat(p.find(p.carol, own).service()).isEmpty();
    assertThat(p.w.recorded()).containsExactly("project.update done bob/mine [visibility]");
  }

  @Test
  void a_borrower_opens_them_only_with_the_right_to() {
    for (AShare share :
        List.of(
            AShare.with(p.bob),
            AShare.with(p.bob).mayReshare(),
            AShare.with(p.bob).role(Role.OWNER))) {
      Share unused = p.share(share);
      assertThat(because(p.patch(p.bob, "bob/corpus", everybody()))).isEqualTo("forbidden");
      p.end(p.bob);
    }
    assertThat(because(p.patch(p.bob, "bob/corpus", everybody()))).isEqualTo("forbidden");

    Share unused = p.share(AShare.with(p.bob).toEverybody());
    assertThat(written(p.patch(p.bob, "bob/corpus", everybody())).project().isOpen()).isTrue();
  }

  @Test
  void what_everybody_uses_anyway_is_not_opened_by_those_who_do_not_own_it() {
    Project unused = p.bobsProject("x", p.systems);

    assertThat(because(p.patch(p.bob, "bob/x", everybody()))).isEqualTo("forbidden");
  }

  @Test
  void a_right_that_has_expired_opens_nothing() {
    Share unused =
        p.share(AShare.with(p.bob).toEverybody().expiresAt(p.w.claviger.clock().instant()));

    assertThat(because(p.patch(p.bob, "bob/corpus", everybody()))).isEqualTo("forbidden");
  }

  @Test
  void members_and_administrators_open_nothing() {
    Share unused = p.share(AShare.with(p.bob).toEverybody());
    p.w.member(borrowed, p.carol, Role.WRITER);

    assertThat(because(p.patch(p.carol, "bob/corpus", everybody()))).isEqualTo("forbidden");
    assertThat(because(p.patch(p.root, "bob/corpus", everybody()))).isEqualTo("forbidden");
  }

  @Test
  void the_end_of_the_share_closes_the_project_and_another_share_does_not_open_it() {
    opened();

    p.end(p.bob);
    assertThat(p.w.now(borrowed.ref()).isOpen()).isFalse();
    assertThat(because(p.w.projects.find(p.w.as(p.carol), borrowed.ref()))).isEqualTo("not_found");

    Share unused = p.share(AShare.with(p.bob).toEverybody());
    assertThat(p.w.now(borrowed.ref()).isOpen()).isFalse();
    assertThat(because(p.w.projects.find(p.w.as(p.carol), borrowed.ref()))).isEqualTo("not_found");
  }

  @Test
  void a_project_that_is_bound_to_another_service_needs_the_right_there() {
    opened();
    Instance other = p.w.stored(AnInstance.of(p.alice, "o").build());
    p.w.stored(other, AShare.with(p.bob).mayReshare().givenBy(p.alice).build());

    assertThat(because(p.patch(p.bob, "bob/corpus", using(other)))).isEqualTo("forbidden");
    assertThat(written(p.patch(p.bob, "bob/corpus", using(p.bobs))).project().isOpen()).isTrue();
  }

  @Test
  void a_project_without_a_service_is_for_its_members() {
    opened();

    assertThat(written(p.patch(p.bob, "bob/corpus", using(NO_SERVICE))).project().isOpen())
        .isFalse();
    assertThat(because(p.patch(p.bob, "bob/corpus", everybody())))
        .isEqualTo("/visibility not_allowed");
  }

  @Test
  void a_replacement_that_does_not_know_the_field_closes_the_project() {
    opened();

    assertThat(written(p.put(p.bob, "bob/corpus", using(p.alices))).project().isOpen()).isFalse();
  }

  @Test
  void everybody_changes_and_lists_nothing() {
    opened();

    assertThat(because(p.patch(p.carol, "bob/corpus", described("mine")))).isEqualTo("forbidden");
    assertThat(
            because(p.w.projects.listShares(p.w.as(p.carol), borrowed.ref(), PageRequest.first())))
        .isEqualTo("forbidden");
    assertThat(
            p.w
                .projects
                .list(p.w.as(p.carol), p.carol.handle(), PageRequest.first())
                .orThrow()
                .items())
        .isEmpty();
  }

  @Test
  void those_who_see_the_shares_of_a_service_see_its_open_projects() {
    opened();

    assertThat(open(p.alice).orThrow().items())
        .extracting(each -> each.ref().toString(), OpenProject::byShare)
        .containsExactly(tuple("bob/corpus", true));
    assertThat(open(p.root).orThrow().items()).hasSize(1);
    assertThat(because(open(p.bob))).isEqualTo("forbidden");
    assertThat(because(open(p.carol))).isEqualTo("not_found");
  }

  @Test
  void its_owner_alone_limits_what_each_person_does_through_it() {
    opened();
    p.w.member(borrowed, p.carol, Role.WRITER);
    Limits ten = perMinute(10);

    assertThat(because(p.patch(p.carol, "bob/corpus", limited(LimitsWrite.of(ten)))))
        .isEqualTo("forbidden");
    assertThat(because(p.patch(p.root, "bob/corpus", limited(LimitsWrite.of(ten)))))
        .isEqualTo("forbidden");
    assertThat(p.w.now(borrowed.ref()).limits()).isEqualTo(Limits.NONE);
    assertThat(
            written(p.patch(p.bob, "bob/corpus", limited(LimitsWrite.of(ten)))).project().limits())
        .isEqualTo(ten);
    assertThat(p.w.recorded().getLast()).isEqualTo("project.update done bob/corpus [limits]");
    assertThat(p.find(p.carol, borrowed).project().limits()).isEqualTo(ten);
    assertThat(open(p.alice).orThrow().items())
        .extracting(OpenProject::limits)
        .containsExactly(ten);
  }

  @Test
  void a_change_of_one_limit_keeps_the_others_and_a_replacement_ends_them() {
    opened();
    LimitsWrite both = LimitsWrite.of(perMinute(10).with(PaceTerms.of(PaceKind.CONCURRENT, 2)));
    assertThat(written(p.patch(p.bob, "bob/corpus", limited(both))).project().limits().pace())
        .isEqualTo(PaceTerms.of(PaceKind.CONCURRENT, 2));

    LimitsWrite rateEnds = new LimitsWrite(Field.ofNull(), Field.absent(), Field.absent());
    assertThat(written(p.patch(p.bob, "bob/corpus", limited(rateEnds))).project().limits())
        .isEqualTo(Limits.NONE.with(PaceTerms.of(PaceKind.CONCURRENT, 2)));
    assertThat(written(p.patch(p.bob, "bob/corpus", described("x"))).project().limits().isNone())
        .isFalse();
    assertThat(written(p.put(p.bob, "bob/corpus", using(p.alices))).project().limits())
        .isEqualTo(Limits.NONE);
  }

  @Test
  void a_project_limits_no_storage() {
    LimitsWrite storage = LimitsWrite.of(perMinute(10).with(StorageLimits.ofObjects(1)));

    assertThat(written(p.patch(p.bob, "bob/corpus", limited(storage))).project().limits())
        .isEqualTo(perMinute(10));
  }

  @Test
  void limits_stay_when_the_project_is_closed_or_bound_to_another_service() {
    opened();
    LimitsWrite ten = LimitsWrite.of(perMinute(10));
    assertThat(written(p.patch(p.bob, "bob/corpus", limited(ten))).project().isOpen()).isTrue();

    p.end(p.bob);
    assertThat(p.w.now(borrowed.ref()).isOpen()).isFalse();
    assertThat(p.w.now(borrowed.ref()).limits()).isEqualTo(perMinute(10));
    assertThat(written(p.patch(p.bob, "bob/corpus", using(p.bobs))).project().limits())
        .isEqualTo(perMinute(10));
  }

  private static Limits perMinute(int requests) {
    return new Limits(Optional.of(requests), Optional.empty(), Optional.empty());
  }

  private static ProjectCommand limited(LimitsWrite limits) {
    return new ProjectCommand(FieldWrites.NONE, Field.absent(), false, limits);
  }

  private void opened() {
    Share unused = p.share(AShare.with(p.bob).toEverybody());
    assertThat(written(p.patch(p.bob, "bob/corpus", everybody())).project().isOpen()).isTrue();
  }

  private Outcome<Page<OpenProject, Project.Ref>> open(User asker) {
    return p.w.projects.listOpenBy(p.w.as(asker), p.alices.ref(), PageRequest.first());
  }

  private static ProjectCommand everybody() {
    return new ProjectCommand(
        FieldWrites.NONE.with(Project.VISIBILITY, Field.of(Visibility.EVERYBODY)),
        Field.absent(),
        false);
  }
}
