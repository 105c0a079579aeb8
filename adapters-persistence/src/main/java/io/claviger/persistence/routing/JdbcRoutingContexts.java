package io.claviger.persistence.routing;

import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.routing.port.RoutingContexts;
import io.claviger.domain.CreationOrder;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.policy.UserLimits;
import io.claviger.domain.routing.CatalogueName;
import io.claviger.domain.standards.WireFormat;
import io.claviger.persistence.accounts.AccountRows;
import io.claviger.persistence.gateway.TokenRows;
import io.claviger.persistence.limits.UserLimitRows;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.sharing.ChosenShares;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link RoutingContexts}. Reads a context with a single statement, so all its parts
 * come from the same moment. The result has one row for each service and each catalogue entry that
 * the service serves. If there is no service, the result has one row without a service.
 */
public final class JdbcRoutingContexts implements RoutingContexts {
  /**
   * The maximum size of the limits that a context contains, in bytes. Without a maximum, the limits
   * of very many services could take all the memory of a node.
   */
  static final int MOST_BYTES = 4 * 1024 * 1024;

  /** The columns that can contain hundreds of names. */
  private static final List<String> LARGE =
      List.of(
          "i.limit_models",
          "i.limit_operations",
          "s.limit_models",
          "s.limit_operations",
          "s.pooled_limit_models",
          "s.pooled_limit_operations",
          "v.limit_models",
          "v.limit_operations");

  /**
   * Selects the services that user {@code u} can use, with the rows that belong to each service. If
   * the user has too many shares, one share of each owner is selected in turn, because an owner who
   * gives the user many shares could otherwise displace the shares of other owners.
   */
  private static final String SERVICES =
      """
      left join lateral (
        (select i.id, i.created_at, 1 as place, 0 as turn
        from instances i
        where t.service_id is null and t.project_id is null
          and i.owner_handle = u.handle
          and (t.imported_services is null or i.id = any(t.imported_services))
        order by i.created_at, i.id
        limit :most)
        union all
        (select i.id, i.created_at, 2, 0
        from instances i
        where t.service_id is null and t.project_id is null
          and i.owner_handle = '_system' and i.is_everybodys
          and (t.imported_services is null or i.id = any(t.imported_services))
        order by i.created_at, i.id
        limit :most)
        union all
        (select g.instance_id, i.created_at,
          case when i.owner_handle = '_system' then 2 when n.user_id is null then 4 else 3 end
            as place,
          case when i.owner_handle = '_system' then 0
            else row_number() over (partition by i.owner_id order by i.created_at, i.id) end
            as turn
        from (
          select h.instance_id
          from shares h
          where h.grantee_id = u.id and (h.expires_at is null or h.expires_at > :now)
          union
          select h.instance_id
          from group_members member
          join shares h on h.group_id = member.group_id
          where member.user_id = u.id and h.owner_handle <> u.handle
            and (h.expires_at is null or h.expires_at > :now)
        ) g
        join instances i on i.id = g.instance_id
        left join bare_names n on n.instance_id = g.instance_id and n.user_id = u.id
        where t.service_id is null and t.project_id is null
          and (t.imported_services is null or i.id = any(t.imported_services))
        order by place, turn, i.created_at, i.id
        limit :most)
        union all
        (select t.service_id, null, 0, 0 where t.service_id is not null)
        union all
        (select q.instance_id, null, 0, 0 where q.instance_id is not null)
        order by place, turn, created_at, id
        limit :most
      ) c on true
      left join instances i on i.id = c.id
      left join lateral (
        select array_agg(r.owner_handle || '/' || r.handle) as refs, min(r.until) as until
        from moved_references r
        where r.service_id = i.id and r.until > :now
      ) f on true
      left join api_standards a on a.handle = i.api_standard
      """
          + ChosenShares.joined(
              "s",
              "u.id",
              "case when i.owner_id <> u.id and not i.is_everybodys then i.owner_handle end",
              "i.handle")
          + """
          left join shares v on v.instance_id = s.instance_id and v.grantee_id = s.given_via
          left join user_keys k on k.instance_id = i.id and k.user_id = u.id
          left join default_services d on d.instance_id = i.id and d.user_id = u.id
          left join default_services y on y.instance_id = i.id and y.user_id = :system
          left join bare_names b on b.instance_id = i.id and b.user_id = u.id
          left join catalogue_targets g on g.instance_id = i.id
          left join lateral (
            select x.role
            from project_shares x
            where x.project_id = q.id
              and (x.grantee_id = u.id
                or x.group_id in (
                  select member.group_id from group_members member where member.user_id = u.id))
            order by array_position(array['owner', 'writer', 'reader'], x.role)
            limit 1
          ) m on true
          """
          + ChosenShares.joined(
              "o",
              "q.owner_id",
              "case when i.owner_id <> q.owner_id and not i.is_everybodys then i.owner_handle end",
              "i.handle")
          + """
          left join shares w on w.instance_id = o.instance_id and w.grantee_id = o.given_via
          cross join lateral (select token.bytes + %s as bytes offset 0) weighed
          """
              .formatted(
                  LARGE.stream()
                      .map(JdbcRoutingContexts::bytes)
                      .collect(Collectors.joining(" + ")));

