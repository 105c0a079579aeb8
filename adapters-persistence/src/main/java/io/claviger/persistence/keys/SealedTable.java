package io.claviger.persistence.keys;

import io.claviger.application.keys.port.SealedValueStore.Cleared;
import io.claviger.application.keys.port.SealedValueStore.Position;
import io.claviger.application.keys.port.SealedValueStore.Replacement;
import io.claviger.application.keys.port.SealedValueStore.SealedValueBatch;
import io.claviger.application.keys.port.SealedValueStore.ServiceRow;
import io.claviger.application.keys.port.SealedValueStore.StoredValue;
import io.claviger.application.keys.port.SealedValueStore.Table;
import io.claviger.application.keys.port.SealedValueStore.UserValue;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.KeyBinding.Kind;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookUrl;
import io.claviger.persistence.bills.JdbcBillingCredentials;
import io.claviger.persistence.definitions.KnownEndpoints;
import io.claviger.persistence.instances.InstanceRows;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.standards.StandardRows;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A table with sealed columns. The table is read in batches, in the order of its primary key. */
class SealedTable {
  /**
   * The maximum number of bytes of sealed values in one batch. There is a limit because header
   * values can be large.
   */
  private static final int MOST_BYTES = 4_194_304;

  private static final UUID NONE = new UUID(0, 0);

  private final JdbcClient jdbc;
  private final Table table;
  private final Statements statements;
  private final RowMapper<List<StoredValue>> stored;
  private final RowMapper<Cleared> cleared;

  SealedTable(
      JdbcClient jdbc,
      Table table,
      Statements statements,
      Row.Meaning<List<StoredValue>> stored,
      Row.Meaning<Cleared> cleared) {
    this.jdbc = jdbc;
    this.table = table;
    this.statements = statements;
    this.stored = Row.mapper(stored);
    this.cleared = Row.mapper(cleared);
  }

  /**
   * The statements for a table with sealed values.
   *
   * @param find a statement that selects the rows after {@code (:instance, :user)} with values not
   *     sealed under {@code :key}
   * @param clear a statement that removes the values sealed under {@code :key}, and returns their
   *     rows in the order of the primary key
   */
  record Statements(String find, String replace, String clear) {}

  /** Returns the table of the users' own keys for services. */
  static SealedTable ofUserKeys(JdbcClient jdbc) {
    return new SealedTable(
        jdbc,
        Table.USER_KEYS,
        new Statements(
            """
            select k.instance_id as id, k.user_id, k.api_key_sealed, u.handle as user_handle,
              i.owner_handle, i.handle, i.endpoint, i.sent_settings, a.key_method, a.key_field
            from (
              select instance_id, user_id, api_key_sealed
              from user_keys
              where (instance_id, user_id) > (:instance, :user)
                and api_key_sealed_under <> :key
              order by instance_id, user_id
              limit :rows) k
            join instances i on i.id = k.instance_id
            join api_standards a on a.handle = i.api_standard
            join users u on u.id = k.user_id
            order by k.instance_id, k.user_id
            """,
            replace("user_keys", Columns.of("instance_id", "user_id"), "api_key_sealed"),
            """
            with lost as (
              select instance_id, user_id
              from user_keys
              where (instance_id, user_id) > (:instance, :user) and api_key_sealed_under = :key
              order by instance_id, user_id
              limit :rows
              for update),
            cleared as (
              delete from user_keys k
              using lost
              where k.instance_id = lost.instance_id and k.user_id = lost.user_id
              returning k.instance_id, k.user_id)
            select c.instance_id as id, c.user_id, i.owner_handle, i.handle, i.owner_id
            from cleared c
            join instances i on i.id = c.instance_id
            order by c.instance_id, c.user_id
            """),
        row ->
            List.of(
                ofService(row, Kind.USER_KEY, Optional.of(user(row)), row.bytes("api_key_sealed"))),
        row -> cleared(row, true, false, Optional.of(user(row))));
  }

