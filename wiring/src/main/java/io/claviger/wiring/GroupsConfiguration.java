package io.claviger.wiring;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.groups.Groups;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.identity.AdministratorGroup;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.port.Provisioning;
import io.claviger.application.limits.AssignedLimits;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shares.Grantees;
import io.claviger.persistence.groups.JdbcGroups;
import io.claviger.persistence.limits.JdbcAssignedLimits;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class GroupsConfiguration {
  @Bean
  GroupStore groupStore(Database database) {
    return new JdbcGroups(database);
  }

  @Bean
  AssignedLimits assignedLimits(
      Database database, UserStore users, GroupStore groups, AuditedChanges changes) {
    return AssignedLimits.of(new JdbcAssignedLimits(database), users, groups, changes);
  }

  @Bean
  Grantees grantees(UserStore users, GroupStore groups) {
    return new Grantees(users, groups);
  }

  @Bean
  Groups groups(
      GroupStore groups,
      UserStore users,
      CredentialStore credentials,
      SignInOptions signIn,
      Provisioning provisioning,
      Identities.Stores stores,
      AuditedChanges changes) {
    return Groups.of(
        groups,
        users,
        credentials,
        new AdministratorGroup(signIn.scim(), provisioning, stores),
        changes);
  }
}
