package io.claviger.persistence.reviews;

import io.claviger.application.reviews.port.ReviewStore;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.reviews.Review;
import io.claviger.domain.reviews.Review.Subject;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Implements {@link ReviewStore} with the tables {@code reviews} and {@code review_lines}. */
public final class JdbcReviews implements ReviewStore {
  private static final TimeCursor END =
      new TimeCursor(Instant.parse("9999-01-01T00:00:00Z"), new UUID(-1, -1));

  private static final String SELECT =
      """
      select r.id, r.instance_id, r.group_id, coalesce(i.owner_id, r.owner_id) as owner_id,
        r.starter_id, r.starter, r.started_at, r.until, i.owner_handle, i.handle,
        g.handle as group_handle, coalesce(i.owner_id <> r.owner_id, false) as moved, c.grants,
        c.decided
      from reviews r
      cross join lateral (
        select cast(count(*) as integer) as grants, cast(count(l.decision) as integer) as decided
        from review_lines l
        where l.review_id = r.id) c
      left join instances i on i.id = r.instance_id
      left join groups g on g.id = r.group_id
      """;

  /**
   * Selects the present grants of the service or group with the id {@code :subject}. No service has
   * the same id as a group.
   */
  private static final String GRANTS =
      """
      with grants as not materialized (
        select case when s.group_id is null then 'user' else 'group' end as kind,
          s.grantee_id as holder_id, s.grantee_handle as name, s.role, u.handle as given_by,
          s.created_at as since, s.expires_at,
          concat(s.version, ' ', extract(epoch from s.created_at)) as mark
        from shares s
        left join users u on u.id = s.given_by
        where s.instance_id = :subject
        union all
        select 'project', p.id, p.owner_handle || ':' || p.handle, p.visibility, p.owner_handle,
          coalesce(
            (select a.since from access_spans a
            where a.kind = 'project' and a.of_id = p.instance_id and a.holder_id = p.id
              and a.until is null),
            p.created_at),
          null, p.visibility
        from projects p
        join instances i on i.id = p.instance_id
        where p.instance_id = :subject
          and (p.owner_id = i.owner_id
            or exists (
              select from shares s
              where s.instance_id = i.id and s.grantee_id = p.owner_id and s.may_reshare
                and (s.expires_at is null or s.expires_at > :now)))
        union all
        select 'everybody', i.id, '*', 'reader', i.owner_handle, i.created_at, null, ''
        from instances i
        where i.id = :subject and i.is_everybodys
        union all
        select 'user', m.user_id, u.handle, m.role, null, m.created_at, null,
          concat(m.role, ' ', extract(epoch from m.created_at))
        from group_members m
        join users u on u.id = m.user_id
        where m.group_id = :subject)
      """;

  /**
   * Compares each grant in a review with the holder's present grant. The grant's start time differs
   * if the grant was given again, or if a project that uses the service got another owner.
   */
  private static final String COMPARED =
      GRANTS
          + """
          , compared as not materialized (
            select l.name, l.kind, l.holder_id, coalesce(g.role, l.role) as role,
              coalesce(g.given_by, l.given_by) as given_by, coalesce(g.since, l.since) as since,
              case when g.holder_id is null then l.expires_at else g.expires_at end as expires_at,
              case when g.holder_id is null or g.expires_at <= :now then 'ended'
                when g.mark <> l.mark or g.since <> l.since then 'changed'
                else 'unchanged' end as state,
              l.decision, l.decided_by, l.decided_at
            from review_lines l
            left join grants g on g.holder_id = l.holder_id
            where l.review_id = :review)
          """;

  /**
   * Adds the time of each holder's last call. Takes calls with lent keys into account for all kinds
   * of holders, and calls with the caller's own key only for single users.
   */
  private static final String WITH_LAST_USE =
      COMPARED
          + """
          , lent as materialized (
            select i.id, i.owner_id from instances i where i.id = :subject
            union all
            select i.id, i.owner_id
            from shares s
            join instances i on i.id = s.instance_id
            where s.group_id = :subject)
          select c.*,
            case c.kind
              when 'user' then greatest(
                (select max(a.last_used)
                from lent
                join attributed_users a on a.instance_id = lent.id and a.owner_id = lent.owner_id
                  and a.user_id = c.holder_id),
                (select max(u.day)
                from usage_daily u
                join lent on lent.id = u.instance_id and lent.owner_id = u.owner_id
                where u.user_id = c.holder_id and u.key_source = 'user'
                  and u.day > cast(:oldest as date)))
              when 'group' then (
                select max(a.last_used)
                from lent
                join group_members m on m.group_id = c.holder_id
                join attributed_users a on a.instance_id = lent.id and a.owner_id = lent.owner_id
                  and a.user_id = m.user_id)
              when 'project' then (
                select max(u.day)
                from projects p
                join usage_daily u on u.project_owner_id = p.owner_id and u.project_id = p.id
                  and u.instance_id = p.instance_id and u.day > cast(:oldest as date)
                where p.id = c.holder_id)
              else (
                select max(a.last_used)
                from lent
                join attributed_users a on a.instance_id = lent.id and a.owner_id = lent.owner_id)
            end as last_use
          from (
            select *
            from compared
            where name > :after and (cast(:only as text) is null or name = :only)
            order by name
            limit :limit) c
          order by c.name
          """;

