package io.claviger.application.budgetreports;

import io.claviger.application.accounts.port.AccessTokenStore.Presented;
import io.claviger.application.budgetreports.BudgetReports.GivenRaise;
import io.claviger.application.budgetreports.BudgetReports.NewRaise;
import io.claviger.application.budgetreports.BudgetReports.Stores;
import io.claviger.application.budgetreports.port.BudgetStateStore;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.limits.port.AssignedLimitsStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetRaise;
import io.claviger.domain.budgets.BudgetRaiser;
import io.claviger.domain.budgets.BudgetReference;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetViewer;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Gives and ends raises of budgets. A raise adds an amount to a budget until a certain time. */
final class BudgetRaises {
  private static final Fault TOO_LARGE =
      new Fault(
          "/amount",
          "invalid_value",
          "Together with the raises in force, this exceeds the largest possible amount.");

  private final Stores stores;
  private final BudgetReservations reservations;
  private final AuditedChanges changes;

  BudgetRaises(Stores stores, BudgetReservations reservations, AuditedChanges changes) {
    this.stores = stores;
    this.reservations = reservations;
    this.changes = changes;
  }

  /**
   * A budget that the actor sees.
   *
   * @param owner the user who sees the audit events about the budget
   */
  private record RaisableBudget(SeenBudget budget, Optional<User.Id> owner) {}

  Outcome<GivenRaise> raise(Actor actor, String id, NewRaise wanted) {
    openGroup(actor, id);
    return changes.change(
        actor,
        AuditAction.BUDGET_RAISE_CREATE,
        AuditTargets.budget(id),
        log -> {
          RaisableBudget target = raisable(actor, id);
          if (!target.budget().raisable()) {
            throw tooMuch();
          }
          BudgetAccount account = target.budget().account();
          log.setTarget(AuditTargets.budget(account, target.owner()));
          Instant now = stores.states().now().truncatedTo(ChronoUnit.MICROS);
          BudgetRaise raise =
              new BudgetRaise(
                  changes.ids().next(),
                  account.key().unit().parts(wanted.amount()),
                  BudgetRaise.until(
                      wanted.until().truncatedTo(ChronoUnit.MICROS),
                      now,
                      target.budget().given().flatMap(SeenBudget.GivenShare::expiresAt)),
                  now);
          long most = target.budget().most().orElseThrow();
          long more = Math.min(most - target.budget().budget().amount(), BudgetRaise.MOST_IN_ALL);
          BudgetStateStore.RaiseOutcome outcome =
              stores
                  .states()
                  .insert(
                      account,
                      raise,
                      actor.id(),
                      target.budget().given().map(SeenBudget.GivenShare::grantee),
                      more,
                      wanted.onlyOnce());
          switch (outcome) {
            case STORED -> {}
            case TOO_MANY ->
                throw RefusedException.conflict(
                    "too_many_raises",
                    "At most " + BudgetRaise.MOST + " raises of a budget are in force at a time.");
            case SAME ->
                throw RefusedException.conflict(
                    "already_raised",
                    "This raise is in force already, so no second raise was given. For a"
                        + " further raise, change the amount or the day.");
            case TOO_MUCH ->
                throw most == Long.MAX_VALUE ? RefusedException.invalid(TOO_LARGE) : tooMuch();
          }
          log.recordChange(
              AuditAction.BUDGET_RAISE_CREATE,
              AuditTargets.budget(account, target.owner()),
              List.of("amount", "until"),
              AuditEvent.Term.changed(Map.of(), texts(wanted, raise, account.key().unit())));
          return new GivenRaise(raise, account.key().unit());
        });
  }

  /**
   * Opens the current window of a group's budget if it is missing and the actor may raise the
   * budget. Call this method before the transaction of the raise, because this transaction would
   * otherwise hold locks while the database adds up the earlier charges of all members.
   */
  private void openGroup(Actor actor, String id) {
    BudgetReference.read(id)
        .filter(account -> BudgetHolder.isGroup(account.subject()))
        .filter(
            account ->
                find(actor, account).filter(target -> target.budget().raisable()).isPresent())
        .ifPresent(account -> reservations.open(List.of(account)));
  }

