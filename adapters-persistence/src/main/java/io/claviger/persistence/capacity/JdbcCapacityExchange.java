package io.claviger.persistence.capacity;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.claviger.application.capacity.port.CapacityExchange;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.fairness.CapacityAccount;
import io.claviger.domain.fairness.CapacityGrant;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.LimitStatement;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.usage.UsageModel;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Implements {@link CapacityExchange} with rows that the nodes lock one after the other. All times
 * come from the database's clock. The accounts are in an unlogged table, which is empty after a
 * crash of the database server. After such a crash, accounts begin with empty buckets. The tables
 * with counts lose only the last moments before the crash.
 */
public final class JdbcCapacityExchange implements CapacityExchange {
  /**
   * The maximum number of models of a capacity that have their own limits, on all nodes together.
   */
  private static final int MOST_MODELS = 256;

  private static final int MOST_ATTEMPTS = 3;

  /**
   * The key of a row that is always in the table of accounts. If the row is missing, a crash has
   * emptied the table, and other accounts might be lost too. The row is then inserted again.
   */
  private static final String BEGINNING = "*";

  /**
   * The time, in milliseconds, for which new accounts begin with empty buckets after a crash has
   * emptied the table. After this time, even a bucket that was empty at the crash would be full.
   */
  private static final long DOUBTFUL_MILLIS = 6_000;

  private final JdbcClient jdbc;
  private final Database database;

  public JdbcCapacityExchange(Database database) {
    this.database = database;
    this.jdbc = database.jdbc();
  }

  @Override
  public List<CapacityGrant> exchange(List<AccountStatement> each) {
    if (each.isEmpty()) {
      return List.of();
    }
    // If an exchange has waited for the lock on an account in vain, a later exchange handles this
    // account, because the other accounts would otherwise have to wait together with this account.
    return ConcurrencyConflict.repeated(
        MOST_ATTEMPTS, () -> database.transactions().inTransaction(() -> exchangeOnce(each)));
  }

  private List<CapacityGrant> exchangeOnce(List<AccountStatement> each) {
    begin(each);
    Map<Account, byte[]> states = lock(each);
    Database.require(each.size(), states.size());
    learn(each);
    Map<Account, Allowed> allowed = allowed(each);
    List<CapacityGrant> grants = new ArrayList<>(each.size());
    List<byte[]> next = new ArrayList<>(each.size());
    for (AccountStatement statement : each) {
      Allowed now = Objects.requireNonNull(allowed.get(statement.account()));
      CapacityAccount account = now.read(Objects.requireNonNull(states.get(statement.account())));
      grants.add(account.exchange(statement.wanted(), now.millis()));
      next.add(account.write());
    }
    store(each, next);
    count(each);
    describe(each);
    return grants;
  }

  /**
   * Inserts the missing rows. A crash of the database server can lose the counts of the last
   * moments before it. A node stops waiting for a locked account long before the node's leases end.
   * A time limit makes the server end the session if a node dies or hangs while it holds locks on
   * accounts. Without the time limit, the server might notice the dead connection only after hours.
   */
  private void begin(List<AccountStatement> each) {
    Database.update(
        accounts(
                """
                with unsynchronized as materialized (
                  select set_config('synchronous_commit', 'off', true),
                    set_config('lock_timeout', '250ms', true),
                    set_config('idle_in_transaction_session_timeout', '1s', true))
                insert into capacity_accounts (capacity, model, state, changed_at)
                select w.capacity, w.model, cast('' as bytea), clock_timestamp()
                from unsynchronized, (
                  select cast(:beginning as text), '' union all select * from unnest(:capacities, :models))
                  as w (capacity, model)
                order by 1, 2
                on conflict do nothing
                """,
                each)
            .param("beginning", BEGINNING));
  }

  private StatementSpec accounts(String sql, List<AccountStatement> each) {
    return jdbc.sql(sql)
        .param("capacities", Parameters.texts(each, one -> one.account().capacity().value()))
        .param("models", Parameters.texts(each, one -> one.account().model().name()));
  }

