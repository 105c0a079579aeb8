package io.claviger.persistence.sharing;

import io.claviger.domain.sharing.HeldShares;

/**
 * The SQL that chooses the share for a user's calls to a service, by the same rules as {@link
 * HeldShares}. The user's own share takes precedence. If the user has no share of their own, the
 * share of one of the user's groups is chosen: the share with the highest role. Among groups'
 * shares with the same role, the oldest share is chosen. Among equally old shares, the share with
 * the smallest id is chosen. The SQL contains the parameter {@code now}, the time for deciding
 * whether shares have expired.
 */
public final class ChosenShares {
  /**
   * Reads only an index, which begins with the service and the group and contains all columns that
   * the choice needs.
   */
  private static final String OF_GROUPS =
      """
      select x.instance_id, x.group_id, x.role
      from shares x
      where x.owner_handle = {owner} and x.instance_handle = {handle}
        and x.group_id = any(array(
          select member.group_id from group_members member where member.user_id = {user}))
        and (x.expires_at is null or x.expires_at > :now)
      order by x.role = 'writer' desc, x.created_at, x.group_id
      limit 1
      """;

  private static final String CHOSEN =
      """
      left join lateral (
        select held.instance_id, held.grantee_id,
          (array['reader', 'writer', 'owner'])[
            max(array_position(array['reader', 'writer', 'owner'], held.role)) over ()] as highest
        from (
            (select y.instance_id, y.grantee_id, y.role, 0 as place
            from shares y
            where y.grantee_id = {user}
              and y.owner_handle = {owner} and y.instance_handle = {handle}
              and (y.expires_at is null or y.expires_at > :now))
            union all
            (select by_group.instance_id, by_group.group_id, by_group.role, 1
            from (
      """
          + OF_GROUPS
          + """
                ) by_group)
            ) held
            order by held.place
            limit 1
          ) {name}_chosen on true
          left join shares {name}
            on {name}.instance_id = {name}_chosen.instance_id
            and {name}.grantee_id = {name}_chosen.grantee_id
          """;

  private ChosenShares() {}

  /**
   * Joins the chosen share. The share's columns are null if there is no share. {@link
   * ShareColumns#chosen} returns the columns that can be read.
   *
   * @param name the alias for the share
   * @param user the SQL expression for the user's id
   * @param owner the column with the owner's handle; null if the user owns the service and needs no
   *     share
   * @param handle the column with the service's handle
   */
  public static String joined(String name, String user, String owner, String handle) {
    return with(CHOSEN, user, owner, handle).replace("{name}", name);
  }

  /**
   * Selects the id of the group through whose share a user calls a service. If the user has a share
   * of their own, no group is selected.
   *
   * @param user the SQL expression for the user's id
   * @param owner the column with the owner's handle; null if the user needs no share
   * @param handle the column with the service's handle
   */
  public static String ofGroups(String user, String owner, String handle) {
    return with(OF_GROUPS, user, owner, handle);
  }

  private static String with(String sql, String user, String owner, String handle) {
    return sql.replace("{user}", user).replace("{owner}", owner).replace("{handle}", handle);
  }
}
