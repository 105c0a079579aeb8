package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.out.RandomBytes;
import io.claviger.application.gateway.FactsMemory;
import io.claviger.application.keys.out.DeploymentKeys;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.Quotas;
import io.claviger.application.shared.RefusedAttempts;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.Transactions;
import io.claviger.bootstrap.settings.QuotaSettings;
import io.claviger.persistence.PersistenceModule;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What all features share: time, randomness, attempts, what the environment brings. */
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
  Attempts attempts(
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      InstantSource clock,
      FactsMemory memory,
      Quotas quotas,
      RefusedAttempts refusedAttempts) {
    return new Attempts(
        transactions, trail, ids, clock, memory::changedHere, quotas, Optional.of(refusedAttempts));
  }

  @Bean
  Quotas quotas(QuotaSettings settings, PersistenceModule persistence) {
    return new Quotas(settings.most(), persistence.objectCounts());
  }

  @Bean
  RefusedAttempts refusedAttempts(Transactions transactions, AuditTrail trail, Ids ids) {
    return new RefusedAttempts(transactions, trail, ids);
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
