package io.claviger.persistence.search;

import io.claviger.application.search.port.NameQuery;
import io.claviger.application.search.port.NameStore;
import io.claviger.application.shared.Sight;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.shared.Seeing;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link NameStore} with the tables of all things that can be searched.
 *
 * <p>For viewers who see everything, the indexes of all names are searched. For other viewers, only
 * rows that they may see are read. So the response time reveals nothing about other rows. Each
 * statement reads a limited number of rows, whatever the viewer searches for.
 */
public final class JdbcNames implements NameStore {
  private static final int SECONDS = 1;

  /** The maximum number of names in a viewer's list that a search compares word by word. */
  private static final int READ = 300;

  /** The maximum number of index matches that are ranked. */
  private static final int MATCHES = 200;

  /** A character that sorts after all characters of handles. */
  private static final String AFTER_HANDLES = "~";

  /** Searches a whole table by handle. If this finds too few rows, also searches by words. */
  private static final String AMONG_ALL =
      """
      with named as materialized (
        select x.id from {table} x
        where {owned} and {begins} and {live}
        order by {handle} limit :limit),
      worded as materialized (
        select x.id from {table} x
        where (select count(*) from named) < :limit and cast(:lexemes as text) <> ''
          and name_lexemes({words}) @@ to_tsquery('pg_catalog.simple', :lexemes) and {live}
        limit %s),
      matching as (
        select x.*
        from (select id from named union select id from worded) s
        cross join lateral (
          select x.id, {name} as name, {shown} as display_name, {handle} as handle,
            {begins} as begins
          from {table} x
          where x.id = s.id
          offset 0) x)
      """
          .formatted(MATCHES);

  /**
   * Selects the matching rows that a viewer may see. The cheaper of two word comparisons comes
   * first and rules out most rows. Each row is looked up by its id. {@code offset 0} keeps
   * PostgreSQL from reading the whole table.
   */
  private static final String AMONG_SEEN =
      """
      with mine (id) as materialized (
      %s
      ),
      own (handle) as materialized (select handle from users where id = :viewer),
      seen (id) as materialized (
      {seen}
      ),
      matching as (
        select x.*
        from (select distinct id from seen where cast(:only as uuid) is null or id = :only) s
        cross join lateral (
          select x.id, {name} as name, {shown} as display_name, {handle} as handle,
            {begins} as begins
          from {table} x
          where x.id = s.id and {live}
            and ({owned} and {begins}
              or cast(:lexemes as text) <> '' and lower({words}) like all(:anywhere)
                and name_words({words}) like all(:words))
          offset 0) x)
      """
          .formatted(Seeing.GRANTEES);

  private static final String ANSWER =
      """
      select id, name, display_name from matching
      order by not begins, handle, name
      limit :limit
      """;

  private static final String OWNED = "(cast(:owner as text) is null or x.owner_handle = :owner)";

  /**
   * Selects the viewer's rows whose handles begin with the prefix, and the viewer's first rows by
   * handle.
   */
  private static final String OWN =
      """
      (select x.id from {table} x
      where x.owner_handle = (select handle from own) and {begins}
      order by x.handle limit :limit)
      union all
      (select x.id from {table} x
      where x.owner_handle = (select handle from own)
      order by x.handle limit {read})
      """;

  private static final Searched SERVICES =
      new Searched(
          "instances",
          "x.handle",
          "x.handle || ' ' || x.display_name || ' ' || x.model",
          "x.owner_handle || '/' || x.handle",
          "x.display_name",
          "true",
          OWNED,
          OWN
              + """
              union all
              (select x.id from instances x
              where x.owner_handle = '_system' and x.is_everybodys and {begins}
              order by x.handle limit :limit)
              union all
              (select x.id from instances x
              where x.owner_handle = '_system' and x.is_everybodys
              order by x.handle limit {read})
              union all
              (select lent.id
              from mine
              cross join lateral (
                select h.instance_id as id from shares h
                where h.grantee_id = mine.id
                  and h.instance_handle >= :from and h.instance_handle < :to
                  and (h.expires_at is null or h.expires_at > :now)
                  and (cast(:owner as text) is null or h.owner_handle = :owner)
                order by h.instance_handle limit :limit) lent)
              union all
              (select lent.id
              from mine
              cross join lateral (
                select h.instance_id as id from shares h
                where h.grantee_id = mine.id and (h.expires_at is null or h.expires_at > :now)
                limit {read}) lent
              limit {read})
              """);

  private static final Searched PROJECTS =
      new Searched(
          "projects",
          "x.handle",
          "x.handle",
          "x.owner_handle || '/' || x.handle",
          "''",
          "true",
          OWNED,
          OWN
              + """
              union all
              (select joined.id
              from mine
              cross join lateral (
                select h.project_id as id from project_shares h
                where h.grantee_id = mine.id
                  and h.project_handle >= :from and h.project_handle < :to
                  and (cast(:owner as text) is null or h.owner_handle = :owner)
                order by h.project_handle limit :limit) joined)
              union all
              (select joined.id
              from mine
              cross join lateral (
                select h.project_id as id from project_shares h
                where h.grantee_id = mine.id limit {read}) joined
              limit {read})
              """);

