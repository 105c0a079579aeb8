package io.claviger.application.objects;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.objects.port.StoredObjectStore;
import io.claviger.application.objects.port.StoredObjectStore.Lent;
import io.claviger.application.objects.port.StoredObjectStore.ListedObject;
import io.claviger.application.objects.port.StoredObjectStore.Terms;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.projects.Project;
import java.util.Optional;

/**
 * Lists, deletes and shares the objects that borrowers have stored with the keys of services. The
 * owners of a service are its owning user and the holders of owner shares. The owners see and may
 * delete all objects of the service, but never see the contents of the objects. Other users see and
 * delete only the objects that they hold.
 *
 * <p>If the actor can't see a service, the answer is {@code not_found}. However, holders can delete
 * their objects even if they can't see the service.
 */
public interface ServiceObjects {
  static ServiceObjects of(
      InstanceStore services,
      StoredObjectStore objects,
      Projects projects,
      AuditedChanges changes) {
    return new ServiceObjectUseCases(services, objects, projects, changes);
  }

  /**
   * Lists the live objects of a service, the most recent first. Actors who are not owners are
   * refused.
   *
   * @param maker if present, only the objects that were created by this user's calls are listed
   */
  Outcome<Page<ListedObject, Long>> list(
      Actor actor,
      Instance.Ref service,
      Optional<ObjectKind> kind,
      Optional<Handle> maker,
      PageRequest<Long> page);

  /** Finds a service of which the actor is an owner. Actors who are not owners are refused. */
  Outcome<Instance> owned(Actor actor, Instance.Ref service);

  /**
   * Lists a project's objects that the actor may see with the actor's access token, the most recent
   * first. If the actor is neither the project's owner nor a member, the request is refused.
   */
  Outcome<Page<ListedObject, Long>> ofProject(
      Actor actor, Project.Ref project, Optional<ObjectKind> kind, PageRequest<Long> page);

  /**
   * Lists the objects that the actor holds in all services that the actor's access token permits.
   * For a token that is restricted to a project, the list is empty.
   */
  Outcome<Page<ListedObject, Long>> listOwn(
      Actor actor, Optional<ObjectKind> kind, PageRequest<Long> page);

  /**
   * Ends an object, so that nobody can use the object any more, and Claviger deletes the object at
   * the provider. If there is no such object, or if the actor is neither an owner of the service
   * nor the holder, the answer is {@code not_found}. The holder can delete the object even after
   * the holder's share of the service has ended.
   */
  Outcome<ObjectName> delete(Actor actor, Instance.Ref service, ObjectName name);

  /**
   * Ends an object that the actor holds, like {@link #delete}, but the actor need not know the
   * object's service. The answer is a conflict if the actor holds objects of this name in several
   * services.
   */
  Outcome<ObjectName> deleteOwn(Actor actor, ObjectName name);

  /**
   * Removes an object from the ledger without deleting it at the provider. A removed object has no
   * holder. Actors who are not owners are refused.
   */
  Outcome<ObjectName> leave(Actor actor, Instance.Ref service, ObjectName name);

  /**
   * Lists the shared objects of a service, ordered by kind and id. Actors who are not owners are
   * refused.
   */
  Outcome<Page<Lent, ObjectName>> shared(
      Actor actor, Instance.Ref service, PageRequest<ObjectName> page);

  /** Finds a shared object. Actors who are not owners are refused. */
  Outcome<Lent> findShared(Actor actor, Instance.Ref service, ObjectName name);

  /**
   * @param created whether the object was not shared before
   */
  record SavedShare(Lent shared, boolean created) {}

  /**
   * Shares an object, so that borrowers can refer to it. The object must have no holder, or its
   * holder must be the actor.
   */
  Outcome<SavedShare> share(Actor actor, Instance.Ref service, ObjectName name, Terms terms);

  /** Ends the sharing of an object. The answer is {@code not_found} if the object is not shared. */
  Outcome<ObjectName> unshare(Actor actor, Instance.Ref service, ObjectName name);
}
