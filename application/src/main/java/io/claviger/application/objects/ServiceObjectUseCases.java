package io.claviger.application.objects;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.objects.port.StoredObjectStore;
import io.claviger.application.objects.port.StoredObjectStore.Lent;
import io.claviger.application.objects.port.StoredObjectStore.ListedObject;
import io.claviger.application.objects.port.StoredObjectStore.Question;
import io.claviger.application.objects.port.StoredObjectStore.Sharing;
import io.claviger.application.objects.port.StoredObjectStore.Terms;
import io.claviger.application.projects.ProjectView;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.Sight;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.projects.ProjectPermissions;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.GranteeName;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

final class ServiceObjectUseCases implements ServiceObjects {
  private final InstanceStore services;
  private final StoredObjectStore objects;
  private final Projects projects;
  private final AuditedChanges changes;

  ServiceObjectUseCases(
      InstanceStore services,
      StoredObjectStore objects,
      Projects projects,
      AuditedChanges changes) {
    this.services = services;
    this.objects = objects;
    this.projects = projects;
    this.changes = changes;
  }

  @Override
  public Outcome<Page<ListedObject, Long>> list(
      Actor actor,
      Instance.Ref service,
      Optional<ObjectKind> kind,
      Optional<Handle> maker,
      PageRequest<Long> page) {
    return Outcome.of(
        () ->
            page(
                new Question(
                    Optional.of(requireOwned(actor, service).id()),
                    Optional.empty(),
                    Optional.empty(),
                    kind,
                    maker),
                page));
  }

  @Override
  public Outcome<Instance> owned(Actor actor, Instance.Ref service) {
    return Outcome.of(() -> requireOwned(actor, service));
  }

  @Override
  public Outcome<Page<ListedObject, Long>> listOwn(
      Actor actor, Optional<ObjectKind> kind, PageRequest<Long> page) {
    Optional<TokenRestriction> restriction = actor.token().flatMap(AccessToken::restriction);
    if (restriction.flatMap(TokenRestriction::project).isPresent()) {
      // With a token that is restricted to a project, the list is empty, because it contains no
      // objects that a project holds.
      return Outcome.done(Page.whole(List.of()));
    }
    Optional<Instance.Id> only =
        restriction.flatMap(TokenRestriction::service).map(Instance.Id::new);
    return Outcome.of(
        () ->
            page(
                new Question(
                    only, Optional.of(actor.id()), confined(actor), kind, Optional.empty()),
                page));
  }

  private static Optional<AccessToken.Id> confined(Actor actor) {
    return actor.token().filter(AccessToken::isConfined).map(AccessToken::id);
  }

  @Override
  public Outcome<Page<ListedObject, Long>> ofProject(
      Actor actor, Project.Ref project, Optional<ObjectKind> kind, PageRequest<Long> page) {
    return Outcome.of(
        () -> {
          ProjectView seen = projects.find(actor, project).orThrow(RefusedException::new);
          if (!ProjectPermissions.allows(seen.relationship(), ProjectAction.SEE_STORED)) {
            throw RefusedException.forbidden(
                "Only the owner and the members of a project may see the objects stored"
                    + " through it.");
          }
          Page<ListedObject, Long> stored =
              page(
                  new Question(
                      Optional.empty(),
                      Optional.empty(),
                      Optional.of(seen.project().id()),
                      confined(actor),
                      kind,
                      Optional.empty()),
                  page);
          // The project might have used other services before, and might still hold objects in
          // these services.
          Map<Instance.Ref, Boolean> known = new HashMap<>();
          seen.service().ifPresent(service -> known.put(service, true));
          return stored.map(
              each ->
                  each.service()
                          .filter(
                              s -> known.computeIfAbsent(s, ref -> look(actor, ref).isPresent()))
                          .isPresent()
                      ? each
                      : each.knownThrough(seen.project().ref()));
        });
  }

  private Page<ListedObject, Long> page(Question question, PageRequest<Long> page) {
    return Page.of(
        objects.list(question, page.after(), page.limit() + 1, changes.now()),
        page.limit(),
        ListedObject::place);
  }