  private Map<Account, byte[]> lock(List<AccountStatement> each) {
    return accounts(
            """
            select a.capacity, a.model, a.state
            from capacity_accounts a
            join unnest(:capacities, :models) as w (capacity, model) using (capacity, model)
            order by a.capacity, a.model
            for update of a
            """,
            each)
        .query((row, number) -> Map.entry(account(Row.of(row)), row.getBytes("state")))
        .list()
        .stream()
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Account account(Row row) throws SQLException {
    return new Account(new CapacityKey(row.text("capacity")), new UsageModel(row.text("model")));
  }

  private record Learned(Account account, LimitStatement stated) {}

  /**
   * Stores the limits that providers stated in answers. The number of rows is limited, even if a
   * provider keeps stating limits for new models.
   */
  private void learn(List<AccountStatement> each) {
    List<Learned> all = new ArrayList<>();
    for (AccountStatement statement : each) {
      Map<PaceLimit, LimitStatement> newest = new EnumMap<>(PaceLimit.class);
      for (LimitStatement stated : statement.wanted().learned()) {
        if (stated.perMinute().isPresent()) {
          newest.put(stated.limit(), stated);
        }
      }
      newest.values().forEach(stated -> all.add(new Learned(statement.account(), stated)));
    }
    if (all.isEmpty()) {
      return;
    }
    Database.update(
        jdbc.sql(
                """
                insert into capacity_limits (
                  capacity, model, limit_name, learned, learned_at, left_over, resets_at)
                select w.capacity, w.model, w.limit_name, w.learned, clock_timestamp(), w.left_over,
                  clock_timestamp() + make_interval(secs => w.resets_millis / 1000.0)
                from unnest(:capacities, :models, :limits, :learned, :left, :resets)
                  as w (capacity, model, limit_name, learned, left_over, resets_millis)
                where exists (
                    select from capacity_limits l
                    where l.capacity = w.capacity and l.model = w.model)
                  or (
                    select count(distinct l.model) from capacity_limits l
                    where l.capacity = w.capacity) < :most_models
                order by 1, 2, 3
                on conflict (capacity, model, limit_name) do update set
                  learned = excluded.learned, learned_at = excluded.learned_at,
                  left_over = excluded.left_over, resets_at = excluded.resets_at
                """)
            .param("capacities", Parameters.texts(all, one -> one.account().capacity().value()))
            .param("models", Parameters.texts(all, one -> one.account().model().name()))
            .param("limits", Parameters.texts(all, one -> one.stated().limit().wireName()))
            .param("learned", Parameters.longs(all, one -> one.stated().perMinute().orElseThrow()))
            .param("left", optional(all, one -> one.stated().left()))
            .param("resets", optional(all, one -> resets(one.stated())))
            .param("most_models", MOST_MODELS));
  }

  private static OptionalLong resets(LimitStatement stated) {
    return stated.resetsIn().isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.clamp(stated.resetsIn().get().toSeconds(), 0, 86_400) * 1_000L);
  }

  private static <T> @Nullable Long[] optional(List<T> each, Function<T, OptionalLong> number) {
    @Nullable Long[] numbers = new Long[each.size()];
    for (int i = 0; i < numbers.length; i++) {
      OptionalLong some = number.apply(each.get(i));
      numbers[i] = some.isPresent() ? Math.min(some.getAsLong(), PaceLimits.MOST) : null;
    }
    return numbers;
  }

  /**
   * An account's present limits.
   *
   * @param millis the present time of the database's clock, in milliseconds
   * @param beginning the time at which the first account was inserted, in milliseconds of the
   *     database's clock
   */
  private record Allowed(ProviderLimits limits, long millis, long beginning) {
    CapacityAccount read(byte[] state) {
      if (state.length > 0) {
        return CapacityAccount.read(state, limits, millis);
      }
      return millis - beginning < DOUBTFUL_MILLIS
          ? CapacityAccount.empty(limits, millis)
          : new CapacityAccount(limits, millis);
    }
  }

