package io.claviger.application.accounts;

import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import java.time.Instant;
import java.util.Optional;

/** Commands with ordinary values, except for those that a test is about. */
final class AccountCommands {
  static final AccessTokens.NewToken PLAIN_TOKEN =
      new AccessTokens.NewToken(
          new TokenName("laptop"),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Limits.NONE,
          false);

  private AccountCommands() {}

  static Users.NewUser user(String handle) {
    return new Users.NewUser(new Handle(handle), Optional.empty(), Optional.empty(), false);
  }

  static AccessTokens.NewToken token(TokenScope scope) {
    return new AccessTokens.NewToken(
        new TokenName("laptop"),
        Optional.of(scope),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Limits.NONE,
        false);
  }

  static AccessTokens.NewToken tokenUntil(Instant expiresAt) {
    return new AccessTokens.NewToken(
        new TokenName("laptop"),
        Optional.empty(),
        Optional.of(expiresAt),
        Optional.empty(),
        Optional.empty(),
        Limits.NONE,
        false);
  }

  static AccessTokens.NewToken tokenFor(Instance.Ref service, Optional<TokenScope> scope) {
    return new AccessTokens.NewToken(
        new TokenName("laptop"),
        scope,
        Optional.empty(),
        Optional.of(service),
        Optional.empty(),
        Limits.NONE,
        false);
  }

  static AccessTokens.NewToken tokenFor(Project.Ref project) {
    return new AccessTokens.NewToken(
        new TokenName("laptop"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(project),
        Limits.NONE,
        false);
  }

  static AccessTokens.NewToken limitedTo(Limits limits) {
    return new AccessTokens.NewToken(
        new TokenName("laptop"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        limits,
        false);
  }

  static AccessTokens.NewToken recovery() {
    return new AccessTokens.NewToken(
        new TokenName("recovery"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Limits.NONE,
        true);
  }

  static Users.UserUpdate displayName(String text) {
    return new Users.UserUpdate(Field.of(new DisplayName(text)), Field.absent(), Field.absent());
  }

  static Users.UserUpdate administrator(boolean given) {
    return new Users.UserUpdate(Field.absent(), Field.absent(), Field.of(given));
  }
}