  /**
   * Returns the table of the identities' refresh tokens. If a refresh token is cleared, Claviger
   * can no longer ask the identity provider about the token's user. So after at most a week, the
   * user's access tokens are refused until the user signs in again.
   */
  static SealedTable ofIdentities(JdbcClient jdbc) {
    return new SealedTable(
        jdbc,
        Table.IDENTITIES,
        new Statements(
            """
            select i.user_id, i.issuer, i.refresh_token_sealed, u.handle as user_handle
            from identities i
            join users u on u.id = i.user_id
            where i.user_id > :user and i.refresh_token_sealed_under <> :key
            order by i.user_id
            limit :rows
            """,
            replace("identities", Columns.of("user_id"), "refresh_token_sealed"),
            """
            with lost as (
              select user_id
              from identities
              where user_id > :user and refresh_token_sealed_under = :key
              order by user_id
              limit :rows
              for update),
            cleared as (
              update identities i
              set refresh_token_sealed = null, refresh_due_at = null,
                refresh_uncertain = false, offline = false
              from lost
              where i.user_id = lost.user_id
              returning i.user_id),
            due as (
              update users u
              set sign_in_due_at =
                coalesce(u.sign_in_due_at, cast(:now as timestamptz) + interval '7 days')
              from cleared c
              where u.id = c.user_id
              returning u.id as user_id, u.handle as user_handle)
            select user_id, user_handle
            from due
            order by user_id
            """),
        row ->
            List.of(
                ofUser(
                    row,
                    Kind.REFRESH_TOKEN,
                    Optional.of(
                        KeyBinding.ofRefreshToken(new Issuer(row.text("issuer")), user(row))),
                    row.bytes("refresh_token_sealed"))),
        clearedOfUser(Kind.REFRESH_TOKEN));
  }

  /**
   * Returns the table of the secrets of users' and groups' webhooks. Instead of a user's id, each
   * secret has the id of the user or group that owns the webhook. If a webhook's secret is cleared,
   * the webhook is deleted. The webhook's messages could not be signed without a secret, and nobody
   * would see a new secret.
   */
  static SealedTable ofWebhooks(JdbcClient jdbc) {
    return new SealedTable(
        jdbc,
        Table.WEBHOOKS,
        new Statements(
            """
            select w.id, w.receiver_id as user_id, w.url, w.secret_sealed,
              coalesce(u.handle, '@' || g.handle) as user_handle
            from webhooks w
            left join users u on u.id = w.user_id
            left join groups g on g.id = w.group_id
            where w.receiver_id > :user and w.secret_sealed_under <> :key
            order by w.receiver_id
            limit :rows
            """,
            replace("webhooks", Columns.of("user_id"), "secret_sealed")
                .replace("t.user_id", "t.receiver_id"),
            """
            with lost as (
              select receiver_id
              from webhooks
              where receiver_id > :user and secret_sealed_under = :key
              order by receiver_id
              limit :rows
              for update),
            cleared as (
              delete from webhooks w
              using lost
              where w.receiver_id = lost.receiver_id
              returning w.receiver_id, w.user_id, w.group_id)
            select c.receiver_id as user_id, coalesce(u.handle, '@' || g.handle) as user_handle
            from cleared c
            left join users u on u.id = c.user_id
            left join groups g on g.id = c.group_id
            order by c.receiver_id
            """),
        row ->
            List.of(ofUser(row, Kind.WEBHOOK_SECRET, ofWebhook(row), row.bytes("secret_sealed"))),
        clearedOfUser(Kind.WEBHOOK_SECRET));
  }

  /**
   * Returns the table of the keys from which services derive their callers' names. If a key is
   * cleared, its service gets a new key, and the names of all its callers change.
   */
  static SealedTable ofNamingKeys(JdbcClient jdbc) {
    return new SealedTable(
        jdbc,
        Table.NAMING_KEYS,
        new Statements(
            """
            select n.instance_id as id, n.key_sealed, i.owner_handle, i.handle
            from naming_keys n
            join instances i on i.id = n.instance_id
            where n.instance_id > :instance and n.key_sealed_under <> :key
            order by n.instance_id
            limit :rows
            """,
            replace("naming_keys", Columns.of("instance_id"), "key_sealed"),
            deletion("naming_keys", "key_sealed")),
        row ->
            List.of(
                bound(
                    row,
                    Kind.NAMING_KEY,
                    Optional.empty(),
                    Optional.of(KeyBinding.ofNamingKey(instance(row))),
                    row.bytes("key_sealed"))),
        SealedTable::clearedOfService);
  }

