package io.claviger.web.served;

import io.claviger.application.accounts.AccountsModule;
import io.claviger.application.health.Readiness;
import io.claviger.web.UseCases;
import java.util.function.Supplier;

/** Use cases with one part replaced. */
public final class Replaced {
  private Replaced() {}

  public static UseCases accounts(UseCases u, AccountsModule accounts) {
    return with(u, accounts, u.readiness(), u.metrics());
  }

  public static UseCases readiness(UseCases u, Readiness readiness) {
    return with(u, u.accounts(), readiness, u.metrics());
  }

  public static UseCases metrics(UseCases u, Supplier<String> metrics) {
    return with(u, u.accounts(), u.readiness(), metrics);
  }

  private static UseCases with(
      UseCases u, AccountsModule accounts, Readiness readiness, Supplier<String> metrics) {
    return new UseCases(
        accounts,
        u.standards(),
        u.definitions(),
        u.instances(),
        u.sharing(),
        u.projects(),
        u.userKeys(),
        u.defaults(),
        u.models(),
        u.modelConfigs(),
        u.checks(),
        u.usage(),
        u.audit(),
        readiness,
        metrics);
  }
}
