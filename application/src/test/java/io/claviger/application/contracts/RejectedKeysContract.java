package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.rejectedkeys.port.RejectedKey;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore.AgedKey;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore.KeyRejection;
import io.claviger.application.rejectedkeys.port.StoredKey;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link RejectedKeyStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class RejectedKeysContract extends TwoUsersContract {
  private static final Instant LATER = NOW.plusSeconds(90);

  private Instance service;
  private Instance systems;
  private StoredKey key;

  @BeforeEach
  void fill() {
    service = withKey(AnInstance.of(alice, "chat"), NOW);
    systems = withKey(AnInstance.systemLevel("house"), NOW);
    key = new StoredKey(service.id(), none(), NOW);
  }

  @Test
  void a_rejected_key_is_told_to_its_owner_from_the_first_rejection_on() {
    reject(key, NOW, 401);
    reject(key, LATER, 403);

    assertThat(of(alice))
        .containsExactly(
            new RejectedKey(
                service.id(), service.ref(), alice.id(), none(), false, NOW, LATER, 403));
    assertThat(of(bob)).isEmpty();
    assertThat(store().all(10)).containsExactly(key);
  }

  @Test
  void one_who_holds_the_service_as_owner_is_told_as_well_and_a_reader_is_not() {
    User carol = user("carol");
    shared(service, AShare.with(bob).role(Role.OWNER).givenBy(alice).build(), alice);
    shared(service, AShare.with(carol).role(Role.READER).givenBy(alice).build(), alice);
    reject(key, NOW, 401);

    assertThat(of(bob)).extracting(RejectedKey::role).containsExactly(Optional.of(Role.OWNER));
    assertThat(of(carol)).isEmpty();
  }

  @Test
  void keys_of_system_are_told_to_administrators() {
    reject(new StoredKey(systems.id(), none(), NOW), NOW, 401);

    assertThat(of(bob)).isEmpty();
    assertThat(store().of(bob.id(), true, none(), NOW, 10))
        .extracting(RejectedKey::ref)
        .containsExactly(systems.ref());
  }

  @Test
  void a_key_of_somebodys_own_is_told_to_them_alone() {
    var unused = userKey(service, bob);
    reject(new StoredKey(service.id(), Optional.of(bob.id()), NOW), NOW, 401);

    assertThat(of(bob)).extracting(RejectedKey::own).containsExactly(true);
    assertThat(of(alice)).isEmpty();
  }

  @Test
  void an_accepted_key_is_forgotten_and_others_are_not() {
    var unused = userKey(service, alice);
    StoredKey own = new StoredKey(service.id(), Optional.of(alice.id()), NOW);
    reject(key, NOW, 401);
    reject(own, NOW, 401);

    store().accept(List.of(key));

    assertThat(store().all(10)).containsExactly(own);
  }

  @Test
  void what_is_known_of_a_replaced_key_does_not_count_for_the_new_one() {
    reject(key, NOW, 401);
    ports
        .instances()
        .update(
            AnInstance.of(alice, "chat").id(service.id()).apiKeySetAt(LATER).version(2).build(),
            replace(sealed(service, "sk-9876543210")),
            KEEP);

    assertThat(of(alice)).isEmpty();
    reject(key, LATER, 401);
    assertThat(of(alice)).isEmpty();
    assertThat(store().removeReplaced()).isEqualTo(1);
    assertThat(store().all(10)).isEmpty();

    reject(new StoredKey(service.id(), none(), LATER), LATER, 401);
    assertThat(of(alice)).extracting(RejectedKey::since).containsExactly(LATER);
  }

  @Test
  void it_is_known_since_when_the_keys_of_services_are_rejected() {
    reject(key, NOW, 401);
    reject(key, LATER, 401);

    assertThat(store().rejectedSince(List.of(service.id(), systems.id())))
        .containsExactly(Map.entry(service.id(), NOW));
    assertThat(store().rejectedSince(List.of(systems.id()))).isEmpty();
    assertThat(store().rejectedSince(List.of())).isEmpty();
  }

  @Test
  void one_service_can_be_asked_for() {
    Instance other = withKey(AnInstance.of(alice, "other"), NOW);
    reject(key, NOW, 401);
    reject(new StoredKey(other.id(), none(), NOW), NOW, 401);

    assertThat(of(alice)).hasSize(2);
    assertThat(store().of(alice.id(), false, Optional.of(other.ref()), NOW, 10))
        .extracting(RejectedKey::ref)
        .containsExactly(other.ref());
  }

  @Test
  void keys_are_listed_by_age_and_confirmations_are_none() {
    Instance ambient =
        withKey(
            AnInstance.systemLevel("ambient")
                .credential(
                    CredentialSettings.stored(
                        CredentialKind.AMBIENT, Map.of(CredentialField.CLOUD, "aws"))),
            NOW);
    Instance later = withKey(AnInstance.of(alice, "later"), LATER);

    assertThat(ages(none())).containsExactlyInAnyOrder(service.ref(), systems.ref(), later.ref());
    assertThat(ages(Optional.of(LATER))).containsExactlyInAnyOrder(service.ref(), systems.ref());
    reject(new StoredKey(ambient.id(), none(), NOW), NOW, 401);
    assertThat(store().ages(none(), true, none(), 10))
        .extracting(AgedKey::ref)
        .containsExactly(ambient.ref());
  }

  private List<Instance.Ref> ages(Optional<Instant> setBefore) {
    return store().ages(setBefore, false, none(), 10).stream().map(AgedKey::ref).toList();
  }

  private Instance withKey(AnInstance builder, Instant setAt) {
    Instance instance = builder.apiKeySetAt(setAt).build();
    ports.instances().insert(instance, replace(sealed(instance, "sk-0123456789")), KEEP);
    return instance;
  }

  private void reject(StoredKey rejected, Instant at, int status) {
    store().reject(List.of(new KeyRejection(rejected, at, status)));
  }

  private List<RejectedKey> of(User user) {
    return store().of(user.id(), false, none(), NOW, 10);
  }

  private RejectedKeyStore store() {
    return ports.rejectedKeys();
  }
}
