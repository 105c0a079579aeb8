package io.claviger.persistence.defaults;

import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.persistence.instances.InstanceColumns;
import io.claviger.persistence.instances.InstanceRows;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link DefaultServiceStore} with the table {@code default_services}. */
public final class JdbcDefaultServices implements DefaultServiceStore {
  private static final RowMapper<Chosen> CHOSEN =
      (rs, n) ->
          new Chosen(new User.Id(Row.of(rs).uuid("chooser")), InstanceRows.SEEN.mapRow(rs, n));

  private static final String CHOICES =
      "select c.user_id as chooser, "
          + InstanceColumns.SEEN
          + """
          from default_services c
          join instances i on i.id = c.instance_id
          """
          + InstanceColumns.SEEN_JOINS
          + """
          where c.user_id in (:user, :system)
          order by c.user_id
          """;

  private final JdbcClient jdbc;

  public JdbcDefaultServices(Database database) {
    this.jdbc = database.jdbc();
  }

  private record Chosen(User.Id chooser, InstanceStore.VisibleInstance service) {}

  @Override
  public Choices choicesFor(User.Id user, Instant now) {
    List<Chosen> choices =
        jdbc.sql(CHOICES)
            .param("viewer", user.value())
            .param("now", Parameters.at(now))
            .param("user", user.value())
            .param("system", User.Id.SYSTEM.value())
            .query(CHOSEN)
            .list();
    return new Choices(of(user, choices), of(User.Id.SYSTEM, choices));
  }

  /** A nonzero {@code xmax} in the returned row means that an earlier choice was replaced. */
  @Override
  public boolean choose(User.Id user, Instance.Id instance) {
    return jdbc.sql(
            """
            insert into default_services (user_id, instance_id, owner_handle, instance_handle)
            select :user, id, owner_handle, handle
            from instances
            where id = :instance
            on conflict on constraint default_services_pkey do update
            set instance_id = excluded.instance_id, owner_handle = excluded.owner_handle,
              instance_handle = excluded.instance_handle
            returning xmax = 0 as inserted
            """)
        .param("user", user.value())
        .param("instance", instance.value())
        .query(Boolean.class)
        .optional()
        .orElseThrow(
            () ->
                new ConcurrencyConflict(
                    ConcurrencyConflict.How.REFERENCE_GONE, new EmptyResultDataAccessException(1)));
  }

  @Override
  public boolean forget(User.Id user) {
    return jdbc.sql("delete from default_services where user_id = :user")
            .param("user", user.value())
            .update()
        == 1;
  }

  private static Optional<InstanceStore.VisibleInstance> of(User.Id chooser, List<Chosen> choices) {
    return choices.stream()
        .filter(c -> c.chooser().equals(chooser))
        .map(Chosen::service)
        .findFirst();
  }
}