  /**
   * Selects a token with the services of its user. Each row of the result repeats the columns of
   * the token.
   */
  private static final String OF_TOKEN =
      withinBytes(
          TokenRows.COLUMNS + RoutingRows.COLUMNS,
          AccountRows.TOKEN_JOINS
              + """
              cross join lateral (
                select coalesce(octet_length(cast(t.limit_models as text)), 0)
                  + coalesce(octet_length(cast(t.limit_operations as text)), 0) as bytes
                offset 0
              ) token
              """
              + SERVICES
              + "where t.token_hash = :hash\n");

  private static final String OF_USER =
      withinBytes(
          RoutingRows.COLUMNS,
          """
          from users u
          cross join (
            select cast(:service as uuid) as service_id, cast(:project as uuid) as project_id,
              cast(null as uuid[]) as imported_services
          ) t
          cross join (select 0 as bytes) token
          left join projects q on q.id = t.project_id
          """
              + SERVICES
              + "where u.id = :user\n");

  private final JdbcClient jdbc;

  public JdbcRoutingContexts(Database database) {
    this.jdbc = database.jdbc();
  }

  /** Returns the SQL expression for an upper bound on the memory that an array of names takes. */
  private static String bytes(String array) {
    return "coalesce(octet_length(cast(%1$s as text)) + 80 * cardinality(%1$s), 0)"
        .formatted(array);
  }

  /**
   * Selects as many rows as {@link #MOST_BYTES} permits. Services with a lower {@code place} come
   * first; among services with the same {@code place}, each owner gets an equal part of the bytes.
   * The row with the caller's groups and limits is always selected.
   */
  private static String withinBytes(String columns, String from) {
    return "select * from (select o.*, sum(o.c_bytes) over (\n"
        + "order by o.c_place, o.c_of_owner, o.i_created_at, o.i_id rows unbounded preceding\n"
        + ") as c_in_all from (select "
        + columns
        + """
        , c.place as c_place, weighed.bytes as c_bytes, sum(weighed.bytes) over (
          partition by c.place, i.owner_id order by c.turn, i.created_at, i.id
          rows unbounded preceding) as c_of_owner
        """
        + from
        + """
        ) o) a
        where a.c_in_all <= :most_bytes or a.c_groups is not null
        order by a.c_place, a.i_created_at, a.i_id
        """;
  }

  @Override
  public Optional<CallContext<RoutingContext>> gather(TokenHash token, Instant now) {
    return jdbc.sql(OF_TOKEN)
        .param("hash", token.bytes())
        .param("most", MOST_SERVICES)
        .param("most_bytes", MOST_BYTES)
        .param("now", Parameters.at(now))
        .param("system", User.Id.SYSTEM.value())
        .query(JdbcRoutingContexts::ofToken);
  }

