package io.claviger.application.objects.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.routing.ObjectRouter.Whereabouts;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Stores which user or project holds which provider object. All methods throw {@link
 * io.claviger.application.shared.StoreUnavailable} if the database does not answer.
 */
public interface ObjectLedger {
  /**
   * A placeholder for new objects that have no parent and must not appear in lists of their kind.
   * The placeholder is recorded as the id of such an object's parent. No object has this id.
   */
  String UNLISTED = "/";

  /**
   * The data that the ledger contains about a provider object.
   *
   * @param object the object's row; empty if there is none, or if it is neither live nor due for
   *     deletion at the provider
   * @param shared the permission to use the object that the owner gave the user; empty if the
   *     object is not shared with the user
   * @param subject the object's id in the change feed; empty if the object has no row
   */
  record Entry(
      ObjectName name,
      Optional<ProviderObject> object,
      Optional<SharedObject> shared,
      Optional<UUID> subject) {}

  /**
   * Reads what the ledger contains about provider objects. Returns one entry for each name, in the
   * order of the names.
   */
  List<Entry> find(Instance.Id service, User.Id user, List<ObjectName> names);

  /**
   * For a call that does not name a service, the caller whose objects are searched.
   *
   * @param confinedTo if present, only objects are found that were created with this token or with
   *     a narrower token made from it
   */
  record ObjectSeeker(User.Id user, ObjectHolder holder, Optional<UUID> confinedTo) {}

  /**
   * The data that the audit trail records about a call that creates or ends an object.
   *
   * @param address the caller's address
   */
  record Origin(UUID user, UUID token, String address, String requestId) {}

