package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.projects.ProjectReferences;
import io.claviger.application.projects.ProjectsModule;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.persistence.PersistenceModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ProjectsConfiguration {
  @Bean
  ProjectsModule projects(
      ProjectStore projects,
      PersistenceModule persistence,
      InstanceStore instances,
      InstanceShareStore shares,
      UserStore users,
      Ids ids,
      AuditedChanges attempts) {
    return ProjectsModule.of(
        projects, persistence.projectShares(), instances, shares, users, ids, attempts);
  }

  /** Finds the projects that prevent instances and their owners from being deleted. */
  @Bean
  ProjectReferences projectsAsUsers(ProjectStore projects) {
    return new ProjectReferences(projects);
  }
}
