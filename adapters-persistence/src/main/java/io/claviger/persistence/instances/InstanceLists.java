package io.claviger.persistence.instances;

import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Seeing;
import io.claviger.persistence.sharing.SharesByGroups;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Reads lists of instances. Each part of a list is read from its own index, starting at the cursor.
 * So all pages of a list cost about the same.
 */
final class InstanceLists {
  /** The conditions of an {@link InstanceFilter}, applied to the columns of instance {@code i}. */
  private static final String FILTER =
      """
      and (cast(:id as uuid) is null or i.id = :id)
      and (cast(:owner as text) is null or i.owner_handle = :owner)
      and (cast(:provider as text) is null or i.provider = :provider)
      and (cast(:enabled as boolean) is null or i.enabled = :enabled)
      and (cast(:text as text) is null or i.handle ilike :text
        or i.display_name ilike :text or i.description ilike :text
        or i.model ilike :text)
      and (cast(:key_set_before as timestamptz) is null or (i.api_key_set_at < :key_set_before
        and i.credential_kind not in ('federated', 'ambient')))
      and (not cast(:key_rejected as boolean) or exists (
        select from rejected_keys b
        where b.instance_id = i.id and b.user_id is null and b.key_set_at = i.api_key_set_at))
      and (not cast(:own_keys as boolean) or i.user_keys)
      """;

  /**
   * The condition that no group of the user has a share of the same service with a higher role than
   * share {@code h}. A group's highest possible role is {@code writer}.
   */
  private static final String NO_HIGHER_BY_GROUP =
      """
      not (:role = 'reader' and exists (
        select from shares y
        where y.owner_handle = h.owner_handle and y.instance_handle = h.instance_handle
          and y.group_id = any(array(
            select member.group_id from group_members member where member.user_id = :user))
          and y.role = 'writer' and (y.expires_at is null or y.expires_at > :now)))
      """;

  /**
   * Those conditions of an {@link InstanceFilter} that can be checked with the columns of a group's
   * share, whose alias is {@code h}.
   */
  private static final String BY_GROUP =
      """
      and (cast(:id as uuid) is null or h.instance_id = :id)
      and (cast(:owner as text) is null or h.owner_handle = :owner)
      and (cast(:role as text) is null or (
        h.role = :role
        and not exists (
          select from shares y
          where y.grantee_id = :user
            and y.owner_handle = h.owner_handle and y.instance_handle = h.instance_handle
            and (y.expires_at is null or y.expires_at > :now)
            and array_position(array['reader', 'writer', 'owner'], y.role)
              > array_position(array['reader', 'writer', 'owner'], h.role))
        and
      """
          + NO_HIGHER_BY_GROUP
          + """
          ))
          and (not cast(:filtered as boolean) or exists (
            select from instances i
            where i.id = h.instance_id
          """
          + FILTER
          + """
          ))
          """;

  /** The ids of the first instances that a user can use, ordered by owner and handle. */
  private static final String USABLE_IDS =
      """
            select distinct owner_handle, handle, id
            from (
                (select i.id, i.owner_handle, i.handle
                from instances i
                where i.owner_handle = (select handle from users where id = :user)
                  and i.owner_handle <> '_system'
                  and i.handle > page_start(
                    (select handle from users where id = :user), :after_owner, :after_handle)
                  and (cast(:role as text) is null or :role = 'owner')
          """
          + FILTER
          + """
                order by i.owner_handle, i.handle
                limit :limit)
                union all
                (select i.id, i.owner_handle, i.handle
                from shares h
                join instances i on i.id = h.instance_id
                where h.grantee_id = :user
                  and (h.owner_handle, h.instance_handle) > (:after_owner, :after_handle)
                  and (h.expires_at is null or h.expires_at > :now)
                  and (cast(:role as text) is null or (h.role = :role and
          """
          + NO_HIGHER_BY_GROUP
          + """
                  ))
          """
          + FILTER
          + """
                order by h.owner_handle, h.instance_handle
                limit :limit)
                union all
                (select instance_id, owner_handle, instance_handle
                from (
          """
          + SharesByGroups.page(":user", BY_GROUP)
          + """
                ) by_groups)
                union all
                (select i.id, i.owner_handle, i.handle
                from instances i
                where i.owner_handle = '_system' and i.is_everybodys
                  and i.handle > page_start('_system', :after_owner, :after_handle)
                  and (cast(:role as text) is null or :role = (
                    select case when administrator then 'owner' else 'reader' end
                    from users where id = :user))
          """
          + FILTER
          + """
                order by i.owner_handle, i.handle
                limit :limit)
            ) each
            order by owner_handle, handle
            limit :limit
          """;

  private static final String USABLE =
      "select "
          + InstanceColumns.SEEN
          + "from (\n"
          + USABLE_IDS
          + """
          ) usable
          join instances i on i.id = usable.id
          """
          + InstanceColumns.SEEN_JOINS
          + """
          order by i.owner_handle, i.handle
          limit :limit
          """;

  private static final String COUNT_USABLE =
      "select count(*) from (\n" + USABLE_IDS + ") counted\n";

