package io.claviger.persistence.projects;

import io.claviger.application.grants.out.SharesOf;
import io.claviger.application.projects.out.Projects;
import io.claviger.domain.projects.ProjectId;
import io.claviger.persistence.shared.Database;

/** Builds the ports of projects. */
public final class ProjectsPersistence {
  private ProjectsPersistence() {}

  public static Projects projects(Database database) {
    return new JdbcProjects(database.jdbc(), database.lists());
  }

  public static SharesOf<ProjectId> shares(Database database) {
    return new JdbcProjectShares(database.jdbc());
  }
}
