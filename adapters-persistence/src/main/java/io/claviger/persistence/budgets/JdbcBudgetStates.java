package io.claviger.persistence.budgets;

import io.claviger.application.budgetreports.port.BudgetStateStore;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetRaise;
import io.claviger.domain.budgets.BudgetState;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link BudgetStateStore} with the tables of the budget ledger. */
public final class JdbcBudgetStates implements BudgetStateStore {
  private static final RowMapper<RaiseRow> RAISE =
      Row.mapper(
          row ->
              new RaiseRow(
                  row.uuid("account_id"),
                  new BudgetRaise(
                      row.uuid("id"),
                      row.bigNumber("amount"),
                      row.instant("until"),
                      row.instant("created_at"))));

  private final JdbcClient jdbc;

  public JdbcBudgetStates(Database database) {
    this.jdbc = database.jdbc();
  }

  private record RaiseRow(UUID account, BudgetRaise raise) {}

  private record StateRow(UUID account, BudgetState state) {}

  @Override
  public Map<BudgetAccount, BudgetState> states(Collection<BudgetAccount> accounts) {
    if (accounts.isEmpty()) {
      return Map.of();
    }
    Map<UUID, List<BudgetRaise>> raises = raises(accounts);
    Map<UUID, BudgetState> states = new HashMap<>();
    jdbc.sql(
            """
            select u.id, w.starts_at, w.ends_at,
              case when a.id is not null and n.charged > 0 then n.since
                else a.counted_from end as counted_from,
              coalesce(b.settled, n.charged, 0) as settled,
              coalesce(b.reserved, 0) as reserved, b.dearest_call,
              b.account_id is not null as has_window
            from unnest(
              cast(:ids as uuid[]), cast(:subjects as text[]), cast(:units as text[]),
              cast(:periods as text[]), cast(:zones as text[]), cast(:of_groups as boolean[]))
              u (id, subject, unit, period, zone, of_group)
            cross join lateral budget_window(u.period, u.zone, budget_clock()) w
            left join budget_accounts a on a.id = u.id
            left join budget_windows b on b.account_id = u.id and b.starts_at = w.starts_at
            left join lateral (
              select c.since, charged_since(u.subject, u.unit, c.since) as charged
              from counted_since(u.id, w.starts_at, budget_clock()) c (since)
              where b.account_id is null and not u.of_group
              offset 0) n on true
            """)
        .param("ids", ids(accounts))
        .param("subjects", Parameters.texts(accounts, BudgetAccount::subject))
        .param("units", Parameters.texts(accounts, account -> account.key().unit().wireName()))
        .param("periods", Parameters.texts(accounts, account -> account.key().window().wireName()))
        .param("zones", Parameters.texts(accounts, account -> account.key().zone().name()))
        .param(
            "of_groups",
            accounts.stream()
                .map(account -> BudgetHolder.isGroup(account.subject()))
                .toArray(Boolean[]::new))
        .query(
            Row.mapper(
                row -> {
                  UUID id = row.uuid("id");
                  return new StateRow(
                      id,
                      new BudgetState(
                          row.bigNumber("settled"),
                          row.bigNumber("reserved"),
                          row.optionalBigNumber("dearest_call"),
                          row.instant("starts_at"),
                          row.optionalInstant("ends_at"),
                          row.optionalInstant("counted_from"),
                          raises.getOrDefault(id, List.of()),
                          row.flag("has_window")));
                }))
        .list()
        .forEach(row -> states.put(row.account(), row.state()));
    return accounts.stream()
        .distinct()
        .collect(Collectors.toMap(account -> account, account -> states.get(account.id())));
  }

  private Map<UUID, List<BudgetRaise>> raises(Collection<BudgetAccount> accounts) {
    return jdbc
        .sql(
            """
            select r.account_id, r.id, r.amount, r.until, r.created_at
            from budget_raises r
            where r.account_id = any (cast(:ids as uuid[])) and r.until > budget_clock()
              and raise_counts(r)
            order by r.until, r.id
            """)
        .param("ids", ids(accounts))
        .query(RAISE)
        .list()
        .stream()
        .collect(
            Collectors.groupingBy(
                RaiseRow::account, Collectors.mapping(RaiseRow::raise, Collectors.toList())));
  }

  private static String[] ids(Collection<BudgetAccount> accounts) {
    return Parameters.texts(accounts, account -> account.id().toString());
  }

  @Override
  public Instant now() {
    return jdbc.sql("select budget_clock() as now")
        .query(Row.mapper(row -> row.instant("now")))
        .single();
  }

  /** Locks the account's row, so that its current raises can be counted. */
  @Override
  public RaiseOutcome insert(
      BudgetAccount account,
      BudgetRaise raise,
      User.Id author,
      Optional<GranteeId> grantee,
      long most,
      boolean onlyOnce) {
    Object unused =
        jdbc.sql(
                """
                select open_budget_window(
                  cast(:id as uuid), :subject, :unit, :period, :zone, budget_clock())
                """)
            .param("id", account.id())
            .param("subject", account.subject())
            .param("unit", account.key().unit().wireName())
            .param("period", account.key().window().wireName())
            .param("zone", account.key().zone().name())
            .query((rs, n) -> rs.getString(1))
            .single();
    UUID locked =
        jdbc.sql("select id from budget_accounts where id = :id for update")
            .param("id", account.id())
            .query(UUID.class)
            .single();
    List<BudgetRaise> before = raises(List.of(account)).getOrDefault(locked, List.of());
    RaiseOutcome decided = RaiseOutcome.of(before, raise, most, onlyOnce);
    if (decided == RaiseOutcome.STORED) {
      Database.updateOne(
          jdbc.sql(
                  """
                  insert into budget_raises (
                    id, account_id, amount, until, created_at, created_by, share_instance_id,
                    share_grantee_id, share_given_via)
                  values (
                    :raise, :account, :amount, :until, :created_at, :by, :service, :grantee,
                    :given_via)
                  """)
              .param("raise", raise.id())
              .param("account", locked)
              .param("amount", raise.amount())
              .param("until", Parameters.at(raise.until()))
              .param("created_at", Parameters.at(raise.createdAt()))
              .param("by", author.value())
              .param(
                  "service",
                  Parameters.orNull(
                      grantee, g -> BudgetHolder.of(account.subject()).service().orElseThrow()))
              .param("grantee", Parameters.orNull(grantee, GranteeId::value))
              .param("given_via", Parameters.orNull(grantee, g -> author.value())));
    }
    return decided;
  }

  @Override
  public boolean end(BudgetAccount account, UUID raise) {
    return jdbc.sql(
                """
                update budget_raises
                set until = budget_clock()
                where id = :raise and account_id = :account and until > budget_clock()
                """)
            .param("raise", raise)
            .param("account", account.id())
            .update()
        == 1;
  }
}
