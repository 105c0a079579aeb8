package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.projects.ProjectsAsUsers;
import io.claviger.application.projects.ProjectsModule;
import io.claviger.application.projects.out.Projects;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.sharing.out.Shares;
import io.claviger.persistence.PersistenceModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ProjectsConfiguration {
  @Bean
  ProjectsModule projects(
      Projects projects,
      PersistenceModule persistence,
      Instances instances,
      Shares shares,
      Users users,
      Ids ids,
      Attempts attempts) {
    return ProjectsModule.of(
        projects, persistence.projectShares(), instances, shares, users, ids, attempts);
  }

  /** What keeps instances, and their owners, from being deleted. */
  @Bean
  ProjectsAsUsers projectsAsUsers(Projects projects) {
    return new ProjectsAsUsers(projects);
  }
}