  @Override
  public RoutingContext of(User.Id user, Optional<TokenRestriction> restriction, Instant now) {
    return jdbc.sql(OF_USER)
        .param("user", user.value())
        .param("service", restriction.flatMap(TokenRestriction::service).orElse(null))
        .param("project", restriction.flatMap(TokenRestriction::project).orElse(null))
        .param("most", MOST_SERVICES)
        .param("most_bytes", MOST_BYTES)
        .param("now", Parameters.at(now))
        .param("system", User.Id.SYSTEM.value())
        .query(JdbcRoutingContexts::context);
  }

  private static Optional<CallContext<RoutingContext>> ofToken(ResultSet rows) throws SQLException {
    if (!rows.next()) {
      return Optional.empty();
    }
    Row row = Row.of(rows);
    CallContext<RoutingContext> token = TokenRows.context(row, Optional.empty());
    return Optional.of(
        new CallContext<>(token.token(), token.user(), Optional.of(rest(rows, row))));
  }

  private static RoutingContext context(ResultSet rows) throws SQLException {
    return rows.next() ? rest(rows, Row.of(rows)) : new RoutingContext(List.of(), List.of());
  }

  private static RoutingContext rest(ResultSet rows, Row row) throws SQLException {
    Map<Instance.Id, SeenService> services = new LinkedHashMap<>();
    Set<Group.Id> groups = new HashSet<>();
    UserLimits limits = UserLimits.NONE;
    CatalogueRows catalogue = new CatalogueRows();
    do {
      if (row.has("c_set_limits")) {
        limits = UserLimitRows.of(row.texts("c_set_limits"));
      }
      if (row.has("c_groups")) {
        row.uuids("c_groups").forEach(group -> groups.add(new Group.Id(group)));
      }
      if (row.has("i_id")) {
        Instance.Id id = new Instance.Id(row.uuid("i_id"));
        if (!services.containsKey(id)) {
          services.put(id, RoutingRows.service(row));
        }
        catalogue.add(row.part("g_"), id);
      }
    } while (rows.next());
    return new RoutingContext(List.copyOf(services.values()), catalogue.names(), groups, limits);
  }

  /**
   * Collects the catalogue's entries from rows, each of which contains one target of an entry. The
   * rows can be in any order. The targets of an unbound model have no stored position, and are in
   * the order of their services, oldest first.
   */
  private static final class CatalogueRows {
    private static final Comparator<Entry> OLDEST_FIRST =
        CreationOrder.of(Entry::createdAt, Entry::id);

    private final Map<UUID, Entry> entries = new HashMap<>();

    private record Entry(
        UUID id,
        Instant createdAt,
        WireFormat format,
        String name,
        FailureMode onFailure,
        Map<Integer, ModelTarget> targets) {}

    /** Adds the row's target, if there is one. */
    void add(Row row, Instance.Id service) throws SQLException {
      if (!row.has("model_id")) {
        return;
      }
      Entry entry = entries.get(row.uuid("model_id"));
      if (entry == null) {
        entry =
            new Entry(
                row.uuid("model_id"),
                row.instant("created_at"),
                WireFormat.of(row.text("format")),
                row.text("name"),
                FailureMode.of(row.text("on_failure")),
                new TreeMap<>());
        entries.put(entry.id(), entry);
      }
      int position = row.number("position");
      entry
          .targets()
          .put(
              position == 0 ? entry.targets().size() : position,
              new ModelTarget(service, new ModelName(row.text("model"))));
    }

    /** Returns the catalogue's entries, oldest first. */
    List<CatalogueName> names() {
      return entries.values().stream()
          .sorted(OLDEST_FIRST)
          .map(
              entry ->
                  new CatalogueName(
                      entry.format(),
                      entry.name(),
                      List.copyOf(entry.targets().values()),
                      entry.onFailure()))
          .toList();
    }
  }
}
