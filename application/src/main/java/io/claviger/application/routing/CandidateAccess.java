package io.claviger.application.routing;

import io.claviger.application.gateway.CallTarget;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.TokenUser;
import io.claviger.application.routing.port.RoutingContexts.RoutableInstance;
import io.claviger.application.routing.port.RoutingContexts.SeenService;
import io.claviger.application.routing.port.RoutingContexts.ThroughProject;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.UserLimits;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.projects.ProjectDelegation;
import io.claviger.domain.projects.ProjectPermissions;
import io.claviger.domain.projects.ProjectRelationship;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The access that a caller has to a service, by the caller's own role or through the project to
 * which the token is restricted. The rules are the same as for the authorization of a call.
 */
record CandidateAccess(TokenUser caller, SeenService service, UserLimits set, Instant now) {
  /** Returns whether the caller can see the service. */
  boolean isSeen() {
    return service
        .project()
        .map(access -> ProjectPermissions.allows(relationship(access), ProjectAction.SEE))
        .orElseGet(() -> Permissions.allows(own(), Action.SEE));
  }

  boolean mayUse() {
    return service
        .project()
        .map(this::mayUse)
        .orElseGet(() -> Permissions.allows(own(), Action.USE));
  }

  CallTarget target() {
    return service
        .project()
        .<CallTarget>map(access -> new CallTarget.OfProject(access.project().ref()))
        .orElseGet(() -> new CallTarget.Service(service.instance().ref()));
  }

  /**
   * Returns the name of the service; empty if the caller uses the service through a project,
   * because the project might hide the name.
   */
  Optional<Instance.Ref> ref() {
    return service.project().isPresent() ? Optional.empty() : Optional.of(service.instance().ref());
  }

  /** Returns the former names of the service, if the caller is allowed to know its name. */
  Set<Instance.Ref> former() {
    return service.project().isPresent() ? Set.of() : service.former().refs();
  }

  /**
   * Returns the limits that apply to the caller's calls.
   *
   * @param token the presented token; if empty, the limits of the token are ignored
   */
  CallLimits limits(Optional<AccessToken> token) {
    return limits(token, set);
  }

  /**
   * Returns the limits of the service, its shares and the project. Limits that administrators set
   * for the caller are left out, because they apply to all services and so do not show what this
   * service offers.
   */
  CallLimits limitsOfService() {
    return limits(Optional.empty(), UserLimits.NONE);
  }

  private CallLimits limits(Optional<AccessToken> token, UserLimits ofCaller) {
    RoutableInstance instance = service.instance();
    return CallLimits.of(
        token.map(AccessToken::asCallToken),
        HeldShare.called(instance.asCalled(), caller.id(), service.share()),
        HeldShare.grantee(caller.id(), service.share()),
        service
            .project()
            .filter(access -> access.ownersShare().isPresent())
            .map(access -> HeldShare.grantee(access.project().owner(), access.ownersShare())),
        ofCaller,
        service.project().map(access -> access.project().through()));
  }

  /**
   * Returns the future expiry times of the shares and former names on which this access depends.
   */
  Stream<Instant> expiries() {
    Stream<Instant> shares =
        Stream.of(service.share(), service.project().flatMap(ThroughProject::ownersShare))
            .flatMap(Optional::stream)
            .flatMap(share -> share.terms().expiresAt().stream());
    return Stream.concat(shares, service.former().until().stream()).filter(now::isBefore);
  }

  private boolean mayUse(ThroughProject access) {
    ProjectDelegation decision =
        HeldShare.through(
            own(), access.project().owner(), service.instance(), access.ownersShare(), now);
    return ProjectPermissions.allows(relationship(access), ProjectAction.USE)
        && decision == ProjectDelegation.ALLOWED;
  }

  private ProjectRelationship relationship(ThroughProject access) {
    return ProjectRelationship.of(
        caller.id(),
        caller.administrator(),
        access.project().owner(),
        access.membership(),
        access.opened()
            && HeldShare.letsOpen(
                access.project().owner(), service.instance(), access.ownersShare(), now));
  }

  private Relationship own() {
    return HeldShare.relationship(
        caller.id(), caller.administrator(), service.instance(), service.share(), now);
  }
}
