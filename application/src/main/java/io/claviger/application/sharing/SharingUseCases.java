package io.claviger.application.sharing;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.shares.Grantees;
import io.claviger.application.shares.Shares;
import io.claviger.application.sharing.port.AccessHistory;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.sharing.TermsWrite;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

final class SharingUseCases implements Sharing {
  private final InstanceStore instances;
  private final Grantees grantees;
  private final Shares<Instance.Id> shares;
  private final ShareGrants grants;
  private final AccessHistory history;
  private final MemberSight members;
  private final AuditedChanges changes;

  SharingUseCases(
      InstanceStore instances,
      InstanceShareStore store,
      Grantees grantees,
      ShareGrants grants,
      AccessHistory history,
      MemberSight members,
      AuditedChanges changes) {
    this.instances = instances;
    this.grantees = grantees;
    this.shares = new Shares<>(store, grantees, changes);
    this.grants = grants;
    this.history = history;
    this.members = members;
    this.changes = changes;
  }

  @Override
  public Outcome<GivenShare> share(
      Actor actor,
      Instance.Ref ref,
      GranteeName grantee,
      Precondition precondition,
      Share.Terms terms,
      Field<AppliedBy> appliedBy) {
    return changes.change(
        actor,
        AuditAction.SERVICE_SHARE,
        AuditTargets.service(ref),
        log -> {
          grants.lockOpened(actor.sight(), ref, grantee);
          return grants.share(
              actor, ref, grantee, precondition, terms, appliedBy, Optional.empty(), log);
        });
  }

  @Override
  public Outcome<GivenShare> change(
      Actor actor,
      Instance.Ref ref,
      GranteeName grantee,
      Precondition precondition,
      TermsWrite write,
      Field<AppliedBy> appliedBy) {
    return changes.change(
        actor,
        AuditAction.SERVICE_SHARE,
        AuditTargets.service(ref),
        log -> {
          grants.lockOpened(actor.sight(), ref, grantee);
          SharedInstance shared = grants.held(actor, ref, log);
          ShareGrants.demand(shared, Action.SHARE);
          Share found = shares.find(shared.id(), grantee);
          return grants.give(
              actor,
              shared,
              found.grantee().name(),
              precondition,
              before -> write.over(before.orElseThrow(RefusedException::notFound).terms()),
              appliedBy,
              Optional.empty(),
              log);
        });
  }

  @Override
  public Outcome<GranteeName> end(
      Actor actor, Instance.Ref ref, GranteeName grantee, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.SERVICE_UNSHARE,
        AuditTargets.service(ref),
        log -> {
          grants.lockOpened(ShareGrants.sightToEnd(actor, grantee), ref, grantee);
          grants.end(actor, ref, grantee, precondition, log);
          return grantee;
        });
  }

  @Override
  public Outcome<Optional<Handle>> poolLeftBy(Actor actor, Instance.Ref ref, GranteeName grantee) {
    return Outcome.of(
        () -> {
          SharedInstance shared = withVisibleShares(actor, ref);
          return grantees
              .find(grantee)
              .flatMap(
                  found ->
                      found instanceof Grantee.OneUser user
                          ? poolLeftBy(actor, shared.instance(), user.id())
                          : Optional.empty());
        });
  }

  private Optional<Handle> poolLeftBy(Actor actor, Instance service, User.Id user) {
    return instances
        .find(service.id(), user, changes.now())
        .flatMap(seen -> seen.shares().poolLeftByOwn(changes.now()))
        .filter(pool -> members.tells(actor, pool.group(), user, service.id(), service.owner()))
        .map(GroupShare::handle);
  }

  @Override
  public Outcome<Share> find(Actor actor, Instance.Ref ref, GranteeName grantee) {
    return Outcome.of(() -> shares.find(withVisibleShares(actor, ref).id(), grantee));
  }

  @Override
  public Outcome<Page<Share, GranteeName>> list(
      Actor actor, Instance.Ref ref, Optional<SearchText> text, PageRequest<GranteeName> page) {
    return Outcome.of(() -> shares.list(withVisibleShares(actor, ref).id(), text, page));
  }

  @Override
  public Instant now() {
    return changes.now();
  }

  @Override
  public Outcome<Integer> count(Actor actor, Instance.Ref ref, Optional<SearchText> text) {
    return Outcome.of(() -> shares.count(withVisibleShares(actor, ref).id(), text));
  }

  @Override
  public Outcome<AccessOnDay> accessOn(
      Actor actor, Instance.Ref ref, Optional<LocalDate> asked, PageRequest<List<String>> page) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          LocalDate day = begun(asked);
          Optional<Instance.Id> only =
              actor.administrator()
                  ? Optional.empty()
                  : Optional.of(withVisibleShares(actor, ref).id());
          AccessHistory.AccessQuestion question =
              new AccessHistory.AccessQuestion(ref, only, actor.administrator(), day);
          List<AccessHistory.Access> found = history.find(question, page.after(), page.limit() + 1);
          if (found.isEmpty() && page.after().isEmpty()) {
            demandKnown(actor, ref);
          }
          return new AccessOnDay(
              day,
              Page.of(found, page.limit(), AccessHistory.Access::position),
              history.knownSince());
        });
  }

  /**
   * Refuses a reference that no service has, and that none had in the recorded history. Otherwise,
   * a misspelt reference would read as a service that nobody could use.
   */
  private void demandKnown(Actor actor, Instance.Ref ref) {
    if (instances.find(ref, actor.sight(), changes.now()).isEmpty() && !history.hasService(ref)) {
      throw RefusedException.notFound();
    }
  }

  /** Returns the day, if it has begun; today if no day is given. */
  private LocalDate begun(Optional<LocalDate> day) {
    LocalDate today = LocalDate.ofInstant(changes.now(), ZoneOffset.UTC);
    if (day.isPresent() && day.get().isAfter(today)) {
      throw new InvalidValue(
          "day", "today (UTC) or earlier: nobody knows yet who can use the service on a later day");
    }
    return day.orElse(today);
  }

  private SharedInstance withVisibleShares(Actor actor, Instance.Ref ref) {
    return SharedInstance.withVisibleShares(actor, instances, ref, changes.now());
  }
}
