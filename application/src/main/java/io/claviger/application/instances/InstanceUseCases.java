package io.claviger.application.instances;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.SecretUpdates.SecretWrite;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.instances.port.InstanceReferences;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.ModelCatalogue;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.ConsentDemand;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.References;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.HeldShares.Grant;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

final class InstanceUseCases implements Instances {
  private final InstanceStore instances;
  private final InstanceReferences references;
  private final ModelCatalogue catalogue;
  private final UserStore users;
  private final InstanceViews views;
  private final SettingsResolver resolver;
  private final InstanceWriter writer;
  private final Confirmations confirmations;
  private final AuditedChanges changes;

  InstanceUseCases(
      Stores stores,
      InstanceViews views,
      SettingsResolver resolver,
      InstanceWriter writer,
      Confirmations confirmations,
      AuditedChanges changes) {
    this.instances = stores.instances();
    this.references = stores.references();
    this.catalogue = stores.catalogue();
    this.users = stores.users();
    this.views = views;
    this.resolver = resolver;
    this.writer = writer;
    this.confirmations = confirmations;
    this.changes = changes;
  }

  @Override
  public Outcome<InstanceView> find(Actor actor, Instance.Ref ref) {
    return view(actor, instances.find(ref, actor.sight(), changes.now()));
  }

  @Override
  public Outcome<InstanceView> find(Actor actor, Instance.Id id) {
    return view(actor, instances.find(id, actor.id(), changes.now()));
  }

  private Outcome<InstanceView> view(Actor actor, Optional<InstanceStore.VisibleInstance> seen) {
    Instant now = changes.now();
    return readable(actor, seen, now)
        .map(s -> Outcome.done(views.view(actor, s, now)))
        .orElseGet(() -> Outcome.refused(new Refusal.NotFound()));
  }

  private static Optional<InstanceStore.VisibleInstance> readable(
      Actor actor, Optional<InstanceStore.VisibleInstance> seen, Instant now) {
    return seen.filter(s -> InstanceViews.isVisible(actor, s, now))
        .filter(s -> actor.isWithinRestriction(s.instance().id()));
  }

  @Override
  public Outcome<Page<InstanceView, Instance.Ref>> list(
      Actor actor, Handle handle, InstanceFilter filter, PageRequest<Instance.Ref> page) {
    Optional<User> user = listed(actor, handle);
    if (user.isEmpty()) {
      return Outcome.refused(new Refusal.NotFound());
    }
    Instant now = changes.now();
    Function<InstanceFilter.Slice, List<InstanceStore.VisibleInstance>> listing =
        slice ->
            handle.isSystem()
                ? instances.systemLevel(actor.id(), actor.sight().everything(), slice, now)
                : instances.usableBy(user.get().id(), actor.id(), slice, now);
    Optional<TokenRestriction> restriction = actor.token().flatMap(AccessToken::restriction);
    Page<InstanceStore.VisibleInstance, Instance.Ref> found =
        restriction.isPresent()
            ? Page.whole(restrictedTo(restriction.get(), listing, filter, page))
            : Page.of(
                listing.apply(filter.slice(page.after(), page.limit() + 1)),
                page.limit(),
                s -> s.instance().ref());
    return Outcome.done(found.map(s -> views.view(actor, s, now)));
  }

  /**
   * Finds the user whose list is requested. The result is empty if no user is named, or if the
   * actor may not see the list of the named user.
   */
  private Optional<User> listed(Actor actor, Handle handle) {
    boolean own = actor.handle().equals(handle);
    boolean anybodys = actor.administrator() && actor.mayManage();
    return own || handle.isSystem() || anybodys ? users.find(handle) : Optional.empty();
  }

