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
 * Reads, at one moment, everything that decides to which services the names of models lead for a
 * caller. The parameter {@code now} is the time that decides which shares have expired.
 */
public interface RoutingContexts {
  /**
   * The greatest number of services that routing considers for one caller. The order of the
   * services is: the caller's own services, system-level services, shared services that the caller
   * accepted for bare names, other shared services. Within each of these groups, the oldest service
   * comes first.
   */
  int MOST_SERVICES = 1_000;

  /**
   * Reads the context of a token. If the token is restricted to a service or project, the context
   * contains only that service or project.
   *
   * @return empty when no token has this hash
   */
  Optional<CallContext<RoutingContext>> gather(TokenHash token, Instant now);

  /**
   * Reads the context of a user who has already been authenticated.
   *
   * @param restriction the service or project to which the user's token is restricted
   */
  RoutingContext of(User.Id user, Optional<TokenRestriction> restriction, Instant now);

  /**
   * The rows on which routing depends.
   *
   * @param services the services that the caller may see, in the order of {@link #MOST_SERVICES}
   * @param catalogue the enabled models of the catalogue that at least one of {@code services}
   *     serves, the oldest first; of the services of a model, only those in {@code services} are
   *     contained
   * @param groups the groups of the caller, because a new share of one of these groups changes the
   *     result
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

    /** The context of a caller who is in no group. */
    public RoutingContext(List<SeenService> services, List<CatalogueName> catalogue) {
      this(services, catalogue, Set.of(), UserLimits.NONE);
    }

    /** Returns the ids of the services. */
    public List<Instance.Id> ids() {
      return services.stream().map(service -> service.instance().id()).toList();
    }
  }

  /**
   * A service that the caller may see.
   *
   * @param share the share by which the caller calls the service
   * @param choice the caller's choices about the service
   * @param project the project through which the service is used, if the token is restricted to a
   *     project
   */
  record SeenService(
      RoutableInstance instance,
      Optional<HeldShare> share,
      CallerChoice choice,
      Optional<ThroughProject> project) {}

  /**
   * The choices of a caller about a service.
   *
   * @param ownDefault whether the service is the caller's default
   * @param systemDefault whether the service is the default of the system
   * @param accepted whether the caller accepted that bare names select the service
   */
  record CallerChoice(boolean ownDefault, boolean systemDefault, boolean accepted) {}

  /**
   * The project that a token is restricted to.
   *
   * @param membership the caller's role in the project, which is the highest of the caller's own
   *     role and the roles of the caller's groups
   * @param ownersShare the share by which the project's owner calls the service
   * @param opened whether the owner of the project opened it to everybody
   */
  record ThroughProject(
      CalledProject project,
      Optional<Role> membership,
      Optional<HeldShare> ownersShare,
      boolean opened) {}

  /**
   * The fields of an instance on which routing depends.
   *
   * @param hasApiKey whether a key is stored with the instance
   * @param hasUserKey whether the caller has a key of their own for the instance
   * @param inAll the limits of all callers together
   * @param storage the kinds of stored objects that the instance lends
   * @param credential the kind of the instance's credential, without the settings
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
     * Returns no settings, because they are needed only to decrypt keys, and routing decrypts no
     * keys.
     */
    @Override
    public SentSettings sent() {
      return SentSettings.NONE;
    }

    /** Returns the limits that apply to the calls of any caller of this service. */
    public CallLimits.Of asCalled() {
      return new CallLimits.Of(id.value(), limits, inAll, owner.value());
    }
  }
}
