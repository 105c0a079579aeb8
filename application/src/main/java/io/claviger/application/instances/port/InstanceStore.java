package io.claviger.application.instances.port;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.Sight;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.GivenCredential;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.UserLimits;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Stores instances. In all methods, the argument {@code now} decides which shares have expired. */
public interface InstanceStore {
  /**
   * An instance, with the data that are stored about it for a certain viewer.
   *
   * @param shares the viewer's own share, and the shares of the viewer's groups
   * @param keys the sealed values of the instance, including the viewer's own key
   * @param isDefault whether the instance is the viewer's default service
   * @param giversLimits the limits of the co-owner who gave the share that is used for the viewer's
   *     calls; empty if no co-owner gave this share
   * @param viewersLimits the limits that administrators set for the viewer and for the viewer's
   *     groups
   */
  record VisibleInstance(
      Instance instance,
      HeldShares shares,
      SealedKeys keys,
      boolean isDefault,
      Optional<Limits> giversLimits,
      UserLimits viewersLimits) {
    /**
     * Returns this instance if the viewer sees it and no restriction of the viewer's token excludes
     * it.
     *
     * @throws RefusedException with {@code not_found} if there is no such instance, or the viewer
     *     does not see it
     */
    public static VisibleInstance shownTo(
        Actor viewer, Optional<VisibleInstance> found, Instant now) {
      return found
          .filter(one -> one.isShownTo(viewer, now))
          .orElseThrow(RefusedException::notFound);
    }

    /**
     * Whether the viewer sees the instance and no restriction of the viewer's token excludes it.
     */
    public boolean isShownTo(Actor viewer, Instant now) {
      return viewer.sees(relationship(viewer, now)) && viewer.isWithinRestriction(instance.id());
    }

    /**
     * Whether the viewer's relationship permits the action. This method ignores restrictions of the
     * viewer's token; {@link #shownTo} checks these restrictions.
     */
    public boolean allows(Actor viewer, Action action, Instant now) {
      return Permissions.allows(relationship(viewer, now), action);
    }

    /** Returns the viewer's relationship to the instance at the given time. */
    public Relationship relationship(Actor viewer, Instant now) {
      return viewer.towards(instance, shares, now);
    }

    /** Returns this instance after a change, as the same viewer sees it. */
    public VisibleInstance with(Instance changed, SealedKeys stored) {
      return new VisibleInstance(changed, shares, stored, isDefault, giversLimits, viewersLimits);
    }
  }

  default Optional<VisibleInstance> find(Instance.Ref ref, User.Id viewer, Instant now) {
    return find(ref, Sight.ofEverything(viewer), now);
  }

  /**
   * Finds an instance for an actor. The result can be empty if the actor can't see the instance.
   * The look-up of a hidden instance then takes as long as the look-up of an unknown instance.
   */
  Optional<VisibleInstance> find(Instance.Ref ref, Sight sight, Instant now);

  Optional<VisibleInstance> find(Instance.Id id, User.Id viewer, Instant now);

  /** Finds an instance and locks it exclusively until the transaction ends. */
  default Optional<VisibleInstance> lock(Instance.Ref ref, User.Id viewer, Instant now) {
    return lock(ref, Sight.ofEverything(viewer), now);
  }

  /**
   * Locks an instance for an actor. The result can be empty if the actor can't see the instance.
   * The look-up of a hidden instance then takes as long as the look-up of an unknown instance.
   */
  Optional<VisibleInstance> lock(Instance.Ref ref, Sight sight, Instant now);

  /**
   * Finds an instance and locks it against changes until the transaction ends. Several transactions
   * can hold this lock on the same instance at the same time.
   */
  default Optional<VisibleInstance> hold(Instance.Ref ref, User.Id viewer, Instant now) {
    return hold(ref, Sight.ofEverything(viewer), now);
  }

  /**
   * Locks an instance for an actor against changes. The result can be empty if the actor can't see
   * the instance. The look-up of a hidden instance then takes as long as the look-up of an unknown
   * instance.
   */
  Optional<VisibleInstance> hold(Instance.Ref ref, Sight sight, Instant now);

  /**
   * Finds a provider's oldest enabled system-level instance that everybody may use. Age is compared
   * by creation time, then by id. The instance can't be changed until the transaction ends.
   */
  Optional<VisibleInstance> holdOldestEnabled(Provider provider, User.Id viewer);

