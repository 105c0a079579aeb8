package io.claviger.persistence.sharing;

import io.claviger.application.shared.SearchText;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.persistence.shared.ByReference;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * The shares of one kind of thing. Table {@code shares} contains the shares of services, {@code
 * project_shares} those of projects, and {@code definition_shares} those of definitions. The tables
 * have different columns.
 *
 * @param <I> the type of the shared thing's id
 */
public class JdbcShares<I> implements ShareStore<I> {
  private final JdbcClient jdbc;
  private final Function<I, UUID> id;

  /** The columns that only some tables of shares have. */
  private final Columns special;

  private final String select;
  private final String count;
  private final String insert;
  private final String update;
  private final String delete;

  /**
   * @param thing the prefix of the columns that identify the thing
   * @param things the name of the table of the things
   */
  private JdbcShares(
      Database database,
      String table,
      String thing,
      String things,
      Columns special,
      Function<I, UUID> id) {
    this.jdbc = database.jdbc();
    this.id = id;
    this.special = special;
    Columns changed = special.and("given_by", "version");
    Columns created = Columns.of("created_at").and(changed);
    this.select =
        """
        select g.handle as given_by_handle, s.grantee_id, s.grantee_handle, %s
        from %s s
        left join users g on g.id = s.given_by
        where s.%s_id = :shared
        """
            .formatted(created.at("s"), table, thing);
    this.count =
        """
        select count(*)
        from (
          select s.grantee_handle
          from %s s
          where s.%s_id = :shared
            and (cast(:text as text) is null or s.grantee_handle ilike :text)
          limit :most) counted
        """
            .formatted(table, thing);
    this.insert =
        """
        insert into %s (%s_id, owner_handle, %s_handle, grantee_id, grantee_handle, %s)
        select t.id, t.owner_handle, t.handle, :grantee, :grantee_handle, %s
        from %s t
        where t.id = :shared
        """
            .formatted(table, thing, thing, created, created.parameters(), things);
    this.update =
        "update %s set %s where %s_id = :shared and grantee_id = :grantee"
            .formatted(table, changed.assignments(), thing);
    this.delete =
        "delete from %s where %s_id = :shared and grantee_id = :grantee".formatted(table, thing);
  }

  /**
   * Returns the store for shares of definitions. Each of these shares gives the role {@code
   * reader}, without limits.
   */
  public static ShareStore<Definition.Id> ofDefinitions(Database database) {
    return new JdbcShares<>(
        database,
        "definition_shares",
        "definition",
        "definitions",
        Columns.NONE,
        Definition.Id::value);
  }

  /** Returns the store for members of projects. Each member has a role, but no limits. */
  public static ShareStore<Project.Id> ofProjects(Database database) {
    return new JdbcShares<>(
        database,
        "project_shares",
        "project",
        "projects",
        Columns.of("role", "applied_by"),
        Project.Id::value);
  }

  /** Returns the store for shares of services. */
  public static InstanceShareStore ofInstances(Database database) {
    return new OfInstances(database);
  }

  @Override
  public Optional<Share> find(I shared, GranteeId grantee) {
    return one(shared, grantee, "");
  }

  @Override
  public Optional<Share> lock(I shared, GranteeId grantee) {
    return one(shared, grantee, " for update of s");
  }

  /**
   * Finds a share.
   *
   * @param locking a clause at the end of the SQL statement that locks the row; may be empty
   */
  Optional<Share> one(I shared, GranteeId grantee, String locking) {
    return of(shared, "and s.grantee_id = :grantee" + locking)
        .param("grantee", grantee.value())
        .query(Row.mapper(row -> share(row)))
        .optional();
  }

  @Override
  public List<Share> listOf(
      I shared, Optional<SearchText> text, Optional<GranteeName> after, int limit) {
    return of(
            shared,
            """
            and s.grantee_handle > :after
            and (cast(:text as text) is null or s.grantee_handle ilike :text)
            order by s.grantee_handle
            limit :limit
            """)
        .param("text", Parameters.containing(text))
        .param("after", after.map(GranteeName::toString).orElse(""))
        .param("limit", limit)
        .query(Row.mapper(row -> share(row)))
        .list();
  }

  @Override
  public int count(I shared, Optional<SearchText> text, int most) {
    return jdbc.sql(count)
        .param("shared", id.apply(shared))
        .param("text", Parameters.containing(text))
        .param("most", most)
        .query(Integer.class)
        .single();
  }

  /** Begins a statement that selects the shares of one definition, project or service. */
  StatementSpec of(I shared, String rest) {
    return jdbc.sql(select + rest).param("shared", id.apply(shared));
  }

  @Override
  public void insert(I shared, Share share, User.Id givenBy) {
    write(insert, shared, share, givenBy);
  }

  @Override
  public void update(I shared, Share share, User.Id givenBy) {
    write(update, shared, share, givenBy);
  }

  @Override
  public boolean delete(I shared, GranteeId grantee) {
    return jdbc.sql(delete)
            .param("shared", id.apply(shared))
            .param("grantee", grantee.value())
            .update()
        == 1;
  }

  private void write(String sql, I shared, Share share, User.Id givenBy) {
    StatementSpec limited = Parameters.withLimits(jdbc.sql(sql), share.terms().limits());
    Database.updateOne(
        Parameters.withLimits(limited, "pooled_", share.terms().pooledLimits())
            .param("shared", id.apply(shared))
            .param("grantee", share.grantee().id().value())
            .param("grantee_handle", share.grantee().name().toString())
            .param("role", share.terms().role().wireName())
            .param("may_reshare", share.terms().mayReshare())
            .param("to_everybody", share.terms().toEverybody())
            .param("weight", share.terms().weight().value())
            .param("expires_at", Parameters.at(share.terms().expiresAt()))
            .param("given_by", givenBy.value())
            .param("given_via", Parameters.orNull(share.givenVia(), User.Id::value))
            .param("version", share.version())
            .param("created_at", Parameters.at(share.createdAt()))
            .param("applied_by", Parameters.orNull(share.appliedBy(), AppliedBy::value)));
  }

