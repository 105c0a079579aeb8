package io.claviger.persistence.sharing;

import io.claviger.application.sharing.port.AttributedUsers;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.persistence.shared.Database;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link AttributedUsers} with the table {@code attributed_users}, which is written
 * together with usage.
 */
public final class JdbcAttributedUsers implements AttributedUsers {
  private final JdbcClient jdbc;

  public JdbcAttributedUsers(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public List<AttributedUser> of(
      Instance.Id service, User.Id owner, LocalDate since, Optional<User.Id> after, int limit) {
    return jdbc.sql(
            """
            select a.user_id, coalesce(u.handle, a.user_handle) as handle, a.last_used
            from attributed_users a
            left join users u on u.id = a.user_id
            where a.instance_id = :service and a.owner_id = :owner and a.user_id > :after
              and a.last_used >= :since
            order by a.user_id
            limit :limit
            """)
        .param("service", service.value())
        .param("owner", owner.value())
        .param("since", since)
        .param("after", after.map(User.Id::value).orElse(new UUID(0, 0)))
        .param("limit", limit)
        .query(
            (rs, n) ->
                new AttributedUser(
                    new User.Id(rs.getObject("user_id", UUID.class)),
                    new Handle(rs.getString("handle")),
                    rs.getObject("last_used", LocalDate.class)))
        .list();
  }

  @Override
  public boolean called(Instance.Id service, User.Id owner, User.Id user) {
    return jdbc.sql(
            """
            select exists (
              select from attributed_users
              where instance_id = :service and owner_id = :owner and user_id = :user)
            """)
        .param("service", service.value())
        .param("owner", owner.value())
        .param("user", user.value())
        .query(Boolean.class)
        .single();
  }
}
