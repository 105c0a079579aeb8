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
 * {@link NameStore} on the tables of the things themselves.
 *
 * <p>Whoever sees everything is answered by the indexes of all names. For others, only what they
 * may see is read, so that the time of an answer tells nothing of what they may not see. Each
 * statement reads a bounded number of rows, whatever is asked.
 */
public final class JdbcNames implements NameStore {
  private static final int SECONDS = 1;

  /** So many entries of a viewer's list are compared by their words. */
  private static final int READ = 500;

  /** So many matches of an index are compared with each other. */
  private static final int MATCHES = 200;

  /** After every character that a handle may have. */
  private static final String AFTER_HANDLES = "~";

  /**
   * Finds among all rows of a table: by handle, and by words unless the handles fill the answer.
   */
  private static final String AMONG_ALL =
      """
      with named as materialized (
        select x.id from {table} x
        where {owned} and x.{begins} and {live}
        order by x.{handle} limit :limit),
      worded as materialized (
        select x.id from {table} x
        where (select count(*) from named) < :limit and cast(:lexemes as text) <> ''
          and name_lexemes({words}) @@ to_tsquery('pg_catalog.simple', :lexemes) and {live}
        limit %d),
      found as (select id from named union select id from worded)
      """
          .formatted(MATCHES);

  /**
   * Finds among the rows that a viewer may see. Most of them are ruled out by the cheaper of the
   * two comparisons of words.
   */
  private static final String AMONG_SEEN =
      """
      with seen as materialized (
      {seen}
      ),
      found as (
        select distinct x.id
        from seen
        join {table} x on x.id = seen.id
        where {live} and (cast(:only as uuid) is null or x.id = :only)
          and ({owned} and x.{begins}
            or cast(:lexemes as text) <> '' and lower({words}) like all(:anywhere)
              and name_words({words}) like all(:words)))
      """;

  private static final String ANSWER =
      """
      select x.id, {name} as name, {shown} as display_name
      from found
      join {table} x on x.id = found.id
      order by not (x.{begins}), x.{handle}, name
      limit :limit
      """;

  private static final String OWNED = "(cast(:owner as text) is null or x.owner_handle = :owner)";

  private static final String OWN_HANDLE = "(select handle from users where id = :viewer)";

  /** Selects what of an owner's table comes first, and what begins with the prefix. */
  private static final String OWN =
      """
      (select id from {table} where owner_handle = {own} and {begins} order by handle limit :limit)
      union all
      (select id from {table} where owner_handle = {own} order by handle limit {read})
      """
          .replace("{own}", OWN_HANDLE);

  private static final Searched SERVICES =
      new Searched(
          "instances",
          "handle",
          "x.handle || ' ' || x.display_name || ' ' || x.model",
          "x.owner_handle || '/' || x.handle",
          "x.display_name",
          "true",
          OWNED,
          OWN
              + """
              union all
              (select id from instances
              where owner_handle = '_system' and is_everybodys order by handle limit {read})
              union all
              (select lent.instance_id
              from %1$s as mine (id)
              cross join lateral (
                select h.instance_id from shares h
                where h.grantee_id = mine.id and h.instance_handle >= :from
                  and h.instance_handle < :to and (h.expires_at is null or h.expires_at > :now)
                  and (cast(:owner as text) is null or h.owner_handle = :owner)
                order by h.instance_handle limit :limit) lent)
              union all
              (select h.instance_id
              from %1$s as mine (id)
              join shares h on h.grantee_id = mine.id
              where h.expires_at is null or h.expires_at > :now
              limit {read})
              """
                  .formatted(Seeing.GRANTEES));

  private static final Searched PROJECTS =
      new Searched(
          "projects",
          "handle",
          "x.handle",
          "x.owner_handle || '/' || x.handle",
          "''",
          "true",
          OWNED,
          OWN
              + """
              union all
              (select h.project_id
              from %s as mine (id)
              join project_shares h on h.grantee_id = mine.id
              limit {read})
              """
                  .formatted(Seeing.GRANTEES));

  private static final Searched PEOPLE =
      new Searched(
          "users",
          "handle",
          "x.handle || ' ' || x.display_name || ' ' || coalesce(x.email, '')",
          "x.handle",
          "x.display_name",
          "x.handle <> '_system' and x.id <> :viewer",
          "true",
          Seeing.PEOPLE.stream()
              .map(
                  """
                  (select u.id from (%1$s) known (id) join users u on u.id = known.id
                  where u.handle >= :from and u.handle < :to limit :limit)
                  union all
                  (select id from (%1$s) known (id) limit {read})
                  """
                      ::formatted)
              .collect(Collectors.joining("union all\n")),
          // Only administrators see the names and addresses of others.
          "x.handle",
          "''");

  private static final Searched GROUPS =
      new Searched(
          "groups",
          "handle",
          "x.handle || ' ' || x.display_name",
          "x.handle",
          "x.display_name",
          "true",
          "true",
          "");

  private static final Searched MODELS =
      new Searched(
          "model_configs",
          "name",
          "x.name || ' ' || x.display_name || ' ' || x.model",
          "x.name",
          "x.display_name",
          "x.deleted_at is null",
          "true",
          """
          with usable as materialized (
            (select id, provider from instances
            where owner_handle = '_system' and is_everybodys and enabled limit {read})
            union all
            (select i.id, i.provider
            from %s as mine (id)
            join shares h on h.grantee_id = mine.id and h.owner_handle = '_system'
            join instances i on i.id = h.instance_id
            where i.enabled and (h.expires_at is null or h.expires_at > :now)
            limit {read}))
          (select m.id from usable join model_configs m on m.instance_id = usable.id
          where m.enabled limit {read})
          union all
          (select m.id from usable join model_targets t on t.instance_id = usable.id
          join model_configs m on m.id = t.model_id
          where m.enabled limit {read})
          union all
          (select m.id from model_configs m
          where m.enabled and m.deleted_at is null and m.instance_id is null
            and m.provider in (select provider from usable)
          limit {read})
          """
              .formatted(Seeing.GRANTEES));

  private final JdbcClient lists;

  public JdbcNames(Database database) {
    this.lists = database.lists(SECONDS);
  }

  @Override
  public List<Found> find(Kind kind, Sight sight, NameQuery query, Instant now, int limit) {
    boolean everything = kind == Kind.GROUP || (sight.everything() && sight.only().isEmpty());
    String from = query.prefix().orElse(AFTER_HANDLES);
    return lists
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
            (rs, n) -> {
              Row row = Row.of(rs);
              return new Found(kind, row.uuid("id"), row.text("name"), row.text("display_name"));
            })
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
   * The statements for one kind of things.
   *
   * @param handle the column that a prefix is compared with
   * @param words what an index and {@code name_words} take the words from
   * @param seen selects the ids of what the viewer may see, at most {@code {read}} by each reason
   * @param wordsSeen like words, for those who don't administrate Claviger
   * @param shownToAll like shown, for those who don't administrate Claviger
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
    /** Whoever sees a thing sees its names. */
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
          .replace("x.{begins}", "x.{handle} >= :from and x.{handle} < :to")
          .replace("{begins}", "{handle} >= :from and {handle} < :to")
          .replace("{table}", table)
          .replace("{handle}", handle)
          .replace("{words}", everything ? words : wordsSeen)
          .replace("{name}", name)
          .replace("{shown}", everything ? shown : shownToAll)
          .replace("{live}", live)
          .replace("{owned}", owned)
          .replace("{read}", Integer.toString(READ));
    }
  }
}
