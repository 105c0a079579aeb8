package io.claviger.application.objects.port;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.EndReason;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads and ends objects of the ledger for owners and holders, and finds objects that still have to
 * be deleted at providers.
 */
public interface StoredObjectStore {
  /**
   * A live object.
   *
   * @param place the object's place in the order in which objects were recorded
   * @param service the service whose key created the object; empty if the viewer may not know it
   * @param through the project through which a viewer who may not know the service knows it; empty
   *     if the viewer may know the service, or if that project no longer uses it
   * @param holder the user who holds the object, or the reference of the project that holds it;
   *     empty if the object has no holder
   * @param maker the user whose call created the object; empty if the user has been deleted
   */
  record ListedObject(
      long place,
      Optional<Instance.Ref> service,
      Optional<Project.Ref> through,
      ProviderObject object,
      Optional<String> holder,
      Optional<Handle> maker,
      Optional<Instant> lastUsedAt) {
    public ListedObject {
      if (service.isPresent() && through.isPresent()) {
        throw new IllegalArgumentException("who knows the service needs no other name for it");
      }
    }

    /** Returns the object as it appears to members of a project who may not know the service. */
    public ListedObject knownThrough(Project.Ref project) {
      return new ListedObject(
          place, Optional.empty(), Optional.of(project), object, holder, maker, lastUsedAt);
    }

    /** The name by which the viewer knows the service; empty if there is no such name any more. */
    public Optional<String> serviceName() {
      return service.map(Object::toString).or(() -> through.map(Object::toString));
    }
  }

  /**
   * Selects the objects of a list. The list begins with the latest object.
   *
   * @param service lists only objects of this service
   * @param heldBy if given, only objects that this user holds are listed, as this user may see them
   * @param project if given, only objects that this project holds are listed
   * @param madeWith if given, only objects that were created with this token, or with a narrower
   *     token made from it, are listed
   * @param maker lists only objects that calls of the user with this handle made
   */
  record Question(
      Optional<Instance.Id> service,
      Optional<User.Id> heldBy,
      Optional<Project.Id> project,
      Optional<AccessToken.Id> madeWith,
      Optional<ObjectKind> kind,
      Optional<Handle> maker) {
    /** Creates a question that is not about the objects of one project. */
    public Question(
        Optional<Instance.Id> service,
        Optional<User.Id> heldBy,
        Optional<AccessToken.Id> madeWith,
        Optional<ObjectKind> kind,
        Optional<Handle> maker) {
      this(service, heldBy, Optional.empty(), madeWith, kind, maker);
    }
  }

  List<ListedObject> list(Question question, Optional<Long> after, int limit, Instant now);

  /**
   * Ends a live object, so that nobody can use the object any more and it will be deleted at the
   * provider.
   *
   * @param heldBy the user who has to hold the object; empty if any user may hold it
   * @return whether there was such an object
   */
  boolean end(Instance.Id service, ObjectName name, Optional<User.Id> heldBy);

  /**
   * Marks a live object and its parts as {@link ObjectState#LEFT} in the ledger, whoever holds the
   * object. Nothing is deleted at the provider.
   *
   * @return whether there was such an object
   */
  boolean leave(Instance.Id service, ObjectName name);

  /**
   * Finds the service with this reference, if the user holds a live object of this name in the
   * service.
   */
  Optional<Instance.Id> serviceHolding(Instance.Ref service, ObjectName name, User.Id holder);

  /** Finds the services in which the user holds a live object of this name, two at most. */
  List<Instance.Id> servicesHolding(ObjectName name, User.Id holder);

  /**
   * An object in the ledger that is live, or that still has to be deleted at the provider.
   *
   * @param isLongListed whether the object should be in the provider's list. This is the case if it
   *     is live, is listed with its kind, is not a part of another object, and was made more than
   *     ten minutes ago
   */
  record KnownObject(String id, boolean isLongListed) {}

  /** Returns the objects of a kind that the ledger contains, in no particular order. */
  List<KnownObject> known(Instance.Id service, ObjectKind kind, int most);

  /**
   * Returns which of these ids belong to an object in the ledger that is live, or that still has to
   * be deleted at the provider.
   */
  Set<String> recorded(Instance.Id service, ObjectKind kind, Collection<String> ids);