  private final JdbcClient jdbc;
  private final JdbcClient lists;

  public JdbcReviews(Database database) {
    this.jdbc = database.jdbc();
    this.lists = database.lists();
  }

  @Override
  public Open lockAndCount(Subject subject, User.Id starter, Instant now) {
    if (jdbc.sql("select id from users where id = :id for no key update")
        .param("id", starter.value())
        .query(UUID.class)
        .optional()
        .isEmpty()) {
      throw ConcurrencyConflict.notSerializable("the user is gone");
    }
    return jdbc.sql(
            """
            select
              count(*) filter (where r.instance_id = :subject or r.group_id = :subject)
                as of_subject,
              count(*) as in_all
            from reviews r
            where r.until > :now and r.starter_id = :starter
            """)
        .param("subject", subject.uuid())
        .param("starter", starter.value())
        .param("now", Parameters.at(now))
        .query((rs, n) -> new Open(rs.getInt("of_subject"), rs.getInt("in_all")))
        .single();
  }

  @Override
  public int insert(Review review, int most) {
    Database.updateOne(
        jdbc.sql(
                """
                insert into reviews (
                  id, instance_id, group_id, owner_id, starter_id, starter, started_at, until)
                values (:id, :service, :group, :owner, :starter_id, :starter, :started_at, :until)
                """)
            .param("id", review.id().value())
            .param(
                "service",
                review.subject() instanceof Subject.OfService of ? of.id().value() : null)
            .param("group", review.subject() instanceof Subject.OfGroup of ? of.id().value() : null)
            .param("owner", review.subject().owner().value())
            .param("starter_id", review.starterId().value())
            .param("starter", review.starter().value())
            .param("started_at", Parameters.at(review.startedAt()))
            .param("until", Parameters.at(review.until())));
    return jdbc.sql(
            GRANTS
                + """
                insert into review_lines (
                  review_id, name, kind, holder_id, role, given_by, since, expires_at, mark)
                select :review, name, kind, holder_id, role, given_by, since, expires_at, mark
                from grants
                where expires_at is null or expires_at > :now
                limit :limit
                """)
        .param("subject", review.subject().uuid())
        .param("review", review.id().value())
        .param("now", Parameters.at(review.startedAt()))
        .param("limit", most + 1)
        .update();
  }

  @Override
  public Optional<Review> find(Review.Id id) {
    return jdbc.sql(SELECT + "where r.id = :id")
        .param("id", id.value())
        .query(Row.mapper(row -> review(row)))
        .optional();
  }

  @Override
  public List<Review> list(
      User.Id user, boolean all, Instant now, Optional<TimeCursor> after, int limit) {
    TimeCursor position = after.orElse(END);
    return lists
        .sql(
            SELECT
                + """
                where (r.started_at, r.id) < (:after_at, :after_id)
                  and (:all
                    or i.owner_id = r.owner_id and (i.owner_id = :user
                      or exists (
                        select from shares s
                        where s.instance_id = i.id and s.grantee_id = :user and s.role = 'owner'
                          and (s.expires_at is null or s.expires_at > :now)))
                    or exists (
                      select from group_members m
                      where m.group_id = r.group_id and m.user_id = :user and m.role = 'manager'))
                order by r.started_at desc, r.id desc
                limit :limit
                """)
        .param("user", user.value())
        .param("all", all)
        .param("after_at", Parameters.at(position.at()))
        .param("after_id", position.id())
        .param("now", Parameters.at(now))
        .param("limit", limit)
        .query(Row.mapper(row -> review(row)))
        .list();
  }