  /**
   * Returns whether a provider has an enabled system-level instance, regardless of who may use it.
   * If there are such instances, locks one of them against changes until the transaction ends.
   */
  boolean holdsEnabled(Provider provider);

  /**
   * Lists the instances that a user can use, ordered by owner, then handle. The list contains the
   * user's own instances, instances shared with the user by shares that have not expired, and
   * system-level instances. The result contains the viewer's shares of each instance.
   */
  List<VisibleInstance> usableBy(
      User.Id user, User.Id viewer, InstanceFilter.Slice slice, Instant now);

  /**
   * Counts the instances that {@link #usableBy} lists.
   *
   * @param now the time that decides which shares have expired
   * @param most the number at which counting stops
   */
  int countUsableBy(User.Id user, InstanceFilter filter, int most, Instant now);

  /**
   * Lists the instances of all users, ordered by owner, then handle.
   *
   * @param slice the requested part of the list; its filter must not name a role
   * @param now the time that decides which of the viewer's shares have expired
   */
  List<VisibleInstance> all(User.Id viewer, InstanceFilter.Slice slice, Instant now);

  /**
   * Counts the instances of all users.
   *
   * @param filter the filter of the instances to count; must not name a role
   * @param most the number at which counting stops
   */
  int countAll(InstanceFilter filter, int most);

  /**
   * Lists system-level instances by handle. Includes the instances that everybody may use, and the
   * instances that are shared with the viewer.
   *
   * @param everything whether to include system-level instances that the viewer may not use
   */
  List<VisibleInstance> systemLevel(
      User.Id viewer, boolean everything, InstanceFilter.Slice slice, Instant now);

  /**
   * Lists the enabled instances for which no key is available for the user's calls, ordered by
   * owner, then handle. The list contains instances that the user owns or co-owns and, for an
   * administrator, system-level instances. A stored key counts as a key even if it can't be
   * decrypted. A deployment key does not count, and neither does a credential that waits for a
   * confirmation.
   */
  List<VisibleInstance> withoutKey(User.Id user, int limit, Instant now);

  /**
   * Lists the instances that are shared with the user or one of the user's groups by a share that
   * ends within a period. The instances are listed in the order in which these shares end. An
   * instance is listed even if the user has another share of it.
   *
   * @param now the beginning of the period, exclusive
   * @param until the end of the period, inclusive
   */
  List<VisibleInstance> endingShares(User.Id user, Instant now, Instant until, int limit);

  /**
   * Stores a new instance.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if the handle is taken, or if the
   *     instance refers to something that no longer exists
   */
  void insert(Instance instance, SecretChange apiKey, SecretChange headers);

  /**
   * Stores the instance exactly as given, including its version, and applies the changes to its
   * secrets.
   *
   * @throws io.claviger.application.shared.StillReferenced if models that are bound to the instance
   *     require its present provider
   */
  void update(Instance instance, SecretChange apiKey, SecretChange headers);

  /**
   * An instance, and the credential settings with which its first owner gave it away, as both were
   * at the same moment.
   *
   * @param given as in {@link #givenCredential}
   */
  record TransferredInstance(Instance instance, Optional<GivenCredential> given) {}

  /** Finds an instance together with its {@link #givenCredential}. */
  Optional<TransferredInstance> findTransferred(Instance.Id id);

  /**
   * Finds the credential settings with which the first owner gave an instance away. The result is
   * empty if no owner has given the instance away, or if the first owner owns it again.
   */
  Optional<GivenCredential> givenCredential(Instance.Id id);

  /**
   * Records that the first owner lets an owner use the settings with which the instance was given
   * away. Permissions for other owners end.
   */
  void leaveGivenCredential(Instance.Id id, User.Id to);

  /**
   * Returns the image of an instance, which is a text with the instance and its sealed values.
   * {@link #ofImage} reads this text.
   */
  String image(Instance.Id id);

  /**
   * Reads an instance from its image. The result is the instance as it was when the image was made,
   * but with the viewer's present shares.
   */
  Optional<VisibleInstance> ofImage(String image, User.Id viewer, Instant now);

  /**
   * Deletes an instance.
   *
   * @throws io.claviger.application.shared.StillReferenced when something refers to the instance
   */
  void delete(Instance.Id id);
}
