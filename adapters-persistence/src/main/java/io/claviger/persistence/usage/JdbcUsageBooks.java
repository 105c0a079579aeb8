package io.claviger.persistence.usage;

import io.claviger.application.shared.port.Transactions;
import io.claviger.application.usage.port.AccountCharge;
import io.claviger.application.usage.port.RefusalSum;
import io.claviger.application.usage.port.RefusedCalls;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageOverview;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.application.usage.port.UsageQuestion;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageRow;
import io.claviger.domain.usage.UsageSum;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link UsageStore} with the table {@code usage_daily}. One statement writes a whole
 * batch of rows. Other statements run first, and find out which models of the batch are counted
 * separately. The column {@code model} contains model keys.
 */
public final class JdbcUsageBooks implements UsageStore {
  /**
   * The order in which all nodes lock the rows of a batch. This order prevents deadlocks between
   * nodes.
   */
  private static final Comparator<UsageRow> ORDER =
      Comparator.comparing(
          (UsageRow row) ->
              String.join(
                  " ",
                  row.day().toString(),
                  row.account().user().value().toString(),
                  row.account().instance().value().toString(),
                  project(row),
                  source(row),
                  row.model().key(),
                  Long.toString(row.prices().forService()),
                  Long.toString(row.prices().forCallers())));

  /**
   * How many days the database remembers the last batch of a writer. If a node does not know
   * whether its batch was stored, it repeats the batch as soon as the database answers this node
   * again. By then, other nodes might have stored batches for days, or the database's clock might
   * have been days ahead.
   */
  private static final int DAYS_REMEMBERED = 31;

  private static final String SATURATING =
      UsageCountRows.COLUMNS.each("%1$s = add_saturating(u.%1$s, excluded.%1$s)");

  /** The maximum time for summing up a month in which many callers made calls. */
  private static final Duration LONGEST_SUM = Duration.ofMinutes(30);

  private final Database database;
  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final UsageModels models;
  private final UsageLists lists;
  private final UsageSums sums;
  private final UsageOverviews overviews;

  public JdbcUsageBooks(Database database) {
    this.database = database;
    this.jdbc = database.jdbc();
    this.transactions = database.transactions();
    this.models = new UsageModels(jdbc);
    this.lists = new UsageLists(database);
    this.sums = new UsageSums(database);
    this.overviews = new UsageOverviews(database);
  }

  @Override
  public void add(UsageBatch batch) {
    try {
      addWhole(batch);
    } catch (DataIntegrityViolationException e) {
      throw new UsageRefused(reason(e), e);
    }
  }

  /**
   * Returns the database error's code. Leaves out the error's text, because the text can contain
   * parts of the rows.
   */
  private static String reason(DataIntegrityViolationException refused) {
    return refused.getMostSpecificCause() instanceof SQLException sql && sql.getSQLState() != null
        ? "SQLSTATE " + sql.getSQLState()
        : "data refused";
  }

