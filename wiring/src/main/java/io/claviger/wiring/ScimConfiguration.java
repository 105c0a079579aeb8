package io.claviger.wiring;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.identity.Identities;
import io.claviger.application.scim.ScimGroups;
import io.claviger.application.scim.ScimTokens;
import io.claviger.application.scim.ScimUsers;
import io.claviger.application.scim.port.ScimUserStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.persistence.scim.JdbcScimGroups;
import io.claviger.persistence.scim.JdbcScimTokens;
import io.claviger.persistence.scim.JdbcScimUsers;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ScimConfiguration {
  @Bean
  ScimUserStore scimUserStore(Database database) {
    return new JdbcScimUsers(database);
  }

  @Bean
  ScimTokens scimTokens(
      Database database,
      CredentialStore credentials,
      RandomBytes random,
      RejectedTokens rejected,
      SignInOptions signIn,
      AuditedChanges changes) {
    return ScimTokens.of(
        new JdbcScimTokens(database),
        credentials,
        random,
        rejected,
        signIn.openId().map(provider -> provider.settings().issuer()),
        changes);
  }

  @Bean
  ScimUsers scimUsers(
      ScimUserStore provisioned,
      Identities.Stores stores,
      SignInOptions signIn,
      AuditedChanges changes) {
    return ScimUsers.of(provisioned, stores, signIn.scim(), signIn.maxAge(), changes);
  }

  @Bean
  ScimGroups scimGroups(
      Database database,
      GroupStore groups,
      ScimUserStore people,
      Identities.Stores stores,
      SignInOptions signIn,
      AuditedChanges changes) {
    return ScimGroups.of(
        new JdbcScimGroups(database), groups, people, stores, signIn.scim(), changes);
  }
}
