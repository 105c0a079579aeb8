package io.claviger.persistence.keys;

import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding.Kind;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link SealedValueStore} with the columns of {@link SealedColumn}. */
public final class JdbcSealedValues implements SealedValueStore {
  private static final RowMapper<Count> COUNT =
      Row.mapper(
          row ->
              new Count(
                  new EncryptionKeyId(row.text("under")),
                  kind(row.text("kind")),
                  row.bigNumber("values")));

  private static final RowMapper<Concerned> CONCERNED =
      (rs, n) -> new Concerned(rs.getLong("services"), rs.getLong("users"));

  private final JdbcClient jdbc;
  private final SealedTable instances;
  private final SealedTable userKeys;
  private final SealedTable identities;
  private final SealedTable webhooks;
  private final SealedTable namingKeys;
  private final SealedTable billingCredentials;
  private final SealedTable issuerKeys;
  private final SealedTable auditKeys;
  private final SealedTable waitingChanges;

  public JdbcSealedValues(Database database) {
    this.jdbc = database.jdbc();
    this.instances = new SealedInstances(database.jdbc());
    this.userKeys = SealedTable.ofUserKeys(database.jdbc());
    this.identities = SealedTable.ofIdentities(database.jdbc());
    this.webhooks = SealedTable.ofWebhooks(database.jdbc());
    this.namingKeys = SealedTable.ofNamingKeys(database.jdbc());
    this.billingCredentials = SealedTable.ofBillingCredentials(database.jdbc());
    this.issuerKeys = SealedTable.ofIssuerKeys(database.jdbc());
    this.auditKeys = SealedTable.ofAuditKeys(database.jdbc());
    this.waitingChanges = SealedTable.ofWaitingChanges(database.jdbc());
  }

  @Override
  public List<Count> counts() {
    return jdbc.sql(
            """
            select v.kind, v.under, cast(sum(i.services) as bigint) as values
            from (
              select api_key_sealed_under, headers_sealed_under, count(*) as services
              from instances
              group by api_key_sealed_under, headers_sealed_under) i
            cross join lateral (values
              ('instance.api_key', i.api_key_sealed_under),
              ('instance.headers', i.headers_sealed_under)) v (kind, under)
            where v.under is not null
            group by v.kind, v.under
            union all
            select 'user_key', api_key_sealed_under, count(*)
            from user_keys
            group by api_key_sealed_under
            union all
            select 'refresh_token', refresh_token_sealed_under, count(*)
            from identities
            where refresh_token_sealed_under is not null
            group by refresh_token_sealed_under
            union all
            select 'webhook_secret', secret_sealed_under, count(*)
            from webhooks
            group by secret_sealed_under
            union all
            select 'naming_key', key_sealed_under, count(*)
            from naming_keys
            group by key_sealed_under
            union all
            select 'billing_credential', credential_sealed_under, count(*)
            from billing_credentials
            group by credential_sealed_under
            union all
            select 'issuer_key', key_sealed_under, count(*)
            from issuer_keys
            group by key_sealed_under
            union all
            select 'audit_key', key_sealed_under, count(*)
            from audit_keys
            group by key_sealed_under
            union all
            select 'waiting_change', change_under, count(*)
            from approvals
            where change_under is not null
            group by change_under
            order by under, kind
            """)
        .query(COUNT)
        .list();
  }

  @Override
  public Concerned concerned(EncryptionKeyId key) {
    return jdbc.sql(
            """
            select
              (select count(*) from (
                select id from instances
                where api_key_sealed_under = :key or headers_sealed_under = :key
                union
                select instance_id from naming_keys where key_sealed_under = :key
                union
                select instance_id from billing_credentials
                where credential_sealed_under = :key) s) as services,
              (select count(*) from (
                select user_id from user_keys where api_key_sealed_under = :key
                union
                select user_id from identities where refresh_token_sealed_under = :key
                union
                select user_id from webhooks
                where secret_sealed_under = :key and user_id is not null) u) as users
            """)
        .param("key", key.value())
        .query(CONCERNED)
        .single();
  }

  @Override
  public SealedValueBatch<StoredValue> notUnder(EncryptionKeyId key, Position after, int rows) {
    SealedValueBatch<StoredValue> batch = of(after.table()).notUnder(key, after, rows);
    return new SealedValueBatch<>(batch.found(), batch.next().or(() -> after.table().next()));
  }

  @Override
  public int replace(List<Replacement> replacements) {
    Map<Table, List<Replacement>> byTable = new EnumMap<>(Table.class);
    replacements.forEach(
        one -> byTable.computeIfAbsent(tableOf(one.old().kind()), t -> new ArrayList<>()).add(one));
    return byTable.entrySet().stream()
        .mapToInt(
            entry -> {
              begin(entry.getKey());
              return of(entry.getKey()).replace(entry.getValue());
            })
        .sum();
  }

  /**
   * Prepares the current transaction for writing sealed values.
   *
   * <p>An advisory lock ensures that only one such transaction at a time writes sealed values to a
   * table. The transaction waits at most 250 ms for a locked row. A longer wait could be a deadlock
   * with a transaction that locks several of the table's rows, such as a change of a service or the
   * deletion of a user. PostgreSQL must not end the deadlock by aborting that transaction.
   *
   * <p>The commit does not wait for the disk. If the database server crashes and loses the commit,
   * the values are still sealed under a recorded key, and the next run seals them again. The
   * transaction that retires the old key does wait for the disk, and thereby for all earlier
   * commits.
   */
  private void begin(Table table) {
    Object unused =
        jdbc.sql(
                """
                select set_config('lock_timeout', '250ms', true),
                  set_config('synchronous_commit', 'off', true),
                  pg_advisory_xact_lock(hashtextextended(
                    concat_ws(' ', 'claviger sealed values', :table, current_schema()), 0))
                """)
            .param("table", table.name())
            .query((rs, n) -> rs.getString(1))
            .single();
  }

  @Override
  public SealedValueBatch<Cleared> clear(
      EncryptionKeyId key, Position after, int rows, Instant now) {
    SealedValueBatch<Cleared> batch = of(after.table()).clear(key, after, rows, now);
    return new SealedValueBatch<>(batch.found(), batch.next().or(() -> after.table().next()));
  }

  private SealedTable of(Table table) {
    return switch (table) {
      case INSTANCES -> instances;
      case USER_KEYS -> userKeys;
      case IDENTITIES -> identities;
      case WEBHOOKS -> webhooks;
      case NAMING_KEYS -> namingKeys;
      case BILLING_CREDENTIALS -> billingCredentials;
      case ISSUER_KEYS -> issuerKeys;
      case AUDIT_KEYS -> auditKeys;
      case APPROVALS -> waitingChanges;
    };
  }

  private static Table tableOf(Kind kind) {
    return Arrays.stream(SealedColumn.values())
        .filter(column -> column.kind() == kind)
        .findFirst()
        .orElseThrow()
        .walk();
  }

  private static Kind kind(String tag) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.tag().equals(tag))
        .findFirst()
        .orElseThrow();
  }
}
