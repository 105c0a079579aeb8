package io.claviger.bootstrap.node;

import io.claviger.application.accounts.Users;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.host.Confidential;
import io.claviger.wiring.CommandContext;
import java.util.Optional;

/**
 * The program behind {@code admin-token}. It works with or without a running node, and needs no
 * encryption key.
 */
public final class AdminToken implements Programs.AdminToken {
  @Override
  public Renewed renew(Settings settings, boolean recover) {
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings)) {
      database.migrate();
      try (CommandContext context =
          CommandContext.of(database.pool(), Optional.empty(), "admin-token")) {
        return renew(context.get(Users.class), recover);
      }
    }
  }

  private static Renewed renew(Users users, boolean recover) {
    if (!recover) {
      return new Renewed(Confidential.of(users.replaceRootToken().reveal()), Optional.empty());
    }
    Users.RecoveredRoot recovered = users.recoverRoot();
    return new Renewed(
        Confidential.of(recovered.token().reveal()), Optional.of(recovered.ended().sentence()));
  }
}
