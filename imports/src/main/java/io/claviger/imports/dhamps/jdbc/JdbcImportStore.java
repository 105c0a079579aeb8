package io.claviger.imports.dhamps.jdbc;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.projects.Project;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.imports.dhamps.port.ImportStore;
import io.claviger.imports.shared.DatabaseIdentity;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.UnnestedColumns;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * {@link ImportStore} on PostgreSQL. The table {@code arrivals} holds the names of imported rows.
 */
public final class JdbcImportStore implements ImportStore {
  private final JdbcClient jdbc;
  private final BulkInserts rows;
  private final LateKeyUpdates keys;

  public JdbcImportStore(Database database) {
    this.jdbc = database.jdbc();
    this.rows = new BulkInserts(jdbc);
    this.keys = new LateKeyUpdates(jdbc);
  }

  /** Takes an advisory lock. A lock on the table would block a backup. */
  @Override
  public void begin() {
    Object unused =
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('claviger import', 0))::text")
            .query(String.class)
            .optional();
  }

  @Override
  public String database() {
    return DatabaseIdentity.of(jdbc);
  }

  @Override
  public List<EarlierImport> importedFrom(String source) {
    return jdbc.sql(
            """
            select a.kind, a.name, a.object_id,
              case a.kind
                when 'user' then u.handle
                when 'definition' then d.owner_handle || '/' || d.handle
                when 'service' then i.owner_handle || '/' || i.handle
                when 'project' then p.owner_handle || '/' || p.handle
              end as ref
            from arrivals a
            left join users u on a.kind = 'user' and u.id = a.object_id
            left join definitions d on a.kind = 'definition' and d.id = a.object_id
            left join instances i on a.kind = 'service' and i.id = a.object_id
            left join projects p on a.kind = 'project' and p.id = a.object_id
            where a.source = :source
            """)
        .param("source", source)
        .query(
            (row, n) ->
                new EarlierImport(
                    kind(row.getString("kind")),
                    row.getString("name"),
                    Optional.ofNullable(row.getObject("object_id", UUID.class)),
                    Optional.ofNullable(row.getString("ref"))))
        .list();
  }

  private static ImportedKind kind(String wireName) {
    return Arrays.stream(ImportedKind.values())
        .filter(k -> k.wireName().equals(wireName))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void record(List<ImportedRow> arrivals) {
    int unused =
        jdbc.sql(
                """
                insert into arrivals (source, kind, name, object_id)
                select *
                from unnest(:sources, :kinds, :names, cast(:ids as uuid[]))
                """)
            .param("sources", UnnestedColumns.of(arrivals, ImportedRow::source))
            .param("kinds", UnnestedColumns.of(arrivals, a -> a.kind().wireName()))
            .param("names", UnnestedColumns.of(arrivals, ImportedRow::name))
            .param("ids", UnnestedColumns.of(arrivals, ImportedRow::id))
            .update();
  }

  @Override
  public Set<Handle> takenByUsers(Collection<Handle> handles) {
    return jdbc.sql("select handle from users where handle = any(:handles)")
        .param("handles", UnnestedColumns.of(List.copyOf(handles), Handle::value))
        .query((row, n) -> new Handle(row.getString("handle")))
        .set();
  }

  @Override
  public Map<User.Id, Map<Handle, UUID>> ownedBy(ImportedKind kind, Collection<User.Id> owners) {
    String query =
        switch (kind) {
          case DEFINITION ->
              "select owner_id, handle, id from definitions where owner_id = any(cast(:owners as"
                  + " uuid[]))";
          case SERVICE ->
              """
              select owner_id, handle, id from instances where owner_id = any(cast(:owners as uuid[]))
              union all
              select u.id, m.handle, m.service_id
              from users u
              join moved_references m on m.kind = 'service' and m.owner_handle = u.handle
              where u.id = any(cast(:owners as uuid[])) and m.until > clock_timestamp()
              """;
          case PROJECT ->
              """
              select owner_id, handle, id from projects where owner_id = any(cast(:owners as uuid[]))
              union all
              select u.id, m.handle, m.project_id
              from users u
              join moved_references m on m.kind = 'project' and m.owner_handle = u.handle
              where u.id = any(cast(:owners as uuid[])) and m.until > clock_timestamp()
              """;
          default -> throw new IllegalArgumentException(kind + " is owned by nobody");
        };
    Map<User.Id, Map<Handle, UUID>> owned = new HashMap<>();
    jdbc.sql(query)
        .param("owners", UnnestedColumns.of(List.copyOf(owners), o -> o))
        .query(
            row -> {
              User.Id owner = new User.Id(row.getObject("owner_id", UUID.class));
              Object unused =
                  owned
                      .computeIfAbsent(owner, o -> new HashMap<>())
                      .put(new Handle(row.getString("handle")), row.getObject("id", UUID.class));
            });
    return owned;
  }

  @Override
  public Map<UUID, Set<User.Id>> sharedWith(ImportedKind kind, Collection<UUID> things) {
    String query =
        switch (kind) {
          case SHARE ->
              "select instance_id, grantee_id from shares where instance_id = any(cast(:things as"
                  + " uuid[]))";
          case DEFINITION_SHARE ->
              "select definition_id, grantee_id from definition_shares where definition_id ="
                  + " any(cast(:things as uuid[]))";
          case MEMBER ->
              "select project_id, grantee_id from project_shares where project_id ="
                  + " any(cast(:things as uuid[]))";
          default -> throw new IllegalArgumentException(kind + " is no share");
        };
    Map<UUID, Set<User.Id>> shared = new HashMap<>();
    jdbc.sql(query)
        .param("things", UnnestedColumns.of(List.copyOf(things), t -> t))
        .query(
            row -> {
              boolean unused =
                  shared
                      .computeIfAbsent(row.getObject(1, UUID.class), t -> new HashSet<>())
                      .add(new User.Id(row.getObject(2, UUID.class)));
            });
    return shared;
  }

  @Override
  public void addUsers(List<User> users) {
    rows.insertUsers(users);
  }

  @Override
  public void addDefinitions(List<Definition> definitions) {
    rows.insertDefinitions(definitions);
  }

  @Override
  public void addServices(List<NewService> services) {
    rows.insertServices(services);
  }

  @Override
  public void addShares(ImportedKind kind, List<NewShare> shares) {
    rows.insertShares(kind, shares);
  }

  @Override
  public void addProjects(List<Project> projects) {
    rows.insertProjects(projects);
  }

  @Override
  public Map<Instance.Id, Destination> lockKeyless(Collection<Instance.Id> instances) {
    return keys.lockKeyless(instances);
  }

  @Override
  public void setKeys(Map<Instance.Id, SealedValue> sealed, Instant at) {
    keys.set(sealed, at);
  }

  /** Stores keys of instances that an earlier run imported without one. */
  private static final class LateKeyUpdates {
    private final JdbcClient jdbc;

    LateKeyUpdates(JdbcClient jdbc) {
      this.jdbc = jdbc;
    }

    Map<Instance.Id, Destination> lockKeyless(Collection<Instance.Id> instances) {
      Map<Instance.Id, Destination> found = new HashMap<>();
      jdbc.sql(
              """
              select i.id, i.endpoint, s.key_method, s.key_field
              from instances i
              join api_standards s on s.handle = i.api_standard
              where i.id = any(cast(:ids as uuid[])) and i.api_key_sealed is null
                -- An old key may be of another account than the one in which things are stored.
                and not exists (
                  select from provider_objects o where o.service_id = i.id and o.state = 'live')
                and not exists (select from shared_objects o where o.service_id = i.id)
              order by i.id
              for update of i for share of s
              """)
          .param("ids", UnnestedColumns.of(List.copyOf(instances), Instance.Id::value))
          .query(
              row -> {
                Object unused =
                    found.put(
                        new Instance.Id(row.getObject("id", UUID.class)),
                        new Destination(
                            Endpoint.of(row.getString("endpoint")),
                            new KeyPlacement(
                                KeyMethod.of(row.getString("key_method")),
                                row.getString("key_field"))));
              });
      return found;
    }

    void set(Map<Instance.Id, SealedValue> sealed, Instant at) {
      List<Map.Entry<Instance.Id, SealedValue>> keys = List.copyOf(sealed.entrySet());
      int unused =
          jdbc.sql(
                  """
                  update instances i
                  set api_key_sealed = decode(k.sealed, 'hex'), api_key_set_at = :at,
                    account = account + 1,
                    updated_at = :at, version = version + 1
                  from unnest(cast(:ids as uuid[]), :sealed) as k (id, sealed)
                  where i.id = k.id
                  """)
              .param("ids", UnnestedColumns.of(keys, k -> k.getKey().value()))
              .param("sealed", UnnestedColumns.of(keys, k -> k.getValue().bytes()))
              .param("at", Parameters.at(at))
              .update();
    }
  }
}
