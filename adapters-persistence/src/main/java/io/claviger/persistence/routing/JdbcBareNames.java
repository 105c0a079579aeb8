package io.claviger.persistence.routing;

import io.claviger.application.routing.port.BareNameStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link BareNameStore} with the table {@code bare_names}, whose rows refer to shares
 * and memberships.
 */
public final class JdbcBareNames implements BareNameStore {
  private final JdbcClient jdbc;

  public JdbcBareNames(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public boolean accept(Instance.Id instance, User.Id user, Optional<Group.Id> group, Instant at) {
    return jdbc.sql(
                """
                insert into bare_names (instance_id, user_id, group_id, accepted_at)
                values (:instance, :user, :group, :at)
                on conflict on constraint bare_names_pkey do nothing
                """)
            .param("instance", instance.value())
            .param("user", user.value())
            .param("group", Parameters.orNull(group, Group.Id::value))
            .param("at", Parameters.at(at))
            .update()
        == 1;
  }

  @Override
  public boolean isAccepted(Instance.Id instance, User.Id user) {
    return jdbc.sql(
            """
            select exists (
              select from bare_names where user_id = :user and instance_id = :instance)
            """)
        .param("instance", instance.value())
        .param("user", user.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public boolean withdraw(Instance.Id instance, User.Id user) {
    return jdbc.sql("delete from bare_names where user_id = :user and instance_id = :instance")
            .param("instance", instance.value())
            .param("user", user.value())
            .update()
        == 1;
  }
}
