package io.claviger.application.routing.port;

import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.CalledProject;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.UserLimits;
import io.claviger.domain.routing.CatalogueName;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a consistent snapshot of everything that determines which services are selected by the
 * model names in a caller's requests. The parameter {@code now} decides which shares have expired.
 */
public interface RoutingContexts {
  /**
   * The maximum number of services that routing considers for a caller. The services are considered
   * in this order: the caller's own services, system-level services, shared services that the
   * caller accepted for bare names (model names without a service), and other shared services.
   * Within each of these groups, older services come first. If there are too many shared services,
   * the first service of each owner is considered before any owner's second service, and so on. If
   * the limits of these services and their shares take several megabytes, fewer services are
   * considered.
   */
  int MOST_SERVICES = 1_000;

  /**
   * Reads the context of a token. If the token is restricted to a service or project, the context
   * has only this service or project.
   *
   * @return the context; empty if no token has this hash
   */
  Optional<CallContext<RoutingContext>> gather(TokenHash token, Instant now);

  /**
   * Reads the context of a user who was already authenticated.
   *
   * @param restriction the service or project to which the user's token is restricted
   */
  RoutingContext of(User.Id user, Optional<TokenRestriction> restriction, Instant now);

  /**
   * The rows that determine which services a caller's model names select.
   *
   * @param services the services that the caller may see, in the order that {@link #MOST_SERVICES}
   *     describes
   * @param catalogue the enabled catalogue models that at least one of {@code services} serves, the
   *     oldest first; other services of these models are not included
   * @param groups the caller's groups; if one of these groups gets a share, this record becomes
   *     outdated
   * @param callersLimits the limits that administrators set for the caller and the caller's groups
   */
  record RoutingContext(
      List<SeenService> services,
      List<CatalogueName> catalogue,
      Set<Group.Id> groups,
      UserLimits callersLimits) {
    public RoutingContext {
      services = List.copyOf(services);
      catalogue = List.copyOf(catalogue);
      groups = Set.copyOf(groups);
    }

    /** Creates a context whose caller is in no group. */
    public RoutingContext(List<SeenService> services, List<CatalogueName> catalogue) {
      this(services, catalogue, Set.of(), UserLimits.NONE);
    }

    /** Returns the ids of the services that the caller may see. */
    public List<Instance.Id> ids() {
      return services.stream().map(service -> service.instance().id()).toList();
    }
  }

  /**
   * A service that the caller may see.
   *
   * @param share the share that is used for the caller's calls
   * @param choice what the caller has chosen about the service
   * @param project the project to which the token is restricted; empty if the token is not
   *     restricted to a project
   * @param former the names that the service had before it was transferred
   */
  record SeenService(
      RoutableInstance instance,
      Optional<HeldShare> share,
      CallerChoice choice,
      Optional<ThroughProject> project,
      FormerNames former) {}

  /**
   * The references that a service had before it was transferred, and that still lead to it.
   *
   * @param until the time at which the first of these references ends; empty if there are no such
   *     references
   */
  record FormerNames(Set<Instance.Ref> refs, Optional<Instant> until) {
    public static final FormerNames NONE = new FormerNames(Set.of(), Optional.empty());

    public FormerNames {
      refs = Set.copyOf(refs);
    }
  }

  /**
   * What a caller has chosen about a service.
   *
   * @param ownDefault whether the service is the caller's default
   * @param systemDefault whether the service is the default of the installation
   * @param accepted whether the caller accepted that bare names select the service
   */
  record CallerChoice(boolean ownDefault, boolean systemDefault, boolean accepted) {}

  /**
   * The project to which a token is restricted.
   *
   * @param membership the caller's role in the project: the highest role of the caller and the
   *     caller's groups
   * @param ownersShare the share that the project's owner uses for the service
   * @param opened whether the project is open to everybody
   */
  record ThroughProject(
      CalledProject project,
      Optional<Role> membership,
      Optional<HeldShare> ownersShare,
      boolean opened) {}

  /**
   * The fields of an instance that routing depends on.
   *
   * @param hasApiKey whether the instance stores a key
   * @param hasUserKey whether the caller has stored a user key for the instance
   * @param inAll the limits for all callers of the instance together
   * @param storage the kinds of stored objects that the instance lends
   * @param credential the kind of the instance's credential, without its settings
   */
  record RoutableInstance(
      Instance.Id id,
      User.Id owner,
      Instance.Ref ref,
      Provider provider,
      Endpoint endpoint,
      KeyPlacement placement,
      WireFormat format,
      ModelName model,
      boolean enabled,
      KeyPolicy keyPolicy,
      Limits limits,
      boolean hasApiKey,
      boolean hasUserKey,
      Instant createdAt,
      Limits inAll,
      StorageKinds storage,
      CredentialSettings credential,
      Audience audience)
      implements KeyedInstance {
    /**
     * Returns no settings, because the settings are needed only to decrypt keys, and routing
     * decrypts no keys.
     */
    @Override
    public SentSettings sent() {
      return SentSettings.NONE;
    }

    /** Returns the limits that apply to all callers of this service. */
    public CallLimits.Of asCalled() {
      return new CallLimits.Of(id.value(), limits, inAll, owner.value());
    }
  }
}
