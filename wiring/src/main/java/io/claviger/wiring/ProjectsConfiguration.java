package io.claviger.wiring;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.projects.ProjectReferences;
import io.claviger.application.projects.Projects;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shares.Grantees;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.projects.Project;
import io.claviger.persistence.projects.JdbcProjects;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.sharing.JdbcShares;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ProjectsConfiguration {
  @Bean
  ProjectStore projectStore(Database database) {
    return new JdbcProjects(database);
  }

  @Bean
  ShareStore<Project.Id> projectShareStore(Database database) {
    return JdbcShares.ofProjects(database);
  }

  @Bean
  Projects projects(
      ProjectStore projects,
      ShareStore<Project.Id> projectShares,
      InstanceStore instances,
      InstanceShareStore shares,
      UserStore users,
      Grantees grantees,
      AuditedChanges changes) {
    return Projects.of(projects, projectShares, instances, shares, users, grantees, changes);
  }

  /** Finds the projects that prevent the deletion of an instance, or of an instance's owner. */
  @Bean
  ProjectReferences projectsAsUsers(ProjectStore projects) {
    return new ProjectReferences(projects);
  }
}