  /**
   * The statements for users whose handles the viewer sees in lists. {@link Seeing#PEOPLE} lists
   * the reasons for which the viewer sees a user's handle, and each reason has one statement. Each
   * statement reads handles from {@code span.first} up to {@code span.after}, exclusive. For each
   * share, group or service through which the viewer knows somebody, the statement reads at most
   * {@code span.most} handles.
   */
  private static final List<String> KNOWN =
      List.of(
          // Service accounts for which the viewer is responsible.
          """
          (select a.id
          from (
            select id, handle from users where responsible_user_id = :viewer
            union all
            select u.id, u.handle
            from group_members g
            cross join lateral (
              select id, handle from users where responsible_group_id = g.group_id offset 0) u
            where g.user_id = :viewer and g.role = 'manager'
            offset 0) a
          where a.handle >= span.first and a.handle < span.after
          limit span.most)
          """,
          // Members of the viewer's groups.
          """
          (select m.id
          from group_members g
          cross join lateral (
            select o.user_id as id from group_members o
            where o.group_id = g.group_id
              and o.user_handle >= span.first and o.user_handle < span.after
            order by o.user_handle limit span.most) m
          where g.user_id = :viewer
          limit {all})
          """,
          // Users to whom the viewer lends a service, and the members of the viewer's projects.
          eachOnce("shares"),
          eachOnce("project_shares"),
          // Users who lend the viewer a service.
          """
          (select o.id
          from mine
          cross join lateral (
            with recursive lender (handle, id, n) as (
              (select h.owner_handle, h.instance_id, 1 from shares h
              where h.grantee_id = mine.id and (h.expires_at is null or h.expires_at > :now)
                and h.owner_handle >= span.first and h.owner_handle < span.after
              order by h.owner_handle limit 1)
              union all
              select next.handle, next.id, lender.n + 1
              from lender
              cross join lateral (
                select h.owner_handle as handle, h.instance_id as id from shares h
                where h.grantee_id = mine.id and (h.expires_at is null or h.expires_at > :now)
                  and h.owner_handle > lender.handle and h.owner_handle < span.after
                order by h.owner_handle limit 1) next
              where lender.n < span.most)
            select i.owner_id as id
            from lender
            cross join lateral (select owner_id from instances where id = lender.id offset 0) i) o
          limit {all})
          """,
          // Users who hold a share of a service that the viewer may change.
          """
          (select held.id
          from mine
          cross join lateral (
            select h.instance_id from shares h
            where h.grantee_id = mine.id and h.role in ('writer', 'owner')
              and (h.expires_at is null or h.expires_at > :now)
            limit {read}) changed
          cross join lateral (
            select h.user_id as id from shares h
            where h.instance_id = changed.instance_id and h.user_id is not null
              and h.grantee_handle >= span.first and h.grantee_handle < span.after
            order by h.grantee_handle limit span.most) held
          limit {all})
          """);

  private static final Searched PEOPLE =
      new Searched(
          "users",
          "x.handle",
          "x.handle || ' ' || x.display_name || ' ' || coalesce(x.email, '')",
          "x.handle",
          "x.display_name",
          "x.handle <> '_system' and x.id <> :viewer",
          "true",
          """
          select known.id
          from (values (:from, :to, :limit), ('', '~', {read} / 2)) span (first, after, most)
          cross join lateral (
          %s) known
          """
              .formatted(String.join("union all\n", KNOWN)),
          // Only administrators see the names and addresses of others.
          "x.handle",
          "''");

  private static final Searched GROUPS =
      new Searched(
          "groups",
          "x.handle",
          "x.handle || ' ' || x.display_name",
          "x.handle",
          "x.display_name",
          "true",
          "true",
          "");

  private static final Searched MODELS =
      new Searched(
          "model_configs",
          "(lower(x.name) collate \"C\")",
          "x.name || ' ' || x.display_name || ' ' || x.model",
          "x.name",
          "x.display_name",
          "x.deleted_at is null",
          "true",
          """
          with usable as materialized (
            (select id, provider from instances
            where owner_handle = '_system' and is_everybodys and enabled
            order by handle limit {read})
            union all
            (select i.id, i.provider
            from mine
            cross join lateral (
              select h.instance_id from shares h
              where h.grantee_id = mine.id and h.owner_handle = '_system'
                and (h.expires_at is null or h.expires_at > :now)
              limit {read}) h
            cross join lateral (
              select id, provider from instances
              where id = h.instance_id and enabled offset 0) i
            limit {read}))
          (select m.id
          from usable
          cross join lateral (
            select x.id from model_configs x
            where x.instance_id = usable.id and x.enabled and x.deleted_at is null and {begins}
            order by {handle} limit :limit) m)
          union all
          (select m.id
          from usable
          cross join lateral (
            select x.id from model_configs x
            where x.instance_id = usable.id and x.enabled and x.deleted_at is null
            limit {read}) m
          limit {read})
          union all
          (select m.id
          from usable
          cross join lateral (
            select model_id from model_targets where instance_id = usable.id limit {read}) t
          cross join lateral (
            select id from model_configs where id = t.model_id and enabled offset 0) m
          limit {read})
          union all
          (select m.id
          from (select distinct provider from usable) offered
          cross join lateral (
            select x.id from model_configs x
            where x.provider = offered.provider and x.instance_id is null and x.enabled
              and x.deleted_at is null and {begins}
            order by {handle} limit :limit) m)
          union all
          (select m.id
          from (select distinct provider from usable) offered
          cross join lateral (
            select x.id from model_configs x
            where x.provider = offered.provider and x.instance_id is null and x.enabled
              and x.deleted_at is null
            order by {handle} limit {read}) m
          limit {read})
          """);