  private static final String ALL =
      "select "
          + InstanceColumns.SEEN
          + """
          from (
            select i.id
            from instances i
            where (i.owner_handle, i.handle) > (:after_owner, :after_handle)
          """
          + FILTER
          + """
            order by i.owner_handle, i.handle
            limit :limit
          ) listed
          join instances i on i.id = listed.id
          """
          + InstanceColumns.SEEN_JOINS
          + "order by i.owner_handle, i.handle\n";

  private static final String COUNT_ALL =
      """
      select count(*)
      from (
        select i.id
        from instances i
        where true
      """
          + FILTER
          + """
            limit :limit
          ) counted
          """;

  /**
   * Selects the viewer's shares of instance {@code i}. Services of {@code _system} are never shared
   * with the role {@code owner}.
   */
  private static final String HELD =
      """
      select x.role
      from shares x
      where x.instance_id = i.id and (x.expires_at is null or x.expires_at > :now)
        and x.grantee_id in
      """
          + Seeing.GRANTEES;

  private static final String SYSTEM_LEVEL =
      "select "
          + InstanceColumns.SEEN
          + "from instances i\n"
          + InstanceColumns.SEEN_JOINS
          + """
          where i.owner_handle = '_system'
            and i.handle > page_start('_system', :after_owner, :after_handle)
            and (:everything or i.is_everybodys or exists (
          """
          + HELD
          + "))\n"
          + """
            and (cast(:role as text) is null or :role = case
              when i.is_everybodys then (
                select case when administrator then 'owner' else 'reader' end
                from users where id = :viewer)
              else (select max(held.role) from (
          """
          + HELD
          + """
                ) held)
              end)
          """
          + FILTER
          + """
          order by i.owner_handle, i.handle
          limit :limit
          """;

  private final JdbcClient jdbc;

  InstanceLists(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Selects the user's own instances, instances that are shared with the user, and system-level
   * instances. An instance that is shared both with the user and with the user's groups is selected
   * only once.
   */
  List<VisibleInstance> usableBy(
      User.Id user, User.Id viewer, InstanceFilter.Slice slice, Instant now) {
    return page(ofUsable(USABLE, user, slice.filter(), now), viewer, slice)
        .query(InstanceRows.SEEN)
        .list();
  }

  int countUsableBy(User.Id user, InstanceFilter filter, int most, Instant now) {
    return page(
            ofUsable(COUNT_USABLE, user, filter, now), user, filter.slice(Optional.empty(), most))
        .query(Integer.class)
        .single();
  }

  private StatementSpec ofUsable(String sql, User.Id user, InstanceFilter filter, Instant now) {
    return jdbc.sql(sql)
        .param("user", user.value())
        .param("now", Parameters.at(now))
        .param(
            "filtered",
            filter.provider().isPresent()
                || filter.enabled().isPresent()
                || filter.text().isPresent()
                || filter.keySetBefore().isPresent()
                || filter.keyRejected()
                || filter.ownKeys());
  }

  List<VisibleInstance> all(User.Id viewer, InstanceFilter.Slice slice, Instant now) {
    return page(jdbc.sql(ALL).param("now", Parameters.at(now)), viewer, slice)
        .query(InstanceRows.SEEN)
        .list();
  }

  int countAll(InstanceFilter filter, int most) {
    return page(jdbc.sql(COUNT_ALL), User.Id.SYSTEM, filter.slice(Optional.empty(), most))
        .query(Integer.class)
        .single();
  }

  /**
   * Selects the system-level instances that the viewer can use. With {@code everything}, also
   * selects the system-level instances that only other users can use.
   */
  List<VisibleInstance> systemLevel(
      User.Id viewer, boolean everything, InstanceFilter.Slice slice, Instant now) {
    StatementSpec statement =
        jdbc.sql(SYSTEM_LEVEL).param("everything", everything).param("now", Parameters.at(now));
    return page(statement, viewer, slice).query(InstanceRows.SEEN).list();
  }

  private static StatementSpec page(
      StatementSpec statement, User.Id viewer, InstanceFilter.Slice slice) {
    InstanceFilter filter = slice.filter();
    Optional<Instance.Ref> after = slice.after();
    return statement
        .param("viewer", viewer.value())
        .param("id", Parameters.orNull(filter.id(), Instance.Id::value))
        .param("owner", Parameters.orNull(filter.owner(), Handle::value))
        .param("provider", Parameters.orNull(filter.provider(), Provider::wireName))
        .param("enabled", filter.enabled().orElse(null))
        .param("role", Parameters.orNull(filter.role(), r -> r.name().toLowerCase(Locale.ROOT)))
        .param("text", Parameters.containing(filter.text()))
        .param("key_set_before", Parameters.at(filter.keySetBefore()))
        .param("key_rejected", filter.keyRejected())
        .param("own_keys", filter.ownKeys())
        .param("after_owner", after.map(ref -> ref.owner().value()).orElse(""))
        .param("after_handle", after.map(ref -> ref.handle().value()).orElse(""))
        .param("limit", slice.limit());
  }
}
