package io.claviger.application.gateway;

import io.claviger.application.gateway.out.CallFacts.Facts;
import io.claviger.application.gateway.out.CallFacts.Target;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Standing;
import java.time.Instant;
import java.util.Optional;

/** The path of use by the caller's own role on the service. */
final class ByOwnRole {
  private ByOwnRole() {}

  static Way of(Facts<Target> known, Instant now) {
    Optional<Target> target = known.target();
    if (target.isEmpty()
        || !Permissions.allows(standing(known.user(), target.get(), now), Action.SEE)) {
      return new Way.Shut(CallRefusal.NOT_FOUND);
    }
    Instance instance = target.get().instance();
    boolean elsewhere =
        known
            .token()
            .restriction()
            .filter(r -> !r.allowsService(instance.id().value()))
            .isPresent();
    if (elsewhere) {
      return new Way.Shut(CallRefusal.TOKEN_RESTRICTED);
    }
    return Permissions.allows(standing(known.user(), target.get(), now), Action.USE)
        ? new Way.Open(target.get())
        : new Way.Shut(CallRefusal.NOT_PERMITTED);
  }

  /** How a caller stands towards a service. */
  static Standing standing(User user, Target target, Instant now) {
    return Standing.of(
        user.id(), user.administrator(), target.instance().owner(), target.share(), now);
  }
}