  /**
   * An object to record.
   *
   * @param caller the caller whose call created the object
   * @param quota the number and size of the objects that the borrower may store
   * @param mostResponses the maximum number of a borrower's stored responses that the ledger
   *     records
   * @param state {@link ObjectState#LIVE}, or {@link ObjectState#ORPHAN} for an object that only
   *     has to be deleted at the provider
   * @param bytes the size of the object; 0 if it is unknown
   * @param replaced the id of the live object of the same kind that the new object replaces; the
   *     replaced object ends
   * @param whole the larger object together with which the new object was created; the new object
   *     is held by the holder of the larger object, not by the caller
   * @param origin the call that the audit trail names as the call that created the object; empty if
   *     it names no call
   */
  record NewObject(
      Instance.Id service,
      ObjectName name,
      ObjectCaller caller,
      ObjectQuota quota,
      int mostResponses,
      ObjectState state,
      Optional<Instant> expiresAt,
      long bytes,
      Optional<String> parent,
      Optional<String> purpose,
      Optional<String> replaced,
      Optional<ObjectName> whole,
      Optional<Origin> origin) {
    public NewObject {
      if (state != ObjectState.LIVE && state != ObjectState.ORPHAN) {
        throw new IllegalArgumentException("a new object must be live or an orphan");
      }
    }

    /** Creates a live object that belongs to the caller. */
    public NewObject(
        Instance.Id service,
        ObjectName name,
        ObjectCaller caller,
        ObjectQuota quota,
        Optional<Instant> expiresAt,
        long bytes,
        Optional<String> parent,
        Optional<String> purpose) {
      this(
          service,
          name,
          caller,
          quota,
          ObjectQuota.MOST_RESPONSES,
          ObjectState.LIVE,
          expiresAt,
          bytes,
          parent,
          purpose,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    /** Returns a copy of this object that only has to be deleted at the provider. */
    public NewObject orphaned() {
      return with(
          ObjectState.ORPHAN, expiresAt, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns a copy of this object that expires at a certain time. */
    public NewObject expiring(Instant at) {
      return with(state, Optional.of(at), replaced, whole, origin);
    }

    /** Returns a copy of this object that replaces another object of its kind. */
    public NewObject replacing(String id) {
      return with(state, expiresAt, Optional.of(id), whole, origin);
    }

    /** Returns a copy of this object that belongs to the holder of another object. */
    public NewObject comingWith(ObjectName other) {
      return with(state, expiresAt, replaced, Optional.of(other), origin);
    }

    /** Returns a copy of this object that the audit trail records as created by the given call. */
    public NewObject by(Origin call) {
      return with(state, expiresAt, replaced, whole, Optional.of(call));
    }

    private NewObject with(
        ObjectState next,
        Optional<Instant> expiry,
        Optional<String> former,
        Optional<ObjectName> other,
        Optional<Origin> call) {
      return new NewObject(
          service,
          name,
          caller,
          quota,
          mostResponses,
          next,
          expiry,
          bytes,
          parent,
          purpose,
          former,
          other,
          call);
    }
  }

  /** The outcome of recording an object. */
  enum Recorded {
    /**
     * The ledger has a live row for the object, and the holder is the user or project for whom the
     * caller acts. The row might have existed before.
     */
    RECORDED,
    /**
     * Nobody can use the new object, because the ledger has no live row for it. Either an object
     * with this id still has to be deleted at the provider, or the new object belongs to a larger
     * object without a holder.
     */
    ENDING,
    /**
     * Somebody else holds a live object with this id, so the caller must not get the provider's
     * answer.
     */
    HELD,
    /**
     * The object was not recorded, because the borrower's quota does not leave enough for it, or
     * because the maker has too many live objects or has added too many rows in this hour.
     */
    FULL,
    /** The object was not recorded, because the service or the user no longer exists. */
    GONE
  }

  /** Records objects in one transaction, and returns the outcomes in the same order. */
  List<Recorded> record(List<NewObject> objects);

  /**
   * An object that no longer exists at the provider.
   *
   * @param how {@link ObjectState#DELETED} or {@link ObjectState#EXPIRED}
   * @param parent if present, the object ends only if it is a part of the object with this id
   * @param origin the call that the audit trail names as the call that ended the object; empty if
   *     it names no call
   */
  record Ended(
      Instance.Id service,
      ObjectName name,
      ObjectState how,
      Optional<String> parent,
      Optional<Origin> origin) {
    /** Creates an object that ends whether or not it is a part of another object. */
    public Ended(Instance.Id service, ObjectName name, ObjectState how, Optional<Origin> origin) {
      this(service, name, how, Optional.empty(), origin);
    }
  }

  /**
   * Ends live objects and their parts. The parts of an object are the objects whose parent is this
   * object.
   */
  void end(Collection<Ended> ended);

  /**
   * A provider's statement about a live object that is already recorded.
   *
   * @param expiresAt when the object expires; empty if the expiry has not changed
   * @param bytes the size of the object; 0 if it is unknown
   */
  record Stated(Instance.Id service, ObjectName name, Optional<Instant> expiresAt, long bytes) {}

  /**
   * Stores providers' statements about live objects. A size is stored only if the size of the
   * object was unknown. A stored size counts toward the borrower's quota, even if the borrower then
   * exceeds the quota.
   */
  void change(Collection<Stated> objects);

  /**
   * The conditions that the objects of a list have to meet.
   *
   * @param services the services whose objects are listed
   * @param confinedTo if present, only objects are found that were created with this token or with
   *     a narrower token made from it
   * @param ids the ids of the listed objects; if empty, objects with any id are listed
   * @param purpose the purpose of the listed objects; if empty, objects with any purpose are listed
   * @param beginning the prefix that the objects' ids must have, for kinds with several lists; if
   *     empty, the ids can begin with any text
   * @param parent the object whose parts are listed; if empty, the listed objects are not a part of
   *     another object
   */
  record Wanted(
      Set<Instance.Id> services,
      ObjectHolder holder,
      Optional<UUID> confinedTo,
      ObjectKind kind,
      Set<String> ids,
      Optional<String> purpose,
      Optional<String> beginning,
      Optional<String> parent) {
    public Wanted {
      services = Set.copyOf(services);
      ids = Set.copyOf(ids);
    }
  }

  /**
   * Lists live objects in the order in which they were recorded.
   *
   * @param after the id, at the provider, of the object after which the list begins; if empty, the
   *     list begins with the first object. The object may have ended, as long as the ledger still
   *     has its row, which it has for at least an hour
   * @param limit the maximum number of objects to return
   * @return the objects; empty if none of the selected objects, live or ended, has the id {@code
   *     after}
   */
  Optional<List<ProviderObject>> list(
      Wanted wanted, Optional<String> after, boolean oldestFirst, int limit, Instant now);

  /**
   * Finds the live objects that a user may use.
   *
   * @param services the services to search
   */
  Whereabouts find(
      ObjectSeeker seeker, Set<Instance.Id> services, Collection<ObjectName> names, Instant now);

  /**
   * The result of checking a file that is the input of batches.
   *
   * @param file the provider's id of the file
   */
  record ReadFile(Instance.Id service, String file, BatchVerdict verdict) {}

  /**
   * Stores the results of checks of files that have live rows. An earlier result for a file is
   * kept.
   */
  void keepVerdicts(Collection<ReadFile> files);

  /**
   * Returns the result of checking a live file that is the input of batches; empty if the file was
   * not checked.
   */
  Optional<BatchVerdict> verdict(Instance.Id service, String file);

  /**
   * Whether the object is still needed to charge a batch, because it is the batch itself or a file
   * with the batch's results.
   */
  boolean isUncharged(Instance.Id service, ObjectName name);
}
