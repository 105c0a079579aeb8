package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.ProjectIdentity;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.requests.LendableUse;
import io.claviger.domain.requests.MissingTerms;
import java.time.Instant;
import java.util.Optional;

/** Whether a caller may use a service, and by what right. */
sealed interface AccessDecision {
  /**
   * The caller may use the service. Whether the service itself can be called is decided later.
   *
   * @param name the name of the service for this caller
   * @param project the project through which the caller uses it
   * @param passedOnBy the project owner whose share the project's members use; empty if they need
   *     none
   * @param until when the first of the shares that this depends on expires; empty when none does
   */
  record Granted(
      ServiceContext target,
      String name,
      Optional<ProjectIdentity> project,
      Optional<CallLimits.ShareHolder> passedOnBy,
      Optional<Instant> until)
      implements AccessDecision {
    /** Access by the caller's own role. */
    Granted(ServiceContext target) {
      this(
          target,
          target.instance().ref().toString(),
          Optional.empty(),
          Optional.empty(),
          target.share().flatMap(s -> s.terms().expiresAt()));
    }

    /**
     * Returns the limits for a call by this access.
     *
     * @param token the presented token; empty for a caller in process
     */
    CallLimits limits(User.Id caller, Optional<AccessToken> token) {
      CallableInstance instance = target.instance();
      return CallLimits.of(
          token.map(AccessToken::asCallToken),
          HeldShare.called(instance.asCalled(), caller, target.share()),
          HeldShare.grantee(caller, target.share()),
          passedOnBy,
          target.callersLimits());
    }

    /**
     * What a share could still give the caller; empty for the owning user, for what belongs to
     * {@code _system}, and through projects.
     *
     * @param limits the limits of this access
     */
    Optional<LendableUse> lendable(User.Id caller, CallLimits limits) {
      CallableInstance instance = target.instance();
      return project.isPresent() || instance.isSystemLevel() || instance.owner().equals(caller)
          ? Optional.empty()
          : Optional.of(new LendableUse(instance.id(), caller, limits));
    }

    boolean holdsAt(Instant now) {
      return until.isEmpty() || now.isBefore(until.get());
    }
  }

  /**
   * @param missing what a share would have to give the caller; empty if none would help
   */
  record Denied(CallRefusal why, Optional<MissingTerms> missing) implements AccessDecision {
    Denied(CallRefusal why) {
      this(why, Optional.empty());
    }
  }
}
