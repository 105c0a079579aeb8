package io.claviger.imports.shared;

import io.claviger.application.projects.port.ProjectStore.VisibleProject;
import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.Description;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A project, created without a service. A {@link ToService} binds the project to a service.
 *
 * @param id the project's id and name in the source
 * @param createdAt when the project was created in the source; empty if unknown
 */
public record IncomingProject(
    TargetStores stores,
    String id,
    IncomingOwner owner,
    Handle handle,
    Description description,
    Optional<Instant> createdAt)
    implements Incoming.Owned {
  @Override
  public ImportedKind kind() {
    return ImportedKind.PROJECT;
  }

  @Override
  public Made make(Arrivals arrivals, IncomingOwner.Here owning) {
    if (stores.owned(kind(), owning, handle).isPresent()) {
      return new Made.LeftOut(ReportReason.HANDLE_TAKEN, "");
    }
    Project project =
        new Project(
            new Project.Id(arrivals.nextId()),
            owning.id(),
            new Project.Ref(owning.handle(), handle),
            FieldValues.defaults(Project.FIELDS).with(CommonFields.DESCRIPTION, description),
            Optional.empty(),
            Limits.NONE,
            1,
            createdAt.orElse(arrivals.now()),
            arrivals.now());
    stores.projects.insert(project);
    return new Made.New(
        project.id().value(),
        Optional.empty(),
        AuditAction.PROJECT_CREATE,
        AuditTargets.project(project),
        List.of());
  }

  /**
   * Binds a project to a service. A project can have only one binding. If the source has several
   * bindings of a project, the project gets the first one whose service exists and may be used by
   * the project's owner. A project that somebody has changed in Claviger is not bound.
   *
   * @param label the names of the project and the service in the source
   */
  public record ToService(TargetStores stores, String project, String service, String label)
      implements Incoming {
    @Override
    public ImportedKind kind() {
      return ImportedKind.LINK;
    }

    @Override
    public String id() {
      return label;
    }

    @Override
    public List<Needed> needed() {
      return List.of(
          Needed.whole(ImportedKind.PROJECT, project),
          new Needed(ImportedKind.SERVICE, service, ReportReason.SERVICE_MISSING));
    }

    @Override
    public Made make(Arrivals arrivals) {
      Project.Id id = new Project.Id(arrivals.require(ImportedKind.PROJECT, project));
      Instance.Id to = new Instance.Id(arrivals.require(ImportedKind.SERVICE, service));
      Optional<Project> found =
          stores
              .projects
              .find(id, User.Id.SYSTEM)
              .flatMap(seen -> stores.projects.lock(seen.project().ref(), User.Id.SYSTEM))
              .map(VisibleProject::project);
      if (found.isEmpty() || found.get().instance().equals(Optional.of(to))) {
        return new Made.Existing(id.value());
      }
      Project before = found.get();
      if (before.instance().isPresent()) {
        return new Made.LeftOut(ReportReason.ANOTHER_WAS_LINKED_FIRST, "");
      }
      if (before.version() > 1) {
        return new Made.Existing(id.value());
      }
      if (!mayUse(before.owner(), to, arrivals.now())) {
        return new Made.LeftOut(
            ReportReason.NO_USE_OF_SERVICE, "the project's owner may not use it");
      }
      Project bound = before.with(before.values(), Optional.of(to), arrivals.now());
      stores.projects.update(bound);
      return new Made.New(
          id.value(),
          Optional.empty(),
          AuditAction.PROJECT_UPDATE,
          AuditTargets.project(bound),
          List.of("service"));
    }

    private boolean mayUse(User.Id user, Instance.Id to, Instant now) {
      return stores
          .services
          .find(to, user, now)
          .filter(
              seen -> seen.instance().owner().equals(user) || seen.shares().role(now).isPresent())
          .isPresent();
    }
  }
}