  @Override
  public Outcome<ObjectName> delete(Actor actor, Instance.Ref service, ObjectName name) {
    return changes.change(
        actor,
        AuditAction.OBJECT_DELETE,
        AuditTargets.service(service),
        log -> {
          actor.demandManage();
          Optional<Instance> owned =
              look(actor, service)
                  .filter(seen -> owns(actor, seen))
                  .flatMap(seen -> shown(actor, services::hold, service))
                  .filter(held -> owns(actor, held))
                  .map(InstanceStore.VisibleInstance::instance);
          Instance within =
              owned
                  .or(() -> look(actor, service).map(InstanceStore.VisibleInstance::instance))
                  .orElseGet(() -> holding(actor, service, name));
          Optional<User.Id> holder = owned.isPresent() ? Optional.empty() : Optional.of(actor.id());
          return end(log, within, name, holder);
        });
  }

  @Override
  public Outcome<ObjectName> deleteOwn(Actor actor, ObjectName name) {
    return changes.change(
        actor,
        AuditAction.OBJECT_DELETE,
        AuditTargets.user(actor.id(), actor.handle()),
        log -> {
          actor.demandManage();
          List<Instance.Id> holding = objects.servicesHolding(name, actor.id());
          if (holding.size() > 1) {
            throw RefusedException.conflict(
                "object_in_several_services",
                "You hold objects with this id in several services. Delete each object through"
                    + " its service.");
          }
          Instance within = found(actor, holding.stream().findFirst());
          return end(log, within, name, Optional.of(actor.id()));
        });
  }

  private ObjectName end(
      ChangeLog log, Instance within, ObjectName name, Optional<User.Id> holder) {
    AuditTarget target = AuditTargets.service(within);
    log.setTarget(target);
    if (!objects.end(within.id(), name, holder)) {
      throw RefusedException.notFound();
    }
    log.recordChange(AuditAction.OBJECT_DELETE, target, List.of(name.kind().wireName(), name.id()));
    return name;
  }

  @Override
  public Outcome<ObjectName> leave(Actor actor, Instance.Ref service, ObjectName name) {
    return changes.change(
        actor,
        AuditAction.OBJECT_DELETE,
        AuditTargets.service(service),
        log -> {
          Instance owned = requireOwned(actor, service, services::hold).instance();
          log.setTarget(AuditTargets.service(owned));
          if (!objects.leave(owned.id(), name)) {
            throw RefusedException.notFound();
          }
          log.recordChange(
              AuditAction.OBJECT_DELETE,
              AuditTargets.service(owned),
              List.of(name.kind().wireName(), name.id(), "record"));
          return name;
        });
  }

  /**
   * Finds the service of an object that the actor holds, even if the actor's share of the service
   * has ended.
   */
  private Instance holding(Actor actor, Instance.Ref service, ObjectName name) {
    return found(actor, objects.serviceHolding(service, name, actor.id()));
  }

  private Instance found(Actor actor, Optional<Instance.Id> holding) {
    return holding
        .filter(actor::isWithinRestriction)
        .flatMap(id -> services.find(id, actor.id(), changes.now()))
        .map(InstanceStore.VisibleInstance::instance)
        .orElseThrow(RefusedException::notFound);
  }

  @Override
  public Outcome<Page<Lent, ObjectName>> shared(
      Actor actor, Instance.Ref service, PageRequest<ObjectName> page) {
    return Outcome.of(
        () ->
            Page.of(
                objects.listShared(
                    requireOwned(actor, service).id(), page.after(), page.limit() + 1),
                page.limit(),
                Lent::name));
  }

  @Override
  public Outcome<Lent> findShared(Actor actor, Instance.Ref service, ObjectName name) {
    return Outcome.of(
        () -> {
          Instance owned = requireOwned(actor, service);
          return objects.findShared(owned.id(), name).orElseThrow(RefusedException::notFound);
        });
  }

