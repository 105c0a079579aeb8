package io.claviger.application.accounts;

import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.ProjectRef;
import java.time.Instant;
import java.util.Optional;

/** Commands that say only what a test is about. */
final class AccountCommands {
  static final IssueToken.Command PLAIN_TOKEN =
      new IssueToken.Command(
          new TokenName("laptop"),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Limits.NONE,
          false);

  private AccountCommands() {}

  static CreateUser.Command user(String handle) {
    return new CreateUser.Command(new Handle(handle), Optional.empty(), Optional.empty(), false);
  }

  static IssueToken.Command token(TokenScope scope) {
    return new IssueToken.Command(
        new TokenName("laptop"),
        Optional.of(scope),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Limits.NONE,
        false);
  }

  static IssueToken.Command tokenUntil(Instant expiresAt) {
    return new IssueToken.Command(
        new TokenName("laptop"),
        Optional.empty(),
        Optional.of(expiresAt),
        Optional.empty(),
        Optional.empty(),
        Limits.NONE,
        false);
  }

  static IssueToken.Command tokenFor(InstanceRef service, Optional<TokenScope> scope) {
    return new IssueToken.Command(
        new TokenName("laptop"),
        scope,
        Optional.empty(),
        Optional.of(service),
        Optional.empty(),
        Limits.NONE,
        false);
  }

  static IssueToken.Command tokenFor(ProjectRef project) {
    return new IssueToken.Command(
        new TokenName("laptop"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(project),
        Limits.NONE,
        false);
  }

  static IssueToken.Command limitedTo(Limits limits) {
    return new IssueToken.Command(
        new TokenName("laptop"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        limits,
        false);
  }

  static IssueToken.Command recovery() {
    return new IssueToken.Command(
        new TokenName("recovery"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Limits.NONE,
        true);
  }

  static UpdateUser.Command displayName(String text) {
    return new UpdateUser.Command(Field.of(new DisplayName(text)), Field.absent(), Field.absent());
  }

  static UpdateUser.Command administrator(boolean given) {
    return new UpdateUser.Command(Field.absent(), Field.absent(), Field.of(given));
  }
}
