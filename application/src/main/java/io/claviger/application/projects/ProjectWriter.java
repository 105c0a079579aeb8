package io.claviger.application.projects;

import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.projects.Projects.WrittenProject;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.projects.ProjectPermissions;
import io.claviger.domain.projects.ProjectRelationship;
import io.claviger.domain.projects.Visibility;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Creates and changes projects, in the caller's transaction. */
final class ProjectWriter {
  private final ProjectStore projects;
  private final ProjectBinding binding;
  private final AuditedChanges changes;

  ProjectWriter(ProjectStore projects, ProjectBinding binding, AuditedChanges changes) {
    this.projects = projects;
    this.binding = binding;
    this.changes = changes;
  }

  WrittenProject insert(Actor actor, Project.Ref ref, ProjectCommand command, ChangeLog log) {
    Optional<ProjectStore.BoundInstance> bound =
        binding.of(actor, command.service(), Optional.empty(), false);
    Instant now = changes.now();
    Project project =
        new Project(
            new Project.Id(changes.ids().next()),
            actor.id(),
            ref,
            command.fields().over(FieldValues.defaults(Project.FIELDS), Project.FIELDS),
            idOf(bound),
            command.limits().over(Limits.NONE),
            1,
            now,
            now);
    if (project.isOpen()) {
      binding.demandMayBeOpen(actor, bound);
    }
    projects.insert(project);
    log.recordAddition(CountedKind.PROJECT, actor.id());
    log.recordChange(AuditAction.PROJECT_CREATE, AuditTargets.project(project), List.of());
    ProjectStore.VisibleProject seen =
        new ProjectStore.VisibleProject(project, Optional.empty(), bound, Optional.empty());
    return new WrittenProject(ProjectViews.view(actor, seen, now), true);
  }

  WrittenProject update(
      Actor actor, ProjectStore.VisibleProject seen, ProjectCommand command, ChangeLog log) {
    Project before = seen.project();
    Instant now = changes.now();
    ProjectRelationship relationship = ProjectViews.relationship(actor, seen, now);
    boolean keepsBinding =
        command.service().isAbsent() || sendsBackWhatIsShown(actor, seen, command, now);
    if (!keepsBinding) {
      demand(relationship, ProjectAction.BIND, "service");
    }
    Optional<ProjectStore.BoundInstance> bound =
        keepsBinding
            ? seen.bound()
            : binding.of(actor, command.service(), seen.bound(), command.allowDimensionChange());
    Project after =
        before
            .with(values(before, command, bound), idOf(bound), now)
            .with(command.limits().over(before.limits()));
    List<String> changed = new ArrayList<>();
    for (ScalarField<?> field : before.values().differingFrom(after.values(), Project.FIELDS)) {
      demand(relationship, ProjectPermissions.toChange(field), field.name());
      changed.add(field.name());
    }
    if (!after.limits().equals(before.limits())) {
      demand(relationship, ProjectAction.BIND, "limits");
      changed.add("limits");
    }
    if (!after.instance().equals(before.instance())) {
      changed.add("service");
    }
    if (after.isOpen() && (!before.isOpen() || changed.contains("service"))) {
      binding.demandMayBeOpen(actor, bound);
    }
    if (changed.isEmpty()) {
      return new WrittenProject(ProjectViews.view(actor, seen, now), false);
    }
    projects.update(after);
    log.recordChange(
        AuditAction.PROJECT_UPDATE,
        AuditTargets.project(after),
        changed,
        AuditEvent.Term.changed(texts(before, seen.bound()), texts(after, bound)));
    return new WrittenProject(ProjectViews.view(actor, seen.with(after, bound), now), false);
  }

  /**
   * Returns the values that the project has after a write. If the write removes the service and
   * states no visibility, the visibility becomes {@code members}.
   */
  private static FieldValues values(
      Project before, ProjectCommand command, Optional<ProjectStore.BoundInstance> bound) {
    FieldValues values = command.fields().over(before.values(), Project.FIELDS);
    boolean unsaid = command.fields().get(Project.VISIBILITY).isAbsent();
    return unsaid && bound.isEmpty()
        ? values.withOptional(Project.VISIBILITY, Optional.of(Visibility.MEMBERS))
        : values;
  }

  /**
   * Whether a write names the same service that the actor sees when reading the project. A member
   * who can't see the service reads {@code null} as the service, so the member may send {@code
   * null} back.
   */
  private static boolean sendsBackWhatIsShown(
      Actor actor, ProjectStore.VisibleProject seen, ProjectCommand command, Instant now) {
    Optional<Instance.Ref> shown =
        seen.bound().flatMap(b -> ProjectViews.visibleService(actor, b, now));
    boolean mayBind =
        ProjectPermissions.allows(ProjectViews.relationship(actor, seen, now), ProjectAction.BIND);
    return command.service().given().equals(shown) && (shown.isPresent() || !mayBind);
  }

  private static void demand(ProjectRelationship relationship, ProjectAction action, String field) {
    if (!ProjectPermissions.allows(relationship, action)) {
      throw RefusedException.forbidden(
          "Your role in this project does not allow changing its " + field + ".");
    }
  }

  /**
   * Returns the project's values for the audit trail. The values name only services of the
   * project's owner, because the owner can read the audit events, but might not be allowed to see
   * services of other users.
   */
  private static Map<String, String> texts(
      Project project, Optional<ProjectStore.BoundInstance> bound) {
    Map<String, String> texts = new LinkedHashMap<>(project.values().texts(Project.FIELDS));
    project.limits().texts().forEach((limit, text) -> texts.put("limits/" + limit, text));
    bound.ifPresent(
        b ->
            texts.put(
                "service",
                b.instance().owner().equals(project.owner())
                    ? b.instance().ref().toString()
                    : "a service of somebody else"));
    return texts;
  }

  private static Optional<Instance.Id> idOf(Optional<ProjectStore.BoundInstance> bound) {
    return bound.map(b -> b.instance().id());
  }
}
