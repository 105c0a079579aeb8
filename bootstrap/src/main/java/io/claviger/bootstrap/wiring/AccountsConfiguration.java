package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.AccountsModule;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.RandomBytes;
import io.claviger.application.accounts.port.RestrictionTargets;
import io.claviger.application.accounts.port.UserReferences;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.FindInstances;
import io.claviger.application.instances.InstancesModule;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.projects.FindProjects;
import io.claviger.application.projects.ProjectsModule;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectRef;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AccountsConfiguration {
  @Bean
  AccountsModule accounts(
      UserStore users,
      AccessTokenStore tokens,
      UserKeyStore userKeys,
      UserReferences dependents,
      RestrictionTargets targets,
      RandomBytes random,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      AuditedChanges attempts) {
    return AccountsModule.of(
        users,
        tokens,
        userKeys,
        dependents,
        targets,
        random,
        acceptance,
        rejected,
        transactions,
        trail,
        ids,
        attempts);
  }

  /** A token can be restricted to a service or project that its user can find. */
  @Bean
  RestrictionTargets restrictionTargets(InstancesModule instances, ProjectsModule projects) {
    return new FoundTargets(instances.findInstances(), projects.findProjects());
  }

  private record FoundTargets(FindInstances instances, FindProjects projects)
      implements RestrictionTargets {
    @Override
    public Optional<InstanceId> service(Actor actor, InstanceRef ref) {
      return switch (instances.find(actor, ref)) {
        case FindInstances.Outcome.Found found -> Optional.of(found.view().instance().id());
        case FindInstances.Outcome.Refused refused -> Optional.empty();
      };
    }

    @Override
    public Optional<ProjectId> project(Actor actor, ProjectRef ref) {
      return switch (projects.find(actor, ref)) {
        case FindProjects.Outcome.Found found -> Optional.of(found.view().project().id());
        case FindProjects.Outcome.Refused refused -> Optional.empty();
      };
    }
  }
}
