package io.claviger.wiring;

import io.claviger.application.identity.Identities;
import io.claviger.application.identity.UnfollowedPeople;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.identity.port.SignInStore;
import io.claviger.application.identity.port.SyncedGroupStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Ids;
import io.claviger.persistence.identity.JdbcIdentities;
import io.claviger.persistence.identity.JdbcSignIns;
import io.claviger.persistence.identity.JdbcSyncedGroups;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Configuration(proxyBeanMethods = false)
@Import(Identities.Stores.class)
class IdentityConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(IdentityConfiguration.class);

  @Bean
  IdentityStore identityStore(Database database) {
    return new JdbcIdentities(database);
  }

  @Bean
  SignInStore signInStore(Database database) {
    return new JdbcSignIns(database);
  }

  @Bean
  SyncedGroupStore syncedGroupStore(Database database, Ids ids) {
    return new JdbcSyncedGroups(database, ids);
  }

  @Bean
  Identities identities(SignInOptions options, Identities.Stores stores, AuditedChanges changes) {
    return Identities.of(stores, options.maxAge(), changes);
  }

  @Bean
  UnfollowedPeople unfollowedPeople(
      SignInOptions options, IdentityStore identities, AuditedChanges changes, Database database) {
    return new UnfollowedPeople(
        options.openId().map(provider -> provider.settings().issuer()),
        identities,
        changes,
        database::clock);
  }

  /** Makes people sign in again if their identity provider is no longer the configured one. */
  @Bean
  Upkeep unfollowedIdentities(UnfollowedPeople people) {
    return Upkeep.each(
        Duration.ofMinutes(1),
        "upkeep-expired",
        "unfollowed-identities",
        () -> {
          int demanded = people.demandSignIns();
          if (demanded > 0) {
            LOG.warn(
                "{} people signed in with an identity provider that is not CLAVIGER_OIDC_ISSUER:"
                    + " their access tokens are refused after {} days without a sign-in",
                demanded,
                UnfollowedPeople.GRACE.toDays());
          }
        });
  }
}
