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
 * What borrowers stored with the key of a service. The owning user and holders of owner shares see
 * all of it, never the content, and may delete it. Others see and delete what they hold themselves.
 *
 * <p>All methods about a service are refused as {@code not_found} to anybody who can't see it, but
 * holders delete what is theirs.
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
   * Lists the live objects of a service, the latest first. Refused unless the actor is an owner.
   *
   * @param maker lists only what calls of this user made
   */
  Outcome<Page<ListedObject, Long>> list(
      Actor actor,
      Instance.Ref service,
      Optional<ObjectKind> kind,
      Optional<Handle> maker,
      PageRequest<Long> page);

  /** Finds a service of the actor. Refused to those who are no owners. */
  Outcome<Instance> owned(Actor actor, Instance.Ref service);

  /**
   * Lists what a project holds, the latest first, within the reach of the actor's access token.
   * Refused to those who are neither its owner nor a member.
   */
  Outcome<Page<ListedObject, Long>> ofProject(
      Actor actor, Project.Ref project, Optional<ObjectKind> kind, PageRequest<Long> page);

  /**
   * Lists what the actor holds in all services, within the reach of their access token. A token for
   * one project alone reaches none of it.
   */
  Outcome<Page<ListedObject, Long>> own(
      Actor actor, Optional<ObjectKind> kind, PageRequest<Long> page);

  /**
   * Ends an object. Nobody can use it from then on, and it is deleted at the provider. Refused as
   * not found if there is none, or if the actor neither owns the service nor holds the object. Who
   * holds it deletes it even after their share has ended.
   */
  Outcome<ObjectName> delete(Actor actor, Instance.Ref service, ObjectName name);

  /**
   * Takes an object from the ledger and leaves it at the provider, where it may be gone already.
   * From then on nobody holds it. Refused unless the actor is an owner.
   */
  Outcome<ObjectName> leave(Actor actor, Instance.Ref service, ObjectName name);

  /** Lists the shared objects of a service by kind and id. Refused unless the actor is an owner. */
  Outcome<Page<Lent, ObjectName>> shared(
      Actor actor, Instance.Ref service, PageRequest<ObjectName> page);

  /** Finds a shared object. Refused unless the actor is an owner. */
  Outcome<Lent> findShared(Actor actor, Instance.Ref service, ObjectName name);

  /**
   * @param created whether it was not shared before
   */
  record SavedShare(Lent shared, boolean created) {}

  /** Lets borrowers refer to an object that nobody holds, or that the actor holds. */
  Outcome<SavedShare> share(Actor actor, Instance.Ref service, ObjectName name, Terms terms);

  /** Ends the sharing of an object. Refused as not found if it is not shared. */
  Outcome<ObjectName> unshare(Actor actor, Instance.Ref service, ObjectName name);
}
