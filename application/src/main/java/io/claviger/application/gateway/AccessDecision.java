package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts.CalledProject;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.Borrower;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.requests.LendableUse;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The decision whether a caller may use a service, and by which right. */
sealed interface AccessDecision {
  /**
   * The caller may use the service. Whether the service itself can be called is decided later.
   *
   * @param name the name by which this caller knows the service
   * @param project the project through which the caller uses the service; empty if the caller calls
   *     the service directly
   * @param passedOnBy the project owner whose share permits calls through the project; empty if
   *     such calls need no share
   * @param projectsBorrower the borrower to whom the calls through the project are attributed when
   *     the calls of different borrowers take turns
   * @param managesProject whether the caller owns the project or has the role of a writer in it
   * @param sharesStored whether objects that the caller stores through the project belong to the
   *     project; if the project is open and the caller is not a member, such objects belong to the
   *     caller
   * @param until the earliest expiry of the shares that this access needs; empty if none of these
   *     shares expires
   */
  record Granted(
      ServiceContext target,
      String name,
      Optional<CalledProject> project,
      Optional<CallLimits.ShareHolder> passedOnBy,
      Optional<Borrower> projectsBorrower,
      boolean managesProject,
      boolean sharesStored,
      Optional<Instant> until)
      implements AccessDecision {
    /** Creates the access that a caller has with the caller's own role. */
    Granted(ServiceContext target) {
      this(
          target,
          target.instance().ref().toString(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          false,
          target.share().flatMap(s -> s.terms().expiresAt()));
    }

    /**
     * Returns the limits that apply to a call with this access.
     *
     * @param token the presented token; empty if the caller is in the same process
     */
    CallLimits limits(User.Id caller, Optional<AccessToken> token) {
      CallableInstance instance = target.instance();
      return CallLimits.of(
          token.map(AccessToken::asCallToken),
          HeldShare.called(instance.asCalled(), caller, target.share()),
          HeldShare.grantee(caller, target.share()),
          passedOnBy,
          target.callersLimits(),
          project.map(CalledProject::through));
    }

    /**
     * Returns the borrower to whom the calls with this access are attributed when the calls of
     * different borrowers take turns.
     */
    Borrower borrower(User.Id caller) {
      return projectsBorrower.orElseGet(
          () -> HeldShare.borrower(caller, target.responsible(), target.share()));
    }

    /**
     * Returns the rights that the caller lacks and that a share could give. The result is empty for
     * the owning user, for services of {@code _system}, and for access through projects.
     *
     * @param limits the limits that apply to a call with this access
     */
    Optional<LendableUse> lendable(User.Id caller, CallLimits limits) {
      CallableInstance instance = target.instance();
      return project.isPresent() || instance.isSystemLevel() || instance.owner().equals(caller)
          ? Optional.empty()
          : Optional.of(new LendableUse(instance.id(), caller, limits));
    }

    /**
     * Whether the caller calls the service directly, as its owner or with an owner share. If the
     * owner share has ended since the decision, this access has ended too.
     */
    boolean ownsService(User.Id caller) {
      return ownsAccount(caller)
          || (project.isEmpty()
              && target.share().filter(held -> held.role() == Role.OWNER).isPresent());
    }

    private boolean ownsAccount(User.Id caller) {
      return project.isEmpty() && target.instance().owner().equals(caller);
    }

    /**
     * Describes the caller to the rules that decide who may use an object stored at the provider.
     */
    ObjectCaller objectCaller(User.Id caller, AccessToken token) {
      UUID user = caller.value();
      return new ObjectCaller(
          user,
          project
              .filter(through -> sharesStored)
              .map(through -> ObjectHolder.project(through.id().value()))
              .orElseGet(() -> ObjectHolder.user(user)),
          managesProject,
          ownsAccount(caller),
          passedOnBy
              .map(CallLimits.ShareHolder::user)
              .or(() -> project.map(through -> through.owner().value()))
              .orElse(user),
          target.share().map(held -> held.holder().map(group -> group.id().value()).orElse(user)),
          token.id().value(),
          token.isConfined(),
          target.instance().account());
    }

    boolean holdsAt(Instant now) {
      return until.isEmpty() || now.isBefore(until.get());
    }
  }

  /**
   * @param missing the share terms that the caller lacks; empty if no share would help
   */
  record Denied(CallRefusal why, Optional<MissingTerms> missing) implements AccessDecision {
    Denied(CallRefusal why) {
      this(why, Optional.empty());
    }
  }
}
