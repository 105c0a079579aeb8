package io.claviger.application.gateway;

import io.claviger.application.gateway.out.CallFacts.Caller;
import io.claviger.application.gateway.out.CallFacts.Facts;
import io.claviger.application.gateway.out.CallFacts.Target;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Standing;
import java.time.Instant;
import java.util.Optional;

/**
 * The path of use by the caller's own role on the service. A service that the caller can't see, or
 * that their token is not good for, is not found.
 */
final class ByOwnRole {
  private ByOwnRole() {}

  /** Whether there is such a service for this caller. */
  static boolean isFound(Facts<Target> known, Instant now) {
    return known
        .target()
        .filter(target -> !isRestrictedElsewhere(known.token(), target))
        .filter(t -> Permissions.allows(standing(known.user(), t, now), Action.SEE))
        .isPresent();
  }

  static Way of(Facts<Target> known, Instant now) {
    Optional<Target> target = known.target();
    if (target.isEmpty() || !isFound(known, now)) {
      return new Way.Shut(CallRefusal.NOT_FOUND);
    }
    return Permissions.allows(standing(known.user(), target.get(), now), Action.USE)
        ? new Way.Open(target.get())
        : new Way.Shut(CallRefusal.NOT_PERMITTED);
  }

  private static boolean isRestrictedElsewhere(AccessToken token, Target target) {
    Optional<TokenRestriction> restriction = token.restriction();
    return restriction.isPresent()
        && !restriction.get().allowsService(target.instance().id().value());
  }

  /** How a caller stands towards a service. */
  static Standing standing(Caller user, Target target, Instant now) {
    return Standing.of(
        user.id(), user.administrator(), target.instance().owner(), target.share(), now);
  }
}
