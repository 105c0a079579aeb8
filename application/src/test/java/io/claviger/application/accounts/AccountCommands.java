package io.claviger.application.accounts;

import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.testkit.RecordCopy;
import java.time.Instant;
import java.util.Optional;

/** Commands with ordinary values, except for those that a test is about. */
public final class AccountCommands {
  static final AccessTokens.NewToken PLAIN_TOKEN = token("laptop");

  private AccountCommands() {}

  static Users.NewUser user(String handle) {
    return Users.NewUser.of(handle);
  }

  /** A token without limits or an end. */
  public static AccessTokens.NewToken token(String name) {
    return new AccessTokens.NewToken(
        new TokenName(name),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Limits.NONE,
        false);
  }

  static AccessTokens.NewToken token(TokenScope scope) {
    return RecordCopy.with(PLAIN_TOKEN, "scope", Optional.of(scope));
  }

  static AccessTokens.NewToken tokenUntil(Instant expiresAt) {
    return RecordCopy.with(PLAIN_TOKEN, "expiresAt", Optional.of(expiresAt));
  }

  static AccessTokens.NewToken tokenFor(Instance.Ref service, Optional<TokenScope> scope) {
    AccessTokens.NewToken scoped = RecordCopy.with(PLAIN_TOKEN, "scope", scope);
    return RecordCopy.with(scoped, "service", Optional.of(service));
  }

  static AccessTokens.NewToken tokenFor(Project.Ref project) {
    return RecordCopy.with(PLAIN_TOKEN, "project", Optional.of(project));
  }

  static AccessTokens.NewToken limitedTo(Limits limits) {
    return RecordCopy.with(PLAIN_TOKEN, "limits", limits);
  }

  static AccessTokens.NewToken recovery() {
    return recovery("recovery");
  }

  /** A token instead of all that there were. */
  public static AccessTokens.NewToken recovery(String name) {
    return RecordCopy.with(token(name), "recovery", true);
  }

  static FieldWrites displayName(String text) {
    return FieldWrites.NONE.with(CommonFields.DISPLAY_NAME, Field.of(new DisplayName(text)));
  }

  static FieldWrites administrator(boolean given) {
    return FieldWrites.NONE.with(User.ADMINISTRATOR, Field.of(given));
  }
}
