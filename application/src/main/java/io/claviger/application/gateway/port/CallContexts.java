package io.claviger.application.gateway.port;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenBar;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.Borrower;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.UserLimits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectDelegation;
import io.claviger.domain.projects.Visibility;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.CallableStandard;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads everything that the decision about a call depends on, with a single query. Shares that have
 * expired at the time {@code now} are ignored.
 */
public interface CallContexts {
  /**
   * Reads the context of a call to a service. The database executes the same SQL statement whether
   * the service does not exist or is hidden from the caller.
   *
   * @return the context; empty if no token has this hash
   */
  Optional<CallContext<ServiceContext>> gather(TokenHash token, Instance.Ref service, Instant now);

  /**
   * Reads the context of a call through a project, in the same way as for a call to a service.
   *
   * @return the context; empty if no token has this hash
   */
  Optional<CallContext<ProjectContext>> gather(TokenHash token, Project.Ref project, Instant now);

  /** Finds a service with everything that a call by this user depends on. */
  Optional<ServiceContext> find(Instance.Ref service, User.Id caller, Instant now);

  /** Lists the services that a user can use, ordered by owner and handle. */
  List<ServiceContext> usableBy(
      User.Id caller, Optional<Instance.Ref> after, int limit, Instant now);

  /**
   * An access token, its user, and the service or project to call.
   *
   * @param target the service or project to call; empty if it does not exist, if the user can't see
   *     it, or if the token is restricted to another service or project
   */
  record CallContext<T>(AccessToken token, TokenUser user, Optional<T> target) {}

