package io.claviger.application.projects;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.projects.ProjectId;

/** Builds the use cases of projects from what they need. */
public record ProjectsModule(
    FindProjects findProjects,
    WriteProject writeProject,
    DeleteProject deleteProject,
    ShareProject shareProject) {

  public static ProjectsModule of(
      ProjectStore projects,
      ShareStore<ProjectId> members,
      InstanceStore instances,
      InstanceShareStore shares,
      UserStore users,
      Ids ids,
      AuditedChanges attempts) {
    return new ProjectsModule(
        new FindProjectsService(projects, users, attempts),
        new WriteProjectService(
            projects, new ProjectBinding(instances, shares, attempts), ids, attempts),
        new DeleteProjectService(projects, attempts),
        new ShareProjectService(projects, members, users, attempts));
  }
}
