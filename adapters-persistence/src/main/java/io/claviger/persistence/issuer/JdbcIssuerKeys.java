package io.claviger.persistence.issuer;

import io.claviger.application.issuer.port.IssuerKeyStore;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.issuer.IssuerKey;
import io.claviger.domain.issuer.IssuerKey.State;
import io.claviger.domain.keys.SealedValue;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.util.Arrays;
import java.util.List;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link IssuerKeyStore} with the table {@code issuer_keys}. */
public final class JdbcIssuerKeys implements IssuerKeyStore {
  private static final RowMapper<StoredKey> KEY =
      Row.mapper(
          row ->
              new StoredKey(
                  new IssuerKey(
                      row.text("kid"),
                      state(row.text("state")),
                      row.instant("created_at"),
                      row.optionalInstant("shown_at"),
                      row.optionalInstant("ends_at")),
                  new SealedValue(row.bytes("key_sealed"))));

  private static final String ROWS =
      """
      select kid, state, key_sealed, created_at, shown_at, ends_at
      from issuer_keys
      order by created_at desc, kid
      """;

  private final JdbcClient jdbc;

  public JdbcIssuerKeys(Database database) {
    this.jdbc = database.jdbc();
  }

  private static State state(String name) {
    return Arrays.stream(State.values())
        .filter(state -> state.wireName().equals(name))
        .findFirst()
        .orElseThrow(() -> new InvalidValue("state", "a state of a key"));
  }

  @Override
  public List<StoredKey> all() {
    return jdbc.sql(ROWS).query(KEY).list();
  }

  @Override
  public List<StoredKey> lockAll() {
    return jdbc.sql(ROWS + "for update").query(KEY).list();
  }

  @Override
  public void insert(StoredKey stored) {
    IssuerKey key = stored.key();
    Database.update(
        jdbc.sql(
                """
                insert into issuer_keys (kid, state, key_sealed, created_at, shown_at, ends_at)
                values (:kid, :state, :value, :created_at, :shown_at, :ends_at)
                """)
            .param("kid", key.kid())
            .param("state", key.state().wireName())
            .param("value", stored.value().bytes())
            .param("created_at", Parameters.at(key.createdAt()))
            .param("shown_at", Parameters.at(key.shownAt()))
            .param("ends_at", Parameters.at(key.endsAt())));
  }

  @Override
  public void update(IssuerKey key) {
    Database.update(
        jdbc.sql(
                """
                update issuer_keys
                set state = :state, shown_at = :shown_at, ends_at = :ends_at
                where kid = :kid
                """)
            .param("kid", key.kid())
            .param("state", key.state().wireName())
            .param("shown_at", Parameters.at(key.shownAt()))
            .param("ends_at", Parameters.at(key.endsAt())));
  }

  @Override
  public void delete(String kid) {
    Database.update(jdbc.sql("delete from issuer_keys where kid = :kid").param("kid", kid));
  }
}