  private void addWhole(UsageBatch batch) {
    List<UsageRow> ordered =
        lines(withFewLines(models.bounded(batch.rows()))).stream().sorted(ORDER).toList();
    int added =
        jdbc.sql(
                """
                with gone as (
                  delete from usage_writers
                  where written_at < statement_timestamp() - make_interval(days => :remembered)
                    and writer <> :writer),
                first_time as (
                  insert into usage_writers as w (writer, batch) values (:writer, :batch)
                  on conflict on constraint usage_writers_pkey do update
                  set batch = excluded.batch, written_at = excluded.written_at
                  where w.batch < excluded.batch
                  returning batch),
                charged as (
                  insert into usage_charges as c (account, quarter, requests, tokens, cost)
                  select w.account, w.quarter, w.requests, w.tokens, w.cost
                  from first_time, unnest(
                    :accounts, cast(:quarters as timestamptz[]), :charged_requests,
                    :charged_tokens, :charged_cost)
                    as w (account, quarter, requests, tokens, cost)
                  order by w.account, w.quarter
                  on conflict on constraint usage_charges_pkey do update set
                    requests = add_saturating(c.requests, excluded.requests),
                    tokens = add_saturating(c.tokens, excluded.tokens),
                    cost = add_saturating(c.cost, excluded.cost)),
                refused as (
                  insert into refused_calls as r (
                    day, user_id, user_handle, instance_id, instance_ref, owner_id, code, calls)
                  select w.day::date, w.user_id::uuid, min(w.user_handle), w.instance_id::uuid,
                    min(w.instance_ref), min(w.owner_id)::uuid, w.code, sum(w.calls)
                  from first_time, unnest(
                    :refused_days, :refused_users, :refused_handles, :refused_instances,
                    :refused_refs, :refused_owners, :refused_codes, :refused_calls)
                    as w (
                      day, user_id, user_handle, instance_id, instance_ref, owner_id, code, calls)
                  group by 1, 2, 4, 7
                  order by 1, 2, 4, 7
                  on conflict on constraint refused_calls_pkey do update set
                    calls = add_saturating(r.calls, excluded.calls)),
                attributed as (
                  insert into attributed_users as a (
                    instance_id, owner_id, user_id, user_handle, last_used)
                  select c.instance_id::uuid, c.owner_id::uuid, c.user_id::uuid,
                    min(c.user_handle), max(c.day::date)
                  from first_time, unnest(:instances, :owners, :users, :user_handles, :days, :sources)
                    as c (instance_id, owner_id, user_id, user_handle, day, key_source)
                  where c.key_source <> 'user'
                  group by 1, 2, 3
                  order by 1, 2, 3
                  on conflict on constraint attributed_users_pkey do update
                  set last_used = excluded.last_used, user_handle = excluded.user_handle
                  where a.last_used < excluded.last_used)
                insert into usage_daily as u (
                  day, user_id, user_handle, instance_id, instance_ref, owner_id,
                  project_id, project_ref, project_owner_id, key_source, model,
                  price_version, callers_price_version,
                  %s, fees)
                select
                  day::date, user_id::uuid, user_handle, instance_id::uuid, instance_ref,
                  owner_id::uuid, project_id::uuid, project_ref, project_owner_id::uuid, key_source,
                  model, price_version, callers_price_version,
                  %s, cast(fees as bigint[])
                from first_time, unnest(
                  :days, :users, :user_handles, :instances, :instance_refs, :owners,
                  :projects, :project_refs, :project_owners, :sources, :models,
                  :price_versions, :callers_price_versions,
                  %s, :fees)
                  as each (
                    day, user_id, user_handle, instance_id, instance_ref, owner_id,
                    project_id, project_ref, project_owner_id, key_source, model,
                    price_version, callers_price_version,
                    %s, fees)
                on conflict on constraint usage_daily_pkey do update set
                  %s,
                  fees = coalesce(add_fees(u.fees, excluded.fees), u.fees, excluded.fees)
                """
                    .formatted(
                        UsageCountRows.COLUMNS,
                        UsageCountRows.COLUMNS,
                        UsageCountRows.COLUMNS.parameters(),
                        UsageCountRows.COLUMNS,
                        SATURATING))
            .param("remembered", DAYS_REMEMBERED)
            .param("writer", batch.writer())
            .param("batch", batch.number())
            .param("accounts", Parameters.texts(batch.charges(), AccountCharge::account))
            .param("quarters", Parameters.texts(batch.charges(), c -> c.quarter().toString()))
            .param("charged_requests", Parameters.longs(batch.charges(), AccountCharge::requests))
            .param("charged_tokens", Parameters.longs(batch.charges(), AccountCharge::tokens))
            .param("charged_cost", Parameters.longs(batch.charges(), AccountCharge::nanoDollars))
            .param("refused_days", refused(batch, r -> r.day().toString()))
            .param("refused_users", refused(batch, r -> r.account().user().value().toString()))
            .param("refused_handles", refused(batch, r -> r.account().handle().value()))
            .param(
                "refused_instances", refused(batch, r -> r.account().instance().value().toString()))
            .param("refused_refs", refused(batch, r -> r.account().ref().toString()))
            .param("refused_owners", refused(batch, r -> r.account().owner().value().toString()))
            .param("refused_codes", refused(batch, CountedRefusals::code))
            .param("refused_calls", Parameters.longs(batch.refusals(), CountedRefusals::calls))
            .param("days", Parameters.texts(ordered, r -> r.day().toString()))
            .param("users", Parameters.texts(ordered, r -> r.account().user().value().toString()))
            .param("user_handles", Parameters.texts(ordered, r -> r.account().handle().value()))
            .param(
                "instances",
                Parameters.texts(ordered, r -> r.account().instance().value().toString()))
            .param("instance_refs", Parameters.texts(ordered, r -> r.account().ref().toString()))
            .param("owners", Parameters.texts(ordered, r -> r.account().owner().value().toString()))
            .param("projects", Parameters.texts(ordered, JdbcUsageBooks::project))
            .param(
                "project_refs",
                Parameters.optionalTexts(ordered, r -> ofProject(r, p -> p.ref().toString())))
            .param(
                "project_owners",
                Parameters.optionalTexts(
                    ordered, r -> ofProject(r, p -> p.owner().value().toString())))
            .param("sources", Parameters.texts(ordered, JdbcUsageBooks::source))
            .param("models", Parameters.texts(ordered, r -> r.model().key()))
            .param("price_versions", versions(ordered, PriceVersions::forService))
            .param("callers_price_versions", versions(ordered, PriceVersions::forCallers))
            .params(UsageCountRows.parameters(ordered))
            .param(
                "fees",
                Parameters.optionalTexts(
                    ordered, r -> Optional.ofNullable(UsageCountRows.fees(r.counts().fees()))))
            .update();
    if (added != 0 && added != ordered.size()) {
      throw new IllegalStateException(ordered.size() + " rows expected, " + added + " added");
    }
  }

