package io.claviger.persistence.budgets;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Row;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The opening entries in table {@code budget_openings}. Each entry states how much another system
 * had charged to a budget's present window before an import. Imports create these entries, so that
 * an imported budget continues from the amount already spent.
 */
public final class BudgetOpenings {
  private final JdbcClient jdbc;

  public BudgetOpenings(Database database) {
    this.jdbc = database.jdbc();
  }

  /**
   * Charges an account for its present window, in the import's transaction. Also records the
   * opening entry in the audit trail. A second entry for the same window and system changes
   * nothing.
   *
   * <p>If this method creates the present window, the window also includes what is already stored
   * of its holder's usage without the budget. So usage of the present window must be imported after
   * this call, or not at all.
   *
   * @param spent the amount already spent, in the smallest part of the account's unit
   * @param importedFrom the system from which the import comes
   * @return whether the amount was charged to the account
   * @throws InvalidValue if the amount is not positive, or is larger than any amount that a budget
   *     can have spent
   */
  public boolean open(BudgetAccount account, long spent, String importedFrom) {
    if (spent < 1 || spent > account.key().unit().most()) {
      throw new InvalidValue("spent", "1 to " + account.key().unit().most());
    }
    return jdbc.sql("select open_budget(:id, :subject, :unit, :period, :zone, :spent, :from)")
        .param("id", account.id())
        .param("subject", account.subject())
        .param("unit", account.key().unit().wireName())
        .param("period", account.key().window().wireName())
        .param("zone", account.key().zone().name())
        .param("spent", spent)
        .param("from", importedFrom)
        .query(Boolean.class)
        .single();
  }

  /**
   * Takes back what {@link #open} charged to all accounts of some holders, in the transaction that
   * undoes the import. The charges for calls remain. An account to which nothing else was ever
   * charged is removed.
   *
   * @param subjects the holders of the accounts, such as {@code token:} followed by an id
   * @param importedFrom the system from which the import came
   */
  public void close(Collection<String> subjects, String importedFrom) {
    String[] holders = subjects.toArray(String[]::new);
    // Like all code that changes windows, this method locks the rows of the windows first. This
    // method locks all windows of the accounts, so that no node can lease a part of a window before
    // the window's account is removed.
    List<UUID> opened =
        ids(
            jdbc.sql(
                    """
                    select b.account_id as id
                    from budget_windows b
                    where b.account_id in (
                      select o.account_id
                      from budget_accounts a
                      join budget_openings o on o.account_id = a.id
                      where a.subject = any(:subjects) and o.imported_from = :from)
                    order by b.account_id, b.starts_at
                    for update
                    """)
                .param("subjects", holders)
                .param("from", importedFrom));
    if (opened.isEmpty()) {
      return;
    }
    UUID[] accounts = opened.stream().distinct().toArray(UUID[]::new);
    Database.update(
        jdbc.sql(
                """
                with closed as (
                  delete from budget_openings
                  where account_id = any(:accounts) and imported_from = :from
                  returning account_id, starts_at, amount)
                update budget_windows b
                set settled = greatest(b.settled - c.amount, 0), touched_at = budget_clock()
                from closed c
                where b.account_id = c.account_id and b.starts_at = c.starts_at
                """)
            .param("accounts", accounts)
            .param("from", importedFrom));
    // An account is locked while a node opens one of the account's windows, or while a user raises
    // the account's budget. A locked account is not removed.
    List<UUID> locked =
        ids(
            jdbc.sql(
                    """
                    select id from budget_accounts
                    where id = any(:accounts)
                    order by id for update skip locked
                    """)
                .param("accounts", accounts));
    Database.update(
        jdbc.sql(
                """
                delete from budget_accounts a
                where a.id = any(:accounts)
                  and not exists (select from budget_raises r where r.account_id = a.id)
                  and not exists (select from budget_leases l where l.account_id = a.id)
                  and not exists (
                    select from budget_windows b
                    where b.account_id = a.id and (b.settled > 0 or b.reserved > 0))
                """)
            .param("accounts", locked.toArray(UUID[]::new)));
  }

  private static List<UUID> ids(JdbcClient.StatementSpec query) {
    return query.query(Row.mapper(row -> row.uuid("id"))).list();
  }
}