  /**
   * Returns the table of the keys with which Claviger reads bills from providers. If a key is
   * cleared, its service has no billing credential until the owner enters a new one.
   */
  static SealedTable ofBillingCredentials(JdbcClient jdbc) {
    return new SealedTable(
        jdbc,
        Table.BILLING_CREDENTIALS,
        new Statements(
            """
            select %s, b.instance_id as id, b.credential_sealed, i.owner_handle, i.handle
            from billing_credentials b
            join instances i on i.id = b.instance_id
            where b.instance_id > :instance and b.credential_sealed_under <> :key
            order by b.instance_id
            limit :rows
            """
                .formatted(JdbcBillingCredentials.COLUMNS),
            replace("billing_credentials", Columns.of("instance_id"), "credential_sealed"),
            deletion("billing_credentials", "credential_sealed")),
        row ->
            List.of(
                bound(
                    row,
                    Kind.BILLING_CREDENTIAL,
                    Optional.empty(),
                    ofBilling(row),
                    row.bytes("credential_sealed"))),
        SealedTable::clearedOfService);
  }

  /**
   * Returns the table of the changes that wait for consent. In these statements, the id of a change
   * takes the place of a user's id. When a change takes effect, its secrets are sealed again. If a
   * change's secrets are cleared, the change lapses.
   */
  static SealedTable ofWaitingChanges(JdbcClient jdbc) {
    return new SealedTable(
        jdbc,
        Table.APPROVALS,
        new Statements(
            // A change can be 256 KiB long, so fewer rows are read at once than from other tables.
            """
            select p.id as user_id, p.instance_id as id, p.change, i.owner_handle, i.handle
            from (
              select id, instance_id, change
              from approvals
              where id > :user and change_under <> :key
              order by id
              limit least(:rows, 100)) p
            join instances i on i.id = p.instance_id
            order by p.id
            """,
            replace("approvals", Columns.of("instance_id", "user_id"), "change")
                .replace("t.user_id", "t.id"),
            """
            with lost as (
              select id
              from approvals
              where id > :user and change_under = :key
              order by id
              limit :rows
              for update),
            cleared as (
              update approvals p
              set state = 'lapsed', change = null, ended_at = cast(:now as timestamptz),
                reason = 'It was sealed under a key that is gone.'
              from lost
              where p.id = lost.id
              returning p.id, p.instance_id, p.owner_id, p.asked_owner, p.asked_handle)
            select
              c.id as user_id, c.instance_id as id, coalesce(c.owner_id, i.owner_id) as owner_id,
              case when c.owner_id <> i.owner_id then c.asked_owner else i.owner_handle end
                as owner_handle,
              case when c.owner_id <> i.owner_id then c.asked_handle else i.handle end as handle
            from cleared c
            join instances i on i.id = c.instance_id
            order by c.id
            """),
        row ->
            List.of(
                bound(
                    row,
                    Kind.WAITING_CHANGE,
                    Optional.of(user(row)),
                    Optional.of(KeyBinding.ofWaitingChange(row.uuid("user_id"), instance(row))),
                    row.bytes("change"))),
        row -> cleared(row, false, false, Optional.of(user(row))));
  }

  /**
   * Returns the table of the keys with which Claviger signs statements as an issuer. These keys
   * belong to {@code _system}. There are few such keys, so all of them are one batch. The
   * statements find rows by their sealed values, no two of which are equal. If the signing key is
   * cleared, the next signature creates a new key.
   */
  static SealedTable ofIssuerKeys(JdbcClient jdbc) {
    return ofSigningKeys(
        jdbc, Table.ISSUER_KEYS, "issuer_keys", "kid", Kind.ISSUER_KEY, KeyBinding::ofIssuerKey);
  }

  /**
   * Returns the table of the keys that sign heads of the audit trail. If a key is cleared, a new
   * key is created.
   */
  static SealedTable ofAuditKeys(JdbcClient jdbc) {
    return ofSigningKeys(
        jdbc, Table.AUDIT_KEYS, "audit_keys", "id", Kind.AUDIT_KEY, KeyBinding::ofAuditKey);
  }

