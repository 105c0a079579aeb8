package io.claviger.application.gateway.out;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.ApiStandard;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Everything that the decision about a call depends on, read at once. */
public interface CallFacts {
  /**
   * @return empty when no token has this hash
   */
  Optional<Facts<Target>> gather(TokenHash token, InstanceRef service);

  /**
   * @return empty when no token has this hash
   */
  Optional<Facts<ProjectTarget>> gather(TokenHash token, ProjectRef project);

  /** A service as a user would call it. */
  Optional<Target> find(InstanceRef service, UserId caller);

  /**
   * The services that a user can use, by owner and handle.
   *
   * @param now what expiry is judged by
   */
  List<Target> usableBy(UserId caller, Optional<InstanceRef> after, int limit, Instant now);

  /**
   * A token, whose it is, and what was asked for.
   *
   * @param target empty when there is no such thing
   */
  record Facts<T>(AccessToken token, User user, Optional<T> target) {}

  /**
   * A service as it stands.
   *
   * @param share the caller's, expired or not
   * @param keys what is stored for it and for the caller
   * @param userKeySetAt since when the caller's own key is stored
   * @param giversLimits of the co-owner's share that the caller's was given by
   */
  record Target(
      Instance instance,
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
  record ProjectTarget(
      Project project,
      Optional<Role> membership,
      Optional<Target> bound,
      Optional<Share> ownersShare,
      Optional<Limits> ownersGiversLimits) {}
}
