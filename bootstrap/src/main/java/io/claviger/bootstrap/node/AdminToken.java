package io.claviger.bootstrap.node;

import io.claviger.application.accounts.AccountsModule;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.port.RestrictionTargets;
import io.claviger.application.projects.ProjectReferences;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.operator.Confidential;
import io.claviger.persistence.PersistenceModule;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The program behind {@code admin-token}. It works with or without a running node, and needs no
 * encryption key.
 */
public final class AdminToken implements Programs.AdminToken {
  @Override
  public Confidential renew(Settings settings) {
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings)) {
      SchemaAtStart.migrate(database);
      return Confidential.of(accounts(database).establishRoot().replaceCommandToken().reveal());
    }
  }

  private static AccountsModule accounts(ConnectedDatabase database) {
    InstantSource clock = InstantSource.system();
    PersistenceModule ports = new PersistenceModule(database.pool(), clock);
    SecureRandom random = new SecureRandom();
    return AccountsModule.of(
        ports.users(),
        ports.accessTokens(),
        ports.userKeys(),
        new ProjectReferences(ports.projects()),
        new NoTargets(),
        count -> {
          byte[] bytes = new byte[count];
          random.nextBytes(bytes);
          return bytes;
        },
        new TokenAcceptance(Optional.empty()),
        new RejectedTokens(ports.auditTrail(), ports.ids()),
        ports.transactions(),
        ports.auditTrail(),
        ports.ids(),
        new AuditedChanges(ports.transactions(), ports.auditTrail(), ports.ids(), clock));
  }

  /** Finds no targets, because root's token is never restricted. */
  private record NoTargets() implements RestrictionTargets {
    @Override
    public Optional<InstanceId> service(Actor actor, InstanceRef ref) {
      return Optional.empty();
    }

    @Override
    public Optional<ProjectId> project(Actor actor, ProjectRef ref) {
      return Optional.empty();
    }
  }
}
