package io.claviger.persistence.instances;

import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.domain.accounts.User;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the instances for which the user has to do something. */
final class NeedyInstances {
  /**
   * The condition that the viewer's calls find no key for instance {@code i}, or that the owner has
   * not yet confirmed where the instance's credential is used. Keys that the deployment provides
   * are not taken into account here.
   */
  private static final String WITHOUT_KEY =
      """
      i.enabled and (i.api_key_sealed is null or not i.central_key)
      and (not i.user_keys or (i.fallback_to_central and not exists (
        select from user_keys own where own.instance_id = i.id and own.user_id = :viewer)))
      and i.credential_kind <> 'none'
      and (i.credential_kind <> 'api_key' or not exists (
        select from api_standards keyless
        where keyless.handle = i.api_standard and keyless.key_method = 'none'))
      """;

  private static final String OF_OWNER =
      """
      (select i.id, i.owner_handle, i.handle
      from instances i
      where i.owner_handle = {owner} and
      """
          + WITHOUT_KEY
          + """
          order by i.owner_handle, i.handle
          limit :limit)
          """;

  private static final String NEED_KEY =
      "select "
          + InstanceColumns.SEEN
          + """
          from (
            select each.id
            from (
          """
          + OF_OWNER.replace(
              "{owner}", "(select handle from users where id = :viewer and handle <> '_system')")
          + "union all\n"
          + OF_OWNER.replace(
              "{owner}", "(select '_system' from users where id = :viewer and administrator)")
          + """
              union all
              (select i.id, i.owner_handle, i.handle
              from shares held
              join instances i on i.id = held.instance_id
              where held.grantee_id = :viewer and held.role = 'owner'
                and (held.expires_at is null or held.expires_at > :now) and
          """
          + WITHOUT_KEY
          + """
              order by i.owner_handle, i.handle
              limit :limit)
            ) each
            order by each.owner_handle, each.handle
            limit :limit
          ) needy
          join instances i on i.id = needy.id
          """
          + InstanceColumns.SEEN_JOINS
          + "order by i.owner_handle, i.handle\n";

  /** A group is a grantee like a user, so the same index serves both kinds of shares. */
  private static final String ENDING =
      "select "
          + InstanceColumns.SEEN
          + """
          from (
            select each.instance_id, min(each.expires_at) as ends
            from (
              (select held.instance_id, held.expires_at
              from shares held
              where held.grantee_id = :viewer
                and held.expires_at > :now and held.expires_at <= :until
              order by held.expires_at
              limit :limit)
              union all
              (select held.instance_id, held.expires_at
              from group_members member
              join shares held on held.grantee_id = member.group_id
              where member.user_id = :viewer
                and held.expires_at > :now and held.expires_at <= :until
              order by held.expires_at
              limit :limit)
            ) each
            group by each.instance_id
            order by min(each.expires_at), each.instance_id
            limit :limit
          ) ending
          join instances i on i.id = ending.instance_id
          """
          + InstanceColumns.SEEN_JOINS
          + "order by ending.ends, i.owner_handle, i.handle\n";

  private final JdbcClient jdbc;

  NeedyInstances(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<VisibleInstance> withoutKey(User.Id user, int limit, Instant now) {
    return jdbc.sql(NEED_KEY)
        .param("viewer", user.value())
        .param("now", Parameters.at(now))
        .param("limit", limit)
        .query(InstanceRows.SEEN)
        .list();
  }

  List<VisibleInstance> endingShares(User.Id user, Instant now, Instant until, int limit) {
    return jdbc.sql(ENDING)
        .param("viewer", user.value())
        .param("now", Parameters.at(now))
        .param("until", Parameters.at(until))
        .param("limit", limit)
        .query(InstanceRows.SEEN)
        .list();
  }
}
