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
import io.claviger.domain.standards.CallableStandard;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads at once everything on which the decision about a call depends. */
public interface CallContexts {
  /**
   * Reads the context of a call to a service. The work of the database is the same, one statement,
   * whether the service does not exist or is hidden from the caller.
   *
   * @param now the time at which shares are judged to be expired or not
   * @return empty when no token has this hash
   */
  Optional<CallContext<ServiceContext>> gather(TokenHash token, InstanceRef service, Instant now);

  /**
   * Reads the context of a call through a project, in the same way as for a service.
   *
   * @return empty when no token has this hash
   */
  Optional<CallContext<ProjectContext>> gather(TokenHash token, ProjectRef project);

  /** Finds a service as a call by this user would use it. */
  Optional<ServiceContext> find(InstanceRef service, UserId caller);

  /**
   * Lists the services that a user can use, by owner, then handle.
   *
   * @param now the time at which shares are judged to be expired or not
   */
  List<ServiceContext> usableBy(UserId caller, Optional<InstanceRef> after, int limit, Instant now);

  /**
   * An access token, its user, and the thing that is to be called.
   *
   * @param target empty when it does not exist, when the user can't see it, or when the token is
   *     restricted to something else
   */
  record CallContext<T>(AccessToken token, Caller user, Optional<T> target) {}

  /** The user to whom the access token belongs. */
  record Caller(UserId id, Handle handle, boolean administrator) {}

  /** A project's id, owner and name. */
  record ProjectIdentity(ProjectId id, UserId owner, ProjectRef ref) {}

  /**
   * The current state of a service.
   *
   * @param share the caller's share, expired or not
   * @param keys what is stored for the service and for the caller
   * @param userKeySetAt when the caller's own key was stored
   */
  record ServiceContext(
      CallableInstance instance,
      CallableStandard standard,
      Optional<HeldShare> share,
      SealedKeys keys,
      Optional<Instant> userKeySetAt) {}

  /**
   * The part of a user's share that a call depends on.
   *
   * @param giver the co-owner who gave it; empty if the owning user or an administrator did
   */
  record HeldShare(Share.Terms terms, Optional<Giver> giver) {}

  /**
   * A co-owner who gave a share.
   *
   * @param limits the limits of the co-owner's own share, which hold for the given one too
   */
  record Giver(UserId id, Limits limits) {}

  /**
   * The current state of a project.
   *
   * @param membership the caller's role in the project
   * @param bound the instance that the project uses
   * @param ownersShare the project owner's share of that instance, expired or not
   */
  record ProjectContext(
      ProjectIdentity project,
      Optional<Role> membership,
      Optional<ServiceContext> bound,
      Optional<HeldShare> ownersShare) {}
}
