package io.claviger.persistence.requests;

import io.claviger.application.requests.port.BorrowRequestStore;
import io.claviger.application.shared.Sight;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.MutedAskers;
import io.claviger.domain.requests.RequestNote;
import io.claviger.domain.requests.RequestSide;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.requests.RequestSubject;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.shared.Seeing;
import io.claviger.persistence.shared.StoredBudgets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link BorrowRequestStore} with the tables {@code borrow_requests} and {@code
 * muted_askers}.
 */
public final class JdbcBorrowRequests implements BorrowRequestStore {
  private static final TimeCursor BEGINNING = new TimeCursor(Instant.EPOCH, new UUID(0, 0));

  private static final String FIND =
      """
      select
        r.id, r.instance_id, i.owner_id, i.owner_handle, i.handle, r.asked_owner,
        r.asked_handle, r.asker_id, r.asker_handle, r.role, r.models, r.operations,
        r.budgets, r.until, r.note, r.state, r.asked_at, r.ended_at, e.handle as ended_by
      from borrow_requests r
      join instances i on i.id = r.instance_id
      left join users e on e.id = r.ended_by
      where r.id = :id
      """;

  private final JdbcClient jdbc;
  private final JdbcClient lists;

  public JdbcBorrowRequests(Database database) {
    this.jdbc = database.jdbc();
    this.lists = database.lists();
  }

  @Override
  public Optional<BorrowRequest> find(BorrowRequest.Id id) {
    return jdbc.sql(FIND)
        .param("id", id.value())
        .query(Row.mapper(RequestRows::request))
        .optional();
  }

  @Override
  public Optional<BorrowRequest> find(BorrowRequest.Id id, Sight sight, Instant now) {
    return Seeing.of(sight, jdbc.sql(FIND + Seeing.REQUEST))
        .param("id", id.value())
        .param("now", Parameters.at(now))
        .query(Row.mapper(RequestRows::request))
        .optional();
  }

  @Override
  public Optional<BorrowRequest> lock(BorrowRequest.Id id) {
    // The service is locked first, as in every transaction that changes shares, so that no two
    // transactions wait for each other.
    jdbc.sql(
            """
            select id
            from instances
            where id = (select instance_id from borrow_requests where id = :id)
            for share
            """)
        .param("id", id.value())
        .query(UUID.class)
        .optional()
        .ifPresent(service -> lockAnswers(new Instance.Id(service)));
    return jdbc.sql("select id from borrow_requests where id = :id for update")
        .param("id", id.value())
        .query(UUID.class)
        .optional()
        .flatMap(locked -> find(id));
  }

  @Override
  public void lockAnswers(Instance.Id service) {
    lock("requests to borrow", service.value());
  }

  @Override
  public List<BorrowRequest> lockOpen(Instance.Id service, GranteeId askers) {
    lockAnswers(service);
    return jdbc
        .sql(
            """
            select id
            from borrow_requests
            where instance_id = :service and state = 'open'
              and (
                asker_id = :askers
                or asker_id in (select user_id from group_members where group_id = :askers))
            order by id
            for update
            """)
        .param("service", service.value())
        .param("askers", askers.value())
        .query(Row.mapper(row -> new BorrowRequest.Id(row.uuid("id"))))
        .list()
        .stream()
        .flatMap(id -> find(id).stream())
        .toList();
  }

  @Override
  public List<BorrowRequest> list(
      User.Id user,
      Optional<RequestSide> side,
      Optional<RequestState> state,
      Optional<Instant> endedAfter,
      Instant now,
      Optional<TimeCursor> after,
      int limit) {
    TimeCursor position = after.orElse(BEGINNING);
    return lists
        .sql(
            """
            select
              r.id, r.instance_id, i.owner_id, i.owner_handle, i.handle, r.asked_owner,
              r.asked_handle, r.asker_id, r.asker_handle, r.role, r.models, r.operations,
              r.budgets, r.until, r.note, r.state, r.asked_at, r.ended_at, e.handle as ended_by
            from (
              (select *
              from borrow_requests
              where :by_me and asker_id = :user
                and (cast(:state as text) is null or state = :state)
                and (cast(:ended_after as timestamptz) is null or ended_at > :ended_after)
                and (asked_at, id) > (:after_at, :after_id)
              order by asked_at, id
              limit :limit)
              union all
              (select *
              from borrow_requests
              where :of_me and asker_id <> :user
                and instance_id in (
                  select id from instances where owner_id = :user
                  union all
                  select instance_id from shares
                  where grantee_id = :user and role = 'owner'
                    and (expires_at is null or expires_at > :now))
                and (cast(:state as text) is null or state = :state)
                and (cast(:ended_after as timestamptz) is null or ended_at > :ended_after)
                and (asked_at, id) > (:after_at, :after_id)
              order by asked_at, id
              limit :limit)
            ) r
            join instances i on i.id = r.instance_id
            left join users e on e.id = r.ended_by
            order by r.asked_at, r.id
            limit :limit
            """)
        .param("user", user.value())
        .param("by_me", side.filter(RequestSide.OF_ME::equals).isEmpty())
        .param("of_me", side.filter(RequestSide.BY_ME::equals).isEmpty())
        .param("state", Parameters.orNull(state, RequestState::wireName))
        .param("ended_after", Parameters.at(endedAfter))
        .param("now", Parameters.at(now))
        .param("after_at", Parameters.at(position.at()))
        .param("after_id", position.id())
        .param("limit", limit)
        .query(Row.mapper(RequestRows::request))
        .list();
  }