  private static Map<String, String> texts(NewRaise wanted, BudgetRaise raise, BudgetUnit unit) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("amount", wanted.amount().toPlainString() + " " + unit.wireName());
    texts.put("until", raise.until().toString());
    return texts;
  }

  Outcome<UUID> end(Actor actor, String id, UUID raise) {
    return changes.change(
        actor,
        AuditAction.BUDGET_RAISE_DELETE,
        AuditTargets.budget(id),
        log -> {
          RaisableBudget target = raisable(actor, id);
          BudgetAccount account = target.budget().account();
          log.setTarget(AuditTargets.budget(account, target.owner()));
          if (!stores.states().end(account, raise)) {
            throw RefusedException.notFound();
          }
          log.recordChange(
              AuditAction.BUDGET_RAISE_DELETE,
              AuditTargets.budget(account, target.owner()),
              List.of());
          return raise;
        });
  }

  /**
   * Finds a budget that the actor sees.
   *
   * @throws RefusedException when the actor sees no budget with this id
   */
  SeenBudget find(Actor actor, String id) {
    return target(actor, id).budget();
  }

  private RaisableBudget target(Actor actor, String id) {
    BudgetAccount account = BudgetReference.read(id).orElseThrow(RefusedException::notFound);
    return find(actor, account).orElseThrow(RefusedException::notFound);
  }

  private RaisableBudget raisable(Actor actor, String id) {
    BudgetAccount account = BudgetReference.read(id).orElseThrow(RefusedException::notFound);
    BudgetHolder holder = BudgetHolder.of(account.subject());
    if (holder.kind() == BudgetHolder.Kind.GROUP_MEMBER && !holdMember(holder)) {
      throw RefusedException.notFound();
    }
    holdShares(actor, holder);
    RaisableBudget target = find(actor, account).orElseThrow(RefusedException::notFound);
    if (target.budget().most().isEmpty()) {
      throw RefusedException.forbidden(
          "Only those who gave these limits and the owning user may raise the budget.");
    }
    return target;
  }

  private static RefusedException tooMuch() {
    return RefusedException.forbidden(
        "A co-owner can raise a budget only as far as their own limits allow.");
  }

  /**
   * Locks the user's membership in the group until the raise is stored, because the raise ends when
   * the membership ends.
   */
  private boolean holdMember(BudgetHolder holder) {
    return stores
        .groups()
        .holdMember(
            new Group.Id(holder.group().orElseThrow()), new User.Id(holder.user().orElseThrow()));
  }

  /**
   * Locks two shares until the raise is stored: the share to which the budget might belong, and the
   * actor's own share.
   */
  private void holdShares(Actor actor, BudgetHolder holder) {
    if (holder.service().isEmpty()) {
      return;
    }
    Instance.Id service = new Instance.Id(holder.service().get());
    InstanceShareStore shares = stores.shares();
    Instant now = changes.now();
    Object unused = shares.hold(service, actor.id());
    unused = holder.group().flatMap(group -> shares.hold(service, new Group.Id(group)));
    unused =
        holder
            .user()
            .map(User.Id::new)
            .filter(user -> shares.hold(service, user).filter(own -> !own.expiredAt(now)).isEmpty())
            .flatMap(user -> shares.holdByGroup(service, user, now));
  }

  private Optional<RaisableBudget> find(Actor actor, BudgetAccount account) {
    BudgetHolder holder = BudgetHolder.of(account.subject());
    return switch (holder.kind()) {
      case SERVICE_CALLER, SERVICE_GROUP, SERVICE -> ofService(actor, holder, account);
      case TOKEN -> ofToken(actor, holder, account);
      case USER, GROUP_MEMBER, GROUP -> ofAdministrators(actor, holder, account);
      // Nobody is shown what an owner has apart from a group's pool. The budget of a project's
      // caller can't be raised. The owner of the project changes the project's limits instead.
      case GROUP_OWNER, PROJECT_CALLER -> Optional.empty();
    };
  }

  private Optional<RaisableBudget> ofService(
      Actor actor, BudgetHolder holder, BudgetAccount account) {
    Instant now = changes.now();
    Optional<InstanceStore.VisibleInstance> seen =
        stores
            .instances()
            .find(new Instance.Id(holder.service().orElseThrow()), actor.id(), now)
            .filter(s -> actor.sees(s.relationship(actor, now)));
    if (seen.isEmpty()) {
      return Optional.empty();
    }
    User.Id caller = holder.user().map(User.Id::new).orElseGet(() -> seen.get().instance().owner());
    Optional<ServiceContext> context =
        stores.contexts().find(seen.get().instance().ref(), caller, now);
    BudgetFinder finder = new BudgetFinder(stores, actor, now);
    boolean owner = Owners.owns(actor, seen.get(), now);
    return context.stream()
        .flatMap(
            c ->
                (holder.user().isPresent() ? finder.of(c, caller, owner) : finder.ofAll(c, owner))
                    .stream())
        .filter(budget -> budget.account().equals(account))
        .findFirst()
        .map(budget -> new RaisableBudget(budget, Optional.of(seen.get().instance().owner())));
  }

  /**
   * Finds a budget that administrators have set. Users see the budgets that count their own calls.
   */
  private Optional<RaisableBudget> ofAdministrators(
      Actor actor, BudgetHolder holder, BudgetAccount account) {
    boolean writes = actor.administrator() && actor.mayManage();
    BudgetRaiser raiser = BudgetRaiser.of(writes);
    BudgetViewer viewer =
        new BudgetViewer(
            writes, holder.user().equals(Optional.of(actor.id().value())), false, false);
    return Optional.of(assigned(holder))
        .filter(limits -> viewer.sees(holder.kind()))
        .flatMap(limits -> limits.budgets().find(account.key()))
        .map(
            budget ->
                new RaisableBudget(
                    new SeenBudget(holder, budget, raiser.most(budget)), Optional.empty()));
  }

  private Limits assigned(BudgetHolder holder) {
    AssignedLimitsStore limits = stores.limits();
    return holder
        .group()
        .map(group -> limits.find(new Group.Id(group), holder.user().isEmpty()))
        .orElseGet(() -> limits.find(new User.Id(holder.user().orElseThrow())))
        .limits();
  }

  /**
   * Finds a budget of a token. The token's user may raise the budget, but not with this token or a
   * token made from this token.
   */
  private Optional<RaisableBudget> ofToken(
      Actor actor, BudgetHolder holder, BudgetAccount account) {
    Optional<AccessToken> token =
        stores
            .tokens()
            .find(new AccessToken.Id(holder.token().orElseThrow()))
            .filter(found -> found.user().id().equals(actor.id()))
            .map(Presented::token);
    boolean own =
        actor.callToken().stream()
            .flatMap(presented -> new BudgetFinder(stores, actor, changes.now()).ofToken().stream())
            .anyMatch(budget -> budget.account().subject().equals(account.subject()));
    return token
        .map(AccessToken::asCallToken)
        .map(CallLimits.Token::limits)
        .flatMap(limits -> limits.budgets().find(account.key()))
        .map(budget -> new SeenBudget(holder, budget, BudgetRaiser.of(!own).most(budget)))
        .map(budget -> new RaisableBudget(budget, Optional.of(actor.id())));
  }
}
