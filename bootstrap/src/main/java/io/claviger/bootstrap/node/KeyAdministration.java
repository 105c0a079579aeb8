package io.claviger.bootstrap.node;

import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.keys.NodeKeys;
import io.claviger.host.Confidential;
import io.claviger.host.DataDirectory;
import io.claviger.wiring.CommandContext;
import java.util.Optional;

/**
 * The program behind {@code keys}. It works with or without running nodes, and is not a node
 * itself.
 */
public final class KeyAdministration implements Programs.Keys {
  @Override
  public Programs.OpenKeys open(Settings settings) {
    Optional<Sealer> sealer = sealer(settings);
    ConnectedDatabase database = ConnectedDatabase.toJoin(settings);
    try {
      database.migrate();
      return new Opened(database, CommandContext.of(database.pool(), sealer, "keys"), sealer);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * A sealer with the environment's keys, or with the key that is kept next to the embedded
   * database.
   */
  private static Optional<Sealer> sealer(Settings settings) {
    Optional<Confidential> keys =
        settings
            .keys()
            .encryptionKeys()
            .or(
                () ->
                    settings.database().given().isPresent()
                        ? Optional.empty()
                        : DataDirectory.open(settings.dataDirectory())
                            .read(DataDirectory.ENCRYPTION_KEY));
    return keys.map(text -> new TinkSealer(settings.keys().checkedWith(text).keyring()));
  }

  private record Opened(ConnectedDatabase database, CommandContext context, Optional<Sealer> sealer)
      implements Programs.OpenKeys {
    @Override
    public EncryptionKeys encryptionKeys() {
      return context.get(EncryptionKeys.class);
    }

    @Override
    public Optional<NodeKeys> given() {
      return sealer.map(s -> new NodeKeys("here", s.keys(), s.sealingKey()));
    }

    @Override
    public void close() {
      context.close();
      database.close();
    }
  }
}
