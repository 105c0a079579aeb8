package io.claviger.persistence.shared;

/** Says which memberships in synced groups end together with a user's identity. */
public final class SyncedMemberships {
  /**
   * The condition for memberships with the alias {@code m}, in groups with the alias {@code g}. If
   * an identity provider manages both a user and a group by SCIM, the identity provider reports
   * when the user leaves the group, but does not report again who is in the group.
   */
  public static final String OF_IDENTITY =
      """
      and g.kind = 'synced'
      and not exists (
        select from scim_groups kept
        join scim_users person on person.issuer = kept.issuer
        where kept.group_id = g.id and kept.deleted_at is null
          and person.user_id = m.user_id and person.deleted_at is null
          and exists (select from scim_tokens t where t.issuer = kept.issuer))
      """;

  private SyncedMemberships() {}
}
