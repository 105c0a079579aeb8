package io.claviger.application.instances;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FindInstanceTest {
  private final Wiring w = new Wiring();
  private final InstanceWrites write = new InstanceWrites(w);
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Instance service = write.withKeyAndHeaders(alice, "s");
  private final Instances find = w.instances;

  @Test
  void the_owner_finds_a_service_by_name() {
    assertThat(found(find.find(w.as(alice), service.ref())).instance()).isEqualTo(service);
  }

  @Test
  void the_owner_finds_a_service_by_id() {
    assertThat(found(find.find(w.as(alice), service.id())).instance()).isEqualTo(service);
  }

  @Test
  void an_invisible_one_is_not_there() {
    assertThat(find.find(w.as(bob), service.ref()))
        .isEqualTo(find.find(w.as(bob), InstanceWrites.ref("alice/nothing")));
    assertThat(because(find.find(w.as(bob), service.id()))).isEqualTo("not_found");
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void a_share_shows_it_with_the_role(Role role) {
    share(AShare.with(bob).role(role));

    assertThat(found(find.find(w.as(bob), service.ref())).role()).contains(role);
  }

  @Test
  void an_expired_share_shows_nothing() {
    share(AShare.with(bob).expiresAt(w.claviger.clock().instant()));

    assertThat(because(find.find(w.as(bob), service.ref()))).isEqualTo("not_found");
  }

  @Test
  void a_share_shows_it_until_it_expires() {
    share(AShare.with(bob).expiresAt(w.claviger.clock().instant().plusMillis(1)));

    assertThat(find.find(w.as(bob), service.ref())).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void an_administrator_sees_it_by_no_role() {
    assertThat(found(find.find(w.as(root), service.ref())).role()).isEmpty();
  }

  @Test
  void everybody_reads_system_level_ones() {
    Instance systems = w.stored(AnInstance.systemLevel("x").build());

    assertThat(found(find.find(w.as(bob), systems.ref())).role()).contains(Role.READER);
    assertThat(found(find.find(w.as(root), systems.ref())).role()).contains(Role.OWNER);
  }

  @Test
  void who_may_use_a_stored_key_has_an_effective_one() {
    share(AShare.with(bob));

    assertThat(found(find.find(w.as(bob), service.ref())).hasEffectiveApiKey()).isTrue();
  }

  @Test
  void who_only_administers_has_no_effective_key() {
    assertThat(found(find.find(w.as(root), service.ref())).hasEffectiveApiKey()).isFalse();
  }

  @Test
  void a_disabled_service_has_no_effective_key() {
    InstanceWrites.written(
        write.patch(w.as(alice), "alice/s", InstanceWriteBuilder.of().enabled(false)));

    assertThat(found(find.find(w.as(alice), service.ref())).hasEffectiveApiKey()).isFalse();
  }

  @Test
  void a_sibling_with_a_key_gives_none() {
    Instance bare = w.stored(AnInstance.of(alice, "bare").build());

    assertThat(found(find.find(w.as(alice), bare.ref())).hasEffectiveApiKey()).isFalse();
  }

  @Test
  void a_service_that_needs_no_key_counts_as_having_one() {
    Instance keyless = w.stored(AnInstance.of(alice, "o").provider(Provider.OLLAMA).build());

    assertThat(found(find.find(w.as(alice), keyless.ref())).hasEffectiveApiKey()).isTrue();
  }

  @Test
  void a_deployment_key_counts_for_a_system_level_service_only() {
    w.claviger.deploymentKeys().put(Provider.OPENAI, Wiring.CANARY);
    Instance systems = w.stored(AnInstance.systemLevel("x").build());
    Instance own = w.stored(AnInstance.of(alice, "x").build());

    assertThat(found(find.find(w.as(alice), systems.ref())).hasEffectiveApiKey()).isTrue();
    assertThat(found(find.find(w.as(alice), own.ref())).hasEffectiveApiKey()).isFalse();
  }

  @Test
  void users_keys_alone_give_nobody_an_effective_key_yet() {
    InstanceWrites.written(
        write.patch(
            w.as(alice), "alice/s", InstanceWriteBuilder.of().keyPolicy(true, true, false)));

    assertThat(found(find.find(w.as(alice), service.ref())).hasEffectiveApiKey()).isFalse();
  }

  @Test
  void a_token_of_scope_use_shows_what_one_may_use() {
    assertThat(find.find(w.using(alice), service.ref())).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void an_administrators_token_of_scope_use_does_not_show_what_they_may_not_use() {
    assertThat(because(find.find(w.using(root), service.ref()))).isEqualTo("not_found");
    assertThat(because(find.find(w.using(root), service.id()))).isEqualTo("not_found");
  }

  @Test
  void a_restricted_token_shows_its_one_service() {
    Instance other = w.stored(AnInstance.of(alice, "other").build());
    Actor restricted = w.with(alice, AToken.of(alice).onlyFor(service).build());

    assertThat(find.find(restricted, service.ref())).isInstanceOf(Outcome.Done.class);
    assertThat(because(find.find(restricted, other.ref()))).isEqualTo("not_found");
    assertThat(because(find.find(restricted, other.id()))).isEqualTo("not_found");
  }

  @Test
  void no_answer_holds_a_secret() {
    assertThat(find.find(w.as(alice), service.ref()).toString()).doesNotContain(Wiring.CANARY);
  }

  private void share(AShare share) {
    Share unused = w.stored(service, share.givenBy(alice).build());
  }

  private static InstanceView found(Outcome<InstanceView> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow();
  }
}