  /**
   * Returns the rows, with {@link CountedModel#OTHER} instead of the models in new lines of callers
   * who already have {@link CountedModel#MOST_LINES} lines on that day at the services of the same
   * owner. The limit can be exceeded by the batches that nodes store at the same moment. The first
   * and the last day tell PostgreSQL which months it can leave out when it plans the statement.
   */
  private List<UsageRow> withFewLines(List<UsageRow> rows) {
    List<UsageRow> named =
        rows.stream()
            .filter(row -> row.model().isKnown() && !row.model().equals(CountedModel.OTHER))
            .toList();
    if (named.isEmpty()) {
      return rows;
    }
    List<LocalDate> days = named.stream().map(UsageRow::day).toList();
    Set<UsagePosition> beyond =
        jdbc.sql(
                """
                with wanted as (
                  select w.place, w.day::date as day, w.user_id::uuid as user_id,
                    w.owner_id::uuid as owner_id, w.instance_id::uuid as instance_id,
                    w.project_id::uuid as project_id, w.key_source, w.model, w.price_version,
                    w.callers_price_version
                  from unnest(
                    :days, :users, :owners, :instances, :projects, :sources, :models,
                    :price_versions, :callers_price_versions)
                    with ordinality as w (
                      day, user_id, owner_id, instance_id, project_id, key_source, model,
                      price_version, callers_price_version, place)),
                fresh as materialized (
                  select w.place, w.day, w.user_id, w.owner_id,
                    row_number() over (
                      partition by w.day, w.user_id, w.owner_id order by w.place) as number
                  from wanted w
                  where not exists (
                    select from usage_daily u
                    where u.day between :first and :last
                      and u.day = w.day and u.user_id = w.user_id
                      and u.instance_id = w.instance_id and u.project_id = w.project_id
                      and u.key_source = w.key_source and u.model = w.model
                      and u.price_version = w.price_version
                      and u.callers_price_version = w.callers_price_version)),
                stored as (
                  select c.day, c.user_id, c.owner_id, (
                    select count(*)
                    from (
                      select from usage_daily u
                      where u.day between :first and :last
                        and u.owner_id = c.owner_id and u.day = c.day and u.user_id = c.user_id
                      limit :most) few) as lines
                  from fresh c
                  where c.number = 1)
                select f.place
                from fresh f
                join stored s
                  on s.day = f.day and s.user_id = f.user_id and s.owner_id = f.owner_id
                where s.lines + f.number > :most
                """)
            .param("days", Parameters.texts(named, r -> r.day().toString()))
            .param("users", Parameters.texts(named, r -> r.account().user().value().toString()))
            .param("owners", Parameters.texts(named, r -> r.account().owner().value().toString()))
            .param(
                "instances",
                Parameters.texts(named, r -> r.account().instance().value().toString()))
            .param("projects", Parameters.texts(named, JdbcUsageBooks::project))
            .param("sources", Parameters.texts(named, JdbcUsageBooks::source))
            .param("models", Parameters.texts(named, r -> r.model().key()))
            .param("price_versions", versions(named, PriceVersions::forService))
            .param("callers_price_versions", versions(named, PriceVersions::forCallers))
            .param("most", CountedModel.MOST_LINES)
            .param("first", Collections.min(days))
            .param("last", Collections.max(days))
            .query((rs, n) -> UsagePosition.of(named.get(rs.getInt("place") - 1)))
            .set();
    return beyond.isEmpty()
        ? rows
        : rows.stream()
            .map(row -> beyond.contains(UsagePosition.of(row)) ? row.ofOtherModel() : row)
            .toList();
  }

  private static String[] refused(UsageBatch batch, Function<CountedRefusals, String> text) {
    return Parameters.texts(batch.refusals(), text);
  }

