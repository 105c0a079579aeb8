package io.claviger.persistence.gateway;

import io.claviger.application.gateway.port.CallContexts.Giver;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.HoldingGroup;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.groups.Group;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.sharing.Role;
import io.claviger.persistence.instances.InstanceRows;
import io.claviger.persistence.limits.UserLimitRows;
import io.claviger.persistence.providers.ProviderRows;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.sharing.ShareColumns;
import io.claviger.persistence.sharing.ShareRows;
import io.claviger.persistence.standards.StandardRows;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;

/**
 * Reads the target of a call from rows. Column names have prefixes: {@code i_} for the instance and
 * the caller's key, {@code a_} for the API standard, {@code s_} for the terms of the caller's
 * share, and {@code v_} for the co-owner's share on which the caller's share is based.
 */
public final class CallContextRows {
  /**
   * The columns that {@link #TARGET} reads. The statement's aliases are: {@code i} for the
   * instance, {@code a} for its API standard, and {@code k} for the caller's key for the instance.
   * {@code s} is the share that the caller's calls use. {@code v} is the share of the co-owner who
   * gave {@code s}.
   */
  static final String COLUMNS =
      """
      i.id as i_id, i.owner_id as i_owner_id, i.owner_handle as i_owner_handle,
      i.handle as i_handle, i.provider as i_provider, %s,
      a.key_method as i_key_method, a.key_field as i_key_field, i.endpoint as i_endpoint,
      i.timeout_ms as i_timeout_ms, i.organization as i_organization,
      i.enabled as i_enabled, i.central_key as i_central_key, i.user_keys as i_user_keys,
      i.fallback_to_central as i_fallback_to_central,
      %s,
      i.api_key_set_at as i_api_key_set_at, i.headers_version as i_headers_version,
      i.stream_usage as i_stream_usage,
      i.api_key_sealed as i_api_key_sealed, i.headers_sealed as i_headers_sealed,
      k.api_key_sealed as i_user_key_sealed, k.set_at as i_user_key_set_at,
      i.prompt_cache as i_prompt_cache, i.attribution as i_attribution,
      i.storage as i_storage, i.account as i_account, i.is_everybodys as i_is_everybodys,
      i.credential_kind as i_credential_kind, i.credential_settings as i_credential_settings,
      i.sent_settings as i_sent_settings,
      i.capacity_group as i_capacity_group, i.max_wait_ms as i_max_wait_ms, i.on_429 as i_on_429,
      i.max_connection_minutes as i_max_connection_minutes, i.allowed_origins as i_allowed_origins,
      %s,
      (select n.key_sealed from naming_keys n where n.instance_id = i.id) as i_naming_key_sealed,
      a.handle as a_handle, a.format as a_format,
      a.key_method as a_key_method, a.key_field as a_key_field,
      a.operations as a_operations, a.request_headers as a_request_headers,
      a.query_parameters as a_query_parameters,
      a.response_headers as a_response_headers,
      """
              .formatted(
                  ProviderRows.content("i", "i_"),
                  Columns.LIMITS.and(Columns.IN_ALL).as("i"),
                  Columns.PROVIDER_LIMITS.each(
                      "case when i.capacity_group is null then i.%1$s else ("
                          + "select min(g.%1$s) from instances g where g.owner_id = i.owner_id"
                          + " and g.capacity_group = i.capacity_group) end as i_%1$s"))
          + ShareColumns.chosen("s")
          + ", "
          + ShareColumns.limits("v")
          + "\n";

  static final RowMapper<ServiceContext> TARGET = Row.mapper(row -> target(row));

  private CallContextRows() {}

  /** Reads the service from a row of an outer join; empty if the join found none. */
  static Optional<ServiceContext> optionalTarget(Row row) throws SQLException {
    return row.part("i_").has("id") ? Optional.of(target(row)) : Optional.empty();
  }

  private static ServiceContext target(Row row) throws SQLException {
    Row instance = row.part("i_");
    return new ServiceContext(
        InstanceRows.callable(instance),
        StandardRows.callable(row.part("a_")),
        heldShare(row.part("s_"), row.part("v_")),
        InstanceRows.keys(instance)
            .withNamingKey(instance.optionalBytes("naming_key_sealed").map(SealedValue::new)),
        instance.optionalInstant("user_key_set_at"),
        UserLimitRows.read(row),
        row.optionalUuid("u_responsible"));
  }

  /**
   * Returns the column with the id of the user or group who is responsible for a service account.
   * The column is null if the user is not a service account.
   */
  static String responsible(String user, String name) {
    return "(select x.responsible_id from users x where x.id = %s) as %s,\n".formatted(user, name);
  }

  /**
   * Reads the share from a row of an outer join; empty if the join found none.
   *
   * @param givers a row with the share of the co-owner who gave this share, possibly from an outer
   *     join
   */
  public static Optional<HeldShare> heldShare(Row row, Row givers) throws SQLException {
    return row.has("grantee_id")
        ? Optional.of(
            new HeldShare(
                ShareRows.pooledTerms(row),
                row.constant("highest", Role.class),
                giver(givers),
                holder(row)))
        : Optional.empty();
  }

  private static Optional<HoldingGroup> holder(Row row) throws SQLException {
    return row.has("group_id")
        ? Optional.of(
            new HoldingGroup(
                new Group.Id(row.uuid("group_id")),
                ShareRows.group(row),
                Parameters.useLimits(row.part("pooled_"))))
        : Optional.empty();
  }

  private static Optional<Giver> giver(Row row) throws SQLException {
    return row.has("grantee_id")
        ? Optional.of(
            new Giver(
                new User.Id(row.uuid("grantee_id")),
                Parameters.limits(row),
                new Weight(row.number("weight"))))
        : Optional.empty();
  }
}
