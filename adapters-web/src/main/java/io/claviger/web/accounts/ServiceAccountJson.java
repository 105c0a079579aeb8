package io.claviger.web.accounts;

import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;

/** A service account as the API shows it to those who are responsible for it. */
record ServiceAccountJson(
    String handle,
    String displayName,
    String responsible,
    boolean suspended,
    int liveTokens,
    Optional<Instant> oldestTokenAt,
    Optional<Instant> lastUsedAt) {

  static ServiceAccountJson of(ServiceAccount one) {
    User account = one.account();
    return new ServiceAccountJson(
        account.handle().value(),
        account.displayName().value(),
        account.responsible().map(Responsible::name).orElseThrow(),
        account.suspended(),
        one.liveTokens(),
        one.oldestTokenAt(),
        one.lastUsedAt());
  }
}
