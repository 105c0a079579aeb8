package io.claviger.wiring;

import io.claviger.application.accounts.ImportedPrefixes;
import io.claviger.application.accounts.ImportedTokens;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.approvals.ApprovalGate;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.health.SharedTime;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.requests.port.LinkCipher;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Quotas;
import io.claviger.application.shared.RefusedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.ObjectCounts;
import io.claviger.application.shared.port.Transactions;
import io.claviger.custody.TinkLinkCipher;
import io.claviger.custody.TinkSealer;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The beans that all features use: the clock, randomness, audited changes, and secrets from the
 * environment.
 */
@Configuration(proxyBeanMethods = false)
class SharedConfiguration {
  @Bean
  AuditedChanges changes(
      Transactions transactions,
      AuditTrail trail,
      CredentialStore credentials,
      Ids ids,
      InstantSource clock,
      AuthorizationCache cache,
      Quotas quotas,
      RefusedChanges refusedChanges,
      ApprovalGate approvals,
      SharedTime time) {
    return new AuditedChanges(
            transactions,
            trail,
            credentials,
            ids,
            clock,
            new AuditedChanges.Controls(
                cache::changedHere, quotas, Optional.of(refusedChanges), approvals))
        .decidingBy(time::instant);
  }

  @Bean
  SharedTime sharedTime(InstantSource clock) {
    return new SharedTime(clock);
  }

  @Bean
  Quotas quotas(QuotaLimits limits, ObjectCounts counts) {
    return new Quotas(limits.most(), counts);
  }

  @Bean
  RefusedChanges refusedChanges(Transactions transactions, AuditTrail trail, Ids ids) {
    return new RefusedChanges(transactions, trail, ids);
  }

  @Bean
  TokenAcceptance tokenAcceptance(
      OperatorSecrets secrets, TokenOptions options, AccessTokenStore tokens, SharedTime time) {
    Optional<ImportedPrefixes> imported =
        options.importedAccepted()
            ? Optional.of(
                new ImportedPrefixes(
                    () -> tokens.importedPrefixes(time.instant(), ImportedTokens.MOST_PREFIXES),
                    System::nanoTime))
            : Optional.empty();
    return new TokenAcceptance(secrets.adminToken().map(token -> token.hash()), imported);
  }

  @Bean
  RejectedTokens rejectedTokens(AuditTrail trail, Ids ids, AccessTokenStore tokens) {
    return new RejectedTokens(trail, ids, tokens);
  }

  @Bean
  DeploymentKeys deploymentKeys(OperatorSecrets secrets) {
    return secrets.deploymentKeys();
  }

  @Bean
  LinkCipher linkCipher(OperatorSecrets secrets) {
    return new TinkLinkCipher(secrets.keyring());
  }

  @Bean
  Sealer sealer(OperatorSecrets secrets) {
    return new TinkSealer(secrets.keyring());
  }

  @Bean
  Upkeep rejectedTokenStoring(RejectedTokens rejected, SharedTime time) {
    return Upkeep.storing("rejected-tokens", () -> rejected.flush(time.instant()))
        .ending(() -> rejected.settle(time.instant()));
  }

  @Bean
  Upkeep refusedChangeStoring(RefusedChanges refused, InstantSource clock) {
    return Upkeep.storing("refused-changes", () -> refused.flush(clock.instant()))
        .ending(() -> refused.settle(clock.instant()));
  }

  /**
   * The maximum number of things of each kind that a user may have. A missing kind has no quota.
   */
  record QuotaLimits(Map<CountedKind, Integer> most) {
    QuotaLimits {
      most = Map.copyOf(most);
    }
  }
}
