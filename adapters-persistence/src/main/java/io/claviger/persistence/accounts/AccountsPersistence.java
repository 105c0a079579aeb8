package io.claviger.persistence.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.persistence.shared.Database;

/** Builds the ports of accounts. */
public final class AccountsPersistence {
  private AccountsPersistence() {}

  public static UserStore users(Database database) {
    return new JdbcUsers(database.jdbc());
  }

  public static AccessTokenStore accessTokens(Database database) {
    return new JdbcAccessTokens(database.jdbc());
  }
}
