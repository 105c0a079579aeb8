package io.claviger.persistence.models;

import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.domain.accounts.User;
import io.claviger.persistence.instances.InstanceColumns;
import io.claviger.persistence.instances.InstanceRows;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the services that models of the catalogue run on. */
final class ModelServices {
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
   * Returns the services that at least one model runs on. All are system-level services.
   *
   * <p>The limit of each subquery ends it at the first model of a service. The order in the last
   * subquery lets it use an index; without that, it might read all models.
   */
  List<VisibleInstance> of(User.Id viewer, Instant now) {
    return jdbc.sql(SERVING)
        .param("viewer", viewer.value())
        .param("now", Parameters.at(now))
        .query(InstanceRows.SEEN)
        .list();
  }
}
