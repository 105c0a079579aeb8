package io.claviger.application.projects;

import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.InstanceAccess;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.projects.ProjectPermissions;
import io.claviger.domain.projects.ProjectRelationship;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.time.Instant;
import java.util.Optional;

/**
 * Builds a caller's view of a project. The view states the caller's role, the service if the caller
 * can see it, and whether calls can use the service.
 */
final class ProjectViews {
  private ProjectViews() {}

  static ProjectView view(Actor actor, ProjectStore.VisibleProject seen, Instant now) {
    return new ProjectView(
        seen.project(),
        relationship(actor, seen, now),
        seen.bound().flatMap(b -> visibleService(actor, b, now)),
        seen.bound().map(b -> access(seen.project(), b, now)));
  }

  static ProjectRelationship relationship(
      Actor actor, ProjectStore.VisibleProject seen, Instant now) {
    return ProjectRelationship.of(
        actor.id(),
        actor.administrator(),
        seen.project().owner(),
        seen.membership(),
        seen.isOpenAt(now));
  }

  /**
   * Whether an actor sees a project. With a token of scope {@code use}, even an administrator sees
   * only projects that the administrator may use.
   */
  static boolean isVisible(Actor actor, ProjectStore.VisibleProject seen, Instant now) {
    return ProjectPermissions.allows(
            relationship(actor, seen, now),
            actor.mayManage() ? ProjectAction.SEE : ProjectAction.USE)
        && actor.token().map(t -> t.allowsProject(seen.project().id().value())).orElse(true);
  }

  static Optional<Instance.Ref> visibleService(
      Actor actor, ProjectStore.BoundInstance bound, Instant now) {
    Instance instance = bound.instance();
    Relationship relationship = actor.towards(instance, bound.viewersShares(), now);
    return actor.sees(relationship) ? Optional.of(instance.ref()) : Optional.empty();
  }

  private static InstanceAccess access(
      Project project, ProjectStore.BoundInstance bound, Instant now) {
    Instance instance = bound.instance();
    return InstanceAccess.of(
        mayUse(project.owner(), instance, bound.ownersShares(), now),
        instance.settings().enabled());
  }

  /**
   * Whether the user may call the instance as its owner or because of a role on it. The rights of
   * an administrator do not count.
   */
  static boolean mayUse(User.Id user, Instance instance, HeldShares shares, Instant now) {
    return Permissions.allows(
        Relationship.of(user, false, instance.owner(), instance.audience(), shares, now),
        Action.USE);
  }
}
