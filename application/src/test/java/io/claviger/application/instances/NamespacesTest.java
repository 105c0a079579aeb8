package io.claviger.application.instances;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Preconditions;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.Test;

class NamespacesTest {
  private final Wiring w = new Wiring();
  private final Writing write = new Writing(w);
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Instance service = write.withKey(alice, "s");

  @Test
  void nobody_creates_in_anothers_namespace() {
    assertThat(because(write.put(w.as(bob), "alice/new", AWrite.openAi()))).isEqualTo("forbidden");
  }

  @Test
  void anothers_namespace_is_forbidden_whether_or_not_something_is_there() {
    assertThat(write.put(w.as(bob), "alice/s", AWrite.openAi()))
        .isEqualTo(write.put(w.as(bob), "alice/new", AWrite.openAi()));
  }

  @Test
  void anothers_namespace_is_forbidden_whatever_is_demanded_of_it() {
    assertThat(write.put(w.as(bob), "alice/s", Preconditions.version(1), AWrite.of()))
        .isEqualTo(write.put(w.as(bob), "alice/new", Preconditions.version(1), AWrite.of()));
  }

  @Test
  void a_namespace_of_nobody_is_forbidden_too() {
    assertThat(write.put(w.as(bob), "nobody/new", AWrite.openAi()))
        .isEqualTo(write.put(w.as(bob), "alice/new", AWrite.openAi()));
  }

  @Test
  void an_administrator_creates_in_nobody_elses_namespace() {
    assertThat(because(write.put(w.as(root), "alice/new", AWrite.openAi()))).isEqualTo("forbidden");
  }

  @Test
  void an_administrator_creates_system_level_services() {
    assertThat(
            Writing.written(write.put(w.as(root), "_system/new", AWrite.openAi())).isSystemLevel())
        .isTrue();
  }

  @Test
  void nobody_else_creates_system_level_services() {
    assertThat(because(write.put(w.as(alice), "_system/new", AWrite.openAi())))
        .isEqualTo("forbidden");
  }

  @Test
  void an_invisible_service_is_not_there_to_be_merged_with() {
    assertThat(write.patch(w.as(bob), "alice/s", AWrite.of()))
        .isEqualTo(write.patch(w.as(bob), "alice/nothing", AWrite.of()));
    assertThat(because(write.patch(w.as(bob), "alice/s", AWrite.of()))).isEqualTo("not_found");
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

    assertThat(because(write.patch(w.as(bob), "alice/s", AWrite.of()))).isEqualTo("not_found");
  }

  @Test
  void the_same_handle_may_be_used_by_each_owner() {
    assertThat(Writing.written(write.put(w.as(bob), "bob/s", AWrite.openAi())).id())
        .isNotEqualTo(service.id());
  }

  @Test
  void a_token_of_scope_use_writes_nothing() {
    assertThat(because(write.put(w.using(alice), "alice/new", AWrite.openAi())))
        .isEqualTo("forbidden");
    assertThat(because(write.patch(w.using(alice), "alice/s", AWrite.of().timeout(5))))
        .isEqualTo("forbidden");
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<WrittenInstance> unused = write.put(w.as(bob), "alice/new", AWrite.openAi().key());

    assertThat(w.recorded()).containsExactly("service.create refused alice/new [forbidden]");
  }
}
