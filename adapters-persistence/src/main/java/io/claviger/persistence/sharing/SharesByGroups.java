package io.claviger.persistence.sharing;

/**
 * The SQL that lists the services that are shared with a user's groups, ordered by owner and
 * handle. The SQL has these parameters: {@code limit}, the position before the page ({@code
 * after_owner} and {@code after_handle}), and {@code now}, the time for deciding whether shares
 * have expired.
 */
public final class SharesByGroups {
  /**
   * Reads each group's shares from the start of the page. A user can be in hundreds of groups, so
   * the SQL first reads only a few shares of each group. If these shares fill a page, they
   * determine the latest possible end of the page. Shares after this end are not read.
   */
  private static final String PAGE =
      """
      select distinct owner_handle, instance_handle, instance_id
      from (select group_id from group_members where user_id = {user}) mine
      cross join lateral (
        select h.owner_handle, h.instance_handle, h.instance_id
        from shares h
        where h.group_id = mine.group_id
          and (h.owner_handle, h.instance_handle) > (:after_owner, :after_handle)
          and (h.owner_handle, h.instance_handle) <= (
            coalesce((select bound.owner_handle from bound), '~'),
            coalesce((select bound.instance_handle from bound), '~'))
      {conditions}
        order by h.owner_handle, h.instance_handle
        limit :limit
      ) listed
      order by owner_handle, instance_handle
      limit :limit
      """;

  private static final String BOUND =
      """
      with bound as materialized (
        select distinct first.owner_handle, first.instance_handle
        from (select group_id from group_members where user_id = {user}) mine
        cross join lateral (
          select h.owner_handle, h.instance_handle
          from shares h
          where h.group_id = mine.group_id
            and (h.owner_handle, h.instance_handle) > (:after_owner, :after_handle)
      {conditions}
          order by h.owner_handle, h.instance_handle
          limit 3
        ) first
        order by first.owner_handle, first.instance_handle
        offset :limit - 1
        limit 1
      )
      """;

  /** Leaves out the user's own services, which the list already contains. */
  private static final String LIVE =
      """
          and (h.expires_at is null or h.expires_at > :now)
          and h.owner_handle <> (select handle from users where id = {user})
      """;

  private SharesByGroups() {}

  /**
   * Selects {@code owner_handle}, {@code instance_handle} and {@code instance_id}.
   *
   * @param user the SQL expression for the user's id, without any column
   * @param filter further SQL conditions on share {@code h}; may be empty
   */
  public static String page(String user, String filter) {
    return (BOUND + PAGE).replace("{conditions}\n", LIVE + filter).replace("{user}", user);
  }
}
