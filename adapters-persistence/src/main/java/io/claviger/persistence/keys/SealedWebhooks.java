package io.claviger.persistence.keys;

import io.claviger.application.keys.port.SealedValueStore.Cleared;
import io.claviger.application.keys.port.SealedValueStore.Position;
import io.claviger.application.keys.port.SealedValueStore.Replacement;
import io.claviger.application.keys.port.SealedValueStore.SealedValueBatch;
import io.claviger.application.keys.port.SealedValueStore.StoredValue;
import io.claviger.application.keys.port.SealedValueStore.Table;
import io.claviger.application.keys.port.SealedValueStore.UserValue;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.KeyBinding.Kind;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookUrl;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The sealed secrets of webhooks, in the order of their users. */
final class SealedWebhooks implements SealedTable {
  private static final UUID NO_SERVICE = new UUID(0, 0);
  private static final RowMapper<StoredValue> STORED =
      (rs, n) -> {
        Row row = Row.of(rs);
        return new StoredValue(
            Kind.WEBHOOK_SECRET,
            Optional.empty(),
            Optional.of(new User.Id(row.uuid("user_id"))),
            Optional.of(new Handle(row.text("user_handle"))),
            binding(row),
            new SealedValue(row.bytes("secret_sealed")));
      };
  private static final RowMapper<Cleared> CLEARED =
      (rs, n) -> {
        Row row = Row.of(rs);
        return Cleared.ofUser(
            new User.Id(row.uuid("user_id")),
            new UserValue(Kind.WEBHOOK_SECRET, new Handle(row.text("user_handle"))));
      };

  private final JdbcClient jdbc;

  SealedWebhooks(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Empty if the URL is invalid: somebody changed it without Claviger. */
  private static Optional<KeyBinding> binding(Row row) throws SQLException {
    Webhook.Id webhook = new Webhook.Id(row.uuid("id"));
    try {
      return Optional.of(KeyBinding.ofWebhookSecret(webhook, WebhookUrl.of(row.text("url"))));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  @Override
  public SealedValueBatch<StoredValue> notUnder(EncryptionKeyId key, Position after, int rows) {
    List<StoredValue> found =
        jdbc.sql(
                """
                select w.id, w.user_id, w.url, w.secret_sealed, u.handle as user_handle
                from webhooks w
                join users u on u.id = w.user_id
                where w.user_id > :user and w.secret_sealed_under <> :key
                order by w.user_id
                limit :rows
                """)
            .param("key", key.value())
            .param("user", after.user())
            .param("rows", rows)
            .query(STORED)
            .list();
    return new SealedValueBatch<>(
        found,
        found.isEmpty()
            ? Optional.empty()
            : Optional.of(behind(found.getLast().user().orElseThrow())));
  }

  private static Position behind(User.Id user) {
    return new Position(Table.WEBHOOKS, NO_SERVICE, user.value());
  }

  @Override
  public int replace(List<Replacement> replacements) {
    if (replacements.isEmpty()) {
      return 0;
    }
    return jdbc.sql(
            """
            update webhooks w
            set secret_sealed = n.new_secret
            from unnest(
              cast(:users as uuid[]), cast(:old_secrets as bytea[]),
              cast(:new_secrets as bytea[]))
              as n (user_id, old_secret, new_secret)
            where w.user_id = n.user_id and w.secret_sealed = n.old_secret
            """)
        .param(
            "users",
            Parameters.texts(
                replacements, one -> one.old().user().orElseThrow().value().toString()))
        .param(
            "old_secrets",
            replacements.stream().map(one -> one.old().value().bytes()).toArray(byte[][]::new))
        .param(
            "new_secrets",
            replacements.stream().map(one -> one.with().bytes()).toArray(byte[][]::new))
        .update();
  }

  /** Without its secret a webhook could sign nothing, and a new secret could be shown to nobody. */
  @Override
  public SealedValueBatch<Cleared> clear(
      EncryptionKeyId key, Position after, int rows, Instant now) {
    List<Cleared> cleared =
        jdbc.sql(
                """
                with lost as (
                  select user_id
                  from webhooks
                  where user_id > :user and secret_sealed_under = :key
                  order by user_id
                  limit :rows
                  for update),
                cleared as (
                  delete from webhooks w
                  using lost
                  where w.user_id = lost.user_id
                  returning w.user_id)
                select c.user_id, u.handle as user_handle
                from cleared c
                join users u on u.id = c.user_id
                order by c.user_id
                """)
            .param("key", key.value())
            .param("user", after.user())
            .param("rows", rows)
            .query(CLEARED)
            .list();
    return new SealedValueBatch<>(
        cleared,
        cleared.isEmpty() ? Optional.empty() : Optional.of(behind(cleared.getLast().owner())));
  }
}
