package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.ProjectIdentity;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.Optional;

/** Whether a path of use leads from a caller to a service. */
sealed interface AccessDecision {
  /**
   * It does; whether the service itself can be called is not said yet.
   *
   * @param name how the service is named to this caller
   * @param project which it leads through
   * @param passedOnBy whose share it is by that a project's members come here, where they need one
   * @param until when the first of the shares that it leads by expires; empty when none does
   */
  record Granted(
      ServiceContext target,
      String name,
      Optional<ProjectIdentity> project,
      Optional<CallLimits.Grantee> passedOnBy,
      Optional<Instant> until)
      implements AccessDecision {
    /** The way of a caller's own role. */
    Granted(ServiceContext target) {
      this(
          target,
          target.instance().ref().toString(),
          Optional.empty(),
          Optional.empty(),
          target.share().flatMap(s -> s.terms().expiresAt()));
    }

    /**
     * The limits that hold for a call by this way.
     *
     * @param token which is presented; empty for a caller in process
     */
    CallLimits limits(UserId caller, Optional<AccessToken> token) {
      CallableInstance instance = target.instance();
      return CallLimits.of(
          token.map(AccessToken::asCallToken),
          new CallLimits.Of(instance.id().value(), instance.limits()),
          grantee(caller, target.share()),
          passedOnBy);
    }

    boolean holdsAt(Instant now) {
      return until.isEmpty() || now.isBefore(until.get());
    }
  }

  /**
   * Returns the limits that hold for a user by their share.
   *
   * @param share the user's share, if they have one
   */
  static CallLimits.Grantee grantee(UserId user, Optional<HeldShare> share) {
    return Share.asGrantee(
        user,
        share.map(HeldShare::terms),
        share.flatMap(HeldShare::giver).map(CallContexts.Giver::id),
        share.flatMap(HeldShare::giver).map(CallContexts.Giver::limits));
  }

  record Denied(CallRefusal why) implements AccessDecision {}
}