  @Override
  public Outcome<SavedShare> share(
      Actor actor, Instance.Ref service, ObjectName name, Terms terms) {
    return changes.change(
        actor,
        AuditAction.OBJECT_SHARE,
        AuditTargets.service(service),
        log -> {
          InstanceStore.VisibleInstance locked = requireOwned(actor, service, services::lock);
          Instance owned = locked.instance();
          log.setTarget(AuditTargets.service(owned));
          if (!SharedObject.isShareable(name.kind())) {
            throw RefusedException.invalid(
                Fault.notAllowed("kind", String.join(", ", SharedObject.KINDS)));
          }
          boolean ofAccount = may(actor, locked, Action.SHARE_ACCOUNT);
          Optional<Lent> before = objects.findShared(owned.id(), name);
          Sharing outcome =
              objects.share(owned.id(), name, terms, actor.id(), ofAccount, changes.now());
          switch (outcome) {
            case HELD ->
                throw RefusedException.conflict(
                    "object_held", "Somebody else holds this object. Only the holder may use it.");
            case NOBODYS ->
                throw RefusedException.forbidden(
                    "Nobody holds this object, so only the owner of the service can share it."
                        + " Co-owners can share only objects that they hold.");
            case UNKNOWN_BORROWER ->
                throw RefusedException.invalid(
                    Fault.unknownReference("borrowers", "user or group"));
            case TOO_MANY ->
                throw RefusedException.conflict(
                    "too_many_shared_objects",
                    "A service has at most 1,000 shared objects. Stop sharing another object"
                        + " first.");
            case CREATED, CHANGED -> {}
          }
          Lent saved = objects.findShared(owned.id(), name).orElseThrow();
          record(owned, name, before, Optional.of(saved), log);
          return new SavedShare(saved, outcome == Sharing.CREATED);
        });
  }

  @Override
  public Outcome<ObjectName> unshare(Actor actor, Instance.Ref service, ObjectName name) {
    return changes.change(
        actor,
        AuditAction.OBJECT_SHARE,
        AuditTargets.service(service),
        log -> {
          Instance owned = requireOwned(actor, service, services::hold).instance();
          log.setTarget(AuditTargets.service(owned));
          Optional<Lent> before = objects.findShared(owned.id(), name);
          if (!objects.unshare(owned.id(), name)) {
            throw RefusedException.notFound();
          }
          record(owned, name, before, Optional.empty(), log);
          return name;
        });
  }

  private static void record(
      Instance owned, ObjectName name, Optional<Lent> before, Optional<Lent> after, ChangeLog log) {
    log.recordChange(
        AuditAction.OBJECT_SHARE,
        AuditTargets.service(owned),
        List.of(name.kind().wireName(), name.id()),
        AuditEvent.Term.of(texts(before), texts(after)));
  }

  /** Returns how an object is shared and with whom, as texts for the audit trail. */
  private static Map<String, String> texts(Optional<Lent> lent) {
    Map<String, String> texts = new LinkedHashMap<>();
    lent.ifPresent(
        shared -> {
          texts.put("access", shared.access().wireName());
          texts.put(
              "borrowers",
              shared
                  .borrowers()
                  .map(
                      all ->
                          all.stream()
                              .map(GranteeName::toString)
                              .sorted()
                              .collect(Collectors.joining(", ")))
                  .orElse("all"));
        });
    return texts;
  }

  private Instance requireOwned(Actor actor, Instance.Ref ref) {
    return owned(actor, look(actor, ref)).instance();
  }

  /**
   * Judges the actor's right first without a lock, so that nobody but an owner makes others wait,
   * and again after the wait for the lock, because the service may have been transferred meanwhile.
   */
  private InstanceStore.VisibleInstance requireOwned(
      Actor actor, Instance.Ref ref, Reading reading) {
    InstanceStore.VisibleInstance unused = owned(actor, look(actor, ref));
    return owned(actor, shown(actor, reading, ref));
  }

  private InstanceStore.VisibleInstance owned(
      Actor actor, Optional<InstanceStore.VisibleInstance> found) {
    InstanceStore.VisibleInstance seen = found.orElseThrow(RefusedException::notFound);
    actor.demandManage();
    if (!owns(actor, seen)) {
      throw RefusedException.forbidden(
          "Only the owners of a service may see and share the objects stored with its key.");
    }
    return seen;
  }

  private boolean owns(Actor actor, InstanceStore.VisibleInstance seen) {
    return may(actor, seen, Action.CONFIGURE);
  }

  private boolean may(Actor actor, InstanceStore.VisibleInstance seen, Action action) {
    return seen.allows(actor, action, changes.now());
  }

  private Optional<InstanceStore.VisibleInstance> look(Actor actor, Instance.Ref ref) {
    return shown(actor, services::find, ref);
  }

  private Optional<InstanceStore.VisibleInstance> shown(
      Actor actor, Reading reading, Instance.Ref ref) {
    Instant now = changes.now();
    return reading.read(ref, actor.sight(), now).filter(s -> s.isShownTo(actor, now));
  }

  /** A method of {@link InstanceStore} that finds, holds or locks a service. */
  private interface Reading {
    Optional<InstanceStore.VisibleInstance> read(Instance.Ref ref, Sight sight, Instant now);
  }
}
