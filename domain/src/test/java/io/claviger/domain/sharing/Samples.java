package io.claviger.domain.sharing;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Shares of Bob, and whatever a user can be towards a service. */
public final class Samples {
  static final User.Id BOB = new User.Id(new UUID(0, 2));

  private static final List<Boolean> EITHER = List.of(false, true);

  private Samples() {}

  static Share bobs(Role role, Optional<Instant> expiresAt, Instant createdAt) {
    return new Share(
        BOB,
        new Handle("bob"),
        new Share.Terms(role, false, expiresAt, Limits.NONE),
        Optional.empty(),
        Optional.empty(),
        1,
        createdAt);
  }

  /** No role, and each of them. */
  public static Stream<Optional<Role>> roles() {
    return Stream.concat(Stream.of(Optional.empty()), Stream.of(Role.values()).map(Optional::of));
  }

  /** Every combination, even what is for everybody and belongs to a user. */
  public static Stream<Relationship> allRelationships() {
    List<Relationship> all = new ArrayList<>();
    for (boolean owning : EITHER) {
      for (boolean administrator : EITHER) {
        for (boolean system : EITHER) {
          for (boolean everybodys : EITHER) {
            roles()
                .map(role -> new Relationship(owning, role, administrator, system, everybodys))
                .forEach(all::add);
          }
        }
      }
    }
    return all.stream();
  }

  /** The combinations that exist: only what is system-level is for everybody. */
  static Stream<Relationship> relationships() {
    return allRelationships().filter(who -> who.systemLevel() || !who.forEverybody());
  }
}
