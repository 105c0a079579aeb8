package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.port.RandomBytes;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Quotas;
import io.claviger.application.shared.RefusedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import io.claviger.bootstrap.settings.QuotaSettings;
import io.claviger.persistence.PersistenceModule;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The objects that all features share: clock, randomness, audited changes, and secrets of the
 * environment.
 */
@Configuration(proxyBeanMethods = false)
class SharedConfiguration {
  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }

  @Bean
  RandomBytes randomBytes() {
    SecureRandom random = new SecureRandom();
    return count -> {
      byte[] bytes = new byte[count];
      random.nextBytes(bytes);
      return bytes;
    };
  }

  @Bean
  AuditedChanges attempts(
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      InstantSource clock,
      AuthorizationCache memory,
      Quotas quotas,
      RefusedChanges refusedAttempts) {
    return new AuditedChanges(
        transactions, trail, ids, clock, memory::changedHere, quotas, Optional.of(refusedAttempts));
  }

  @Bean
  Quotas quotas(QuotaSettings settings, PersistenceModule persistence) {
    return new Quotas(settings.most(), persistence.objectCounts());
  }

  @Bean
  RefusedChanges refusedAttempts(Transactions transactions, AuditTrail trail, Ids ids) {
    return new RefusedChanges(transactions, trail, ids);
  }

  @Bean
  TokenAcceptance tokenAcceptance(OperatorSecrets secrets) {
    return new TokenAcceptance(secrets.adminToken().map(token -> token.hash()));
  }

  @Bean
  RejectedTokens rejectedTokens(AuditTrail trail, Ids ids) {
    return new RejectedTokens(trail, ids);
  }

  @Bean
  DeploymentKeys deploymentKeys(OperatorSecrets secrets) {
    return secrets.deploymentKeys();
  }
}
