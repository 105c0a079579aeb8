package io.claviger.application.gateway.port;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.ProjectId;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.ApiStandard;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Everything that the decision about a call depends on, read at once. */
public interface CallContexts {
  /**
   * Asks the same of the store, in one statement, whether a service is hidden from the caller or
   * does not exist.
   *
   * @param now what the expiry of shares is judged by
   * @return empty when no token has this hash
   */
  Optional<CallContext<ServiceContext>> gather(TokenHash token, InstanceRef service, Instant now);

  /**
   * As above.
   *
   * @return empty when no token has this hash
   */
  Optional<CallContext<ProjectContext>> gather(TokenHash token, ProjectRef project);

  /** A service as a user would call it. */
  Optional<ServiceContext> find(InstanceRef service, UserId caller);

  /**
   * The services that a user can use, by owner and handle.
   *
   * @param now what expiry is judged by
   */
  List<ServiceContext> usableBy(UserId caller, Optional<InstanceRef> after, int limit, Instant now);

  /**
   * A token, whose it is, and what was asked for.
   *
   * @param target empty when there is no such thing, or the user can't see it, or the token is
   *     restricted to something else
   */
  record CallContext<T>(AccessToken token, Caller user, Optional<T> target) {}

  /** Whose token it is. */
  record Caller(UserId id, Handle handle, boolean administrator) {}

  /** A project by its names. */
  record ProjectIdentity(ProjectId id, UserId owner, ProjectRef ref) {}

  /**
   * A service as it stands.
   *
   * @param standard without its description
   * @param share the caller's, expired or not
   * @param keys what is stored for it and for the caller
   * @param userKeySetAt since when the caller's own key is stored
   * @param giversLimits of the co-owner's share that the caller's was given by
   */
  record ServiceContext(
      CallableInstance instance,
      ApiStandard standard,
      Optional<Share> share,
      SealedKeys keys,
      Optional<Instant> userKeySetAt,
      Optional<Limits> giversLimits) {}

  /**
   * A project as it stands.
   *
   * @param membership the caller's
   * @param bound the instance it uses
   * @param ownersShare the project owner's share of that, expired or not
   * @param ownersGiversLimits of the co-owner's share that the project owner's was given by
   */
  record ProjectContext(
      ProjectIdentity project,
      Optional<Role> membership,
      Optional<ServiceContext> bound,
      Optional<Share> ownersShare,
      Optional<Limits> ownersGiversLimits) {}
}
