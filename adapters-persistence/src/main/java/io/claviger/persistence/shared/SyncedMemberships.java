package io.claviger.persistence.shared;

/** Defines which memberships in synced groups end together with a user's identity. */
public final class SyncedMemberships {
  /**
   * The SQL condition for the memberships {@code m} in groups {@code g} that end. Memberships stay
   * if an identity provider manages both the user and the group by SCIM. The provider reports when
   * the user leaves such a group, but does not report existing members again.
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
