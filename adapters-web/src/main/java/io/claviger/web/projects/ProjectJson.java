package io.claviger.web.projects;

import io.claviger.application.projects.ProjectView;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.InstanceAccess;
import io.claviger.domain.projects.Project;
import io.claviger.web.policy.Roles;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A project as the API shows it to one caller. */
record ProjectJson(
    UUID id,
    String owner,
    String handle,
    String ref,
    Optional<String> role,
    String description,
    Optional<String> service,
    Optional<String> instanceAccess,
    String gatewayUrl,
    Optional<String> appliedBy,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /**
   * Returns a project as the API shows it.
   *
   * @param gateway the beginning of {@code gateway_url}
   */
  static ProjectJson of(ProjectView view, String gateway) {
    Project project = view.project();
    return new ProjectJson(
        project.id().value(),
        project.ref().owner().value(),
        project.ref().handle().value(),
        project.ref().toString(),
        view.role().map(Roles::wireName),
        project.description().value(),
        view.service().map(InstanceRef::toString),
        view.access().map(InstanceAccess::wireName),
        gateway + "/gateway/projects/" + project.ref(),
        project.appliedBy().map(AppliedBy::value),
        project.version(),
        project.createdAt(),
        project.updatedAt());
  }
}
