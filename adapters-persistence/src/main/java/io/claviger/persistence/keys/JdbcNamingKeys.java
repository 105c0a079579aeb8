package io.claviger.persistence.keys;

import io.claviger.application.keys.port.NamingKeyStore;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.persistence.shared.Database;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link NamingKeyStore} with the table {@code naming_keys}. */
public final class JdbcNamingKeys implements NamingKeyStore {
  private final JdbcClient jdbc;

  public JdbcNamingKeys(Database database) {
    this.jdbc = database.jdbc();
  }

  /**
   * Reads the stored key with a second statement. The first statement waits for a concurrent
   * transaction that stores a key, but does not see that key. The first statement also waits for a
   * transaction that deletes the service, because the foreign key would otherwise refuse the key of
   * a deleted service.
   */
  @Override
  public Optional<SealedValue> keepFirst(Instance.Id service, SealedValue made) {
    Database.update(
        jdbc.sql(
                """
                insert into naming_keys (instance_id, key_sealed)
                select id, :made
                from instances
                where id = :service
                for key share
                on conflict on constraint naming_keys_pkey do nothing
                """)
            .param("service", service.value())
            .param("made", made.bytes()));
    return find(service);
  }

  @Override
  public Optional<SealedValue> find(Instance.Id service) {
    return jdbc.sql("select key_sealed from naming_keys where instance_id = :service")
        .param("service", service.value())
        .query((rs, n) -> new SealedValue(rs.getBytes("key_sealed")))
        .optional();
  }
}