  /**
   * An object of the account to which borrowers may refer.
   *
   * @param by the handle of the owner who shared the object
   * @param borrowers the users and groups with whom the object is shared; empty for all borrowers
   * @param appliedBy the name of the file from which the object was shared
   */
  record Lent(
      ObjectName name,
      SharedObject.Access access,
      Optional<Set<GranteeName>> borrowers,
      Handle by,
      Instant sharedAt,
      Optional<AppliedBy> appliedBy) {}

  /**
   * How an object is to be shared.
   *
   * @param borrowers the users and groups with whom the object is shared; empty for all borrowers
   * @param appliedBy the name of the file from which the object is shared; absent keeps the stored
   *     name
   */
  record Terms(
      SharedObject.Access access,
      Optional<Set<GranteeName>> borrowers,
      Field<AppliedBy> appliedBy) {}

  /** The outcome of sharing an object. */
  enum Sharing {
    CREATED,
    CHANGED,
    /** Somebody else holds the object. */
    HELD,
    /** The object has no holder, and the account at the provider belongs to another user. */
    NOBODYS,
    /** A user or group does not exist. */
    UNKNOWN_BORROWER,
    /** The service has {@link #MOST_SHARED} shared objects. */
    TOO_MANY
  }

  /** The greatest number of shared objects of a service. */
  int MOST_SHARED = 1_000;

  /**
   * Shares an object, or changes how it is shared. This must be called in a transaction.
   *
   * @param ofAccount whether the account at the provider belongs to the user who shares the object
   */
  Sharing share(
      Instance.Id service,
      ObjectName name,
      Terms terms,
      User.Id by,
      boolean ofAccount,
      Instant now);

  Optional<Lent> findShared(Instance.Id service, ObjectName name);

  /** Lists the shared objects by kind and id. */
  List<Lent> listShared(Instance.Id service, Optional<ObjectName> after, int limit);

  /** Ends the sharing of an object. Returns whether it was shared. */
  boolean unshare(Instance.Id service, ObjectName name);

  /** An object that a call referred to or read. */
  record UsedObject(Instance.Id service, ObjectName name) implements Comparable<UsedObject> {
    private static final Comparator<UsedObject> ORDER =
        Comparator.comparing(UsedObject::name).thenComparing(used -> used.service().value());

    @Override
    public int compareTo(UsedObject other) {
      return ORDER.compare(this, other);
    }
  }

  /** Records that live objects were used, with the time to the minute. */
  void used(Collection<UsedObject> objects);

  /**
   * An object to delete at the provider.
   *
   * @param place the object's place in the ledger
   * @param ref the name of the service
   * @param owner the user who owns the service
   * @param whole the id of the object of which this object is a part; empty if it is not a part
   * @param isUncharged whether the object is a batch that is not charged yet; such a batch may be
   *     stopped, but its results are still needed
   */
  record Removal(
      long place,
      Instance.Id service,
      Instance.Ref ref,
      User.Id owner,
      ObjectName name,
      Optional<String> whole,
      EndReason why,
      boolean isUncharged) {}

  /**
   * Takes objects that are due to be deleted at the provider. No other node takes these objects
   * until they are settled or due again. Objects that are not settled are due again after a pause,
   * which grows from a minute to an hour. Deletion is tried for a day if the object could not be
   * recorded, and for 30 days if it was recorded.
   *
   * @param each the greatest number of objects of one service
   * @param spared the services from which no objects are taken now
   */
  List<Removal> takeDue(int most, int each, Collection<Instance.Id> spared);

  /**
   * Takes objects that could not be deleted within the longest allowed time. The caller has to
   * record each of them as left at the provider.
   */
  List<Removal> takeOverdue(int most);

  /**
   * Records the outcome of the deletion of an object that was taken.
   *
   * @param how {@link ObjectState#DELETED} or {@link ObjectState#LEFT}
   * @return whether the outcome was recorded; false if an outcome had already been recorded
   */
  boolean settle(Removal removal, ObjectState how);

  /**
   * Ends objects that have expired and responses that are too old. Also ends the objects of holders
   * who may no longer use the service, if the service's settings require that. Removes ended rows
   * after 30 days.
   *
   * @return how many rows were changed
   */
  int sweep(Instant now);
}
