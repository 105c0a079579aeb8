package io.claviger.console.accounts;

import io.claviger.console.page.Area;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import org.jspecify.annotations.Nullable;

/**
 * A person or service account, as pages show them.
 *
 * @param responsible who is responsible for a service account: the handle of a user, or of a group
 *     with its {@code @}; null if the account is a person's
 * @param suspendedAt the time since which the account has been suspended (ISO 8601); null if it is
 *     not suspended
 */
public record PersonLine(
    String handle,
    String displayName,
    boolean administrator,
    boolean serviceAccount,
    @Nullable String responsible,
    @Nullable String suspendedAt,
    String since,
    long version) {
  public static PersonLine of(User user) {
    return new PersonLine(
        user.handle().value(),
        user.displayName().value(),
        user.administrator(),
        user.isServiceAccount(),
        user.responsible().map(Responsible::name).orElse(null),
        user.suspendedAt().map(Object::toString).orElse(null),
        user.createdAt().toString(),
        user.version());
  }

  public String path() {
    return Area.PEOPLE.path(handle);
  }

  public String kind() {
    if (serviceAccount) {
      return "service account";
    }
    return administrator ? "administrator" : "person";
  }
}