  @Override
  public Outcome<Integer> count(Actor actor, Handle handle, InstanceFilter filter) {
    Optional<User> user = listed(actor, handle);
    if (user.isEmpty()) {
      return Outcome.refused(new Refusal.NotFound());
    }
    if (handle.isSystem() || actor.token().flatMap(AccessToken::restriction).isPresent()) {
      PageRequest<Instance.Ref> most = new PageRequest<>(Optional.empty(), PageRequest.MAX_LIMIT);
      return list(actor, handle, filter, most).map(page -> page.items().size());
    }
    return Outcome.done(
        instances.countUsableBy(user.get().id(), filter, PageRequest.MOST_COUNTED, changes.now()));
  }

  @Override
  public Outcome<Page<InstanceView, Instance.Ref>> listAll(
      Actor actor, InstanceFilter filter, PageRequest<Instance.Ref> page) {
    return Outcome.of(
        () -> {
          demandMayListAll(actor);
          Instant now = changes.now();
          return Page.of(
                  instances.all(actor.id(), filter.slice(page.after(), page.limit() + 1), now),
                  page.limit(),
                  seen -> seen.instance().ref())
              .map(seen -> views.view(actor, seen, now));
        });
  }

  @Override
  public Outcome<Integer> countAll(Actor actor, InstanceFilter filter) {
    return Outcome.of(
        () -> {
          demandMayListAll(actor);
          return instances.countAll(filter, PageRequest.MOST_COUNTED);
        });
  }

  private static void demandMayListAll(Actor actor) {
    if (!actor.administrator() || !actor.mayManage()) {
      throw RefusedException.forbidden("Only administrators may list the services of all users.");
    }
  }

