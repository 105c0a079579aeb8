package io.claviger.wiring;

import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.SignIn;
import io.claviger.application.identity.SignInFeature;
import io.claviger.application.identity.port.SignInStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.scim.port.ScimUserStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The beans for the sign-in with an identity provider, for nodes that have an identity provider.
 */
@Configuration(proxyBeanMethods = false)
class OpenIdConfiguration {
  @Bean
  SignInFeature signInFeature(
      SignInOptions options,
      SignInStore attempts,
      Identities.Stores stores,
      Sealer sealer,
      RandomBytes random,
      ScimUserStore provisioned,
      AuditedChanges changes,
      Database database) {
    SignInOptions.OpenId openId = options.openId().orElseThrow();
    return SignInFeature.of(
        openId.settings(),
        openId.provider(),
        attempts,
        stores,
        sealer,
        random,
        provisioned,
        options.scim(),
        changes,
        database::clock);
  }

  @Bean
  SignIn signIn(SignInFeature feature) {
    return feature.signIn();
  }

  /**
   * Asks the identity provider again about people if its last answer about them is old. Uses
   * separate threads, because the provider might be slow. First reads the changes in the database,
   * because a node without calls rarely reads them. The changes show whether the database was
   * restored from a backup. After a restore, the stored refresh tokens might be outdated.
   */
  @Bean
  Upkeep identityRefresh(SignInFeature feature, AuthorizationCache cache) {
    ThreadFactory threads = Thread.ofVirtual().name("claviger-identities-", 0).factory();
    return Upkeep.each(
            Duration.ofSeconds(15),
            "upkeep-identities",
            () -> {
              cache.refresh();
              int unused = feature.refresh().refreshDue(task -> threads.newThread(task).start());
            })
        .openingValues();
  }

  /**
   * Measures for how long requests to the identity provider about people have been overdue. The
   * measurement has its own thread, so that slow requests do not delay it.
   */
  @Bean
  Upkeep identityRefreshLag(SignInFeature feature) {
    return Upkeep.each(
        Duration.ofMinutes(1), "upkeep-expired", "identity-lag", feature.refresh()::look);
  }

  @Bean
  Upkeep abandonedSignIns(SignIn signIn) {
    return Upkeep.removing("abandoned-sign-ins", signIn::removeAbandoned);
  }
}
