package io.claviger.persistence.routing;

import io.claviger.application.routing.port.RoutingContexts.CallerChoice;
import io.claviger.application.routing.port.RoutingContexts.FormerNames;
import io.claviger.application.routing.port.RoutingContexts.RoutableInstance;
import io.claviger.application.routing.port.RoutingContexts.SeenService;
import io.claviger.application.routing.port.RoutingContexts.ThroughProject;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.standards.WireFormat;
import io.claviger.persistence.definitions.KnownEndpoints;
import io.claviger.persistence.gateway.CallContextRows;
import io.claviger.persistence.instances.InstanceRows;
import io.claviger.persistence.limits.UserLimitRows;
import io.claviger.persistence.projects.ProjectRows;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.sharing.ShareColumns;
import io.claviger.persistence.standards.StandardRows;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads those values of a service that are needed for routing. */
final class RoutingRows {
  /**
   * The columns that {@link #service} reads. The statement's aliases are: {@code i} for the
   * instance, {@code a} for its API standard, and {@code k} for the caller's key for the instance.
   * {@code s} is the share that the caller's calls use. {@code v} is the share of the co-owner who
   * gave {@code s}. {@code d} is the caller's default service, {@code y} the system's default
   * service, and {@code b} the record that the caller accepts bare names. {@code q} is the project
   * to which the token is restricted, and {@code m} the caller's membership in it. {@code o} is the
   * share by which the project's owner may call the instance. {@code w} is the share of the
   * co-owner who gave {@code o}. {@code g} is a catalogue entry that the instance serves. {@code f}
   * are the instance's former references.
   */
  static final String COLUMNS =
      """
      i.id as i_id, i.owner_id as i_owner_id, i.owner_handle as i_owner_handle,
      i.handle as i_handle, i.provider as i_provider, i.endpoint as i_endpoint,
      a.key_method as i_key_method, a.key_field as i_key_field, a.format as i_format,
      i.model as i_model, i.enabled as i_enabled, i.central_key as i_central_key,
      i.user_keys as i_user_keys, i.fallback_to_central as i_fallback_to_central,
      %s, i.storage as i_storage, i.credential_kind as i_credential_kind,
      i.api_key_set_at is not null as i_has_api_key, k.user_id is not null as i_has_user_key,
      i.created_at as i_created_at, i.is_everybodys as i_is_everybodys,
      d.instance_id is not null as c_own_default, y.instance_id is not null as c_system_default,
      b.instance_id is not null as c_accepted, f.refs as f_refs, f.until as f_until,
      g.model_id as g_model_id, g.format as g_format, g.name as g_name,
      g.on_failure as g_on_failure, g.created_at as g_created_at, g.position as g_position,
      g.model as g_model,
      q.id as q_id, q.owner_id as q_owner_id, q.owner_handle as q_owner_handle,
      q.handle as q_handle, m.role as q_membership, q.visibility = 'everybody' as q_opened,
      %s,
      case when row_number() over (order by c.place, i.created_at, i.id) = 1
        then array(
          select member.group_id from group_members member where member.user_id = u.id)
      end as c_groups,
      case when row_number() over (order by c.place, i.created_at, i.id) = 1 then
      """
              .formatted(Columns.LIMITS.and(Columns.IN_ALL).as("i"), Columns.USE_LIMITS.as("q"))
          + UserLimitRows.expression("u.id")
          + "end as c_set_limits,\n"
          + ShareColumns.chosen("s")
          + ", "
          + ShareColumns.limits("v")
          + ", "
          + ShareColumns.chosen("o")
          + ", "
          + ShareColumns.limits("w")
          + "\n";

  private RoutingRows() {}

  static SeenService service(Row row) throws SQLException {
    return new SeenService(
        instance(row.part("i_")),
        CallContextRows.heldShare(row.part("s_"), row.part("v_")),
        choice(row.part("c_")),
        project(row),
        former(row.part("f_")));
  }

  private static RoutableInstance instance(Row row) throws SQLException {
    return new RoutableInstance(
        new Instance.Id(row.uuid("id")),
        new User.Id(row.uuid("owner_id")),
        row.instanceRef(),
        Provider.of(row.text("provider")),
        KnownEndpoints.of(row.text("endpoint")),
        StandardRows.placement(row),
        WireFormat.of(row.text("format")),
        new ModelName(row.text("model")),
        row.flag("enabled"),
        InstanceRows.keyPolicy(row),
        Parameters.limits(row),
        row.flag("has_api_key"),
        row.flag("has_user_key"),
        row.instant("created_at"),
        Parameters.inAll(row),
        StorageKinds.of(row.texts("storage")),
        CredentialSettings.stored(CredentialKind.of(row.text("credential_kind")), Map.of()),
        InstanceRows.audience(row));
  }

  private static CallerChoice choice(Row row) throws SQLException {
    return new CallerChoice(
        row.flag("own_default"), row.flag("system_default"), row.flag("accepted"));
  }

  /** The columns are null for services without former references. */
  private static FormerNames former(Row row) throws SQLException {
    Optional<List<String>> refs = row.optionalTexts("refs");
    return refs.isEmpty()
        ? FormerNames.NONE
        : new FormerNames(
            refs.get().stream().map(Instance.Ref::of).collect(Collectors.toUnmodifiableSet()),
            row.optionalInstant("until"));
  }

  private static Optional<ThroughProject> project(Row row) throws SQLException {
    Row project = row.part("q_");
    return project.has("id")
        ? Optional.of(
            new ThroughProject(
                ProjectRows.called(project),
                ProjectRows.membership(project),
                CallContextRows.heldShare(row.part("o_"), row.part("w_")),
                project.flag("opened")))
        : Optional.empty();
  }
}