  @Override
  public List<RefusalSum> refusalSums(
      RefusalFilter filter,
      Set<RefusalSum.Dimension> dimensions,
      Optional<List<String>> after,
      int limit) {
    return uncompiled(() -> lists.refusalSums(filter, dimensions, after, limit));
  }

  @Override
  public List<RefusedCalls> refusals(
      RefusalFilter filter, Optional<List<String>> after, int limit) {
    return uncompiled(() -> lists.refusals(filter, after, limit));
  }

  @Override
  public List<UsageSum> sums(
      Optional<User.Id> viewer,
      UsageFilter filter,
      Set<UsageDimension> dimensions,
      Optional<List<String>> after,
      int limit) {
    return uncompiled(() -> sums.find(viewer, filter, dimensions, after, limit));
  }

  @Override
  public UsageOverview overview(Optional<User.Id> viewer, UsageQuestion question) {
    return uncompiled(() -> overviews.find(viewer, question));
  }

  /**
   * Reads a report without PostgreSQL's just-in-time compiler. PostgreSQL expects that it has to
   * read all lines of usage, so it would spend seconds on compiling a statement that runs for
   * milliseconds.
   */
  private <T> T uncompiled(Supplier<T> report) {
    return transactions.inTransaction(
        () -> {
          String unused =
              jdbc.sql("select set_config('jit', 'off', true)").query(String.class).single();
          return report.get();
        });
  }

  @Override
  public int rollUp(int most) {
    long pass = jdbc.sql("select last_turn_of_sums()").query(Long.class).single();
    int done = 0;
    while (done < most && rollUpNext(pass)) {
      done++;
    }
    return done;
  }

  /**
   * Sums up the next period. Does nothing while another session sums up a period, because this
   * session would otherwise wait until that sum is complete, and then repeat it.
   *
   * @param pass the number of the last sum that was computed before the present run
   */
  private boolean rollUpNext(long pass) {
    return database.patiently(
        LONGEST_SUM,
        () ->
            jdbc.sql(
                    """
                    select roll_up_usage(:pass)
                    where pg_try_advisory_xact_lock(
                      hashtextextended('claviger usage sums ' || current_schema(), 0))
                    """)
                .param("pass", pass)
                .query(String.class)
                .optional()
                .isPresent());
  }

  @Override
  public int removeOldCharges() {
    int forgotten =
        jdbc.sql(
                """
                delete from attributed_users
                where (instance_id, owner_id, user_id) in (
                  select a.instance_id, a.owner_id, a.user_id
                  from attributed_users a
                  where a.last_used < (statement_timestamp() at time zone 'UTC')::date - 400
                  limit 50000)
                """)
            .update();
    return forgotten
        + jdbc.sql(
                """
            delete from usage_charges
            where (account, quarter) in (
              select c.account, c.quarter
              from usage_charges c
              where c.quarter < statement_timestamp() - interval '36 days'
              limit 50000)
            """)
            .update();
  }

  @Override
  public List<UsageRow> find(
      Optional<User.Id> viewer, UsageFilter filter, Optional<UsagePosition> after, int limit) {
    return uncompiled(
        () ->
            viewer
                .map(user -> lists.visibleTo(user, filter, after, limit, false))
                .orElseGet(() -> lists.all(filter, after, limit, false)));
  }

  @Override
  public List<UsageRow> findFrom(
      Optional<User.Id> viewer, UsageFilter filter, UsagePosition first, int limit) {
    return uncompiled(
        () ->
            viewer
                .map(user -> lists.visibleTo(user, filter, Optional.of(first), limit, true))
                .orElseGet(() -> lists.all(filter, Optional.of(first), limit, true)));
  }

  /** Merges rows with the same ids. The names in such rows can differ if something was renamed. */
  private static Collection<UsageRow> lines(List<UsageRow> rows) {
    Map<UsagePosition, UsageRow> lines = new HashMap<>();
    for (UsageRow row : rows) {
      UsageRow unused =
          lines.merge(UsagePosition.of(row), row, (old, more) -> old.plus(more.counts()));
    }
    return lines.values();
  }

  private static String project(UsageRow row) {
    return row.account()
        .project()
        .map(p -> p.id().value())
        .orElse(UsagePosition.NO_PROJECT)
        .toString();
  }

  private static Optional<String> ofProject(
      UsageRow row, Function<UsageAccount.ThroughProject, String> part) {
    return row.account().project().map(part);
  }

  private static String source(UsageRow row) {
    return row.source().wireName();
  }

  private static Long[] versions(List<UsageRow> rows, ToLongFunction<PriceVersions> version) {
    return Parameters.longs(rows, r -> version.applyAsLong(r.prices()));
  }
}