  @Override
  public List<Review.Line> lines(Review review, Optional<String> after, int limit, Instant now) {
    return lines(lists, review, after.orElse(""), Optional.empty(), limit, now);
  }

  @Override
  public Optional<Review.Line> line(Review review, String grantee, Instant now) {
    return lines(jdbc, review, "", Optional.of(grantee), 1, now).stream().findFirst();
  }

  private static List<Review.Line> lines(
      JdbcClient client,
      Review review,
      String after,
      Optional<String> only,
      int limit,
      Instant now) {
    return compared(client, WITH_LAST_USE, review, now)
        .param("after", after)
        .param("only", only.orElse(null))
        .param("oldest", now.minus(Review.KEPT_FOR).toString().substring(0, 10))
        .param("limit", limit)
        .query(
            (rs, n) ->
                line(Row.of(rs), Optional.ofNullable(rs.getObject("last_use", LocalDate.class))))
        .list();
  }

  /**
   * Locks a share or membership before it is compared, so that it can't change after the
   * comparison.
   */
  @Override
  public Optional<Review.Line> lock(Review review, String grantee, Instant now) {
    Optional<UUID> holder =
        jdbc.sql(
                """
                select holder_id
                from review_lines
                where review_id = :review and name = :name
                for update
                """)
            .param("review", review.id().value())
            .param("name", grantee)
            .query(UUID.class)
            .optional();
    return holder.flatMap(
        found -> {
          lockGrant(
              "select 1 from shares where instance_id = :subject and grantee_id = :holder for update",
              review,
              found);
          lockGrant(
              "select 1 from group_members where group_id = :subject and user_id = :holder for update",
              review,
              found);
          return compared(jdbc, COMPARED + "select * from compared where name = :name", review, now)
              .param("name", grantee)
              .query(Row.mapper(row -> line(row, Optional.empty())))
              .optional();
        });
  }

  private void lockGrant(String sql, Review review, UUID holder) {
    Optional<Integer> unused =
        jdbc.sql(sql)
            .param("subject", review.subject().uuid())
            .param("holder", holder)
            .query(Integer.class)
            .optional();
  }

  private static StatementSpec compared(JdbcClient client, String sql, Review review, Instant now) {
    return client
        .sql(sql)
        .param("subject", review.subject().uuid())
        .param("review", review.id().value())
        .param("now", Parameters.at(now));
  }

  @Override
  public void decide(Review.Id id, String grantee, Review.Decided decided) {
    Database.updateOne(
        jdbc.sql(
                """
                update review_lines
                set decision = :decision, decided_by = :by, decided_at = :at
                where review_id = :review and name = :name and decision is distinct from 'end'
                """)
            .param("review", id.value())
            .param("name", grantee)
            .param("decision", decided.decision().wireName())
            .param("by", decided.decidedBy().value())
            .param("at", Parameters.at(decided.at())));
  }

  @Override
  public int deleteOlderThan(Duration age) {
    return jdbc.sql(
            """
            delete from reviews
            where started_at < statement_timestamp() - make_interval(secs => :seconds)
            """)
        .param("seconds", age.toSeconds())
        .update();
  }

  private static Review review(Row row) throws SQLException {
    return new Review(
        new Review.Id(row.uuid("id")),
        subject(row),
        new User.Id(row.uuid("starter_id")),
        new Handle(row.text("starter")),
        row.instant("started_at"),
        row.instant("until"),
        row.flag("moved"),
        row.number("grants"),
        row.number("decided"));
  }

  private static Subject subject(Row row) throws SQLException {
    return row.has("group_id")
        ? new Subject.OfGroup(
            new Group.Id(row.uuid("group_id")), new Handle(row.text("group_handle")))
        : new Subject.OfService(
            new Instance.Id(row.uuid("instance_id")),
            row.instanceRef(),
            new User.Id(row.uuid("owner_id")));
  }

  private static Review.Line line(Row row, Optional<LocalDate> lastUse) throws SQLException {
    return new Review.Line(
        row.text("name"),
        row.constant("kind", Review.Kind.class),
        row.uuid("holder_id"),
        row.text("role"),
        row.optionalText("given_by"),
        row.instant("since"),
        row.optionalInstant("expires_at"),
        row.constant("state", Review.State.class),
        lastUse,
        row.has("decision")
            ? Optional.of(
                new Review.Decided(
                    Review.Decision.of(row.text("decision")),
                    new Handle(row.text("decided_by")),
                    row.instant("decided_at")))
            : Optional.empty());
  }
}
