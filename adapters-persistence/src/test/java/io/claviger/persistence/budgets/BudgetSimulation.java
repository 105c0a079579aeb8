package io.claviger.persistence.budgets;

import io.claviger.persistence.budgets.model.LedgerReplay;
import io.claviger.persistence.budgets.model.LedgerReplay.Lease;
import io.claviger.persistence.budgets.model.LedgerReplay.WindowKey;
import io.claviger.persistence.shared.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Plays random histories against the functions in PostgreSQL, many side by side, and compares the
 * accounts after each step with what the calls truly spent and hold. Each step of the ledger has to
 * be one of the model's.
 */
final class BudgetSimulation {
  private static final Instant BEGINNING = Instant.parse("2026-03-07T23:58:40Z");
  private static final int STEPS = 8;

  private final JdbcClient sql;
  private final Database database;
  private long exchanges;
  private long admitted;
  private long refused;
  private long replayed;

  /**
   * @param source a database of its own, whose clock of budgets is replaced
   */
  BudgetSimulation(DataSource source) {
    this.sql = JdbcClient.create(source);
    this.database = new Database(source);
    leaveOutWhatIsBesideTheLedger();
    int unused =
        sql.sql(
                """
                create or replace function budget_clock() returns timestamp with time zone
                language sql volatile as $$
                  select current_setting('simulation.now')::timestamp with time zone
                $$
                """)
            .update();
  }

  /**
   * Switches off parts of the database that take a third of the time, and on which no history
   * depends.
   */
  private void leaveOutWhatIsBesideTheLedger() {
    int unused =
        sql.sql(
                """
                create or replace function budget_crossed(
                  of_account uuid, of_window timestamp with time zone,
                  from_percent integer, to_percent integer, allowed bigint)
                returns void language plpgsql as $$ begin end $$;

                create or replace function charged_since(
                  of_subject text, unit text, since timestamp with time zone)
                returns bigint language sql stable as $$ select 0::bigint $$;

                alter table batch_budgets set unlogged;
                alter table budget_openings set unlogged;
                alter table budget_raises set unlogged;
                alter table budget_leases set unlogged;
                alter table budget_windows set unlogged;
                alter table budget_accounts set unlogged;
                alter table budget_nodes set unlogged
                """)
            .update();
  }

  /** A source with one connection, as a simulation needs it. */
  static DataSource oneConnectionOf(DataSource pool) throws SQLException {
    return new SingleConnectionDataSource(pool.getConnection(), true);
  }

  /** What is in the ledger of one window. */
  private record Entry(UUID account, Instant startsAt, long settled, long reserved) {
    long sum() {
      return settled + reserved;
    }
  }

  /**
   * Plays histories side by side.
   *
   * @throws AssertionError when the promise is broken
   */
  void play(int histories, long seed) throws InterruptedException {
    Random random = new Random(seed);
    LedgerReplay replay = new LedgerReplay();
    LedgerBatches batches = new LedgerBatches(new JdbcBudgetLedger(database), replay);
    Instant now = BEGINNING;
    List<BudgetHistory> all = new ArrayList<>();
    for (int n = 0; n < histories; n++) {
      all.add(new BudgetHistory(random.nextLong(), batches, now));
    }
    Promise promise = new Promise(all);
    for (int step = 0; step < STEPS; step++) {
      now = now.plus(pause(random));
      set(now);
      replay.setClock(now);
      Instant at = now;
      batches.run(all.stream().<Runnable>map(h -> () -> h.step(at)).toList());
      raise(all, replay);
      writeOff(replay);
      promise.check(entries());
      replay.compare(leases());
    }
    all.forEach(BudgetHistory::endAllCalls);
    for (int n = 0; n < 12; n++) {
      now = now.plusSeconds(3);
      set(now);
      replay.setClock(now);
      Instant at = now;
      batches.run(all.stream().<Runnable>map(h -> () -> h.endAllNodes(at)).toList());
    }
    now = now.plusSeconds(61);
    set(now);
    writeOff(replay);
    promise.checkEnd(entries(), writtenOff());
    replay.compare(leases());
    replayed += replay.steps();
    exchanges += batches.exchanges();
    admitted += all.stream().mapToLong(BudgetHistory::admitted).sum();
    refused += all.stream().mapToLong(BudgetHistory::refused).sum();
    clear();
  }

