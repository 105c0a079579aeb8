package io.claviger.wiring;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.AccountOverview;
import io.claviger.application.accounts.Lockout;
import io.claviger.application.accounts.OwnToken;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.Users;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.RestrictionTargets;
import io.claviger.application.accounts.port.UserReferences;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.RememberedTokens;
import io.claviger.application.instances.Instances;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.projects.Projects;
import io.claviger.application.projects.VisibleTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.persistence.accounts.JdbcAccessTokens;
import io.claviger.persistence.accounts.JdbcAccountOverview;
import io.claviger.persistence.accounts.JdbcCredentials;
import io.claviger.persistence.accounts.JdbcUsers;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AccountsConfiguration {
  @Bean
  UserStore userStore(Database database) {
    return new JdbcUsers(database);
  }

  @Bean
  AccountOverview accountOverview(Database database) {
    return AccountOverview.of(new JdbcAccountOverview(database));
  }

  @Bean
  AccessTokenStore accessTokenStore(Database database) {
    return new JdbcAccessTokens(database);
  }

  @Bean
  CredentialStore credentialStore(Database database) {
    return new JdbcCredentials(database);
  }

  @Bean
  Lockout lockout(CredentialStore credentials, UserKeyStore userKeys) {
    return new Lockout(credentials, userKeys);
  }

  @Bean
  Users users(
      UserStore users,
      AccessTokenStore tokens,
      Lockout lockout,
      UserReferences references,
      RandomBytes random,
      AuditedChanges changes) {
    return Users.of(users, tokens, lockout, references, random, changes);
  }

  @Bean
  AccessTokens accessTokens(
      UserStore users,
      AccessTokenStore tokens,
      Lockout lockout,
      RestrictionTargets targets,
      RandomBytes random,
      TokenAcceptance acceptance,
      AuthorizationCache cache,
      RejectedTokens rejected,
      AuditedChanges changes) {
    return AccessTokens.of(
        users,
        tokens,
        lockout,
        targets,
        random,
        acceptance,
        new RememberedTokens(tokens, cache, System::nanoTime),
        rejected,
        changes);
  }

  @Bean
  OwnToken ownToken(
      UserStore users,
      AccessTokenStore tokens,
      RestrictionTargets targets,
      RandomBytes random,
      AuditedChanges changes) {
    return OwnToken.of(users, tokens, targets, random, changes);
  }

  @Bean
  RestrictionTargets restrictionTargets(Instances instances, Projects projects) {
    return new VisibleTargets(instances, projects);
  }
}
