package io.claviger.application.gateway;

import io.claviger.application.gateway.out.CallFacts.Caller;
import io.claviger.application.gateway.out.CallFacts.Facts;
import io.claviger.application.gateway.out.CallFacts.ProjectTarget;
import io.claviger.application.gateway.out.CallFacts.Target;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.projects.Passing;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.projects.ProjectPermissions;
import io.claviger.domain.projects.ProjectStanding;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.sharing.Standing;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The path of use through a project. */
final class ByProject {
  private ByProject() {}

  static Way of(Facts<ProjectTarget> known, Instant now) {
    Optional<ProjectTarget> target = known.target();
    if (target.isEmpty()) {
      return new Way.Shut(CallRefusal.NOT_FOUND);
    }
    Caller caller = known.user();
    ProjectStanding standing =
        ProjectStanding.of(
            caller.id(),
            caller.administrator(),
            target.get().project().owner(),
            target.get().membership());
    if (isRestrictedElsewhere(known, target.get())
        || !ProjectPermissions.allows(standing, ProjectAction.SEE)) {
      return new Way.Shut(CallRefusal.NOT_FOUND);
    }
    if (!ProjectPermissions.allows(standing, ProjectAction.USE)) {
      return new Way.Shut(CallRefusal.NOT_PERMITTED);
    }
    return target
        .get()
        .bound()
        .map(bound -> through(caller, target.get(), bound, now))
        .orElseGet(() -> new Way.Shut(CallRefusal.PROJECT_UNBOUND));
  }

  private static Way through(Caller caller, ProjectTarget target, Target bound, Instant now) {
    Standing own = ByOwnRole.standing(caller, bound, now);
    Standing owners =
        Standing.of(
            target.project().owner(), false, bound.instance().owner(), target.ownersShare(), now);
    boolean mayReshare =
        target
            .ownersShare()
            .filter(s -> !s.expiredAt(now))
            .map(Share::terms)
            .filter(Share.Terms::mayReshare)
            .isPresent();
    return switch (Passing.through(own, owners, mayReshare)) {
      case ALLOWED ->
          new Way.Open(
              bound,
              name(own, target, bound),
              Optional.of(target.project()),
              target
                  .ownersShare()
                  .map(
                      share ->
                          Way.grantee(
                              target.project().owner(),
                              Optional.of(share),
                              target.ownersGiversLimits())),
              Stream.of(bound.share(), target.ownersShare())
                  .flatMap(Optional::stream)
                  .flatMap(share -> share.terms().expiresAt().stream())
                  .filter(now::isBefore)
                  .min(Comparator.naturalOrder()));
      case REVOKED -> new Way.Shut(CallRefusal.INSTANCE_REVOKED);
      case NOT_PASSED_ON -> new Way.Shut(CallRefusal.NOT_PASSED_ON);
    };
  }

  private static String name(Standing own, ProjectTarget target, Target bound) {
    return Permissions.allows(own, Action.SEE)
        ? bound.instance().ref().toString()
        : target.project().ref().toString();
  }

  private static boolean isRestrictedElsewhere(Facts<ProjectTarget> known, ProjectTarget target) {
    Optional<TokenRestriction> restriction = known.token().restriction();
    return restriction.isPresent()
        && !(restriction.get() instanceof TokenRestriction.ToProject one
            && one.project().equals(target.project().id().value()));
  }
}