  @Override
  public boolean insert(BorrowRequest request) {
    RequestedTerms terms = request.terms();
    int rows =
        jdbc.sql(
                """
                insert into borrow_requests (
                  id, instance_id, asked_owner, asked_handle, asker_id, asker_handle, role, models,
                  operations, budgets, until, note, subject, state, asked_at)
                values (
                  :id, :instance, :asked_owner, :asked_handle, :asker, :asker_handle, :role,
                  :models, :operations, :budgets, :until, :note, :subject, :state, :asked_at)
                on conflict on constraint borrow_requests_once_a_day do nothing
                """)
            .param("id", request.id().value())
            .param("instance", request.service().id().value())
            .param("asked_owner", request.service().askedAs().owner().value())
            .param("asked_handle", request.service().askedAs().handle().value())
            .param("asker", request.asker().id().value())
            .param("asker_handle", request.asker().handle().value())
            .param("role", Parameters.orNull(terms.role(), Role::wireName))
            .param("models", textsOrNull(terms.models(), ModelPattern::value))
            .param("operations", textsOrNull(terms.operations(), Operation::value))
            .param(
                "budgets",
                StoredBudgets.orNull(
                    terms.budget().map(one -> new Budgets(List.of(one))).orElse(Budgets.NONE)))
            .param("until", Parameters.at(terms.until()))
            .param("note", Parameters.orNull(request.note(), RequestNote::text))
            .param("subject", RequestSubject.of(terms).digest())
            .param("state", request.state().wireName())
            .param("asked_at", Parameters.at(request.askedAt()))
            .update();
    return rows == 1;
  }

  @Override
  public int lockAndCountOpenOf(User.Id asker, int enough) {
    lock("open requests of", asker.value());
    return jdbc.sql(
            """
            select count(*) from (
              select from borrow_requests
              where asker_id = :user and state = 'open'
              limit :enough) counted
            """)
        .param("user", asker.value())
        .param("enough", enough)
        .query(Integer.class)
        .single();
  }

  @Override
  public int countOfSameDay(BorrowRequest request, int enough) {
    return jdbc.sql(
            """
            select count(*) from (
              select from borrow_requests
              where asker_id = :asker
                and asked_on = (select asked_on from borrow_requests where id = :id)
              limit :enough) counted
            """)
        .param("asker", request.asker().id().value())
        .param("id", request.id().value())
        .param("enough", enough)
        .query(Integer.class)
        .single();
  }

  @Override
  public int lockAndCountOpenFor(User.Id owner, int enough) {
    lock("open requests for", owner.value());
    return jdbc.sql(
            """
            select count(*) from (
              select from instances i
              join borrow_requests r on r.instance_id = i.id and r.state = 'open'
              where i.owner_id = :user
              limit :enough) counted
            """)
        .param("user", owner.value())
        .param("enough", enough)
        .query(Integer.class)
        .single();
  }

  /**
   * Takes the lock with a separate statement. So the next statement counts everything that other
   * transactions have committed.
   */
  private void lock(String what, UUID of) {
    String unused =
        jdbc.sql(
                """
                select pg_advisory_xact_lock(
                  hashtextextended(
                    concat_ws(' ', 'claviger', :what, :of, current_schema()), 0))::text
                """)
            .param("what", what)
            .param("of", of.toString())
            .query(String.class)
            .single();
  }

