package io.claviger.persistence.batches;

import io.claviger.application.batches.port.BatchLedger;
import io.claviger.application.budgets.BudgetDemand;
import io.claviger.application.budgets.ReserveDecision;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.ReservedModel;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.formats.BatchAnswers;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.persistence.projects.ProjectRows;
import io.claviger.persistence.providers.ProviderRows;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.ModelQuantities;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link BatchLedger} with the tables {@code batch_reservations} and {@code
 * batch_budgets}.
 */
public final class JdbcBatchLedger implements BatchLedger {
  /** The maximum number of batches that one statement deletes. */
  private static final int AT_ONCE = 500;

  private static final int MOST_ATTEMPTS = 3;

  private final Database database;
  private final JdbcClient jdbc;
  private final UsageStore usage;

  /**
   * @param usage the usage store of the same database, which takes part in this ledger's
   *     transactions
   */
  public JdbcBatchLedger(Database database, UsageStore usage) {
    this.database = database;
    this.jdbc = database.jdbc();
    this.usage = usage;
  }

  @Override
  public Optional<ReserveDecision.Exhausted> reserve(NewBatch batch, List<BudgetDemand> wanted) {
    return repeatedly(() -> inTransaction(() -> reserveOnce(batch, wanted)));
  }

  private static <T> T repeatedly(Supplier<T> work) {
    for (int attempt = 1; true; attempt++) {
      try {
        return work.get();
      } catch (ConcurrencyConflict e) {
        // The transaction of the failed attempt was rolled back, so the attempt can be repeated
        // unchanged.
        if (attempt == MOST_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * Runs a task in a transaction that locks budgets. Calls on all nodes wait for such locks. If
   * this node dies or hangs in the transaction, the server ends the session. Without this time
   * limit, the server might notice the dead connection only after hours.
   */
  private <T> T inTransaction(Supplier<T> work) {
    return database
        .transactions()
        .inTransaction(
            () -> {
              String unused =
                  jdbc.sql("select set_config('idle_in_transaction_session_timeout', :idle, true)")
                      .param("idle", LONGEST_IDLE.toMillis() + "ms")
                      .query(String.class)
                      .single();
              return work.get();
            });
  }

  private Optional<ReserveDecision.Exhausted> reserveOnce(
      NewBatch batch, List<BudgetDemand> wanted) {
    insert(batch);
    List<BudgetAccount> accounts = wanted.stream().map(w -> BudgetAccount.of(w.meter())).toList();
    Optional<ReserveDecision.Exhausted> exhausted =
        jdbc.sql(
                """
                select item, now_left, window_ends
                from reserve_for_batch(
                  :batch, :accounts, :subjects, :units, :periods, :zones, :amounts, :budgets,
                  :stricts)
                """)
            .param("batch", batch.id())
            .param("accounts", Parameters.uuids(accounts, BudgetAccount::id))
            .param("subjects", Parameters.texts(accounts, BudgetAccount::subject))
            .param("units", Parameters.texts(accounts, a -> a.key().unit().wireName()))
            .param("periods", Parameters.texts(accounts, a -> a.key().window().wireName()))
            .param("zones", Parameters.texts(accounts, a -> a.key().zone().name()))
            .param("amounts", Parameters.longs(wanted, BudgetDemand::amount))
            .param("budgets", Parameters.longs(wanted, w -> budget(w).amount()))
            .param(
                "stricts",
                wanted.stream()
                    .map(w -> budget(w).bound() == BudgetBound.STRICT)
                    .toArray(Boolean[]::new))
            .query(Row.mapper(row -> exhausted(row, wanted)))
            .optional();
    if (exhausted.isPresent()) {
      Database.require(1, delete(batch.id()));
    } else {
      noteMost(batch.id(), wanted);
    }
    return exhausted;
  }

  /**
   * Stores the maximum amounts that a batch can charge to budgets with a {@code measured} bound.
   * The caller of this method must have locked the windows of these budgets.
   */
  private void noteMost(UUID batch, List<BudgetDemand> wanted) {
    List<BudgetDemand> measured =
        wanted.stream()
            .filter(w -> budget(w).bound() == BudgetBound.MEASURED)
            .filter(w -> budget(w).unit() != BudgetUnit.REQUESTS)
            .toList();
    if (measured.isEmpty()) {
      return;
    }
    Object unused =
        jdbc.sql(
                """
                select note_dearest_calls(
                  array_agg(b.account_id), array_agg(b.starts_at), array_agg(e.most)) is null
                from batch_budgets b
                join unnest(:accounts, :mosts) as e (account, most) on e.account = b.account_id
                where b.reservation_id = :batch
                """)
            .param("batch", batch)
            .param("accounts", Parameters.uuids(measured, w -> BudgetAccount.of(w.meter()).id()))
            .param("mosts", Parameters.longs(measured, BudgetDemand::most))
            .query(Boolean.class)
            .single();
  }

  private static Budget budget(BudgetDemand wanted) {
    return wanted.meter().budget();
  }

  private static ReserveDecision.Exhausted exhausted(Row row, List<BudgetDemand> wanted)
      throws SQLException {
    BudgetDemand refused = wanted.get((int) row.bigNumber("item") - 1);
    return new ReserveDecision.Exhausted(
        refused.meter(),
        refused.amount(),
        row.bigNumber("now_left"),
        row.optionalInstant("window_ends"));
  }

  private void insert(NewBatch batch) {
    UsageAccount account = batch.account();
    Database.updateOne(
        jdbc.sql(
                """
                insert into batch_reservations (
                  id, service_id, input_id, state, user_id, user_handle, service_ref, owner_id,
                  project_id, project_ref, project_owner_id, key_source, provider, path, accounts,
                  models, quantities, uses, accepted_at, ends_at, due_at, checks)
                select
                  :id, :service, :input, 'open', :user, :handle, :ref, :owner,
                  :project, :project_ref, :project_owner, :source, :provider, :path, :accounts,
                  :models, :quantities, :uses, clock.now,
                  clock.now + make_interval(secs => :longest),
                  clock.now + make_interval(secs => :longest), 0
                from (select budget_clock() as now) as clock
                """)
            .param("id", batch.id())
            .param("service", account.instance().value())
            .param("input", batch.input().orElse(null))
            .param("user", account.user().value())
            .param("handle", account.handle().value())
            .param("ref", account.ref().toString())
            .param("owner", account.owner().value())
            .param("project", Parameters.orNull(account.project(), p -> p.id().value()))
            .param("project_ref", Parameters.orNull(account.project(), p -> p.ref().toString()))
            .param("project_owner", Parameters.orNull(account.project(), p -> p.owner().value()))
            .param("source", batch.source().wireName())
            .param("provider", batch.provider().wireName())
            .param("path", batch.path())
            .param("accounts", Parameters.texts(batch.charged(), text -> text))
            .param("models", Parameters.texts(batch.models(), ReservedModel::model))
            .param("quantities", ModelQuantities.of(batch.models(), JdbcBatchLedger::quantities))
            .param("uses", Parameters.texts(batch.models(), of -> ModelQuantities.text(of.tools())))
            .param("longest", batch.longest().toSeconds()));
  }

  private static long[] quantities(ReservedModel of) {
    return new long[] {
      of.requests(),
      of.mostInput(),
      of.mostOutput(),
      of.usualInput(),
      of.usualOutput(),
      of.ownPrice(),
      of.deploymentPrice()
    };
  }

  @Override
  public boolean bind(UUID batch, String id, Duration first) {
    try {
      return jdbc.sql(
                  """
                  update batch_reservations
                  set batch_id = :id, due_at = clock_timestamp() + make_interval(secs => :first)
                  where id = :batch and state = 'open' and coalesce(batch_id, :id) = :id
                  """)
              .param("id", id)
              .param("first", Parameters.seconds(first))
              .param("batch", batch)
              .update()
          > 0;
    } catch (ConcurrencyConflict taken) {
      return false;
    }
  }

  @Override
  public void release(UUID batch) {
    int unused =
        inTransaction(
            () -> {
              boolean isOpen =
                  jdbc.sql(
                          """
                              select id from batch_reservations
                              where id = :batch and state = 'open' for update
                              """)
                      .param("batch", batch)
                      .query(Row.mapper(row -> row.uuid("id")))
                      .optional()
                      .isPresent();
              if (isOpen) {
                charge(batch, Map.of());
              }
              return isOpen ? delete(batch) : 0;
            });
  }

  private int delete(UUID batch) {
    return jdbc.sql("delete from batch_reservations where id = :batch")
        .param("batch", batch)
        .update();
  }

  private void charge(UUID batch, Map<UUID, Long> charges) {
    List<Map.Entry<UUID, Long>> each = List.copyOf(charges.entrySet());
    Object unused =
        jdbc.sql("select charge_batch(:batch, :accounts, :charges)::text as done")
            .param("batch", batch)
            .param("accounts", Parameters.uuids(each, Map.Entry::getKey))
            .param("charges", Parameters.longs(each, Map.Entry::getValue))
            .query((rs, n) -> true)
            .single();
  }

  @Override
  public boolean anyOpen() {
    return jdbc.sql(
            """
            select exists (select from batch_reservations where due_at is not null)
              or exists (select from batch_reservations where results_due_at is not null)
            """)
        .query(Boolean.class)
        .single();
  }

  @Override
  public List<OpenBatch> take(int most, Collection<UsageAccount> underWay, Duration lease) {
    return jdbc.sql(
            """
            with recursive waiting as (
              (select r.service_id as id from batch_reservations r where r.due_at is not null
              order by r.service_id limit 1)
              union all
              select (
                select r.service_id from batch_reservations r
                where r.due_at is not null and r.service_id > w.id
                order by r.service_id limit 1)
              from waiting w where w.id is not null
            ),
            due as (
              select d.id, d.owner_id, d.due_at,
                row_number() over (partition by d.owner_id order by d.due_at) as place
              from waiting w
              cross join lateral (
                select r.id, r.owner_id, r.due_at from batch_reservations r
                where r.service_id = w.id and r.due_at <= clock_timestamp()
                order by r.due_at
                limit greatest(0, :of_service - (
                  select count(*) from unnest(cast(:services as uuid[])) as u (id)
                  where u.id = w.id))
                for update skip locked) d
              where w.id is not null
            ),
            taken as (
              update batch_reservations r
              set due_at = clock_timestamp() + make_interval(secs => :lease),
                checks = r.checks + 1
              where r.id in (
                select d.id from due d
                where d.place <= :of_owner - (
                  select count(*) from unnest(cast(:owners as uuid[])) as u (id)
                  where u.id = d.owner_id)
                order by d.due_at limit :most)
              returning r.*)
            select t.*, t.ends_at + make_interval(secs => :grace) <= clock_timestamp() as is_over,
              o.handle || '/' || i.handle as ref_now,
              (select l.content from providers l where l.handle = t.provider) as provider_content,
              coalesce(p.accounts, '{}') as budget_accounts,
              coalesce(p.units, '{}') as budget_units,
              coalesce(p.stricts, '{}') as budget_stricts,
              coalesce(p.subjects, '{}') as budget_subjects,
              coalesce(p.amounts, '{}') as budget_amounts
            from taken t
            left join instances i on i.id = t.service_id
            left join users o on o.id = i.owner_id
            left join lateral (
              select array_agg(a.id order by a.id) as accounts,
                array_agg(a.unit order by a.id) as units,
                array_agg(b.is_strict::text order by a.id) as stricts,
                array_agg(a.subject order by a.id) as subjects,
                array_agg(b.reserved order by a.id) as amounts
              from batch_budgets b join budget_accounts a on a.id = b.account_id
              where b.reservation_id = t.id) p on true
            """)
        .param("lease", Parameters.seconds(lease))
        .param("grace", Parameters.seconds(GRACE))
        .param("most", most)
        .param("of_service", OF_A_SERVICE)
        .param("services", Parameters.texts(underWay, of -> of.instance().value().toString()))
        .param("of_owner", OF_AN_OWNER)
        .param("owners", Parameters.texts(underWay, of -> of.owner().value().toString()))
        .query(Row.mapper(row -> open(row)))
        .list();
  }

  private static OpenBatch open(Row row) throws SQLException {
    return new OpenBatch(
        new NewBatch(
            row.uuid("id"),
            new UsageAccount(
                new User.Id(row.uuid("user_id")),
                new Handle(row.text("user_handle")),
                new Instance.Id(row.uuid("service_id")),
                Instance.Ref.of(row.text("service_ref")),
                new User.Id(row.uuid("owner_id")),
                ProjectRows.through(row)),
            row.constant("key_source", KeySource.class),
            ProviderRows.provider(row),
            row.texts("accounts"),
            row.text("path"),
            row.optionalText("input_id"),
            models(row),
            Duration.between(row.instant("accepted_at"), row.instant("ends_at"))),
        row.optionalText("ref_now").map(Instance.Ref::of),
        row.optionalText("batch_id"),
        row.instant("accepted_at"),
        row.flag("is_over"),
        row.number("checks"),
        budgets(row));
  }

  private static List<ReservedModel> models(Row row) throws SQLException {
    Iterator<FeesUsed> uses = ModelQuantities.uses(row, row.texts("models").size()).iterator();
    return ModelQuantities.read(
        row,
        7,
        (model, of) ->
            new ReservedModel(
                model,
                Math.toIntExact(of[0]),
                of[1],
                of[2],
                of[3],
                of[4],
                of[5],
                of[6],
                uses.next()));
  }

  private static List<ReservedBudget> budgets(Row row) throws SQLException {
    List<UUID> accounts = row.uuids("budget_accounts");
    List<String> units = row.texts("budget_units");
    List<String> stricts = row.texts("budget_stricts");
    List<String> subjects = row.texts("budget_subjects");
    List<Long> amounts = row.bigNumbers("budget_amounts");
    List<ReservedBudget> budgets = new ArrayList<>(accounts.size());
    for (int i = 0; i < accounts.size(); i++) {
      budgets.add(
          new ReservedBudget(
              accounts.get(i),
              BudgetUnit.of(units.get(i)),
              Boolean.parseBoolean(stricts.get(i)) ? BudgetBound.STRICT : BudgetBound.MEASURED,
              BudgetHolder.isOfService(subjects.get(i)),
              amounts.get(i)));
    }
    return budgets;
  }

  @Override
  public void postpone(UUID batch, Duration pause, boolean goesOn) {
    Database.update(
        jdbc.sql(
                """
                update batch_reservations
                set due_at = clock_timestamp() + make_interval(secs => :pause),
                  ends_at = case when :goes_on
                    then greatest(ends_at, least(
                      clock_timestamp(), accepted_at + make_interval(secs => :longest)))
                    else ends_at end
                where id = :batch and state = 'open'
                """)
            .param("pause", Parameters.seconds(pause))
            .param("goes_on", goesOn)
            .param("longest", BatchAnswers.LONGEST.toSeconds())
            .param("batch", batch));
  }

  @Override
  public boolean settle(UUID batch, Map<UUID, Long> charges, UsageBatch used) {
    return inTransaction(
        () -> {
          boolean isOpen =
              jdbc.sql(
                          """
                              update batch_reservations
                              set state = 'settled', settled_at = clock_timestamp(), due_at = null,
                                results_due_at = case when batch_id is not null
                                  then clock_timestamp() + interval '1 minute' end
                              where id = :batch and state = 'open'
                              """)
                      .param("batch", batch)
                      .update()
                  > 0;
          if (isOpen) {
            // The budgets are locked last, so that calls wait for the locks as briefly as possible.
            usage.add(used);
            charge(batch, charges);
          }
          return isOpen;
        });
  }

  @Override
  public void keepResults(UUID batch, Instance.Id service, String id, List<String> files) {
    int unused =
        repeatedly(
            () ->
                inTransaction(
                    () -> {
                      if (!files.isEmpty()) {
                        keepWithHolder(service, id, files);
                        int ignored = deleteWithBatch(service, id, files);
                      }
                      return jdbc.sql(
                              "update batch_reservations set results_due_at = null where id = :batch")
                          .param("batch", batch)
                          .update();
                    }));
  }

  @Override
  public List<SettledBatch> takeResults(int most, Collection<User.Id> underWay, Duration lease) {
    return jdbc.sql(
            """
            with due as (
              select distinct on (r.owner_id) r.id, r.results_due_at
              from batch_reservations r
              where r.results_due_at <= clock_timestamp()
                and r.owner_id <> all(cast(:owners as uuid[]))
                and exists (select from instances i where i.id = r.service_id)
              order by r.owner_id, r.results_due_at)
            update batch_reservations r
            set results_due_at = clock_timestamp() + make_interval(secs => :lease),
              results_checks = r.results_checks + 1
            from instances i
            where r.id in (select d.id from due d order by d.results_due_at limit :most)
              and r.results_due_at <= clock_timestamp() and i.id = r.service_id
            returning r.id, r.service_id, i.owner_handle || '/' || i.handle as ref, r.owner_id,
              r.batch_id, r.results_checks
            """)
        .param("owners", Parameters.texts(underWay, of -> of.value().toString()))
        .param("lease", Parameters.seconds(lease))
        .param("most", most)
        .query(Row.mapper(row -> settled(row)))
        .list();
  }

  private static SettledBatch settled(Row row) throws SQLException {
    return new SettledBatch(
        row.uuid("id"),
        new Instance.Id(row.uuid("service_id")),
        Instance.Ref.of(row.text("ref")),
        new User.Id(row.uuid("owner_id")),
        row.text("batch_id"),
        row.number("results_checks"));
  }

  @Override
  public void postponeResults(UUID batch, Duration pause) {
    Database.update(
        jdbc.sql(
                """
                update batch_reservations
                set results_due_at = clock_timestamp() + make_interval(secs => :pause)
                where id = :batch and results_due_at is not null
                """)
            .param("pause", Parameters.seconds(pause))
            .param("batch", batch));
  }

  private void keepWithHolder(Instance.Id service, String batch, List<String> files) {
    List<Optional<String>> unused =
        jdbc.sql(
                """
                select r.outcome
                from record_objects_of_accounts((
                  select coalesce(jsonb_agg(jsonb_build_object(
                    'service', b.service_id, 'account', i.account, 'kind', 'files', 'id', f.id,
                    'state', 'live', 'bytes', 0, 'purpose', 'batch_output', 'maker', b.maker_id,
                    'whole_kind', b.kind, 'whole', b.object_id,
                    'most_objects', :most, 'most_bytes', :most)), '[]')
                  from provider_objects b
                  join instances i on i.id = b.service_id
                  cross join unnest(:files) as f (id)
                  where b.service_id = :service and b.kind = 'batches' and b.object_id = :batch
                    and b.state = 'live')) r
                """)
            .param("most", Long.MAX_VALUE)
            .param("files", files.toArray(String[]::new))
            .param("service", service.value())
            .param("batch", batch)
            .query(Row.mapper(row -> row.optionalText("outcome")))
            .list();
  }

  /** If Claviger has ended the batch, records its files as objects that have to be deleted. */
  private int deleteWithBatch(Instance.Id service, String batch, List<String> files) {
    return jdbc.sql(
            """
            insert into provider_objects (
              service_id, kind, object_id, holder_user_id, holder_project_id, maker_id,
              borrower_id, made_with, share_holder_id, state, purpose, ended_at, end_reason,
              retry_at, retry_until)
            select b.service_id, 'files', f.id, b.holder_user_id, b.holder_project_id, b.maker_id,
              b.borrower_id, b.made_with, b.share_holder_id, 'deleting', 'batch_output',
              clock_timestamp(), b.end_reason, clock_timestamp(),
              clock_timestamp() + interval '30 days'
            from (
              select o.* from provider_objects o
              where o.service_id = :service and o.kind = 'batches' and o.object_id = :batch
              order by o.id desc limit 1) b
            cross join unnest(:files) as f (id)
            where b.state <> 'live' and b.end_reason is not null
            on conflict do nothing
            """)
        .param("files", files.toArray(String[]::new))
        .param("service", service.value())
        .param("batch", batch)
        .update();
  }

  /**
   * Makes those batches due whose next request was planned while the database's clock was ahead.
   * The state of a batch that the provider has created is requested at least once an hour, and its
   * files with results at least every six hours.
   */
  private void planAgain() {
    Database.update(
        jdbc.sql(
                """
                update batch_reservations set due_at = clock_timestamp()
                where id in (
                  select id from batch_reservations
                  where batch_id is not null
                    and due_at > statement_timestamp() + interval '2 hours'
                  limit :most for update skip locked)
                """)
            .param("most", AT_ONCE));
    Database.update(
        jdbc.sql(
                """
                update batch_reservations set results_due_at = clock_timestamp()
                where id in (
                  select id from batch_reservations
                  where results_due_at > statement_timestamp() + interval '12 hours'
                  limit :most for update skip locked)
                """)
            .param("most", AT_ONCE));
  }

  @Override
  public int removeOld() {
    planAgain();
    return jdbc.sql(
            """
            delete from batch_reservations
            where id in (
              select id from batch_reservations
              where settled_at < statement_timestamp() - make_interval(secs => :kept)
              order by settled_at
              limit :most for update skip locked)
            """)
        .param("kept", Parameters.seconds(KEPT))
        .param("most", AT_ONCE)
        .update();
  }
}