  /**
   * Selects the holders of shares of the viewer's things in the order of their handles, without
   * repetitions. Searches for one handle after the other, because a single user can hold thousands
   * of shares.
   */
  private static String eachOnce(String shares) {
    return """
    (with recursive held (handle, id, n) as (
      (select h.grantee_handle, h.user_id, 1 from {shares} h
      where h.owner_handle = (select handle from own) and h.user_id is not null
        and h.grantee_handle >= span.first and h.grantee_handle < span.after
      order by h.grantee_handle limit 1)
      union all
      select next.handle, next.id, held.n + 1
      from held
      cross join lateral (
        select h.grantee_handle as handle, h.user_id as id from {shares} h
        where h.owner_handle = (select handle from own) and h.user_id is not null
          and h.grantee_handle > held.handle and h.grantee_handle < span.after
        order by h.grantee_handle limit 1) next
      where held.n < span.most)
    select id from held limit {all})
    """
        .replace("{shares}", shares);
  }

  private final JdbcClient lists;
  private final JdbcClient planned;

  public JdbcNames(Database database) {
    this.lists = database.lists(SECONDS);
    this.planned = database.planned(SECONDS);
  }

  @Override
  public List<Found> find(Kind kind, Sight sight, NameQuery query, Instant now, int limit) {
    boolean everything = kind == Kind.GROUP || (sight.everything() && sight.only().isEmpty());
    String from = query.prefix().orElse(AFTER_HANDLES);
    return (everything ? lists : planned)
        .sql(searched(kind).statement(everything))
        .param("viewer", sight.viewer().value())
        .param("only", sight.only().orElse(null))
        .param("owner", query.owner().orElse(null))
        .param("from", from)
        .param("to", from + AFTER_HANDLES)
        .param("words", Parameters.texts(query.words(), word -> "% " + word + "%"))
        .param("anywhere", Parameters.texts(query.words(), word -> "%" + word + "%"))
        .param(
            "lexemes",
            query.words().stream().map("'%s':*"::formatted).collect(Collectors.joining(" & ")))
        .param("now", Parameters.at(now))
        .param("limit", limit)
        .query(
            Row.mapper(
                row -> new Found(kind, row.uuid("id"), row.text("name"), row.text("display_name"))))
        .list();
  }

  private static Searched searched(Kind kind) {
    return switch (kind) {
      case SERVICE -> SERVICES;
      case PERSON -> PEOPLE;
      case GROUP -> GROUPS;
      case MODEL -> MODELS;
      case PROJECT -> PROJECTS;
    };
  }

  /**
   * The parts of the search statements for one kind of thing.
   *
   * @param handle the expression that is compared with the prefix; it is ordered by the collation
   *     {@code C}
   * @param words the expression for the words of a row; an index and {@code name_words} use the
   *     same expression
   * @param seen the query that selects the ids of the rows that the viewer may see, at most {@code
   *     {read}} rows for each reason
   * @param wordsSeen the expression that replaces {@code words} for viewers who are not
   *     administrators
   * @param shownToAll the expression that replaces {@code shown} for viewers who are not
   *     administrators
   */
  private record Searched(
      String table,
      String handle,
      String words,
      String name,
      String shown,
      String live,
      String owned,
      String seen,
      String wordsSeen,
      String shownToAll) {
    /** Creates the parts for a kind of thing whose whole name is visible to all its viewers. */
    Searched(
        String table,
        String handle,
        String words,
        String name,
        String shown,
        String live,
        String owned,
        String seen) {
      this(table, handle, words, name, shown, live, owned, seen, words, shown);
    }

    String statement(boolean everything) {
      return ((everything ? AMONG_ALL : AMONG_SEEN) + ANSWER)
          .replace("{seen}", seen)
          .replace("{begins}", "({handle} >= :from and {handle} < :to)")
          .replace("{table}", table)
          .replace("{handle}", handle)
          .replace("{words}", everything ? words : wordsSeen)
          .replace("{name}", name)
          .replace("{shown}", everything ? shown : shownToAll)
          .replace("{live}", live)
          .replace("{owned}", owned)
          .replace("{read}", Integer.toString(READ))
          .replace("{all}", Integer.toString(2 * READ));
    }
  }
}