  private static SealedTable ofSigningKeys(
      JdbcClient jdbc,
      Table table,
      String name,
      String id,
      Kind kind,
      Function<String, KeyBinding> binding) {
    return new SealedTable(
        jdbc,
        table,
        new Statements(
            """
            select u.id as user_id, u.handle as user_handle, k.%2$s as signing_id, k.key_sealed
            from %1$s k
            join users u on u.handle = '_system'
            where u.id > :user and k.key_sealed_under <> :key
            order by k.%2$s
            """
                .formatted(name, id),
            """
            update %s k
            set key_sealed = n.new_value
            from unnest(cast(:old_values as bytea[]), cast(:new_values as bytea[]))
              as n (old_value, new_value)
            where k.key_sealed = n.old_value
            """
                .formatted(name),
            """
            with cleared as (
              delete from %1$s
              where key_sealed_under = :key
              returning %2$s as signing_id)
            select u.id as user_id, u.handle as user_handle
            from cleared c
            join users u on u.handle = '_system'
            where u.id > :user
            order by c.signing_id
            """
                .formatted(name, id)),
        row ->
            List.of(
                ofUser(
                    row,
                    kind,
                    Optional.of(binding.apply(row.text("signing_id"))),
                    row.bytes("key_sealed"))),
        clearedOfUser(kind));
  }

  /**
   * @param key whether an API key was cleared: the service's key or a user's own key
   * @param headers whether the values of the service's custom headers were cleared
   */
  static Cleared cleared(Row row, boolean key, boolean headers, Optional<User.Id> user)
      throws SQLException {
    return new Cleared(
        instance(row), row.instanceRef(), new User.Id(row.uuid("owner_id")), key, headers, user);
  }

  private static Cleared clearedOfService(Row row) throws SQLException {
    return cleared(row, false, false, Optional.empty());
  }

  /** Returns the statement that deletes rows of a table with one row per service. */
  private static String deletion(String table, String column) {
    return """
           with lost as (
             select instance_id
             from %1$s
             where instance_id > :instance and %2$s_under = :key
             order by instance_id
             limit :rows
             for update),
           cleared as (
             delete from %1$s d
             using lost
             where d.instance_id = lost.instance_id
             returning d.instance_id)
           select c.instance_id as id, i.owner_handle, i.handle, i.owner_id
           from cleared c
           join instances i on i.id = c.instance_id
           order by c.instance_id
           """
        .formatted(table, column);
  }

  private static String replace(String table, Columns key, String column) {
    return """
           update %s t
           set %s = n.new_value
           from unnest(
             cast(:instances as uuid[]), cast(:users as uuid[]), cast(:old_values as bytea[]),
             cast(:new_values as bytea[]))
             as n (instance_id, user_id, old_value, new_value)
           where (%s) = (%s) and t.%s = n.old_value
           """
        .formatted(table, column, key.at("t"), key.at("n"), column);
  }

  SealedValueBatch<StoredValue> notUnder(EncryptionKeyId key, Position after, int rows) {
    List<StoredValue> found =
        jdbc
            .sql(statements.find())
            .param("key", key.value())
            .param("instance", after.instance())
            .param("user", after.user())
            .param("rows", rows)
            .param("most_bytes", MOST_BYTES)
            .query(stored)
            .list()
            .stream()
            .flatMap(List::stream)
            .toList();
    return new SealedValueBatch<>(
        found,
        found.isEmpty()
            ? Optional.empty()
            : Optional.of(behind(found.getLast().at(), found.getLast().user())));
  }

  int replace(List<Replacement> replacements) {
    if (replacements.isEmpty()) {
      return 0;
    }
    return jdbc.sql(statements.replace())
        .param("instances", ids(replacements, one -> one.at().map(at -> at.instance().value())))
        .param("users", ids(replacements, one -> one.user().map(User.Id::value)))
        .param(
            "old_values",
            replacements.stream().map(one -> one.old().value().bytes()).toArray(byte[][]::new))
        .param(
            "new_values",
            replacements.stream().map(one -> one.with().bytes()).toArray(byte[][]::new))
        .update();
  }

  private interface IdOf {
    Optional<UUID> of(StoredValue value);
  }

