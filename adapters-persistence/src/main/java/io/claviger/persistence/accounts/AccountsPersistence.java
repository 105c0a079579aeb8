package io.claviger.persistence.accounts;

import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.application.accounts.out.Users;
import io.claviger.persistence.shared.Database;

/** Builds the ports of accounts. */
public final class AccountsPersistence {
  private AccountsPersistence() {}

  public static Users users(Database database) {
    return new JdbcUsers(database.jdbc());
  }

  public static AccessTokens accessTokens(Database database) {
    return new JdbcAccessTokens(database.jdbc());
  }
}
