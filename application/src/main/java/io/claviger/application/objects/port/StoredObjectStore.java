package io.claviger.application.objects.port;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
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

/** Lists, ends and shares the provider objects in the ledger, for owners and holders. */
public interface StoredObjectStore {
  /**
   * A live object.
   *
   * @param place where the object is in the order in which objects were recorded
   * @param service the service whose key created the object; empty if the viewer may not see it
   * @param through the project by which the viewer knows the service; empty if the viewer may see
   *     the service, or if the project no longer uses the service
   * @param holder the handle of the user who holds the object, or the reference of the project that
   *     holds it; empty if the object has no holder
   * @param maker the user whose call created the object; empty if the user was deleted
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
        throw new IllegalArgumentException(
            "the object names both a visible service and a substitute for it");
      }
    }

    /** Returns the object as it is shown to members of a project who may not see the service. */
    public ListedObject knownThrough(Project.Ref project) {
      return new ListedObject(
          place, Optional.empty(), Optional.of(project), object, holder, maker, lastUsedAt);
    }

    /**
     * Returns the name by which the viewer knows the service; empty if there is no such name any
     * more.
     */
    public Optional<String> serviceName() {
      return service.map(Object::toString).or(() -> through.map(Object::toString));
    }
  }

  /**
   * The conditions that the objects of a list have to meet. The list begins with the object that
   * was recorded last.
   *
   * @param service if present, only objects of this service are listed
   * @param heldBy if present, only objects that this user holds are listed, with the service names
   *     that the user may see
   * @param project if present, only objects that this project holds are listed
   * @param madeWith if present, only objects that were created with this token, or with a narrower
   *     token made from it, are listed
   * @param maker if present, only objects that were created by calls of the user with this handle
   *     are listed
   */
  record Question(
      Optional<Instance.Id> service,
      Optional<User.Id> heldBy,
      Optional<Project.Id> project,
      Optional<AccessToken.Id> madeWith,
      Optional<ObjectKind> kind,
      Optional<Handle> maker) {
    /** Creates conditions that do not restrict the project. */
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
   * Ends a live object, so that nobody can use the object any more, and the object has to be
   * deleted at the provider.
   *
   * @param heldBy the user who must hold the object; if empty, any holder is allowed
   * @return whether there was such a live object
   */
  boolean end(Instance.Id service, ObjectName name, Optional<User.Id> heldBy);

  /**
   * Marks a live object and its parts as {@link ObjectState#LEFT} in the ledger, regardless of who
   * holds the object. Nothing is deleted at the provider.
   *
   * @return whether there was such a live object
   */
  boolean leave(Instance.Id service, ObjectName name);

  /**
   * Finds a service by its owner and handle, if the user holds a live object with the given name in
   * this service.
   */
  Optional<Instance.Id> serviceHolding(Instance.Ref service, ObjectName name, User.Id holder);

  /** Finds up to two services in which the user holds a live object with this name. */
  List<Instance.Id> servicesHolding(ObjectName name, User.Id holder);

  /**
   * A recorded object: the object is in the ledger, and is live or still has to be deleted at the
   * provider.
   *
   * @param isLongListed whether the provider's list must contain the object. The list must contain
   *     the object if the object is live, belongs to lists of its kind, is not a part of another
   *     object, and was created more than ten minutes ago
   */
  record KnownObject(String id, boolean isLongListed) {}

  /** Returns the ledger's objects of a kind, in no particular order. */
  List<KnownObject> known(Instance.Id service, ObjectKind kind, int most);

  /**
   * Returns those of the given ids that belong to recorded objects. A recorded object is in the
   * ledger, and is live or still has to be deleted at the provider.
   */
  Set<String> recorded(Instance.Id service, ObjectKind kind, Collection<String> ids);

  /**
   * A shared object in the provider account, to which borrowers may refer.
   *
   * @param sharedBy the handle of the owner who shared the object
   * @param borrowers the users and groups with whom the object is shared; if empty, the object is
   *     shared with all borrowers
   * @param appliedBy the name of the file that shared the object with {@code claviger apply}
   */
  record Lent(
      ObjectName name,
      SharedObject.Access access,
      Optional<Set<GranteeName>> borrowers,
      Handle sharedBy,
      Instant sharedAt,
      Optional<AppliedBy> appliedBy) {}

  /**
   * The way in which an object is to be shared.
   *
   * @param borrowers the users and groups with whom the object is shared; if empty, the object is
   *     shared with all borrowers
   * @param appliedBy the name of the file that shares the object with {@code claviger apply}; if
   *     absent, the stored name is kept
   */
  record Terms(
      SharedObject.Access access,
      Optional<Set<GranteeName>> borrowers,
      Field<AppliedBy> appliedBy) {}

  /** The outcome of an attempt to share an object. */
  enum Sharing {
    CREATED,
    CHANGED,
    /** The object was not shared, because somebody else holds it. */
    HELD,
    /**
     * The object was not shared, because it has no holder and another user owns the provider
     * account.
     */
    NOBODYS,
    /** The object was not shared, because a named user or group does not exist. */
    UNKNOWN_BORROWER,
    /**
     * The object was not shared, because the service already has {@link #MOST_SHARED} shared
     * objects.
     */
    TOO_MANY
  }

  /** The maximum number of shared objects of a service. */
  int MOST_SHARED = 1_000;

  /**
   * Shares an object, or changes how it is shared. Must be called in a transaction that has locked
   * the service, so that the number of shared objects stays within its bound.
   *
   * @param ofAccount whether the user who shares the object owns the provider account
   */
  Sharing share(
      Instance.Id service,
      ObjectName name,
      Terms terms,
      User.Id sharer,
      boolean ofAccount,
      Instant now);

  Optional<Lent> findShared(Instance.Id service, ObjectName name);

  /** Lists the shared objects, ordered by kind and id. */
  List<Lent> listShared(Instance.Id service, Optional<ObjectName> after, int limit);

  /** Ends the sharing of an object. Returns whether the object was shared before. */
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

  /** Records the times at which live objects were used, to the minute. */
  void used(Collection<UsedObject> objects);
}
