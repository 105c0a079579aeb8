package io.claviger.application.instances;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.Test;

class NamespacesTest {
  private final Wiring w = new Wiring();
  private final InstanceWrites write = new InstanceWrites(w);
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Instance service = write.withKey(alice, "s");

  @Test
  void nobody_creates_in_anothers_namespace() {
    assertThat(because(write.put(w.as(bob), "alice/new", InstanceWriteBuilder.openAi())))
        .isEqualTo("forbidden");
  }

  @Test
  void anothers_namespace_is_forbidden_whether_or_not_something_is_there() {
    assertThat(write.put(w.as(bob), "alice/s", InstanceWriteBuilder.openAi()))
        .isEqualTo(write.put(w.as(bob), "alice/new", InstanceWriteBuilder.openAi()));
  }

  @Test
  void anothers_namespace_is_forbidden_whatever_is_demanded_of_it() {
    assertThat(write.put(w.as(bob), "alice/s", Precondition.version(1), InstanceWriteBuilder.of()))
        .isEqualTo(
            write.put(w.as(bob), "alice/new", Precondition.version(1), InstanceWriteBuilder.of()));
  }

  @Test
  void a_namespace_of_nobody_is_forbidden_too() {
    assertThat(write.put(w.as(bob), "nobody/new", InstanceWriteBuilder.openAi()))
        .isEqualTo(write.put(w.as(bob), "alice/new", InstanceWriteBuilder.openAi()));
  }

  @Test
  void an_administrator_creates_in_nobody_elses_namespace() {
    assertThat(because(write.put(w.as(root), "alice/new", InstanceWriteBuilder.openAi())))
        .isEqualTo("forbidden");
  }

  @Test
  void an_administrator_creates_system_level_services() {
    assertThat(
            InstanceWrites.written(
                    write.put(w.as(root), "_system/new", InstanceWriteBuilder.openAi()))
                .isSystemLevel())
        .isTrue();
  }

  @Test
  void nobody_else_creates_system_level_services() {
    assertThat(because(write.put(w.as(alice), "_system/new", InstanceWriteBuilder.openAi())))
        .isEqualTo("forbidden");
  }

  @Test
  void an_invisible_service_is_not_there_to_be_merged_with() {
    assertThat(write.patch(w.as(bob), "alice/s", InstanceWriteBuilder.of()))
        .isEqualTo(write.patch(w.as(bob), "alice/nothing", InstanceWriteBuilder.of()));
    assertThat(because(write.patch(w.as(bob), "alice/s", InstanceWriteBuilder.of())))
        .isEqualTo("not_found");
  }

  @Test
  void a_service_whose_share_has_expired_is_not_there_either() {
    Share unused =
        w.stored(
            service,
            AShare.with(bob)
                .role(Role.OWNER)
                .expiresAt(w.claviger.clock().instant())
                .givenBy(alice)
                .build());

    assertThat(because(write.patch(w.as(bob), "alice/s", InstanceWriteBuilder.of())))
        .isEqualTo("not_found");
  }

  @Test
  void the_same_handle_may_be_used_by_each_owner() {
    assertThat(
            InstanceWrites.written(write.put(w.as(bob), "bob/s", InstanceWriteBuilder.openAi()))
                .id())
        .isNotEqualTo(service.id());
  }

  @Test
  void a_token_of_scope_use_writes_nothing() {
    assertThat(because(write.put(w.using(alice), "alice/new", InstanceWriteBuilder.openAi())))
        .isEqualTo("forbidden");
    assertThat(
            because(write.patch(w.using(alice), "alice/s", InstanceWriteBuilder.of().timeout(5))))
        .isEqualTo("forbidden");
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<WrittenInstance> unused =
        write.put(w.as(bob), "alice/new", InstanceWriteBuilder.openAi().key());

    assertThat(w.recorded()).containsExactly("service.create refused alice/new [forbidden]");
  }
}
