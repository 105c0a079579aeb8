package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.AccountsModule;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.application.accounts.out.RandomBytes;
import io.claviger.application.accounts.out.RestrictionTargets;
import io.claviger.application.accounts.out.Users;
import io.claviger.application.instances.FindInstances;
import io.claviger.application.instances.InstancesModule;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.Transactions;
import io.claviger.domain.instances.InstanceId;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AccountsConfiguration {
  @Bean
  AccountsModule accounts(
      Users users,
      AccessTokens tokens,
      RestrictionTargets targets,
      RandomBytes random,
      TokenAcceptance acceptance,
      RejectedTokens rejected,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      Attempts attempts) {
    return AccountsModule.of(
        users, tokens, targets, random, acceptance, rejected, transactions, trail, ids, attempts);
  }

  /** What a token can be restricted to is what its maker can find. */
  @Bean
  RestrictionTargets restrictionTargets(InstancesModule instances) {
    FindInstances find = instances.findInstances();
    return (actor, ref) ->
        switch (find.find(actor, ref)) {
          case FindInstances.Outcome.Found found -> Optional.of(found.view().instance().id());
          case FindInstances.Outcome.Refused refused -> Optional.<InstanceId>empty();
        };
  }
}
