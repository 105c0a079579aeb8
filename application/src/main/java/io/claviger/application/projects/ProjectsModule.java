package io.claviger.application.projects;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.grants.out.SharesOf;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.projects.out.Projects;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.sharing.out.Shares;
import io.claviger.domain.projects.ProjectId;

/** Builds the use cases of projects from what they need. */
public record ProjectsModule(
    FindProjects findProjects,
    WriteProject writeProject,
    DeleteProject deleteProject,
    ShareProject shareProject) {

  public static ProjectsModule of(
      Projects projects,
      SharesOf<ProjectId> members,
      Instances instances,
      Shares shares,
      Users users,
      Ids ids,
      Attempts attempts) {
    return new ProjectsModule(
        new FindProjectsService(projects, users, attempts),
        new WriteProjectService(projects, new Binding(instances, shares, attempts), ids, attempts),
        new DeleteProjectService(projects, attempts),
        new ShareProjectService(projects, members, users, attempts));
  }
}