  private static @Nullable String[] ids(List<Replacement> replacements, IdOf id) {
    return replacements.stream()
        .map(one -> id.of(one.old()).map(UUID::toString).orElse(null))
        .toArray(String[]::new);
  }

  SealedValueBatch<Cleared> clear(EncryptionKeyId key, Position after, int rows, Instant now) {
    List<Cleared> found =
        jdbc.sql(statements.clear())
            .param("key", key.value())
            .param("instance", after.instance())
            .param("user", after.user())
            .param("rows", rows)
            .param("now", Parameters.at(now))
            .query(cleared)
            .list();
    return new SealedValueBatch<>(
        found,
        found.isEmpty()
            ? Optional.empty()
            : Optional.of(behind(found.getLast().at(), found.getLast().user())));
  }

  private Position behind(Optional<ServiceRow> service, Optional<User.Id> user) {
    return new Position(
        table,
        service.map(row -> row.instance().value()).orElse(NONE),
        user.map(User.Id::value).orElse(NONE));
  }

  private static Instance.Id instance(Row row) throws SQLException {
    return new Instance.Id(row.uuid("id"));
  }

  private static User.Id user(Row row) throws SQLException {
    return new User.Id(row.uuid("user_id"));
  }

  /** Reads a value together with its binding to a service and a destination. */
  static StoredValue ofService(Row row, Kind kind, Optional<User.Id> user, byte[] value)
      throws SQLException {
    Instance.Id instance = instance(row);
    return new StoredValue(
        kind,
        instance,
        user,
        row.instanceRef(),
        user.isPresent() ? row.optionalText("user_handle").map(GranteeName::of) : Optional.empty(),
        destination(row).map(d -> new KeyBinding(kind, instance, user, d)),
        new SealedValue(value));
  }

  /**
   * Reads the stored part of a service's credential, and its binding. All kinds of credentials are
   * in the column of the API key.
   */
  static StoredValue ofCredential(Row row, byte[] value) throws SQLException {
    Instance.Id instance = instance(row);
    CredentialSettings credential = InstanceRows.credential(row);
    User.Id confirmer = InstanceRows.confirmer(row);
    return bound(
        row,
        Kind.INSTANCE_API_KEY,
        Optional.empty(),
        destination(row).map(to -> KeyBinding.ofCredential(instance, confirmer, to, credential)),
        value);
  }

  private static StoredValue bound(
      Row row, Kind kind, Optional<User.Id> user, Optional<KeyBinding> binding, byte[] value)
      throws SQLException {
    return new StoredValue(
        kind,
        instance(row),
        user,
        row.instanceRef(),
        Optional.empty(),
        binding,
        new SealedValue(value));
  }

  private static StoredValue ofUser(Row row, Kind kind, Optional<KeyBinding> binding, byte[] value)
      throws SQLException {
    return new StoredValue(
        kind,
        Optional.empty(),
        Optional.of(user(row)),
        Optional.of(GranteeName.of(row.text("user_handle"))),
        binding,
        new SealedValue(value));
  }

  private static Row.Meaning<Cleared> clearedOfUser(Kind kind) {
    return row ->
        Cleared.ofUser(user(row), new UserValue(kind, GranteeName.of(row.text("user_handle"))));
  }

  /**
   * Empty if the endpoint, the placement or the sent settings are invalid because somebody changed
   * them directly in the database.
   */
  private static Optional<Destination> destination(Row row) throws SQLException {
    try {
      return Optional.of(
          new Destination(
              KnownEndpoints.of(row.text("endpoint")),
              StandardRows.placement(row),
              InstanceRows.sent(row)));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  /**
   * Reads a billing credential's binding; empty if somebody wrote an invalid value directly into
   * the database.
   */
  private static Optional<KeyBinding> ofBilling(Row row) throws SQLException {
    try {
      return Optional.of(KeyBinding.ofBillingCredential(JdbcBillingCredentials.credential(row)));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  /**
   * Reads the binding of a webhook's secret; empty if somebody wrote an invalid URL directly into
   * the database.
   */
  private static Optional<KeyBinding> ofWebhook(Row row) throws SQLException {
    Webhook.Id webhook = new Webhook.Id(row.uuid("id"));
    try {
      return Optional.of(KeyBinding.ofWebhookSecret(webhook, WebhookUrl.of(row.text("url"))));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }
}
