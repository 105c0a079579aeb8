package io.claviger.application.userkeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.userkeys.UserKeys.NewUserKey;
import io.claviger.application.userkeys.UserKeys.SavedUserKey;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.policy.KeyPolicy;
import java.util.Optional;

/**
 * The feature with Alice's service, for which users store their own keys. Bob may use it and Carol
 * may not.
 */
final class UserKeyFixture {
  static final KeyPolicy USERS = new KeyPolicy(false, true, false);
  static final String OPENAI = "https://api.openai.com/v1";

  final Wiring w = new Wiring();
  final StoredKeys keys = new StoredKeys(w);
  final User root = w.administrator("root");
  final User alice = w.user("alice");
  final User bob = w.user("bob");
  final User carol = w.user("carol");
  final Instance service = w.stored(AnInstance.of(alice, "s").keyPolicy(USERS).build());

  UserKeyFixture() {
    shareWith(bob);
  }

  void shareWith(User user) {
    assertThat(w.stored(service, AShare.with(user).build()).grantee().id()).isEqualTo(user.id());
  }

  Outcome<SavedUserKey> store(User user) {
    return store(w.as(user), service.ref(), OPENAI);
  }

  Outcome<SavedUserKey> store(User user, Instance where) {
    return store(w.as(user), where.ref(), where.settings().fields().endpoint().toString());
  }

  Outcome<SavedUserKey> store(Actor actor, Instance.Ref ref, String endpoint) {
    try (Secret key = StoredKeys.secret(Wiring.CANARY)) {
      return w.userKeys.save(actor, ref, new NewUserKey(key, Endpoint.of(endpoint)));
    }
  }

  Outcome<Instance.Ref> delete(Actor actor) {
    return w.userKeys.delete(actor, service.ref());
  }

  Outcome<Optional<UserKey>> find(Actor actor) {
    return w.userKeys.find(actor, service.ref());
  }

  static SavedUserKey stored(Outcome<SavedUserKey> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow();
  }

  static Optional<UserKey> found(Outcome<Optional<UserKey>> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow();
  }
}
