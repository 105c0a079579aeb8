package io.claviger.application.projects;

import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.Description;
import io.claviger.domain.Field;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectPermissions;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.projects.ProjectRelationship;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

final class WriteProjectService implements WriteProject {
  private final ProjectStore projects;
  private final ProjectBinding binding;
  private final Ids ids;
  private final AuditedChanges attempts;

  WriteProjectService(
      ProjectStore projects, ProjectBinding binding, Ids ids, AuditedChanges attempts) {
    this.projects = projects;
    this.binding = binding;
    this.ids = ids;
    this.attempts = attempts;
  }

  @Override
  public Outcome put(Actor actor, ProjectRef ref, Precondition precondition, Command command) {
    Command whole =
        new Command(
            Field.of(command.description().or(Description.NONE)),
            command.service().isAbsent() ? Field.ofNull() : command.service(),
            command.allowDimensionChange());
    return attempts.change(
        actor,
        AuditAction.PROJECT_UPDATE,
        AuditTargets.project(ref),
        ledger -> {
          Optional<ProjectStore.Seen> seen = visible(actor, ref);
          if (seen.isEmpty()) {
            ledger.recordAttemptAs(AuditAction.PROJECT_CREATE);
          }
          seen.ifPresent(s -> ledger.setTarget(AuditTargets.project(s.project())));
          if (seen.isEmpty() && !actor.handle().equals(ref.owner())) {
            throw RefusedException.forbidden(
                "Only the owning user creates projects under their handle.");
          }
          precondition.demand(
              seen.map(s -> OptionalLong.of(s.project().version())).orElse(OptionalLong.empty()));
          return seen.isPresent()
              ? update(actor, seen.get(), whole, ledger)
              : insert(actor, ref, whole, ledger);
        },
        Outcome.Refused::new);
  }

  @Override
  public Outcome patch(Actor actor, ProjectRef ref, Precondition precondition, Command command) {
    return attempts.change(
        actor,
        AuditAction.PROJECT_UPDATE,
        AuditTargets.project(ref),
        ledger -> {
          ProjectStore.Seen seen = visible(actor, ref).orElseThrow(RefusedException::notFound);
          ledger.setTarget(AuditTargets.project(seen.project()));
          precondition.demand(OptionalLong.of(seen.project().version()));
          return update(actor, seen, command, ledger);
        },
        Outcome.Refused::new);
  }

  private Optional<ProjectStore.Seen> visible(Actor actor, ProjectRef ref) {
    return projects.lock(ref, actor.id()).filter(seen -> ProjectViews.isVisible(actor, seen));
  }

  private Outcome insert(Actor actor, ProjectRef ref, Command command, ChangeLog ledger) {
    Optional<ProjectStore.Bound> bound =
        binding.of(actor, command.service(), Optional.empty(), false);
    Instant now = attempts.now();
    Project project =
        new Project(
            new ProjectId(ids.next()),
            actor.id(),
            ref,
            command.description().or(Description.NONE),
            idOf(bound),
            1,
            now,
            now);
    projects.insert(project);
    ledger.recordAddition(CountedKind.PROJECT, actor.id());
    ledger.recordChange(AuditAction.PROJECT_CREATE, AuditTargets.project(project), List.of());
    ProjectStore.Seen seen = new ProjectStore.Seen(project, Optional.empty(), bound);
    return new Outcome.Written(ProjectViews.view(actor, seen, now), true);
  }

  private Outcome update(Actor actor, ProjectStore.Seen seen, Command command, ChangeLog ledger) {
    Project before = seen.project();
    Instant now = attempts.now();
    ProjectRelationship standing = ProjectViews.standing(actor, seen);
    boolean keepsBinding =
        command.service().isAbsent() || sendsBackWhatIsShown(actor, seen, command, now);
    if (!keepsBinding) {
      demand(standing, ProjectAction.BIND, "service");
    }
    Optional<ProjectStore.Bound> bound =
        keepsBinding
            ? seen.bound()
            : binding.of(actor, command.service(), seen.bound(), command.allowDimensionChange());
    Project after = before.with(command.description().or(before.description()), idOf(bound), now);
    List<String> changed = new ArrayList<>();
    if (!after.description().equals(before.description())) {
      demand(standing, ProjectAction.DESCRIBE, "description");
      changed.add("description");
    }
    if (!after.instance().equals(before.instance())) {
      changed.add("service");
    }
    if (changed.isEmpty()) {
      return new Outcome.Written(ProjectViews.view(actor, seen, now), false);
    }
    projects.update(after);
    ledger.recordChange(AuditAction.PROJECT_UPDATE, AuditTargets.project(after), changed);
    ProjectStore.Seen now2 = new ProjectStore.Seen(after, seen.membership(), bound);
    return new Outcome.Written(ProjectViews.view(actor, now2, now), false);
  }

  /** A member who can't see the service reads null, and may send that back. */
  private static boolean sendsBackWhatIsShown(
      Actor actor, ProjectStore.Seen seen, Command command, Instant now) {
    Optional<InstanceRef> shown =
        seen.bound().flatMap(b -> ProjectViews.visibleService(actor, b, now));
    boolean mayBind =
        ProjectPermissions.allows(ProjectViews.standing(actor, seen), ProjectAction.BIND);
    return command.service().given().equals(shown) && (shown.isPresent() || !mayBind);
  }

  private static void demand(ProjectRelationship standing, ProjectAction action, String field) {
    if (!ProjectPermissions.allows(standing, action)) {
      throw RefusedException.forbidden(
          "Your role in this project does not allow changing its " + field + ".");
    }
  }

  private static Optional<InstanceId> idOf(Optional<ProjectStore.Bound> bound) {
    return bound.map(b -> b.instance().id());
  }
}