  @Override
  public Outcome<Page<UsableInstance, Instance.Ref>> listUsable(
      Actor actor, Handle handle, PageRequest<Instance.Ref> page) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          User user = listed(actor, handle).orElseThrow(RefusedException::notFound);
          Instant now = changes.now();
          return Page.of(
                  instances.usableBy(
                      user.id(),
                      user.id(),
                      InstanceFilter.NONE.slice(page.after(), page.limit() + 1),
                      now),
                  page.limit(),
                  seen -> seen.instance().ref())
              .map(seen -> usable(user, seen, now));
        });
  }

  private static UsableInstance usable(User user, InstanceStore.VisibleInstance seen, Instant now) {
    Optional<Grant> grant = seen.shares().grant(now);
    return new UsableInstance(
        seen.instance(),
        Relationship.of(
                user.id(),
                user.administrator(),
                seen.instance().owner(),
                seen.instance().audience(),
                seen.shares(),
                now)
            .shownRole(),
        grant.flatMap(Grant::group).map(GroupShare::handle),
        grant.flatMap(each -> each.terms().expiresAt()),
        grant.map(each -> each.terms().limits()).orElse(Limits.NONE));
  }

  @Override
  public List<InstanceView> withoutKey(Actor actor) {
    Instant now = changes.now();
    return instances.withoutKey(actor.id(), MOST_LISTED, now).stream()
        .filter(seen -> actor.isWithinRestriction(seen.instance().id()))
        .filter(seen -> views.needsKey(actor, seen, now))
        .map(seen -> views.view(actor, seen, now))
        .toList();
  }

  @Override
  public List<InstanceView> endingSoon(Actor actor, Duration within) {
    Instant now = changes.now();
    Instant until = now.plus(within);
    return instances.endingShares(actor.id(), now, until, MOST_LISTED).stream()
        .filter(seen -> actor.isWithinRestriction(seen.instance().id()))
        .map(seen -> views.view(actor, seen, now))
        .filter(view -> view.until().filter(end -> !end.isAfter(until)).isPresent())
        .toList();
  }

  @Override
  public List<InstanceView> withOldKeys(Actor actor, Duration age) {
    if (!actor.mayManage()) {
      return List.of();
    }
    Instant now = changes.now();
    InstanceFilter old =
        InstanceFilter.NONE.withRole(Role.OWNER).withKeySetBefore(Optional.of(now.minus(age)));
    return instances
        .usableBy(actor.id(), actor.id(), old.slice(Optional.empty(), MOST_LISTED), now)
        .stream()
        .filter(seen -> actor.isWithinRestriction(seen.instance().id()))
        .filter(
            seen ->
                Permissions.allows(InstanceViews.relationship(actor, seen, now), Action.SET_KEY))
        .map(seen -> views.view(actor, seen, now))
        .toList();
  }

  /**
   * Finds the only instance that can be listed with a restricted token. The list shows this
   * instance on its first page, so that empty pages and cursors can't reveal other instances.
   */
  private static List<InstanceStore.VisibleInstance> restrictedTo(
      TokenRestriction restriction,
      Function<InstanceFilter.Slice, List<InstanceStore.VisibleInstance>> listing,
      InstanceFilter filter,
      PageRequest<Instance.Ref> page) {
    return restriction
        .service()
        .map(only -> listing.apply(filter.only(new Instance.Id(only)).slice(page.after(), 1)))
        .orElse(List.of());
  }

  @Override
  public Outcome<WrittenInstance> put(
      Actor actor, Instance.Ref ref, Precondition precondition, InstanceWrite write) {
    return write(
        actor,
        ref,
        log -> {
          Optional<InstanceStore.VisibleInstance> seen = lock(actor, ref);
          if (seen.isEmpty()) {
            log.recordAttemptAs(AuditAction.SERVICE_CREATE);
          }
          seen.ifPresent(s -> log.setTarget(AuditTargets.service(s.instance())));
          if (seen.filter(s -> !s.instance().ref().equals(ref)).isPresent()) {
            throw new RefusedException(Refusal.Conflict.HANDLE_RESERVED);
          }
          User.Id owner =
              seen.map(s -> s.instance().owner()).orElseGet(() -> namespace(actor, ref));
          precondition.demand(seen, s -> s.instance().version());
          ResolvedSettings resolved =
              resolver.replacing(
                  actor, ref, seen.map(InstanceStore.VisibleInstance::instance), write);
          return seen.isPresent()
              ? writer.update(actor, seen.get(), resolved, write, log)
              : writer.insert(actor, owner, ref, resolved, write, log);
        });
  }

  @Override
  public Outcome<InstanceDraft> draft(Actor actor, Instance.Ref ref, InstanceWrite write) {
    return changes.change(
        actor,
        AuditAction.SERVICE_CREATE,
        AuditTargets.service(ref),
        log -> {
          if (lock(actor, ref).isPresent()) {
            throw new RefusedException(new Refusal.PreconditionFailed());
          }
          User.Id owner = namespace(actor, ref);
          ResolvedSettings resolved = resolver.replacing(actor, ref, Optional.empty(), write);
          SecretWrite secrets = new SecretWrite(actor.id(), Optional.empty(), resolved, write);
          secrets.demandInOrder(secrets.ruling(true));
          return new InstanceDraft(ref, owner, resolved.settings(), resolved.standard());
        });
  }

  /**
   * Attempts a change of a service. The audit trail records the change as an update, unless the
   * change creates the service.
   */
  private Outcome<WrittenInstance> write(
      Actor actor, Instance.Ref ref, AuditedChanges.Change<WrittenInstance> change) {
    return changes.change(actor, AuditAction.SERVICE_UPDATE, AuditTargets.service(ref), change);
  }

  @Override
  public Outcome<WrittenInstance> patch(
      Actor actor, Instance.Ref ref, Precondition precondition, InstanceWrite write) {
    return write(
        actor,
        ref,
        log -> {
          InstanceStore.VisibleInstance seen =
              lock(actor, ref).orElseThrow(RefusedException::notFound);
          log.setTarget(AuditTargets.service(seen.instance()));
          precondition.demand(seen.instance().version());
          ResolvedSettings resolved = resolver.merging(actor, seen.instance(), write);
          return writer.update(actor, seen, resolved, write, log);
        });
  }

  @Override
  public Outcome<Instance.Ref> confirm(
      Actor actor,
      Instance.Ref ref,
      Precondition precondition,
      Endpoint destination,
      Set<TokenUrl> tokenUrls) {
    return changes.change(
        actor,
        AuditAction.SERVICE_CREDENTIAL_CONFIRM,
        AuditTargets.service(ref),
        log -> {
          Instant now = changes.now();
          InstanceStore.VisibleInstance seen =
              lock(actor, ref)
                  .or(() -> confirmations.ofGiver(actor, ref, now))
                  .orElseThrow(RefusedException::notFound);
          log.setTarget(AuditTargets.service(seen.instance()));
          precondition.demand(seen.instance().version());
          confirmations.confirm(actor, seen, destination, tokenUrls, now);
          log.recordChange(
              AuditAction.SERVICE_CREDENTIAL_CONFIRM,
              AuditTargets.service(seen.instance()),
              List.of(InstanceField.CREDENTIAL.wireName()));
          return seen.instance().ref();
        });
  }

  private Optional<InstanceStore.VisibleInstance> lock(Actor actor, Instance.Ref ref) {
    return instances
        .lock(ref, actor.sight(), changes.now())
        .filter(s -> InstanceViews.isVisible(actor, s, changes.now()));
  }

  /**
   * Returns the owner of the namespace, if the caller may create instances there. For any other
   * namespace, the answer is {@code forbidden}, even if the namespace is empty.
   */
  private static User.Id namespace(Actor actor, Instance.Ref ref) {
    if (actor.handle().equals(ref.owner())) {
      return actor.id();
    }
    if (ref.owner().isSystem() && actor.administrator()) {
      return User.Id.SYSTEM;
    }
    throw RefusedException.forbidden(
        "Only the owning user may create services under this handle. Only administrators may"
            + " create services of _system.");
  }

  @Override
  public Outcome<Instance.Ref> delete(Actor actor, Instance.Ref ref, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.SERVICE_DELETE,
        AuditTargets.service(ref),
        log -> delete(actor, ref, precondition, log));
  }

  @Override
  public void deleteConsented(ChangeLog log, Actor asker, Instance.Ref ref) {
    Instance.Ref unused = delete(asker, ref, Precondition.NONE, log);
  }

  @Override
  public void writeConsented(ChangeLog log, Actor asker, Instance.Ref ref, String image) {
    InstanceStore.VisibleInstance seen = lock(asker, ref).orElseThrow(RefusedException::notFound);
    writer.writeConsented(asker, seen, image, resolver::forwardsMore, log);
  }

  private Instance.Ref delete(
      Actor actor, Instance.Ref ref, Precondition precondition, ChangeLog log) {
    if (ref.owner().isSystem()) {
      catalogue.lock();
    }
    InstanceStore.VisibleInstance seen = lock(actor, ref).orElseThrow(RefusedException::notFound);
    log.setTarget(AuditTargets.service(seen.instance()));
    if (!Permissions.allows(
        InstanceViews.relationship(actor, seen, changes.now()), Action.DELETE)) {
      throw RefusedException.forbidden(
          "Only the owning user or an administrator may delete this service.");
    }
    precondition.demand(seen.instance().version());
    delete(actor, seen.instance(), log);
    changes
        .consents()
        .demand(
            log,
            actor,
            seen.instance(),
            new ConsentDemand.Wanted(
                Approval.Kind.DELETE, "delete", List.of("deletion"), List.of(), "delete"));
    return seen.instance().ref();
  }

  private void delete(Actor actor, Instance instance, ChangeLog log) {
    References usage = references.of(instance.id(), actor);
    if (usage.count() > 0) {
      throw RefusedException.conflict("in_use", usage.sentence());
    }
    if (instance.isSystemLevel()) {
      catalogue.withdraw(instance, actor, log, () -> delete(instance));
    } else {
      delete(instance);
    }
    log.recordChange(AuditAction.SERVICE_DELETE, AuditTargets.service(instance), List.of());
  }

  private void delete(Instance instance) {
    try {
      instances.delete(instance.id());
    } catch (StillReferenced e) {
      throw RefusedException.conflict("in_use", "Something still uses this service.");
    }
  }
}
