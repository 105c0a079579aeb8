package io.claviger.bootstrap.node;

import io.claviger.application.accounts.Users;
import io.claviger.application.projects.ProjectReferences;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.operator.Confidential;
import io.claviger.persistence.PersistenceModule;
import java.security.SecureRandom;
import java.time.InstantSource;

/** {@code admin-token}: works beside a running node or without one, and needs no encryption key. */
public final class AdminToken implements Programs.AdminToken {
  @Override
  public Confidential renew(Settings settings) {
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings)) {
      SchemaAtStart.migrate(database);
      return Confidential.of(users(database).replaceRootToken().reveal());
    }
  }

  private static Users users(ConnectedDatabase database) {
    InstantSource clock = InstantSource.system();
    PersistenceModule ports = new PersistenceModule(database.pool(), clock);
    SecureRandom random = new SecureRandom();
    return Users.of(
        ports.users(),
        ports.accessTokens(),
        new ProjectReferences(ports.projects()),
        count -> {
          byte[] bytes = new byte[count];
          random.nextBytes(bytes);
          return bytes;
        },
        new AuditedChanges(ports.transactions(), ports.auditTrail(), ports.ids(), clock));
  }
}
