package io.claviger.persistence.models;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.models.port.ModelConfigStore;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.DeletedModel;
import io.claviger.domain.models.ModelAlias;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.standards.WireFormat;
import io.claviger.persistence.instances.InstanceColumns;
import io.claviger.persistence.instances.InstanceRows;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Implements {@link ModelConfigStore} with the table {@code model_configs}. A writing transaction
 * locks the only row of {@code model_catalogue}, so only one transaction writes at a time.
 */
public final class JdbcModelConfigs implements ModelConfigStore {
  private static final TimeCursor BEGINNING = new TimeCursor(Instant.EPOCH, new UUID(0, 0));

  private static final String LIVE =
      select("model_configs")
          + """
          where m.deleted_at is null and (m.created_at, m.id) > (:after_at, :after_id)
          order by m.created_at, m.id
          limit :limit
          """;

  private static final TimeCursor END =
      new TimeCursor(Instant.parse("9999-12-31T00:00:00Z"), new UUID(-1, -1));

  /** Selects deleted models, with the users who deleted them. */
  private static final String DELETED =
      """
      select x.*, d.handle as deleted_by, g.deleted_at
      from model_configs g
      join lateral (
      """
          + select("model_configs")
          + """
          where m.id = g.id
          ) x on true
          left join users d on d.id = g.deleted_by
          where g.deleted_at is not null
          """;

  /**
   * The columns of the row as it was before the deletion. This former row has the alias {@code o}.
   */
  private static final String BEFORE = ModelRows.STORED.and("created_by", "updated_by").at("o");

  private static final Columns CHANGED = ModelRows.STORED.without("id", "created_at");

  /**
   * Selects the service's API standard. A constraint compares the standard's format with the
   * model's format.
   */
  private static final String API_STANDARD =
      """
      case when cast(:instance_id as uuid) is not null then
        coalesce((select i.api_standard from instances i where i.id = :instance_id), '')
      end
      """;

  private final JdbcClient jdbc;
  private final ModelServices services;

  public JdbcModelConfigs(Database database) {
    this.jdbc = database.jdbc();
    this.services = new ModelServices(database.jdbc());
  }

  @Override
  public void lock() {
    boolean locked =
        jdbc.sql("select single from model_catalogue for update").query(Boolean.class).single();
    if (!locked) {
      throw new IllegalStateException(
          "model_catalogue.single is false, although a constraint forbids this");
    }
  }

  @Override
  public Optional<ModelConfig> find(ModelConfig.Id id) {
    return jdbc.sql(
            select("model_configs")
                + """
                where m.id = :id and m.deleted_at is null
                """)
        .param("id", id.value())
        .query(ModelRows.MODEL)
        .optional();
  }

  @Override
  public List<ModelConfig> live(Optional<TimeCursor> after, int limit) {
    TimeCursor position = after.orElse(BEGINNING);
    return jdbc.sql(LIVE)
        .param("after_at", Parameters.at(position.at()))
        .param("after_id", position.id())
        .param("limit", limit)
        .query(ModelRows.MODEL)
        .list();
  }

  @Override
  public List<DeletedModel> deleted(Optional<TimeCursor> after, int limit) {
    TimeCursor position = after.orElse(END);
    return jdbc.sql(
            DELETED
                + """
                  and (g.deleted_at, g.id) < (:after_at, :after_id)
                order by g.deleted_at desc, g.id desc
                limit :limit
                """)
        .param("after_at", Parameters.at(position.at()))
        .param("after_id", position.id())
        .param("limit", limit)
        .query(ModelRows.DELETED)
        .list();
  }

  @Override
  public Optional<DeletedModel> findDeleted(ModelConfig.Id id) {
    return jdbc.sql(DELETED + "and g.id = :id")
        .param("id", id.value())
        .query(ModelRows.DELETED)
        .optional();
  }

  @Override
  public List<InstanceStore.VisibleInstance> services(User.Id viewer, Instant now) {
    return services.of(viewer, now);
  }