  /**
   * The user of the access token.
   *
   * @param suspendedAt when the user was suspended; since then, the user's tokens are refused;
   *     empty if there is no suspension
   * @param signInDueAt the time after which the user's tokens are refused until the user signs in;
   *     empty if the tokens need no sign-in
   * @param responsible the user or group who is responsible for the user; empty if the user is no
   *     service account
   */
  record TokenUser(
      User.Id id,
      Handle handle,
      boolean administrator,
      Optional<Instant> suspendedAt,
      Optional<Instant> signInDueAt,
      Optional<UUID> responsible) {

    /** Creates a user who is a person and whose tokens are not refused. */
    public TokenUser(User.Id id, Handle handle, boolean administrator) {
      this(id, handle, administrator, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Returns the id under which a node counts the objects that it keeps in memory for the user.
     * The result is the id of the user or, for a service account, of the responsible user or group.
     */
    public UUID countedAs() {
      return responsible.orElse(id.value());
    }

    /** Returns why the user's tokens are refused now; empty if the tokens are accepted. */
    public Optional<TokenBar> barAt(Instant now) {
      return TokenBar.of(suspendedAt, signInDueAt, now);
    }
  }

  /**
   * A project through which services are called.
   *
   * @param limits the limits on what each person may use through the project
   */
  record CalledProject(Project.Id id, User.Id owner, Project.Ref ref, Limits limits) {
    /** Returns those data of the project on which the limits of a call depend. */
    public CallLimits.Through through() {
      return new CallLimits.Through(id.value(), limits);
    }
  }

  /**
   * The current state of a service.
   *
   * @param share the share that is used for the caller's calls
   * @param keys the service's sealed values and the caller's own key, which is sealed too
   * @param userKeySetAt when the caller's own key was stored
   * @param callersLimits the limits that administrators have set for the caller and the caller's
   *     groups
   * @param responsible the user or group who is responsible for the caller; empty if the caller is
   *     no service account
   */
  record ServiceContext(
      CallableInstance instance,
      CallableStandard standard,
      Optional<HeldShare> share,
      SealedKeys keys,
      Optional<Instant> userKeySetAt,
      UserLimits callersLimits,
      Optional<UUID> responsible) {
    /** Returns the state of a service for a caller who is a person. */
    public ServiceContext(
        CallableInstance instance,
        CallableStandard standard,
        Optional<HeldShare> share,
        SealedKeys keys,
        Optional<Instant> userKeySetAt,
        UserLimits callersLimits) {
      this(instance, standard, share, keys, userKeySetAt, callersLimits, Optional.empty());
    }

    /** Returns a copy of this state for a caller for whom administrators have set no limits. */
    public ServiceContext withoutCallersLimits() {
      return new ServiceContext(
          instance, standard, share, keys, userKeySetAt, UserLimits.NONE, responsible);
    }

    /** Returns a copy of this state for a caller with whom the service is not shared. */
    public ServiceContext withoutShare() {
      return new ServiceContext(
          instance, standard, Optional.empty(), keys, userKeySetAt, callersLimits, responsible);
    }
  }

  /**
   * The data about the share on which a user's calls to a service depend. {@link HeldShares}
   * chooses this share. The share had not expired when it was read.
   *
   * @param role the highest role in any of the user's shares when the share was read, used only for
   *     the messages of refusals by budgets
   * @param giver the co-owner who gave the share; empty if the owning user or an administrator gave
   *     it
   * @param holder the group that holds the share; empty if the user holds the share directly
   */
  record HeldShare(
      Share.Terms terms, Role role, Optional<Giver> giver, Optional<HoldingGroup> holder) {
    /** Creates a share that a user holds directly. */
    public HeldShare(Share.Terms terms, Optional<Giver> giver) {
      this(terms, terms.role(), giver, Optional.empty());
    }

    /**
     * Returns the role of a user with this share. The result is empty if there is no share or the
     * share has expired.
     */
    public static Optional<Role> role(Optional<HeldShare> share, Instant now) {
      return share.filter(s -> !s.terms().expiredAt(now)).map(HeldShare::role);
    }

    /**
     * Returns the relationship of a user to a service.
     *
     * @param share the user's share of the service; empty if the user has none
     */
    public static Relationship relationship(
        User.Id user,
        boolean administrator,
        KeyedInstance service,
        Optional<HeldShare> share,
        Instant now) {
      return Relationship.of(
          user, administrator, service.owner(), service.audience(), role(share, now));
    }

    /**
     * Decides whether a service may be called through a project.
     *
     * @param own the caller's own relationship to the service
     * @param owner the owner of the project
     * @param ownersShare the share by which this owner may call the service
     */
    public static ProjectDelegation through(
        Relationship own,
        User.Id owner,
        KeyedInstance service,
        Optional<HeldShare> ownersShare,
        Instant now) {
      boolean mayReshare =
          ownersShare
              .map(HeldShare::terms)
              .filter(terms -> !terms.expiredAt(now) && terms.mayReshare())
              .isPresent();
      return ProjectDelegation.through(
          own, relationship(owner, false, service, ownersShare, now), mayReshare);
    }

    /**
     * Whether a user may open a project to everybody if the project uses a certain service.
     *
     * @param share the share by which the user calls the service; a group's share never lets the
     *     user open the project
     */
    public static boolean letsOpen(
        User.Id user, KeyedInstance service, Optional<HeldShare> share, Instant now) {
      return Visibility.mayBeOpen(
          relationship(user, false, service, share, now),
          share
              .filter(held -> held.holder().isEmpty())
              .map(HeldShare::terms)
              .filter(terms -> !terms.expiredAt(now)));
    }

    /**
     * Returns the service's limits for calls by a user.
     *
     * @param share the user's share; empty if the user needs no share
     */
    public static CallLimits.Of called(
        CallLimits.Of service, User.Id user, Optional<HeldShare> share) {
      boolean owns = share.filter(held -> held.role() == Role.OWNER).isPresent();
      return owns ? service.ownedBy(user.value()) : service;
    }

    /**
     * Returns the borrower to whom the calls with this share are attributed when the calls of
     * different borrowers take turns.
     *
     * @param responsible the user or group who is responsible for the user; empty if the user is no
     *     service account
     * @param share the user's share of the service; empty if the user needs no share
     */
    public static Borrower borrower(
        User.Id user, Optional<UUID> responsible, Optional<HeldShare> share) {
      return Borrower.of(
          user.value(),
          responsible,
          share.map(held -> held.terms().weight()),
          share.flatMap(HeldShare::giver).map(Giver::weight));
    }

    /**
     * Whether the share is still valid at the given time. The share was valid when it was read, but
     * might have expired since it was read.
     */
    public static boolean holdsAt(Optional<HeldShare> share, Instant now) {
      return share.isEmpty() || !share.get().terms().expiredAt(now);
    }

    /**
     * Returns the accounts that are charged for calls with this share, with their limits.
     *
     * @param share the user's share of the service; empty if the user needs no share
     */
    public static CallLimits.ShareHolder grantee(User.Id user, Optional<HeldShare> share) {
      return new CallLimits.ShareHolder(
          user.value(),
          share.map(s -> s.terms().limits()).orElse(Limits.NONE),
          share.flatMap(HeldShare::holder).map(HoldingGroup::pool),
          share.flatMap(HeldShare::giver).map(Giver::grantee));
    }
  }

  /**
   * A group that holds a share.
   *
   * @param pooled the limits for all members of the group together
   */
  record HoldingGroup(Group.Id id, Handle handle, Limits pooled) {
    CallLimits.Pool pool() {
      return new CallLimits.Pool(id.value(), pooled);
    }
  }

  /**
   * A co-owner who gave a share.
   *
   * @param limits the limits of the co-owner's own share, which also apply to the given share
   * @param weight the weight of the co-owner's own share when borrowers take turns; the given share
   *     can't have more weight
   */
  record Giver(User.Id id, Limits limits, Weight weight) {

    CallLimits.ShareHolder grantee() {
      return new CallLimits.ShareHolder(id.value(), limits, Optional.empty());
    }
  }

  /**
   * The current state of a project.
   *
   * @param membership the highest of the caller's own role in the project and the roles of the
   *     caller's groups
   * @param bound the instance that the project uses; empty if the project uses none
   * @param ownersShare the share by which the project's owner may call this instance
   * @param ownersResponsible the user or group who is responsible for the project's owner; empty if
   *     the owner is no service account
   * @param opened whether the project's owner has opened the project to everybody. The project is
   *     open only while the owner may still open it. See {@link #isOpenAt}
   */
  record ProjectContext(
      CalledProject project,
      Optional<Role> membership,
      Optional<ServiceContext> bound,
      Optional<HeldShare> ownersShare,
      Optional<UUID> ownersResponsible,
      boolean opened) {

    /**
     * Whether everybody may use the project, because it was opened to everybody and its owner may
     * still open it.
     */
    public boolean isOpenAt(Instant now) {
      return opened
          && bound.isPresent()
          && HeldShare.letsOpen(project.owner(), bound.get().instance(), ownersShare, now);
    }
  }
}