  Share share(Row row) throws SQLException {
    return new Share(
        GranteeRows.grantee(row),
        terms(row),
        row.optionalText("given_by_handle").map(Handle::new),
        special.contains("given_via")
            ? row.optionalUuid("given_via").map(User.Id::new)
            : Optional.empty(),
        row.bigNumber("version"),
        row.instant("created_at"),
        special.contains("applied_by")
            ? row.optionalText("applied_by").map(AppliedBy::new)
            : Optional.empty());
  }

  private Share.Terms terms(Row row) throws SQLException {
    if (special.contains("expires_at")) {
      return ShareRows.pooledTerms(row);
    }
    Role role = special.contains("role") ? row.constant("role", Role.class) : Role.READER;
    return new Share.Terms(role, false, Optional.empty(), Limits.NONE);
  }

  private static final class OfInstances extends JdbcShares<Instance.Id>
      implements InstanceShareStore {
    private static final String BY_GROUP =
        """
        select %s
        from group_members m
        join shares s on s.group_id = m.group_id
        where m.user_id = :user and s.instance_id = :instance
          and (s.expires_at is null or s.expires_at > :now)
        order by s.role = 'writer' desc, s.created_at, s.group_id
        limit 1
        for share of m, s
        """
            .formatted(ShareColumns.BY_GROUP.at("s"));

    /** Selects the projects that close when a share ends or permits less. */
    private static final String OPENED =
        """
        select p.id
        from projects p
        where p.id in (
          select o.project_id
          from open_projects o
          join shares s on s.instance_id = o.instance_id and s.grantee_id = o.share_holder
          where o.instance_id = %s and %s in (s.grantee_id, s.given_via))
        order by p.id
        for no key update
        """;

    private static final String OPENED_BEFORE =
        OPENED.formatted(ByReference.SERVICE, "(select id from users where handle = :holder)");
    private static final String OPENED_SINCE = OPENED.formatted(":instance", ":holder") + "nowait";

    private final JdbcClient jdbc;
    private final String inImage;

    OfInstances(Database database) {
      super(
          database,
          "shares",
          "instance",
          "instances",
          ShareColumns.POOLED_TERMS.and("given_via", "applied_by"),
          Instance.Id::value);
      this.jdbc = database.jdbc();
      this.inImage =
          """
          select
            g.handle as given_by_handle, s.grantee_id, s.grantee_handle, %s,
            cast(:image as jsonb) ->> 'answers' as answers
          from jsonb_populate_record(cast(null as shares), cast(:image as jsonb)) s
          left join users g on g.id = s.given_by
          """
              .formatted(
                  ShareColumns.POOLED_TERMS
                      .and("given_via", "applied_by", "version", "created_at")
                      .at("s"));
    }

    @Override
    public void lockOpened(Instance.Ref service, GranteeName holder) {
      if (!holder.isGroup()) {
        int unused =
            jdbc.sql(OPENED_BEFORE)
                .param("owner", service.owner().value())
                .param("handle", service.handle().value())
                .param("holder", holder.handle().value())
                .query()
                .listOfRows()
                .size();
      }
    }

    @Override
    public void lockOpenedSince(Instance.Id service, GranteeId holder) {
      int unused =
          jdbc.sql(OPENED_SINCE)
              .param("instance", service.value())
              .param("holder", holder.value())
              .query()
              .listOfRows()
              .size();
    }

    @Override
    public Optional<Share> hold(Instance.Id instance, GranteeId grantee) {
      return one(instance, grantee, " for share of s");
    }

    /**
     * If a share ends while this statement waits for the lock on the share, the statement uses the
     * next share.
     */
    @Override
    public Optional<GroupShare> holdByGroup(Instance.Id instance, User.Id user, Instant now) {
      return jdbc.sql(BY_GROUP)
          .param("user", user.value())
          .param("instance", instance.value())
          .param("now", Parameters.at(now))
          .query(Row.mapper(row -> ShareRows.byGroup(row).orElseThrow()))
          .optional();
    }

    @Override
    public String image(
        Instance.Id instance, GranteeId grantee, Optional<BorrowRequest.Id> answers) {
      return jdbc.sql(
              """
              select cast(to_jsonb(s) || jsonb_build_object('answers', cast(:answers as text)) as text)
              from shares s
              where instance_id = :instance and grantee_id = :grantee
              """)
          .param("instance", instance.value())
          .param("grantee", grantee.value())
          .param("answers", Parameters.orNull(answers, id -> id.value().toString()))
          .query(String.class)
          .single();
    }

    @Override
    public Imaged ofImage(String image) {
      return jdbc.sql(inImage)
          .param("image", image)
          .query(
              Row.mapper(
                  row ->
                      new Imaged(
                          share(row),
                          row.optionalText("answers")
                              .map(id -> new BorrowRequest.Id(UUID.fromString(id))))))
          .single();
    }

    @Override
    public List<Share> givenVia(Instance.Id instance, User.Id coOwner) {
      return of(instance, "and s.given_via = :co_owner order by s.grantee_handle")
          .param("co_owner", coOwner.value())
          .query(Row.mapper(row -> share(row)))
          .list();
    }
  }
}