  private static Duration pause(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> Duration.ofSeconds(62 + random.nextInt(30));
      case 1, 2 -> Duration.ofSeconds(5 + random.nextInt(20));
      default -> Duration.ofMillis(20 + random.nextInt(3_000));
    };
  }

  private void set(Instant now) {
    String unused =
        sql.sql("select set_config('simulation.now', :now, false)")
            .param("now", now.toString())
            .query(String.class)
            .single();
  }

  private void writeOff(LedgerReplay replay) {
    List<UUID> silent =
        sql.sql("select id from budget_nodes where ends_at <= budget_clock()")
            .query(UUID.class)
            .list();
    int unused = new JdbcBudgetLedger(database).writeOff();
    replay.expire(silent);
  }

  private Map<WindowKey, Map<UUID, Lease>> leases() {
    Map<WindowKey, Map<UUID, Lease>> leases = new HashMap<>();
    sql.sql(
            """
            select account_id, extract(epoch from starts_at)::bigint as started, node,
              began, sequence, spent, granted, written_off
            from budget_leases
            """)
        .query(
            row -> {
              WindowKey window =
                  new WindowKey(
                      row.getObject(1, UUID.class), Instant.ofEpochSecond(row.getLong(2)));
              Lease unused =
                  leases
                      .computeIfAbsent(window, key -> new HashMap<>())
                      .put(
                          row.getObject(3, UUID.class),
                          new Lease(
                              row.getLong(4),
                              row.getLong(5),
                              row.getLong(6),
                              row.getLong(7),
                              row.getLong(8)));
            });
    return leases;
  }

  private void raise(List<BudgetHistory> all, LedgerReplay replay) {
    List<SimulatedBudget.Raise> raises =
        all.stream().flatMap(h -> h.takeRaises().stream()).toList();
    for (SimulatedBudget.Raise raise : raises) {
      int made =
          sql.sql(
                  """
                  insert into budget_raises (id, account_id, amount, until, created_at)
                  select gen_random_uuid(), id, :amount,
                    cast(:until as timestamp with time zone),
                    cast(:made as timestamp with time zone)
                  from budget_accounts where id = :account
                  """)
              .param("account", raise.account().id())
              .param("amount", raise.amount())
              .param("until", raise.until().toString())
              .param("made", raise.made().toString())
              .update();
      if (made == 1) {
        replay.raise(raise.account().id(), raise.amount(), raise.until());
      }
    }
  }

  private List<Entry> entries() {
    int wrong =
        sql.sql(
                """
                select count(*) from budget_windows w
                left join (
                  select account_id, starts_at, sum(granted) as granted from budget_leases
                  group by account_id, starts_at) l
                on l.account_id = w.account_id and l.starts_at = w.starts_at
                where w.reserved <> coalesce(l.granted, 0)
                """)
            .query(Integer.class)
            .single();
    if (wrong > 0) {
      throw new AssertionError(wrong + " windows have reserved other than their leases grant");
    }
    return sql.sql(
            """
            select account_id, extract(epoch from starts_at)::bigint as started, settled, reserved
            from budget_windows
            """)
        .query(
            (row, number) ->
                new Entry(
                    row.getObject(1, UUID.class),
                    Instant.ofEpochSecond(row.getLong(2)),
                    row.getLong(3),
                    row.getLong(4)))
        .list();
  }

  private Map<UUID, Long> writtenOff() {
    Map<UUID, Long> written = new HashMap<>();
    sql.sql("select account_id, written_off from budget_leases where written_off > 0")
        .query(
            row -> {
              written.merge(row.getObject(1, UUID.class), row.getLong(2), Long::sum);
            });
    return written;
  }

  private void clear() {
    int unused = sql.sql("truncate budget_accounts, budget_nodes cascade").update();
  }

  /** What was played so far. */
  @Override
  public String toString() {
    return "%,d exchanges; %,d calls admitted, %,d refused; %,d steps replayed"
        .formatted(exchanges, admitted, refused, replayed);
  }

  /** Checks the accounts of some histories. */
  private static final class Promise {
    private final List<BudgetHistory> histories;
    private final Map<UUID, SimulatedBudget> budgets = new HashMap<>();
    private final Map<Entry, Long> before = new HashMap<>();

    Promise(List<BudgetHistory> histories) {
      this.histories = histories;
      histories.forEach(h -> h.budgets().forEach(b -> budgets.put(b.account().id(), b)));
    }

    void check(List<Entry> entries) {
      Map<UUID, Long> inAll = new HashMap<>();
      for (Entry entry : entries) {
        SimulatedBudget budget = budgets.get(entry.account());
        Entry key = new Entry(entry.account(), entry.startsAt(), 0, 0);
        long most = Math.max(budget.largest(), before.getOrDefault(key, 0L));
        if (entry.sum() > most) {
          throw new AssertionError("%s of %s, window %s".formatted(entry, most, budget.account()));
        }
        before.put(key, entry.sum());
        inAll.merge(entry.account(), entry.sum(), Long::sum);
      }
      for (SimulatedBudget budget : budgets.values()) {
        long known = inAll.getOrDefault(budget.account().id(), 0L);
        if (known < budget.usedInAll()) {
          throw new AssertionError(
              "%s is used of %s, of which the ledger knows %s"
                  .formatted(budget.usedInAll(), budget.account(), known));
        }
      }
    }

    void checkEnd(List<Entry> entries, Map<UUID, Long> writtenOff) {
      Map<UUID, Long> settled = new HashMap<>();
      for (Entry entry : entries) {
        if (entry.reserved() != 0) {
          throw new AssertionError("in the end something is reserved: " + entry);
        }
        settled.merge(entry.account(), entry.settled(), Long::sum);
      }
      for (BudgetHistory history : histories) {
        for (SimulatedBudget budget : history.budgets()) {
          long known = settled.getOrDefault(budget.account().id(), 0L);
          long lost = writtenOff.getOrDefault(budget.account().id(), 0L);
          boolean isRight =
              history.isLossless()
                  ? known - lost == budget.usedInAll()
                  : known >= budget.usedInAll() && known - lost <= budget.usedInAll();
          if (!isRight) {
            throw new AssertionError(
                "%s: %s settled, %s of it written off, but %s spent"
                    .formatted(budget.account(), known, lost, budget.usedInAll()));
          }
        }
      }
    }
  }
}
