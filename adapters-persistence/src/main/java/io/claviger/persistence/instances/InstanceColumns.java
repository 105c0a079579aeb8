package io.claviger.persistence.instances;

import io.claviger.domain.instances.InstanceField;
import io.claviger.persistence.limits.UserLimitRows;
import io.claviger.persistence.providers.ProviderRows;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.FieldColumns;
import io.claviger.persistence.sharing.ChosenShares;
import io.claviger.persistence.sharing.ShareColumns;

/**
 * The columns of instances that statements read and write. Each column is listed only once.
 *
 * <p>Statements that read these columns use these aliases: {@code i} for table {@code instances},
 * {@code a} for the instance's API standard, and {@code d} for its definition. Other aliases stand
 * for rows that concern the viewer: {@code s} for the viewer's own share, {@code h} for a share of
 * one of the viewer's groups, {@code k} for the viewer's own key and {@code f} for the viewer's
 * default service. If a co-owner gave the share that calls use, {@code v} is the co-owner's own
 * share.
 */
public final class InstanceColumns {
  /** The columns of table {@code instances} that are read under their own names. */
  private static final Columns STORED =
      Columns.of(
              "id",
              "owner_id",
              "owner_handle",
              "handle",
              "definition_id",
              "endpoint_set_by",
              "headers_set_by",
              "central_key",
              "user_keys",
              "fallback_to_central",
              "custom_header_names",
              "api_key_set_at",
              "credential_kind",
              "credential_settings",
              "sent_settings",
              "version",
              "created_at",
              "updated_at")
          .and(Columns.LIMITS)
          .and(Columns.IN_ALL)
          .and(Columns.PROVIDER_LIMITS)
          .and(FieldColumns.of(InstanceField.scalars()));

  public static final String SEEN =
      UserLimitRows.column(":viewer")
          + prefixed("")
          + """
          , i.api_key_sealed, i.headers_sealed, k.api_key_sealed as user_key_sealed,
          f.instance_id is not null as is_default,
          """
          + ShareColumns.of("s", "(select g.handle from users g where g.id = s.given_by)")
          + ", "
          + ShareColumns.byGroup("h")
          + ", "
          + ShareColumns.limits("v")
          + "\n";

  /**
   * The joins to {@code instances i} that {@link #SEEN} needs. The joins have two parameters: the
   * viewer and {@code now}, the time for deciding whether shares have expired.
   */
  public static final String SEEN_JOINS =
      """
      join api_standards a on a.handle = i.api_standard
      left join definitions d on d.id = i.definition_id
      left join shares s on s.instance_id = i.id and s.grantee_id = :viewer
      left join lateral (
      """
          + ChosenShares.ofGroups(
              ":viewer", "case when i.owner_id <> :viewer then i.owner_handle end", "i.handle")
          + """
          ) by_group on true
          left join shares h
            on h.instance_id = by_group.instance_id and h.grantee_id = by_group.group_id
          left join shares v on v.instance_id = i.id
            and v.grantee_id = case
              when s.grantee_id is not null and (s.expires_at is null or s.expires_at > :now)
              then s.given_via
              else h.given_via
            end
          left join user_keys k on k.instance_id = i.id and k.user_id = :viewer
          left join default_services f on f.instance_id = i.id and f.user_id = :viewer
          """;

  private InstanceColumns() {}

  /** Returns the columns for {@link InstanceRows#instance}, each with a prefix. */
  public static String prefixed(String prefix) {
    return STORED.each("i.%1$s as " + prefix + "%1$s")
        + (", a.key_method as %1$skey_method, a.key_field as %1$skey_field,"
                + " d.owner_handle as %1$sdefinition_owner, d.handle as %1$sdefinition_handle")
            .formatted(prefix)
        + ", "
        + ProviderRows.content("i", prefix);
  }
}
