package io.claviger.persistence.bills;

import io.claviger.application.bills.port.BillingCredentialStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.bills.BillingCredential.ModelAccess;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.formats.BillingApi;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link BillingCredentialStore} with the table {@code billing_credentials}. */
public final class JdbcBillingCredentials implements BillingCredentialStore {
  /** The columns of row {@code b} that {@link #credential} reads. */
  public static final String COLUMNS =
      """
      b.instance_id, b.id as credential_id, b.api, b.endpoint, b.follows_service, b.scope,
        b.lent_key, b.model_access, b.set_at""";

  private static final RowMapper<BillingCredential> CREDENTIAL = Row.mapper(row -> credential(row));

  private static final RowMapper<StoredCredential> STORED =
      Row.mapper(
          row ->
              new StoredCredential(
                  credential(row),
                  new SealedValue(row.bytes("credential_sealed")),
                  new User.Id(row.uuid("owner_id")),
                  row.instanceRef()));

  private final JdbcClient jdbc;

  public JdbcBillingCredentials(Database database) {
    this.jdbc = database.jdbc();
  }

  /** Reads a billing credential without its key. */
  public static BillingCredential credential(Row row) throws SQLException {
    return new BillingCredential(
        new BillingCredential.Id(row.uuid("credential_id")),
        new Instance.Id(row.uuid("instance_id")),
        row.constant("api", BillingApi.class),
        Endpoint.of(row.text("endpoint")),
        row.flag("follows_service"),
        row.optionalText("scope"),
        row.optionalText("lent_key"),
        row.constant("model_access", ModelAccess.class),
        row.instant("set_at"));
  }

  @Override
  public Optional<BillingCredential> find(Instance.Id service) {
    return jdbc.sql(
            "select %s from billing_credentials b where b.instance_id = :service"
                .formatted(COLUMNS))
        .param("service", service.value())
        .query(CREDENTIAL)
        .optional();
  }

  @Override
  public Optional<StoredCredential> read(Instance.Id service) {
    return jdbc.sql(
            """
            select %s, b.credential_sealed, i.owner_id, i.owner_handle, i.handle
            from billing_credentials b
            join instances i on i.id = b.instance_id
            where b.instance_id = :service
            """
                .formatted(COLUMNS))
        .param("service", service.value())
        .query(STORED)
        .optional();
  }

  /** A nonzero {@code xmax} in the returned row means that an earlier key was replaced. */
  @Override
  public boolean save(BillingCredential credential, SealedValue key) {
    forgetReadings(credential.service());
    return jdbc.sql(
            """
            insert into billing_credentials (instance_id, id, api, endpoint, follows_service,
              scope, lent_key, model_access, credential_sealed, set_at)
            values (:service, :id, :api, :endpoint, :follows_service, :scope, :lent_key,
              :model_access, :key, :set_at)
            on conflict on constraint billing_credentials_pkey do update
            set id = excluded.id, api = excluded.api, endpoint = excluded.endpoint,
              follows_service = excluded.follows_service, scope = excluded.scope,
              lent_key = excluded.lent_key, model_access = excluded.model_access,
              credential_sealed = excluded.credential_sealed, set_at = excluded.set_at
            returning xmax = 0 as inserted
            """)
        .param("service", credential.service().value())
        .param("id", credential.id().value())
        .param("api", credential.api().wireName())
        .param("endpoint", credential.endpoint().url())
        .param("follows_service", credential.followsService())
        .param("scope", credential.scope().orElse(null))
        .param("lent_key", credential.apiKeyId().orElse(null))
        .param("model_access", credential.modelAccess().wireName())
        .param("key", key.bytes())
        .param("set_at", Parameters.at(credential.setAt()))
        .query(Boolean.class)
        .single();
  }

  private void forgetReadings(Instance.Id service) {
    Database.update(
        jdbc.sql("delete from bill_runs where service_id = :service")
            .param("service", service.value()));
  }

  @Override
  public boolean delete(Instance.Id service) {
    forgetReadings(service);
    return jdbc.sql("delete from billing_credentials where instance_id = :service")
            .param("service", service.value())
            .update()
        > 0;
  }
}
