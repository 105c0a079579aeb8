package io.claviger.persistence.budgets;

import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Row;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The ledger's rows that are no longer needed: empty leases; raises and windows that ended at least
 * 35 days ago; and accounts without windows. The account of a budget without an end is no longer
 * needed when its holder no longer exists.
 *
 * <p>Some statements read the clock in a subquery, so that PostgreSQL reads the clock once and then
 * searches an index. Without the subquery, PostgreSQL would compare each row with the clock.
 */
final class OldBudgetRows {
  /** The maximum number of rows that one statement reads or deletes. */
  private static final int AT_ONCE = 500;

  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private final Database database;
  private final JdbcClient jdbc;
  private final AtomicReference<UUID> seen = new AtomicReference<>(BEFORE_ALL);

  OldBudgetRows(Database database) {
    this.database = database;
    this.jdbc = database.jdbc();
  }

  /**
   * Removes some of the rows that are no longer needed. Returns the total number of deleted
   * accounts, leases and raises.
   */
  int remove() {
    return removeIdleLeases() + removeOldRaises() + removeOldWindows() + removeLeftAccounts();
  }

  private int removeOldRaises() {
    return jdbc.sql(
            """
            delete from budget_raises r
            where r.id in (
              select id from budget_raises
              where until < (select budget_clock()) - interval '35 days'
              order by until limit :most for update skip locked)
            """)
        .param("most", AT_ONCE)
        .update();
  }

  private int removeIdleLeases() {
    return jdbc.sql(
            """
            delete from budget_leases l
            using (
              select account_id, starts_at, node from budget_leases
              where granted = 0 and touched_at < budget_clock() - interval '10 minutes'
                and (written_off = 0 or touched_at < budget_clock() - interval '1 day')
              limit :most for update skip locked) idle
            where l.account_id = idle.account_id and l.starts_at = idle.starts_at
              and l.node = idle.node
            """)
        .param("most", 10 * AT_ONCE)
        .update();
  }

  private int removeOldWindows() {
    return database
        .transactions()
        .inTransaction(
            () -> {
              List<UUID> emptied = deleteOldWindows();
              return emptied.isEmpty() ? 0 : removeUnused(locked(emptied));
            });
  }

  /** Returns the accounts of the deleted windows. */
  private List<UUID> deleteOldWindows() {
    return ids(
        jdbc.sql(
                """
                delete from budget_windows w
                using (
                  select account_id, starts_at from budget_windows
                  where ends_at < (select budget_clock()) - interval '35 days'
                  order by ends_at limit :most for update skip locked) o
                where w.account_id = o.account_id and w.starts_at = o.starts_at
                returning w.account_id as id
                """)
            .param("most", AT_ONCE));
  }

  /**
   * Locks the accounts that no other transaction has locked. A node that opens a window, or a user
   * who raises a budget, locks the account too. So the next statement sees all windows and raises
   * that were added before, and no further ones can be added. A single statement that takes the
   * lock and then reads would miss windows and raises that were added while the statement waited
   * for the lock.
   */
  private List<UUID> locked(List<UUID> accounts) {
    return ids(
        jdbc.sql(
                """
                select id from budget_accounts
                where id = any (:accounts)
                order by id for update skip locked
                """)
            .param("accounts", accounts.toArray(UUID[]::new)));
  }

  private static List<UUID> ids(JdbcClient.StatementSpec query) {
    return query.query((row, number) -> Row.of(row).uuid("id")).list();
  }

  private int removeUnused(List<UUID> locked) {
    return jdbc.sql(
            """
            delete from budget_accounts a
            where a.id = any (:accounts)
              and not exists (
                select from budget_windows w
                where w.account_id = a.id
                  and (w.ends_at is null or w.ends_at >= budget_clock() - interval '35 days'))
              and not exists (
                select from budget_raises r
                where r.account_id = a.id and r.until >= budget_clock() - interval '35 days')
            """)
        .param("accounts", locked.toArray(UUID[]::new))
        .update();
  }

  /**
   * Checks some of the accounts. The next call continues with the next accounts, and starts again
   * after the last. Accounts without an existing holder are kept for 400 days. Tokens that were
   * created with a deleted token are still charged to the deleted token's account.
   */
  private int removeLeftAccounts() {
    List<UUID> some =
        ids(
            jdbc.sql("select id from budget_accounts where id > :seen order by id limit :most")
                .param("seen", seen.get())
                .param("most", AT_ONCE));
    seen.set(some.size() < AT_ONCE ? BEFORE_ALL : some.getLast());
    return some.isEmpty()
        ? 0
        : database.transactions().inTransaction(() -> removeLeft(locked(some)));
  }

  private int removeLeft(List<UUID> locked) {
    return jdbc.sql(
            """
            delete from budget_accounts a
            using (
              select b.id, split_part(b.subject, ':', 1) as kind,
                split_part(b.subject, ':', 2) as holder
              from budget_accounts b
              where b.id = any (:accounts)
                and b.subject ~ '^(service|token|user|group|project):[0-9a-f-]{36}') h
            where a.id = h.id
              and not exists (select from budget_raises r where r.account_id = a.id)
              and not exists (
                select from budget_windows w
                where w.account_id = a.id
                  and (w.touched_at >= budget_clock() - interval '400 days'
                    or case h.kind
                      when 'service' then exists (select from instances where id = h.holder::uuid)
                      when 'token' then exists (select from access_tokens where id = h.holder::uuid)
                      when 'user' then exists (select from users where id = h.holder::uuid)
                      when 'project' then exists (select from projects where id = h.holder::uuid)
                      else exists (select from groups where id = h.holder::uuid) end))
            """)
        .param("accounts", locked.toArray(UUID[]::new))
        .update();
  }
}
