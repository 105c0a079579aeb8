package io.claviger.application.instances;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.detail;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeleteInstanceTest {
  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Instance service = new InstanceWrites(w).withKey(alice, "s");

  @Test
  void the_owning_user_deletes_a_service() {
    assertThat(delete(alice, "alice/s")).isEqualTo(Outcome.done(InstanceWrites.ref("alice/s")));
    assertThat(w.claviger.instances().find(service.ref(), alice.id(), w.claviger.clock().instant()))
        .isEmpty();
  }

  @Test
  void an_administrator_deletes_anybodys() {
    assertThat(delete(root, "alice/s")).isEqualTo(Outcome.done(InstanceWrites.ref("alice/s")));
  }

  @Test
  void an_administrator_deletes_a_system_level_one() {
    Instance unused = w.stored(AnInstance.systemLevel("x").build());

    assertThat(delete(root, "_system/x")).isEqualTo(Outcome.done(InstanceWrites.ref("_system/x")));
  }

  @Test
  void nobody_else_deletes_a_system_level_one() {
    Instance unused = w.stored(AnInstance.systemLevel("x").build());

    assertThat(because(delete(alice, "_system/x"))).isEqualTo("forbidden");
  }

  @Test
  void a_service_that_a_project_uses_stays() {
    Project unused = w.stored(AProject.of(alice, "p").using(service).build());

    Outcome<Instance.Ref> refused = delete(alice, "alice/s");

    assertThat(because(refused)).isEqualTo("in_use");
    assertThat(detail(refused)).isEqualTo("1 project uses it, among them alice/p.");
    assertThat(w.now(service.ref())).isEqualTo(service);
  }

  @Test
  void of_the_projects_that_use_it_all_are_counted_and_those_named_that_the_caller_sees() {
    Project bobs = w.stored(AProject.of(bob, "p").using(service).build());
    Project unused = w.stored(AProject.of(bob, "q").using(service).build());
    assertThat(detail(delete(alice, "alice/s"))).isEqualTo("2 projects use it.");

    w.member(bobs, alice, Role.READER);

    assertThat(detail(delete(alice, "alice/s"))).isEqualTo("2 projects use it, among them bob/p.");
    assertThat(detail(delete(root, "alice/s")))
        .isEqualTo("2 projects use it, among them bob/p, bob/q.");
  }

  @Test
  void whether_one_may_delete_it_goes_before_whether_it_is_used() {
    Project unused = w.stored(AProject.of(bob, "p").using(service).build());
    Share unusedToo = w.stored(service, AShare.with(bob).role(Role.OWNER).givenBy(alice).build());

    assertThat(because(delete(bob, "alice/s"))).isEqualTo("forbidden");
  }

  @Test
  void a_service_that_no_project_uses_any_more_goes() {
    Project project = w.stored(AProject.of(bob, "p").using(service).build());
    w.claviger.projects().delete(project.id());

    assertThat(delete(alice, "alice/s")).isEqualTo(Outcome.done(InstanceWrites.ref("alice/s")));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void no_share_suffices_to_delete(Role role) {
    Share unused = w.stored(service, AShare.with(bob).role(role).givenBy(alice).build());

    assertThat(because(delete(bob, "alice/s"))).isEqualTo("forbidden");
  }

  @Test
  void an_invisible_one_is_not_there() {
    assertThat(delete(bob, "alice/s")).isEqualTo(delete(bob, "alice/nothing"));
    assertThat(because(delete(bob, "alice/s"))).isEqualTo("not_found");
  }

  @Test
  void its_shares_go_with_it() {
    Share unused = w.stored(service, AShare.with(bob).givenBy(alice).build());
    Outcome<Instance.Ref> unusedToo = delete(alice, "alice/s");

    assertThat(w.claviger.shares().find(service.id(), bob.id())).isEmpty();
  }

  @Test
  void a_version_that_no_longer_stands_is_refused() {
    assertThat(because(w.instances.delete(w.as(alice), service.ref(), Precondition.version(2))))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_token_of_scope_use_deletes_nothing() {
    assertThat(because(w.instances.delete(w.using(alice), service.ref(), Precondition.NONE)))
        .isEqualTo("forbidden");
  }

  @Test
  void a_deletion_is_on_record_with_whose_it_was() {
    Outcome<Instance.Ref> unused = delete(root, "alice/s");

    assertThat(w.recorded()).containsExactly("service.delete done alice/s []");
    assertThat(w.events().get(0).target().owner()).contains(alice.id());
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<Instance.Ref> unused = delete(bob, "alice/s");

    assertThat(w.recorded()).containsExactly("service.delete refused alice/s [not_found]");
  }

  private Outcome<Instance.Ref> delete(User actor, String ref) {
    return w.instances.delete(w.as(actor), InstanceWrites.ref(ref), Precondition.NONE);
  }
}
