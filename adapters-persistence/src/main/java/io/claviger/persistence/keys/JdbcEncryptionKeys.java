package io.claviger.persistence.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.SealedValue;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.ReferredRows;
import io.claviger.persistence.shared.Row;
import java.util.List;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link EncryptionKeyStore} with the table {@code encryption_keys}. */
public final class JdbcEncryptionKeys implements EncryptionKeyStore {
  private static final RowMapper<Known> KNOWN =
      Row.mapper(
          row ->
              new Known(
                  new EncryptionKeyId(row.text("id")),
                  row.text("state").equals("live"),
                  new SealedValue(row.bytes("sentinel"))));

  private final JdbcClient jdbc;

  public JdbcEncryptionKeys(Database database) {
    this.jdbc = database.jdbc(ReferredRows.ENCRYPTION_KEYS);
  }

  /**
   * Locks the whole table instead of single rows. So if two nodes with different keys start on an
   * empty database, the second node sees the first node's key. While the table is locked, rows with
   * sealed values can still be written.
   */
  @Override
  public List<Known> lockAll() {
    Database.update(jdbc.sql("lock table encryption_keys in share row exclusive mode"));
    return all();
  }

  @Override
  public List<Known> all() {
    return jdbc.sql("select id, state, sentinel from encryption_keys order by id")
        .query(KNOWN)
        .list();
  }

  @Override
  public void add(EncryptionKeyId id, SealedValue sentinel) {
    Database.update(
        jdbc.sql(
                """
                insert into encryption_keys (id, state, sentinel)
                values (:id, 'live', :sentinel)
                on conflict on constraint encryption_keys_pkey do nothing
                """)
            .param("id", id.value())
            .param("sentinel", sentinel.bytes()));
  }

  @Override
  public void retire(EncryptionKeyId id) {
    Database.updateOne(
        jdbc.sql("update encryption_keys set state = 'retired' where id = :id and state = 'live'")
            .param("id", id.value()));
  }
}
