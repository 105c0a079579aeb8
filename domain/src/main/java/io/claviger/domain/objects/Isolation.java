package io.claviger.domain.objects;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * How a call with a shared key is isolated from other people's calls with the same key. A call with
 * the caller's own key reaches the caller's own account, and needs no isolation.
 *
 * @param storage the kinds of objects that the call may create and use; only kinds that can be lent
 * @param shared the kinds of objects that the call may name if an owner shares the object with the
 *     caller, even if the kind is not lent
 * @param containersLent whether the service lends containers, even if this call's limits exclude
 *     them
 * @param caller the caller of a call that can use objects; empty if the call can't use objects
 * @param quota the amount that the borrower may store
 * @param batched the operations that the requests of a batch may call, as paths below the service
 * @param showsRates whether the caller is allowed to know how much of the account's rate limits is
 *     left
 * @param knownToolsOnly whether tools of unknown types are refused. True at providers whose types
 *     of tools are known to Claviger, because a tool of another type might use the account
 * @param imagesAreFiles whether the provider stores each image that its tools make; such an image
 *     is then a file in the account
 */
public record Isolation(
    Set<ObjectKind> storage,
    Set<ObjectKind> shared,
    boolean containersLent,
    Optional<ObjectCaller> caller,
    ObjectQuota quota,
    Set<String> batched,
    boolean showsRates,
    boolean knownToolsOnly,
    boolean imagesAreFiles) {
  /** The isolation of calls of a service that lends no storage. */
  public static final Isolation STORING_NOTHING = new Isolation(Set.of());

  /**
   * @throws IllegalArgumentException when a kind can't be lent
   */
  public Isolation {
    if (!storage.stream().allMatch(ObjectKind::isLendable)) {
      throw new IllegalArgumentException("objects of this kind can't be lent");
    }
    shared = Set.copyOf(shared);
    batched = Set.copyOf(batched);
    storage = storage.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(storage));
  }

  /** Returns the isolation for a caller who can't use stored objects. */
  public Isolation(Set<ObjectKind> storage) {
    this(
        storage,
        Set.of(),
        storage.contains(ObjectKind.CONTAINERS),
        Optional.empty(),
        ObjectQuota.DEFAULT,
        Set.of(),
        false,
        true,
        false);
  }

  /** Returns a copy of this isolation, but for a service that lends no storage. */
  public Isolation storingNothing() {
    return new Isolation(
        Set.of(),
        Set.of(),
        false,
        Optional.empty(),
        ObjectQuota.DEFAULT,
        Set.of(),
        showsRates,
        knownToolsOnly,
        imagesAreFiles);
  }

  /** Returns a copy of this isolation, but for a call that creates no batch. */
  public Isolation batchingNothing() {
    return new Isolation(
        storage,
        shared,
        containersLent,
        caller,
        quota,
        Set.of(),
        showsRates,
        knownToolsOnly,
        imagesAreFiles);
  }

  /**
   * Whether a request may name an object of the given kind, provided that the ledger permits the
   * caller to use the object.
   */
  public boolean mayName(ObjectKind kind) {
    return lends(kind)
        || (caller.isPresent() && (own(kind) != OwnObjects.NONE || shared.contains(kind)));
  }

  /** The objects of a kind that a call may use in addition to those shared with the caller. */
  public enum OwnObjects {
    /**
     * All objects that the caller holds. The account's owner may also use objects without a holder.
     */
    ALL,
    /** Only objects that the caller holds. */
    HELD,
    NONE
  }

  /**
   * Returns which objects of the given kind the call may use in addition to those shared with the
   * caller. If containers are lent but files are not, the call may use the files that the caller
   * holds: tools in containers create files, and further requests repeat the ids of these files.
   */
  public OwnObjects own(ObjectKind kind) {
    if (lends(kind)) {
      return OwnObjects.ALL;
    }
    return kind == ObjectKind.FILES && lends(ObjectKind.CONTAINERS)
        ? OwnObjects.HELD
        : OwnObjects.NONE;
  }

  /**
   * Whether a call with another isolation may create, name and batch everything that a call with
   * this isolation may. Only a call that may create batches can batch anything.
   */
  public boolean isWithin(Isolation other) {
    return other.storage.containsAll(storage)
        && other.shared.containsAll(shared)
        && (!lends(ObjectKind.BATCHES) || other.batched.containsAll(batched));
  }

  /**
   * Whether a request that was read and checked under this isolation may be sent under another
   * isolation without being read again. More may be lent then. If the call can use objects, its
   * caller and quota must be unchanged. A caller who sees the account's rates under this isolation
   * must also see them under the other one, because an open connection goes on showing them.
   */
  public boolean isCheckedFor(Isolation other) {
    return isWithin(other)
        && knownToolsOnly == other.knownToolsOnly
        && imagesAreFiles == other.imagesAreFiles
        && (!showsRates || other.showsRates)
        && (caller.isEmpty() || (caller.equals(other.caller) && quota.equals(other.quota)));
  }

  /** Whether objects of the given kind may be created and used. */
  public boolean lends(ObjectKind kind) {
    return storage.contains(kind);
  }
}
