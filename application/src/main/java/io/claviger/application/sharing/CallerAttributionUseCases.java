package io.claviger.application.sharing;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.NamingKeyStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.sharing.port.AttributedUsers;
import io.claviger.application.sharing.port.AttributedUsers.AttributedUser;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.CallerIdentifier;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

final class CallerAttributionUseCases implements CallerAttributions {
  /** The number of users that one query reads. */
  private static final int PAGE = 1_000;

  private final InstanceStore instances;
  private final AttributedUsers users;
  private final NamingKeyStore keys;
  private final Sealer sealer;
  private final InstantSource clock;

  CallerAttributionUseCases(
      InstanceStore instances,
      AttributedUsers users,
      NamingKeyStore keys,
      Sealer sealer,
      InstantSource clock) {
    this.instances = instances;
    this.users = users;
    this.keys = keys;
    this.sealer = sealer;
    this.clock = clock;
  }

  @Override
  public Outcome<AttributedUser> find(
      Actor actor, Instance.Ref service, CallerIdentifier identifier) {
    return Outcome.of(
        () -> {
          SharedInstance shared =
              SharedInstance.withVisibleShares(actor, instances, service, clock.instant());
          Optional<SealedValue> stored = keys.find(shared.id());
          stored.ifPresent(sealer::demandKeyOf);
          Optional<Secret> key =
              stored.flatMap(value -> sealer.open(value, KeyBinding.ofNamingKey(shared.id())));
          try {
            return key.flatMap(opened -> find(shared.instance(), opened, identifier))
                .orElseThrow(RefusedException::notFound);
          } finally {
            key.ifPresent(Secret::close);
          }
        });
  }

  /**
   * Finds the user by computing the identifiers of the users one after another until one matches,
   * because identifiers are not stored.
   */
  private Optional<AttributedUser> find(Instance service, Secret key, CallerIdentifier identifier) {
    LocalDate since = LocalDate.ofInstant(clock.instant().minus(KEPT), ZoneOffset.UTC);
    Optional<User.Id> after = Optional.empty();
    while (true) {
      List<AttributedUser> page = users.of(service.id(), service.owner(), since, after, PAGE);
      Optional<AttributedUser> found =
          page.stream().filter(user -> identifier.isOf(key, user.id())).findFirst();
      if (found.isPresent() || page.size() < PAGE) {
        return found;
      }
      after = Optional.of(page.getLast().id());
    }
  }
}
