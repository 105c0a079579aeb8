package io.claviger.persistence.projects;

import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.projects.ProjectId;
import io.claviger.persistence.shared.Database;

/** Builds the ports of projects. */
public final class ProjectsPersistence {
  private ProjectsPersistence() {}

  public static ProjectStore projects(Database database) {
    return new JdbcProjects(database.jdbc(), database.lists());
  }

  public static ShareStore<ProjectId> shares(Database database) {
    return new JdbcProjectShares(database.jdbc());
  }
}
