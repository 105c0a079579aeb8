package io.claviger.persistence.keys;

import io.claviger.application.keys.port.SealedValueStore.Cleared;
import io.claviger.application.keys.port.SealedValueStore.Position;
import io.claviger.application.keys.port.SealedValueStore.Replacement;
import io.claviger.application.keys.port.SealedValueStore.SealedValueBatch;
import io.claviger.application.keys.port.SealedValueStore.StoredValue;
import io.claviger.application.keys.port.SealedValueStore.Table;
import io.claviger.application.keys.port.SealedValueStore.UserValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.KeyBinding.Kind;
import io.claviger.domain.keys.SealedValue;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The sealed refresh tokens of identities, in the order of their users. */
final class SealedIdentities implements SealedTable {
  private static final UUID NO_SERVICE = new UUID(0, 0);
  private static final RowMapper<StoredValue> STORED =
      (rs, n) -> {
        Row row = Row.of(rs);
        User.Id user = new User.Id(row.uuid("user_id"));
        return new StoredValue(
            Kind.REFRESH_TOKEN,
            Optional.empty(),
            Optional.of(user),
            Optional.of(new Handle(row.text("user_handle"))),
            Optional.of(KeyBinding.ofRefreshToken(new Issuer(row.text("issuer")), user)),
            new SealedValue(row.bytes("refresh_token_sealed")));
      };
  private static final RowMapper<Cleared> CLEARED =
      (rs, n) -> {
        Row row = Row.of(rs);
        return Cleared.ofUser(
            new User.Id(row.uuid("user_id")),
            new UserValue(Kind.REFRESH_TOKEN, new Handle(row.text("user_handle"))));
      };

  private final JdbcClient jdbc;

  SealedIdentities(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public SealedValueBatch<StoredValue> notUnder(EncryptionKeyId key, Position after, int rows) {
    List<StoredValue> found =
        jdbc.sql(
                """
                select i.user_id, i.issuer, i.refresh_token_sealed, u.handle as user_handle
                from identities i
                join users u on u.id = i.user_id
                where i.user_id > :user and i.refresh_token_sealed_under <> :key
                order by i.user_id
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
    return new Position(Table.IDENTITIES, NO_SERVICE, user.value());
  }

  @Override
  public int replace(List<Replacement> replacements) {
    if (replacements.isEmpty()) {
      return 0;
    }
    return jdbc.sql(
            """
            update identities i
            set refresh_token_sealed = n.new_token
            from unnest(
              cast(:users as uuid[]), cast(:old_tokens as bytea[]), cast(:new_tokens as bytea[]))
              as n (user_id, old_token, new_token)
            where i.user_id = n.user_id and i.refresh_token_sealed = n.old_token
            """)
        .param(
            "users",
            Parameters.texts(
                replacements, one -> one.old().user().orElseThrow().value().toString()))
        .param(
            "old_tokens",
            replacements.stream().map(one -> one.old().value().bytes()).toArray(byte[][]::new))
        .param(
            "new_tokens",
            replacements.stream().map(one -> one.with().bytes()).toArray(byte[][]::new))
        .update();
  }

  /**
   * The identity provider can't be asked about these users any more. So from a week after this at
   * the latest, their access tokens are refused until they sign in.
   */
  @Override
  public SealedValueBatch<Cleared> clear(
      EncryptionKeyId key, Position after, int rows, Instant now) {
    List<Cleared> cleared =
        jdbc.sql(
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
                  returning i.user_id)
                update users u
                set sign_in_due_at =
                  coalesce(u.sign_in_due_at, cast(:now as timestamptz) + interval '7 days')
                from cleared c
                where u.id = c.user_id
                returning u.id as user_id, u.handle as user_handle
                """)
            .param("key", key.value())
            .param("user", after.user())
            .param("rows", rows)
            .param("now", Parameters.at(now))
            .query(CLEARED)
            .list();
    return new SealedValueBatch<>(
        cleared,
        cleared.stream()
            .map(Cleared::owner)
            .max((a, b) -> a.value().toString().compareTo(b.value().toString()))
            .map(SealedIdentities::behind));
  }
}