  @Override
  public void insert(ModelConfig model, User.Id author) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into model_configs (%s, api_standard, created_by, updated_by)
                values (%s, %s, :by, :by)
                """
                    .formatted(ModelRows.STORED, ModelRows.STORED.parameters(), API_STANDARD))
            .param("by", author.value())
            .param("created_at", Parameters.at(model.createdAt()));
    Database.updateOne(ModelRows.with(statement, model));
    addFurther(model);
  }

  @Override
  public void update(ModelConfig model, User.Id author) {
    Database.update(
        jdbc.sql("delete from model_targets where model_id = :id").param("id", model.id().value()));
    StatementSpec statement =
        jdbc.sql(
                """
                update model_configs
                set %s, api_standard = %s, updated_by = :by
                where id = :id and deleted_at is null
                """
                    .formatted(CHANGED.assignments(), API_STANDARD))
            .param("by", author.value());
    Database.updateOne(ModelRows.with(statement, model));
    addFurther(model);
  }

  @Override
  public void restore(ModelConfig model, User.Id author) {
    StatementSpec statement =
        jdbc.sql(
                """
                update model_configs
                set %s, updated_by = :by, deleted_by = null, deleted_at = null
                where id = :id and deleted_at is not null
                """
                    .formatted(CHANGED.assignments()))
            .param("by", author.value());
    Database.updateOne(ModelRows.with(statement, model));
  }

  /** Selects models {@code m} of a table, with the users who wrote them. */
  private static String select(String table) {
    return """
    select
      %s,
      (select array_agg(t.instance_id order by t.position) from model_targets t
        where t.model_id = m.id) as further_services,
      (select array_agg(t.model order by t.position) from model_targets t
        where t.model_id = m.id) as further_models,
      c.handle as created_by, u.handle as updated_by
    from %s m
    left join users c on c.id = m.created_by
    left join users u on u.id = m.updated_by
    """
        .formatted(ModelRows.STORED.at("m"), table);
  }

  private void addFurther(ModelConfig model) {
    List<ModelTarget> further = model.route().further();
    if (further.isEmpty()) {
      return;
    }
    int rows =
        jdbc.sql(
                """
                insert into model_targets (
                  model_id, position, format, instance_id, api_standard, model)
                select :id, t.position + 1, :format, i.id, i.api_standard, t.model
                from unnest(cast(:services as uuid[]), cast(:models as text[]))
                  with ordinality t(service, model, position)
                join instances i on i.id = t.service
                """)
            .param("id", model.id().value())
            .param("format", model.route().format().wireName())
            .param("services", Parameters.uuids(further, target -> target.service().value()))
            .param("models", Parameters.texts(further, target -> target.model().value()))
            .update();
    Database.require(further.size(), rows);
  }

  @Override
  public WireFormat formatOf(Handle apiStandard) {
    return WireFormat.of(
        jdbc.sql("select format from api_standards where handle = :handle")
            .param("handle", apiStandard.value())
            .query(String.class)
            .single());
  }

  @Override
  public Set<ModelAlias> names(WireFormat format) {
    return jdbc.sql("select name from model_configs where format = :format and deleted_at is null")
        .param("format", format.wireName())
        .query((rs, n) -> new ModelAlias(rs.getString("name")))
        .set();
  }

  @Override
  public List<ModelConfig> servedBy(Instance.Id instance) {
    return jdbc.sql(
            select("model_configs")
                + """
                where m.deleted_at is null
                  and m.id = any (array(
                    select b.id from model_configs b where b.instance_id = :instance
                    union all
                    select t.model_id from model_targets t where t.instance_id = :instance))
                order by m.created_at, m.id
                """)
        .param("instance", instance.value())
        .query(ModelRows.MODEL)
        .list();
  }

  @Override
  public void delete(ModelConfig.Id id, User.Id author, Instant at) {
    Database.updateOne(
        jdbc.sql(
                """
                with gone as (delete from model_targets where model_id = :id)
                update model_configs
                set instance_id = null, api_standard = null, is_default = false,
                  deleted_by = :by, deleted_at = :at, version = version + 1
                where id = :id and deleted_at is null
                """)
            .param("id", id.value())
            .param("by", author.value())
            .param("at", Parameters.at(at)));
  }

  /**
   * Joins the table to itself to return the rows as they were before the update. {@code returning}
   * alone would return the updated values.
   */
  @Override
  public List<ModelConfig> deleteBoundTo(Instance.Id instance, User.Id author, Instant at) {
    return jdbc.sql(
            """
            with gone as (
              delete from model_targets t
              using model_configs m
              where m.id = t.model_id and m.instance_id = :instance and m.deleted_at is null),
            deleted as (
              update model_configs m
              set instance_id = null, api_standard = null, is_default = false, deleted_by = :by, deleted_at = :at,
                version = m.version + 1
              from model_configs o
              where o.id = m.id and m.instance_id = :instance and m.deleted_at is null
              returning %s)
            %s
            """
                .formatted(BEFORE, select("deleted") + "order by m.created_at, m.id"))
        .param("instance", instance.value())
        .param("by", author.value())
        .param("at", Parameters.at(at))
        .query(ModelRows.MODEL)
        .list();
  }

  @Override
  public List<ModelConfig> deleteUnboundOf(Provider provider, User.Id author, Instant at) {
    return jdbc.sql(
            """
            with deleted as (
              update model_configs m
              set is_default = false, deleted_by = :by, deleted_at = :at, version = m.version + 1
              from model_configs o
              where o.id = m.id and m.provider = :provider and m.instance_id is null
                and m.deleted_at is null
              returning %s)
            %s
            """
                .formatted(BEFORE, select("deleted") + "order by m.created_at, m.id"))
        .param("provider", provider.wireName())
        .param("by", author.value())
        .param("at", Parameters.at(at))
        .query(ModelRows.MODEL)
        .list();
  }

  /** Reads the services on which models of the catalogue run. */
  private static final class ModelServices {
    private static final String SERVING =
        "select "
            + InstanceColumns.SEEN
            + """
            from (
              select s.id
              from instances s
              cross join lateral (
                select
                from model_configs m
                where m.instance_id = s.id
                limit 1
              ) bound
              where s.owner_handle = '_system'
              union
              select t.instance_id
              from model_targets t
              union
              select s.id
              from instances s
              cross join lateral (
                select
                from model_configs m
                where m.deleted_at is null and m.instance_id is null
                  and m.provider = s.provider
                order by m.created_at, m.id
                limit 1
              ) unbound
              where s.owner_handle = '_system' and s.enabled
            ) serving
            join instances i on i.id = serving.id
            """
            + InstanceColumns.SEEN_JOINS
            + "order by i.created_at, i.id";

    private final JdbcClient jdbc;

    ModelServices(JdbcClient jdbc) {
      this.jdbc = jdbc;
    }

    /**
     * Returns the services that run at least one model. All these services are system-level
     * services.
     *
     * <p>Each subquery has a limit, so the subquery ends at a service's first model. The order in
     * the last subquery lets PostgreSQL use an index. Without the order, PostgreSQL might read all
     * models of the catalogue.
     */
    List<VisibleInstance> of(User.Id viewer, Instant now) {
      return jdbc.sql(SERVING)
          .param("viewer", viewer.value())
          .param("now", Parameters.at(now))
          .query(InstanceRows.SEEN)
          .list();
    }
  }
}
