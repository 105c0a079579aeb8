package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.ProjectContext;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.gateway.port.CallContexts.TokenUser;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.projects.ProjectPermissions;
import io.claviger.domain.projects.ProjectRelationship;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides whether a caller may use a service through a project. */
final class ProjectAccess {
  private ProjectAccess() {}

  static AccessDecision of(CallContext<ProjectContext> known, Instant now) {
    Optional<ProjectContext> target = known.target();
    if (target.isEmpty()) {
      return new AccessDecision.Denied(CallRefusal.NOT_FOUND);
    }
    TokenUser caller = known.user();
    ProjectRelationship relationship = relationship(caller, target.get(), now);
    if (!known.token().allowsProject(target.get().project().id().value())
        || !ProjectPermissions.allows(relationship, ProjectAction.SEE)) {
      return new AccessDecision.Denied(CallRefusal.NOT_FOUND);
    }
    if (!ProjectPermissions.allows(relationship, ProjectAction.USE)) {
      return new AccessDecision.Denied(CallRefusal.NOT_PERMITTED);
    }
    return target
        .get()
        .bound()
        .map(bound -> through(caller, target.get(), bound, now))
        .orElseGet(() -> new AccessDecision.Denied(CallRefusal.PROJECT_UNBOUND));
  }

  private static ProjectRelationship relationship(
      TokenUser caller, ProjectContext target, Instant now) {
    return ProjectRelationship.of(
        caller.id(),
        caller.administrator(),
        target.project().owner(),
        target.membership(),
        target.isOpenAt(now));
  }

  private static AccessDecision through(
      TokenUser caller, ProjectContext target, ServiceContext bound, Instant now) {
    Relationship own = RoleAccess.relationship(caller, bound, now);
    return switch (HeldShare.through(
        own, target.project().owner(), bound.instance(), target.ownersShare(), now)) {
      case ALLOWED ->
          new AccessDecision.Granted(
              bound,
              name(own, target, bound),
              Optional.of(target.project()),
              target
                  .ownersShare()
                  .map(share -> HeldShare.grantee(target.project().owner(), Optional.of(share))),
              Optional.of(
                  HeldShare.borrower(
                      target.project().owner(), target.ownersResponsible(), target.ownersShare())),
              ProjectPermissions.allows(relationship(caller, target, now), ProjectAction.DESCRIBE),
              ProjectPermissions.allows(
                  relationship(caller, target, now), ProjectAction.SEE_STORED),
              Stream.of(bound.share(), target.ownersShare())
                  .flatMap(Optional::stream)
                  .flatMap(share -> share.terms().expiresAt().stream())
                  .filter(now::isBefore)
                  .min(Comparator.naturalOrder()));
      case REVOKED -> new AccessDecision.Denied(CallRefusal.INSTANCE_REVOKED);
      case NOT_PASSED_ON -> new AccessDecision.Denied(CallRefusal.NOT_PASSED_ON);
    };
  }

  private static String name(Relationship own, ProjectContext target, ServiceContext bound) {
    return Permissions.allows(own, Action.SEE)
        ? bound.instance().ref().toString()
        : target.project().ref().toString();
  }
}