  @Override
  public void end(BorrowRequest request, User.Id author) {
    Database.updateOne(
        jdbc.sql(
                """
                update borrow_requests
                set state = :state, ended_at = :ended_at, ended_by = :by
                where id = :id and state = 'open'
                """)
            .param("id", request.id().value())
            .param("state", request.state().wireName())
            .param("ended_at", Parameters.at(request.endedAt()))
            .param("by", author.value()));
  }

  @Override
  public int deleteOlderThan(Duration age) {
    return jdbc.sql(
            """
            delete from borrow_requests
            where id in (
              select id
              from borrow_requests
              where coalesce(ended_at, asked_at)
                < statement_timestamp() - make_interval(secs => :seconds)
              for update skip locked)
            """)
        .param("seconds", age.toSeconds())
        .update();
  }

  @Override
  public MutedAskers mutedBy(User.Id owner) {
    List<Optional<Handle>> muted =
        jdbc.sql(
                """
                select u.handle
                from muted_askers m
                left join users u on u.id = m.asker_id
                where m.owner_id = :owner
                """)
            .param("owner", owner.value())
            .query(Row.mapper(row -> row.optionalText("handle").map(Handle::new)))
            .list();
    Set<Handle> users =
        muted.stream().flatMap(Optional::stream).collect(Collectors.toUnmodifiableSet());
    return new MutedAskers(users.size() < muted.size(), users);
  }

  @Override
  public boolean isMuted(User.Id owner, User.Id asker) {
    return jdbc.sql(
            """
            select exists (
              select from muted_askers
              where owner_id = :owner and (asker_id = :asker or asker_id is null))
            """)
        .param("owner", owner.value())
        .param("asker", asker.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public boolean hasAsked(User.Id owner, Handle asker) {
    return jdbc.sql(
            """
            select exists (
              select
              from users u
              join borrow_requests r on r.asker_id = u.id
              join instances i on i.id = r.instance_id
              where u.handle = :asker and i.owner_id = :owner)
            """)
        .param("owner", owner.value())
        .param("asker", asker.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public boolean mute(User.Id owner, MutedAskers muted) {
    Database.update(
        jdbc.sql("delete from muted_askers where owner_id = :owner").param("owner", owner.value()));
    if (muted.everybody()) {
      Database.update(
          jdbc.sql("insert into muted_askers (owner_id, position) values (:owner, 0)")
              .param("owner", owner.value()));
    }
    int added =
        jdbc.sql(
                """
                insert into muted_askers (owner_id, position, asker_id)
                select :owner, row_number() over (order by u.handle), u.id
                from users u
                where u.handle = any(:users) and u.handle <> '_system'
                """)
            .param("owner", owner.value())
            .param("users", Parameters.texts(muted.users(), Handle::value))
            .update();
    return added == muted.users().size();
  }

  private static <T> @Nullable Object textsOrNull(Collection<T> values, Function<T, String> text) {
    return values.isEmpty() ? null : Parameters.texts(values, text);
  }

  /** Reads requests from rows of {@code borrow_requests}, joined with the service and the users. */
  private static final class RequestRows {
    private RequestRows() {}

    static BorrowRequest request(Row row) throws SQLException {
      return new BorrowRequest(
          new BorrowRequest.Id(row.uuid("id")),
          new BorrowRequest.Service(
              new Instance.Id(row.uuid("instance_id")),
              new User.Id(row.uuid("owner_id")),
              reference(row.text("owner_handle"), row.text("handle")),
              reference(row.text("asked_owner"), row.text("asked_handle"))),
          new BorrowRequest.Asker(
              new User.Id(row.uuid("asker_id")), new Handle(row.text("asker_handle"))),
          terms(row),
          row.optionalText("note").map(RequestNote::new),
          RequestState.of(row.text("state")),
          row.instant("asked_at"),
          row.optionalInstant("ended_at"),
          row.optionalText("ended_by").map(Handle::new));
    }

    private static RequestedTerms terms(Row row) throws SQLException {
      Optional<Budget> budget =
          StoredBudgets.read(row.optionalTexts("budgets")).all().stream().findFirst();
      return new RequestedTerms(
          row.optionalConstant("role", Role.class),
          all(row.optionalTexts("models"), ModelPattern::new),
          all(row.optionalTexts("operations"), Operation::new),
          budget,
          row.optionalInstant("until"));
    }

    private static <T> Set<T> all(Optional<List<String>> texts, Function<String, T> make) {
      return texts.orElse(List.of()).stream().map(make).collect(Collectors.toSet());
    }

    private static Instance.Ref reference(String owner, String handle) {
      return new Instance.Ref(new Handle(owner), new Handle(handle));
    }
  }
}
