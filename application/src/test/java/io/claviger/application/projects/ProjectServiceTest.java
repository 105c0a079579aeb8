package io.claviger.application.projects;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.projects.ProjectFixture.NO_SERVICE;
import static io.claviger.application.projects.ProjectFixture.described;
import static io.claviger.application.projects.ProjectFixture.using;
import static io.claviger.application.projects.ProjectFixture.written;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.projects.Projects.WrittenProject;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.InstanceAccess;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A project can be bound to a service only while its owner may use the service. */
class ProjectServiceTest {
  private final ProjectFixture p = new ProjectFixture();

  @Test
  void an_owner_binds_a_project_to_a_service_of_their_own() {
    ProjectView view = written(p.put(p.bob, "bob/corpus", using(p.bobs)));

    assertThat(view.project().instance()).contains(p.bobs.id());
    assertThat(view.service()).contains(p.bobs.ref());
    assertThat(view.access()).contains(InstanceAccess.OK);
    assertThat(view.role()).contains(Role.OWNER);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void every_role_on_a_service_lets_one_bind_it(Role role) {
    Share unused = p.share(AShare.with(p.bob).role(role));

    assertThat(written(p.put(p.bob, "bob/corpus", using(p.alices))).access())
        .contains(InstanceAccess.OK);
  }

  @Test
  void everybody_binds_a_system_level_service() {
    assertThat(written(p.put(p.bob, "bob/corpus", using(p.systems))).service())
        .contains(p.systems.ref());
  }

  @Test
  void a_service_that_the_owner_cannot_see_is_unknown() {
    assertThat(because(p.put(p.bob, "bob/corpus", using(p.alices))))
        .isEqualTo("/service unknown_reference");
    assertThat(p.w.claviger.projects().list(p.bob.id(), p.bob.id(), Optional.empty(), 9)).isEmpty();
  }

  @Test
  void a_service_that_does_not_exist_is_told_in_the_same_words() {
    assertThat(p.put(p.bob, "bob/corpus", using(Field.of(Instance.Ref.of("alice/nothing")))))
        .isEqualTo(p.put(p.bob, "bob/corpus", using(p.alices)));
  }

  @Test
  void a_share_that_has_expired_gives_no_binding() {
    Share unused =
        p.share(AShare.with(p.bob).expiresAt(p.w.claviger.clock().instant().plusSeconds(5)));
    p.w.claviger.clock().advance(Duration.ofSeconds(5));

    assertThat(because(p.put(p.bob, "bob/corpus", using(p.alices))))
        .isEqualTo("/service unknown_reference");
  }

  @Test
  void an_administrator_who_sees_a_service_but_may_not_use_it_binds_it_not() {
    assertThat(because(p.put(p.root, "root/corpus", using(p.alices)))).isEqualTo("forbidden");
  }

  @Test
  void a_binding_that_stands_is_not_judged_again() {
    Project lost = p.bobsProject("corpus", p.alices);

    ProjectView view = written(p.patch(p.bob, "bob/corpus", described("new")));

    assertThat(view.project().instance()).contains(p.alices.id());
    assertThat(view.access()).contains(InstanceAccess.REVOKED);
    assertThat(p.w.now(lost.ref()).description().value()).isEqualTo("new");
  }

  @Test
  void naming_the_bound_service_again_keeps_it_even_where_it_is_lost() {
    Project lost = p.bobsProject("corpus", p.alices);

    Outcome<WrittenProject> outcome = p.patch(p.bob, "bob/corpus", using(p.alices));

    assertThat(written(outcome).project()).isEqualTo(lost);
  }

  @Test
  void what_was_given_up_after_it_was_lost_is_not_bound_again() {
    Project unused = p.bobsProject("corpus", p.alices);
    ProjectView unbound = written(p.patch(p.bob, "bob/corpus", using(NO_SERVICE)));

    assertThat(unbound.access()).isEmpty();
    assertThat(because(p.patch(p.bob, "bob/corpus", using(p.alices))))
        .isEqualTo("/service unknown_reference");
  }

  @Test
  void a_project_without_a_service_has_no_access_to_speak_of() {
    ProjectView view = written(p.put(p.bob, "bob/corpus", described("later")));

    assertThat(view.service()).isEmpty();
    assertThat(view.access()).isEmpty();
  }

  @Test
  void a_replacement_without_a_service_unbinds() {
    Project unused = p.bobsProject("corpus", p.bobs);

    assertThat(written(p.put(p.bob, "bob/corpus", described("d"))).project().instance()).isEmpty();
  }

  @Test
  void a_merge_without_a_service_keeps_it() {
    Project unused = p.bobsProject("corpus", p.bobs);

    assertThat(written(p.patch(p.bob, "bob/corpus", described("d"))).project().instance())
        .contains(p.bobs.id());
  }

  @Test
  void nobody_else_binds_a_project() {
    Project project = p.w.stored(AProject.of(p.bob, "corpus").build());
    p.w.member(project, p.carol, Role.WRITER);

    for (User other : new User[] {p.carol, p.root}) {
      assertThat(because(p.patch(other, "bob/corpus", using(p.systems)))).isEqualTo("forbidden");
      assertThat(because(p.put(other, "bob/corpus", using(p.systems)))).isEqualTo("forbidden");
    }
    assertThat(p.w.now(project.ref())).isEqualTo(project);
  }

  @Test
  void a_binding_is_on_record_and_so_is_its_refusal() {
    Project unused = p.w.stored(AProject.of(p.bob, "corpus").build());

    Outcome<WrittenProject> bound = p.patch(p.bob, "bob/corpus", using(p.bobs));
    Outcome<WrittenProject> refused = p.patch(p.bob, "bob/corpus", using(p.alices));

    assertThat(bound).isNotEqualTo(refused);
    assertThat(p.w.recorded())
        .containsExactly(
            "project.update done bob/corpus [service]",
            "project.update refused bob/corpus [unknown_reference]");
  }
}
