package io.claviger.persistence.gateway;

import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.persistence.limits.UserLimitRows;
import io.claviger.persistence.shared.ByReference;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.sharing.ChosenShares;
import io.claviger.persistence.sharing.SharesByGroups;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads services for the calls of an authenticated user. */
final class ServiceContexts {
  private static final String JOINS =
      "join api_standards a on a.handle = i.api_standard\n"
          + ChosenShares.joined(
              "s",
              ":caller",
              "case when i.owner_id <> :caller and not i.is_everybodys then i.owner_handle end",
              "i.handle")
          + """
          left join shares v on v.instance_id = s.instance_id and v.grantee_id = s.given_via
          left join user_keys k on k.instance_id = i.id and k.user_id = :caller
          """;

  private static final String FIND =
      "select "
          + UserLimitRows.column(":caller")
          + CallContextRows.responsible(":caller", "u_responsible")
          + CallContextRows.COLUMNS
          + "from instances i\n"
          + JOINS
          + "where i.id = "
          + ByReference.SERVICE;

  private static final String USABLE =
      "select "
          + UserLimitRows.column(":caller")
          + CallContextRows.responsible(":caller", "u_responsible")
          + CallContextRows.COLUMNS
          + """
          from (
            select distinct owner_handle, handle, id
            from (
                (select id, owner_handle, handle
                from instances
                where owner_handle = (select handle from users where id = :caller)
                  and owner_handle <> '_system'
                  and handle > page_start(
                    (select handle from users where id = :caller), :after_owner, :after_handle)
                order by owner_handle, handle
                limit :limit)
                union all
                (select instance_id, owner_handle, instance_handle
                from shares
                where grantee_id = :caller
                  and (owner_handle, instance_handle) > (:after_owner, :after_handle)
                  and (expires_at is null or expires_at > :now)
                order by owner_handle, instance_handle
                limit :limit)
                union all
                (select instance_id, owner_handle, instance_handle
                from (
          """
          + SharesByGroups.page(":caller", "")
          + """
                ) by_groups)
                union all
                (select id, owner_handle, handle
                from instances
                where owner_handle = '_system' and is_everybodys
                  and handle > page_start('_system', :after_owner, :after_handle)
                order by owner_handle, handle
                limit :limit)
            ) each
            order by owner_handle, handle
            limit :limit
          ) usable
          join instances i on i.id = usable.id
          """
          + JOINS
          + """
          order by i.owner_handle, i.handle
          limit :limit
          """;

  private final JdbcClient jdbc;
  private final JdbcClient lists;

  ServiceContexts(JdbcClient jdbc, JdbcClient lists) {
    this.jdbc = jdbc;
    this.lists = lists;
  }

  Optional<ServiceContext> find(Instance.Ref service, User.Id caller, Instant now) {
    return jdbc.sql(FIND)
        .param("caller", caller.value())
        .param("owner", service.owner().value())
        .param("handle", service.handle().value())
        .param("now", Parameters.at(now))
        .query(CallContextRows.TARGET)
        .optional();
  }

  /**
   * Selects the user's own services, services that are shared with the user, and system-level
   * services. Each kind is read from its own index. A service that is shared both with the user and
   * with the user's groups is selected only once.
   */
  List<ServiceContext> usableBy(
      User.Id caller, Optional<Instance.Ref> after, int limit, Instant now) {
    return lists
        .sql(USABLE)
        .param("caller", caller.value())
        .param("now", Parameters.at(now))
        .param("after_owner", after.map(ref -> ref.owner().value()).orElse(""))
        .param("after_handle", after.map(ref -> ref.handle().value()).orElse(""))
        .param("limit", limit)
        .query(CallContextRows.TARGET)
        .list();
  }
}
