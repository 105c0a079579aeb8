package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.gateway.port.CallContexts.TokenUser;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides whether a caller may use a service with the caller's own role. If the caller can't see
 * the service, or if the caller's token is restricted to another service or to a project, the
 * service counts as not found.
 */
final class RoleAccess {
  private RoleAccess() {}

  static boolean isFound(CallContext<ServiceContext> known, Instant now) {
    return known
        .target()
        .filter(target -> known.token().allowsService(target.instance().id().value()))
        .filter(t -> Permissions.allows(relationship(known.user(), t, now), Action.SEE))
        .isPresent();
  }

  static AccessDecision of(CallContext<ServiceContext> known, Instant now) {
    Optional<ServiceContext> target = known.target();
    if (target.isEmpty() || !isFound(known, now)) {
      return new AccessDecision.Denied(CallRefusal.NOT_FOUND);
    }
    Relationship relationship = relationship(known.user(), target.get(), now);
    return Permissions.allows(relationship, Action.USE)
        ? new AccessDecision.Granted(target.get())
        : new AccessDecision.Denied(
            CallRefusal.NOT_PERMITTED,
            MissingTerms.role(target.get().instance().id(), relationship, Action.USE));
  }

  /** Returns the caller's relationship to a service. */
  static Relationship relationship(TokenUser user, ServiceContext target, Instant now) {
    return HeldShare.relationship(
        user.id(), user.administrator(), target.instance(), target.share(), now);
  }
}
