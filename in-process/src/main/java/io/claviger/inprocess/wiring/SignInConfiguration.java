package io.claviger.inprocess.wiring;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.RandomBytes;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.SignInFeature;
import io.claviger.application.identity.port.SignInStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.port.SessionStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Ids;
import io.claviger.persistence.identity.JdbcIdentities;
import io.claviger.persistence.identity.JdbcSignIns;
import io.claviger.persistence.identity.JdbcSyncedGroups;
import io.claviger.persistence.sessions.JdbcSessions;
import io.claviger.persistence.shared.Database;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Sessions and identities, and the sign-in with the identity provider if there is one. */
@Configuration(proxyBeanMethods = false)
class SignInConfiguration {
  @Bean
  SessionStore sessionStore(Database database) {
    return new JdbcSessions(database);
  }

  @Bean
  Sessions sessions(
      SessionStore sessions, UserStore users, RandomBytes random, AuditedChanges changes) {
    return Sessions.of(sessions, users, random, changes);
  }

  @Bean
  SignInStore signInStore(Database database) {
    return new JdbcSignIns(database);
  }

  @Bean
  Identities.Stores identityStores(
      Database database,
      Ids ids,
      UserStore users,
      SessionStore sessions,
      AccessTokenStore tokens,
      UserKeyStore userKeys) {
    return new Identities.Stores(
        users,
        new JdbcIdentities(database),
        new JdbcSyncedGroups(database, ids),
        sessions,
        tokens,
        userKeys);
  }

  @Bean
  Identities identities(Identities.Stores stores, AuditedChanges changes) {
    return Identities.of(stores, changes);
  }

  /** What a node needs for the identity provider; holds nothing if there is none. */
  record OpenIdFeature(Optional<SignInFeature> feature) {}

  @Bean
  OpenIdFeature openIdFeature(
      SignInOptions options,
      SignInStore attempts,
      Identities.Stores stores,
      Sealer sealer,
      RandomBytes random,
      AuditedChanges changes) {
    return new OpenIdFeature(
        options
            .openId()
            .map(
                openId ->
                    SignInFeature.of(
                        openId.settings(),
                        openId.provider(),
                        attempts,
                        stores,
                        sealer,
                        random,
                        changes)));
  }
}