  /**
   * Reads what the accounts may use. The statement acquires its locks before it reads the limits
   * and the time.
   */
  private Map<Account, Allowed> allowed(List<AccountStatement> each) {
    return accounts(
            """
            select w.capacity, w.model,
              floor(extract(epoch from clock_timestamp()) * 1000)::bigint as millis,
              coalesce((
                select floor(extract(epoch from b.changed_at) * 1000)::bigint
                from capacity_accounts b where b.capacity = :beginning and b.model = ''), 0)
                as beginning,
              s.*,
              array(
                select l.limit_name || ' ' || l.learned from capacity_limits l
                where l.capacity = w.capacity and l.model = w.model
                  and l.learned_at > clock_timestamp() - interval '1 hour') as learned
            from unnest(:capacities, :models) as w (capacity, model)
            left join lateral (
              select min(i.provider_requests_per_minute) as provider_requests_per_minute,
                min(i.provider_tokens_per_minute) as provider_tokens_per_minute,
                min(i.provider_input_tokens_per_minute) as provider_input_tokens_per_minute,
                min(i.provider_output_tokens_per_minute) as provider_output_tokens_per_minute,
                min(i.provider_concurrent_calls) as provider_concurrent_calls
              from (
                select one.* from instances one
                where w.capacity like 'service:%' and w.model = ''
                  and one.id = case when w.capacity like 'service:%'
                    then cast(split_part(w.capacity, ':', 2) as uuid) end
                union all
                select grouped.* from instances grouped
                where w.capacity like 'group:%' and w.model = ''
                  and grouped.owner_id = case when w.capacity like 'group:%'
                    then cast(split_part(w.capacity, ':', 2) as uuid) end
                  and grouped.capacity_group = split_part(w.capacity, ':', 3)) i) s on true
            """,
            each)
        .param("beginning", BEGINNING)
        .query((row, number) -> Map.entry(account(Row.of(row)), allowed(Row.of(row))))
        .list()
        .stream()
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Allowed allowed(Row row) throws SQLException {
    ProviderLimits learned =
        new ProviderLimits(
            amounts(row.optionalTexts("learned").orElse(List.of())), OptionalInt.empty());
    return new Allowed(
        Parameters.providerLimits(row).and(learned),
        row.bigNumber("millis"),
        row.bigNumber("beginning"));
  }

  /** Reads limits from texts. Each text consists of a limit's name, a space and an amount. */
  private static PaceLimits amounts(Collection<String> each) {
    EnumMap<PaceLimit, Long> learned = new EnumMap<>(PaceLimit.class);
    for (String text : each) {
      String[] parts = text.split(" ", 2);
      Optional<PaceLimit> limit = limit(parts[0]);
      if (limit.isPresent()) {
        learned.put(limit.get(), Long.parseLong(parts[1]));
      }
    }
    return new PaceLimits(learned);
  }

  private static Optional<PaceLimit> limit(String name) {
    for (PaceLimit limit : PaceLimit.values()) {
      if (limit.wireName().equals(name)) {
        return Optional.of(limit);
      }
    }
    return Optional.empty();
  }

  private void store(List<AccountStatement> each, List<byte[]> states) {
    int rows =
        accounts(
                """
                update capacity_accounts a
                set state = w.state, changed_at = clock_timestamp()
                from unnest(:capacities, :models, cast(:states as bytea[]))
                  as w (capacity, model, state)
                where a.capacity = w.capacity and a.model = w.model
                """,
                each)
            .param("states", states.toArray(byte[][]::new))
            .update();
    Database.require(each.size(), rows);
  }

  private record Counted(Account account, UUID borrower, CallCounts counts) {}

  private void count(List<AccountStatement> each) {
    List<Counted> all = new ArrayList<>();
    for (AccountStatement statement : each) {
      statement
          .counts()
          .forEach((id, counts) -> all.add(new Counted(statement.account(), id, counts)));
    }
    if (all.isEmpty()) {
      return;
    }
    Database.update(
        jdbc.sql(
                """
                insert into capacity_minutes (
                  capacity, model, minute, borrower, requests, input_tokens, output_tokens, waited,
                  waited_ms, refused)
                select w.capacity, w.model, date_trunc('minute', clock_timestamp(), 'UTC'),
                  w.borrower, greatest(0, w.requests), w.input_tokens, w.output_tokens, w.waited,
                  w.waited_ms, w.refused
                from unnest(
                  :capacities, :models, :borrowers, :requests, :input, :output, :waited, :waited_ms,
                  :refused)
                  as w (capacity, model, borrower, requests, input_tokens, output_tokens, waited,
                    waited_ms, refused)
                order by 1, 2, 3, 4
                on conflict (capacity, model, minute, borrower) do update set
                  requests = capacity_minutes.requests + excluded.requests,
                  input_tokens = capacity_minutes.input_tokens + excluded.input_tokens,
                  output_tokens = capacity_minutes.output_tokens + excluded.output_tokens,
                  waited = capacity_minutes.waited + excluded.waited,
                  waited_ms = capacity_minutes.waited_ms + excluded.waited_ms,
                  refused = capacity_minutes.refused + excluded.refused
                """)
            .param("capacities", Parameters.texts(all, one -> one.account().capacity().value()))
            .param("models", Parameters.texts(all, one -> one.account().model().name()))
            .param("borrowers", Parameters.uuids(all, Counted::borrower))
            .param("requests", Parameters.longs(all, one -> one.counts().requests()))
            .param("input", Parameters.longs(all, one -> one.counts().inputTokens()))
            .param("output", Parameters.longs(all, one -> one.counts().outputTokens()))
            .param("waited", Parameters.longs(all, one -> one.counts().waited()))
            .param("waited_ms", Parameters.longs(all, one -> one.counts().waitedMillis()))
            .param("refused", Parameters.longs(all, one -> one.counts().refused())));
    all.stream().filter(one -> one.counts().requests() < 0).forEach(this::takeBack);
  }

  /**
   * Subtracts calls that were counted, possibly in an earlier minute, but were never sent to the
   * provider.
   */
  private void takeBack(Counted counted) {
    Database.update(
        jdbc.sql(
                """
                update capacity_minutes m
                set requests = greatest(0, m.requests - :requests)
                where m.capacity = :capacity and m.model = :model and m.borrower = :borrower
                  and m.minute = (
                    select max(c.minute) from capacity_minutes c
                    where c.capacity = :capacity and c.model = :model and c.borrower = :borrower
                      and c.requests > 0)
                """)
            .param("capacity", counted.account().capacity().value())
            .param("model", counted.account().model().name())
            .param("borrower", counted.borrower())
            .param("requests", -counted.counts().requests()));
  }

  private void describe(List<AccountStatement> each) {
    Database.update(
        accounts(
                """
                insert into capacity_nodes (
                  capacity, model, node, waiting, longest_ms, concurrent, stated_at)
                select w.capacity, w.model, w.node, w.waiting, w.longest_ms, w.concurrent,
                  clock_timestamp()
                from unnest(:capacities, :models, :nodes, :waiting, :longest, :concurrent)
                  as w (capacity, model, node, waiting, longest_ms, concurrent)
                on conflict (capacity, model, node) do update set
                  waiting = excluded.waiting, longest_ms = excluded.longest_ms,
                  concurrent = excluded.concurrent, stated_at = excluded.stated_at
                """,
                each)
            .param("nodes", Parameters.uuids(each, one -> one.wanted().node()))
            .param("waiting", Parameters.ints(each, AccountStatement::waiting))
            .param("longest", Parameters.longs(each, AccountStatement::longestMillis))
            .param("concurrent", Parameters.ints(each, AccountStatement::underWay)));
  }

  @Override
  public Map<CapacityKey, Map<UsageModel, PaceLimits>> learned(Collection<CapacityKey> of) {
    record Known(Account account, String limit) {}
    List<Known> known =
        jdbc.sql(
                """
                select l.capacity, l.model, l.limit_name || ' ' || l.learned as learned
                from capacity_limits l
                where l.capacity = any(:capacities)
                  and l.learned_at > clock_timestamp() - interval '1 hour'
                """)
            .param("capacities", Parameters.texts(of, CapacityKey::value))
            .query((row, n) -> new Known(account(Row.of(row)), Row.of(row).text("learned")))
            .list();
    return known.stream()
        .collect(
            groupingBy(
                one -> one.account().capacity(),
                groupingBy(
                    one -> one.account().model(),
                    collectingAndThen(
                        toList(), some -> amounts(some.stream().map(Known::limit).toList())))));
  }

  @Override
  public void removeOld() {
    remove(
        "delete from capacity_minutes where minute < statement_timestamp() - interval '61 minutes'");
    remove(
        "delete from capacity_nodes where stated_at < statement_timestamp() - interval '10 seconds'");
    remove(
        """
        delete from capacity_accounts
        where changed_at < statement_timestamp() - interval '10 minutes' and capacity <> '*'
        """);
    // If the database's clock was set back, new accounts would begin with empty buckets until the
    // clock has caught up.
    remove(
        """
        update capacity_accounts set changed_at = statement_timestamp()
        where changed_at > statement_timestamp() and capacity = '*'
        """);
    remove(
        """
        delete from capacity_limits l
        where l.learned_at < clock_timestamp() - interval '1 hour'
          or (l.capacity like 'service:%' and not exists (
            select from instances i
            where i.id = cast(split_part(l.capacity, ':', 2) as uuid) and i.capacity_group is null))
          or (l.capacity like 'group:%' and not exists (
            select from instances i
            where i.owner_id = cast(split_part(l.capacity, ':', 2) as uuid)
              and i.capacity_group = split_part(l.capacity, ':', 3)))
        """);
  }

  private void remove(String sql) {
    Database.update(jdbc.sql(sql));
  }
}
