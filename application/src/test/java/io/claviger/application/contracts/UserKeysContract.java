package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.builders.Seen;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.keys.port.UserKeyStore.NamedUserKey;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.UserKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link UserKeyStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class UserKeysContract extends TwoUsersContract {
  private Instance one;
  private Instance other;

  @BeforeEach
  void fill() {
    one = stored(AnInstance.of(alice, "one").build());
    other = stored(AnInstance.systemLevel("other").build());
  }

  @Test
  void a_key_is_found_by_service_and_user() {
    SealedValue unused = userKey(one, bob);

    assertThat(ports.userKeys().find(one.id(), bob.id()))
        .contains(new UserKey(one.id(), bob.id(), NOW));
    assertThat(ports.userKeys().find(one.id(), alice.id())).isEmpty();
    assertThat(ports.userKeys().find(other.id(), bob.id())).isEmpty();
  }

  @Test
  void a_users_keys_are_listed_by_the_names_of_their_services() {
    fillAll();
    NamedUserKey first = new NamedUserKey(new UserKey(other.id(), bob.id(), NOW), other.ref());
    NamedUserKey second = new NamedUserKey(new UserKey(one.id(), bob.id(), NOW), one.ref());
    Optional<Instance.Ref> start = Optional.empty();

    assertThat(listed(Optional.empty(), start, 3)).containsExactly(first, second);
    assertThat(listed(Optional.empty(), start, 1)).containsExactly(first);
    assertThat(listed(Optional.empty(), Optional.of(other.ref()), 3)).containsExactly(second);
    assertThat(listed(Optional.of(one.id().value()), start, 3)).containsExactly(second);
    assertThat(listed(Optional.of(bob.id().value()), start, 3)).isEmpty();
  }

  private List<NamedUserKey> listed(Optional<UUID> only, Optional<Instance.Ref> after, int limit) {
    return ports.userKeys().of(bob.id(), only, after, limit);
  }

  @Test
  void the_first_one_is_new_and_the_next_takes_its_place() {
    UserKey first = new UserKey(one.id(), bob.id(), NOW);
    UserKey second = new UserKey(one.id(), bob.id(), NOW.plusSeconds(1));
    SealedValue newer = sealed(one, "sk-9876543210");

    assertThat(ports.userKeys().save(first, sealed(one, "sk-0123456789"))).isTrue();
    assertThat(ports.userKeys().save(second, newer)).isFalse();

    assertThat(ports.userKeys().find(one.id(), bob.id())).contains(second);
    assertThat(ports.instances().find(one.id(), bob.id(), NOW))
        .contains(Seen.of(one, none(), ofUser(newer), false));
  }

  @Test
  void a_service_is_seen_with_the_viewers_own_key() {
    SealedValue bobs = userKey(one, bob);
    SealedValue alices = userKey(one, alice);

    VisibleInstance asBob = Seen.of(one, none(), ofUser(bobs), false);
    assertThat(ports.instances().find(one.ref(), bob.id(), NOW)).contains(asBob);
    assertThat(ports.instances().find(one.id(), bob.id(), NOW)).contains(asBob);
    assertThat(ports.instances().lock(one.ref(), bob.id(), NOW)).contains(asBob);
    assertThat(ports.instances().hold(one.ref(), bob.id(), NOW)).contains(asBob);
    assertThat(ports.instances().find(one.id(), alice.id(), NOW))
        .contains(Seen.of(one, none(), ofUser(alices), false));
    assertThat(ports.instances().find(other.id(), alice.id(), NOW))
        .contains(Seen.of(other, none()));
  }

  @Test
  void a_key_needs_its_service_and_its_user() {
    Instance noService = AnInstance.of(alice, "gone").build();
    User nobody = AUser.called("gone").build();

    assertLost(REFERENCE_GONE, () -> userKey(noService, bob));
    assertLost(REFERENCE_GONE, () -> userKey(one, nobody));
  }

  @Test
  void nothing_is_sealed_under_an_encryption_key_that_is_not_on_record() {
    SealedValue foreign = sealedBy(InMemorySealer.withOneKey(), one, "sk-0123456789");

    assertLost(
        REFERENCE_GONE, () -> ports.userKeys().save(new UserKey(one.id(), bob.id(), NOW), foreign));
  }

  @Test
  void what_is_deleted_is_gone_and_nothing_else() {
    SealedValue unused = userKey(one, bob);
    SealedValue alices = userKey(one, alice);

    assertThat(ports.userKeys().delete(one.id(), bob.id())).isTrue();
    assertThat(ports.userKeys().delete(one.id(), bob.id())).isFalse();
    assertThat(ports.userKeys().delete(other.id(), alice.id())).isFalse();

    assertThat(ports.userKeys().find(one.id(), bob.id())).isEmpty();
    assertThat(ports.instances().find(one.id(), bob.id(), NOW)).contains(Seen.of(one, none()));
    assertThat(ports.instances().find(one.id(), alice.id(), NOW))
        .contains(Seen.of(one, none(), ofUser(alices), false));
  }

  @Test
  void all_keys_for_a_service_are_deleted_and_counted() {
    fillAll();

    assertThat(ports.userKeys().deleteAllFor(one.id())).isEqualTo(2);
    assertThat(ports.userKeys().deleteAllFor(one.id())).isZero();

    assertThat(ports.userKeys().find(one.id(), alice.id())).isEmpty();
    assertThat(ports.userKeys().find(one.id(), bob.id())).isEmpty();
    assertThat(ports.userKeys().find(other.id(), bob.id())).isPresent();
  }

  @Test
  void all_keys_of_a_user_are_deleted_and_counted() {
    fillAll();

    assertThat(ports.userKeys().deleteAllOf(bob.id())).isEqualTo(2);
    assertThat(ports.userKeys().deleteAllOf(bob.id())).isZero();

    assertThat(ports.userKeys().find(one.id(), bob.id())).isEmpty();
    assertThat(ports.userKeys().find(other.id(), bob.id())).isEmpty();
    assertThat(ports.userKeys().find(one.id(), alice.id())).isPresent();
  }

  @Test
  void keys_end_with_their_service() {
    fillAll();

    ports.instances().delete(one.id());

    assertThat(ports.userKeys().find(one.id(), alice.id())).isEmpty();
    assertThat(ports.userKeys().find(one.id(), bob.id())).isEmpty();
    assertThat(ports.userKeys().find(other.id(), bob.id())).isPresent();
  }

  @Test
  void keys_end_with_their_user() {
    fillAll();

    ports.users().delete(bob.id());

    assertThat(ports.userKeys().find(one.id(), bob.id())).isEmpty();
    assertThat(ports.userKeys().deleteAllFor(other.id())).isZero();
    assertThat(ports.userKeys().find(one.id(), alice.id())).isPresent();
  }

  @Test
  void keys_end_with_the_owner_of_their_service() {
    fillAll();

    ports.users().delete(alice.id());

    assertThat(ports.userKeys().find(one.id(), bob.id())).isEmpty();
    assertThat(ports.userKeys().find(other.id(), bob.id())).isPresent();
  }

  @Test
  void keys_stay_when_their_service_changes() {
    fillAll();

    ports
        .instances()
        .update(AnInstance.of(alice, "one").id(one.id()).disabled().build(), KEEP, KEEP);

    assertThat(ports.userKeys().find(one.id(), bob.id())).isPresent();
  }

  @Test
  void what_fails_leaves_the_keys_as_they_were() {
    SealedValue bobs = userKey(one, bob);

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                ports
                    .transactions()
                    .inTransaction(
                        () -> {
                          SealedValue unused = userKey(other, bob);
                          boolean gone = ports.userKeys().delete(one.id(), bob.id());
                          throw new IllegalStateException("undone: " + gone);
                        }));

    assertThat(ports.userKeys().find(other.id(), bob.id())).isEmpty();
    assertThat(ports.instances().find(one.id(), bob.id(), NOW))
        .contains(Seen.of(one, none(), ofUser(bobs), false));
  }

  /** Both users have a key for the one, and bob has one for the other. */
  private void fillAll() {
    SealedValue first = userKey(one, alice);
    SealedValue second = userKey(one, bob);
    SealedValue third = userKey(other, bob);
    assertThat(first).isNotEqualTo(second).isNotEqualTo(third);
  }
}
