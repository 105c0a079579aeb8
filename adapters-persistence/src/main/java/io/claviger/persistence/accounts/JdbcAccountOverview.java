package io.claviger.persistence.accounts;

import io.claviger.application.accounts.port.AccountOverviewStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserKind;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link AccountOverviewStore} with the tables {@code users} and {@code trusts}, and the
 * tables of usage.
 */
public final class JdbcAccountOverview implements AccountOverviewStore {
  private final JdbcClient jdbc;

  public JdbcAccountOverview(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public List<ListedAccount> list(AccountFilter filter, Optional<Handle> after, int limit) {
    return jdbc.sql(
            """
            select
              %s,
              u.administrator_since,
              greatest(
                (select max(coalesce(t.last_used_at, t.created_at)) from access_tokens t
                 where t.user_id = u.id and (t.last_used_at is not null or t.origin = 'exchanged')),
                (select max(x.last_used_at) from trust_uses x join trusts y on y.id = x.trust_id
                 where y.account_id = u.id),
                (select cast(max(d.day) as timestamp) at time zone 'UTC' from usage_daily d
                 where d.user_id = u.id and d.instance_ref not like '#_system/imported-%%' escape '#'))
                as last_used_at,
              r.names, r.issuers, r.uses
            from (
              select %s, administrator_since
              from users
              where handle > :after and handle <> '_system'
                and (cast(:text as text) is null or handle ilike :text or display_name ilike :text
                  or email ilike :text)
                and (cast(:administrator as boolean) is null or administrator = :administrator)
                and (cast(:kind as text) is null or kind = :kind)
              order by handle
              limit :limit) u
            cross join lateral (
              select coalesce(array_agg(cast(t.name as text) order by t.name), '{}') as names,
                coalesce(array_agg(cast(i.name as text) order by t.name), '{}') as issuers,
                coalesce(array_agg(coalesce(
                  to_char(x.last_used_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '')
                  order by t.name), '{}') as uses
              from trusts t
              join trusted_issuers i on i.id = t.issuer_id
              left join trust_uses x on x.trust_id = t.id
              where t.account_id = u.id) r
            order by u.handle
            """
                .formatted(AccountRows.USER.at("u"), AccountRows.USER))
        .param("text", Parameters.containing(filter.text()))
        .param("administrator", filter.administrator().orElse(null))
        .param("kind", Parameters.orNull(filter.kind(), UserKind::wireName))
        .param("after", after.map(Handle::value).orElse(""))
        .param("limit", limit)
        .query(Row.mapper(row -> account(row)))
        .list();
  }

  private static ListedAccount account(Row row) throws SQLException {
    List<String> names = row.texts("names");
    List<String> issuers = row.texts("issuers");
    List<String> uses = row.texts("uses");
    return new ListedAccount(
        AccountRows.user(row),
        row.optionalInstant("administrator_since"),
        row.optionalInstant("last_used_at"),
        IntStream.range(0, names.size())
            .mapToObj(
                n ->
                    new TrustUse(
                        new Handle(names.get(n)),
                        new Handle(issuers.get(n)),
                        Optional.of(uses.get(n)).filter(t -> !t.isEmpty()).map(Instant::parse)))
            .toList());
  }
}
