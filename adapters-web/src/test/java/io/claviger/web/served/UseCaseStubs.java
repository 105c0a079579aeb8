package io.claviger.web.served;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.health.Readiness;
import io.claviger.web.UseCases;
import java.util.function.Supplier;

/** Copies of the use cases in which one is replaced. */
public final class UseCaseStubs {
  private UseCaseStubs() {}

  public static UseCases accessTokens(UseCases u, AccessTokens accessTokens) {
    return with(u, accessTokens, u.readiness(), u.metrics());
  }

  public static UseCases readiness(UseCases u, Readiness readiness) {
    return with(u, u.accessTokens(), readiness, u.metrics());
  }

  public static UseCases metrics(UseCases u, Supplier<String> metrics) {
    return with(u, u.accessTokens(), u.readiness(), metrics);
  }

  private static UseCases with(
      UseCases u, AccessTokens accessTokens, Readiness readiness, Supplier<String> metrics) {
    return new UseCases(
        u.users(),
        accessTokens,
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
