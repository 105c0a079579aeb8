package io.claviger.application.budgetreports;

import io.claviger.application.budgetreports.BudgetReports.Stores;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetViewer;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Finds budgets by the rule that charges calls to them, {@link CallLimits}, and keeps those that
 * the caller sees.
 */
final class BudgetFinder {
  /**
   * The most shares of a service whose budgets are listed. The budgets of any other user are found
   * by naming that user.
   */
  private static final int MOST_SHARES = 1_000;

  private final Stores stores;
  private final Actor actor;
  private final Instant now;

  BudgetFinder(Stores stores, Actor actor, Instant now) {
    this.stores = stores;
    this.actor = actor;
    this.now = now;
  }

  /** The budgets of the presented token, and of those that it came from. */
  List<SeenBudget> ofToken() {
    return actor.callToken().stream()
        .flatMap(
            token ->
                CallLimits.of(
                    Optional.of(token),
                    new CallLimits.Of(new UUID(0, 0), Limits.NONE),
                    new CallLimits.ShareHolder(actor.id().value(), Limits.NONE, Optional.empty()),
                    Optional.empty())
                    .budgets()
                    .stream())
        .map(meter -> seen(meter, new BudgetViewer(false, true, false, false), false))
        .toList();
  }

  /** The budgets of a service that bound one of its callers. */
  List<SeenBudget> of(ServiceContext context, UserId caller) {
    return of(context, caller, isOwner(context, caller));
  }

  /**
   * The budgets of a service that bound one of its callers.
   *
   * @param owner whether the actor owns the service
   */
  List<SeenBudget> of(ServiceContext context, UserId caller, boolean owner) {
    CallLimits limits =
        CallLimits.of(
            Optional.empty(),
            context.instance().asCalled(),
            HeldShare.grantee(caller, context.share()),
            Optional.empty(),
            context.callersLimits());
    return seen(limits.budgets(), context.instance(), owner, caller.equals(actor.id())).toList();
  }

  /**
   * The budgets of a service: those of all its callers together, those of each user with whom it is
   * shared by name, and those of each group, for its members together.
   */
  List<SeenBudget> ofAll(ServiceContext context, boolean owner) {
    CallableInstance service = context.instance();
    List<BudgetMeter> meters = new ArrayList<>();
    for (Share share : stores.shares().listOf(service.id(), Optional.empty(), MOST_SHARES)) {
      if (!share.terms().expiredAt(now)) {
        meters.addAll(lent(service, share).budgets());
      }
    }
    meters.addAll(
        CallLimits.of(
                Optional.empty(),
                service.asCalled(),
                new CallLimits.ShareHolder(service.owner().value(), Limits.NONE, Optional.empty()),
                Optional.empty())
            .budgets());
    return seen(meters.stream().distinct().toList(), service, owner, false).toList();
  }

  private CallLimits lent(CallableInstance service, Share share) {
    return switch (share.grantee()) {
      case Grantee.OneUser user ->
          CallLimits.of(
              Optional.empty(),
              service.asCalled(),
              new CallLimits.ShareHolder(
                  user.id().value(), share.terms().limits(), Optional.empty()),
              Optional.empty());
      case Grantee.Members group ->
          CallLimits.of(
              Optional.empty(),
              new CallLimits.Of(service.id().value(), Limits.NONE),
              new CallLimits.ShareHolder(
                  service.owner().value(),
                  Limits.NONE,
                  Optional.of(
                      new CallLimits.Pool(group.id().value(), share.terms().pooledLimits())),
                  Optional.empty()),
              Optional.empty());
    };
  }

  private boolean isOwner(ServiceContext context, UserId caller) {
    return context.instance().owner().equals(actor.id())
        || (caller.equals(actor.id())
            && HeldShare.role(context.share(), now).equals(Optional.of(Role.OWNER)));
  }

  private Stream<SeenBudget> seen(
      List<BudgetMeter> meters, CallableInstance service, boolean owner, boolean member) {
    return meters.stream()
        .filter(
            meter ->
                viewer(BudgetHolder.of(meter.account()), owner, member)
                    .sees(BudgetHolder.of(meter.account()).kind()))
        .map(
            meter -> {
              BudgetHolder holder = BudgetHolder.of(meter.account());
              return seen(meter, viewer(holder, owner, member), mayRaise(holder, service, owner));
            });
  }

  private BudgetViewer viewer(BudgetHolder holder, boolean owner, boolean member) {
    boolean charged = holder.user().equals(Optional.of(actor.id().value()));
    // The owner of a service sees nothing of what administrators allow its callers elsewhere.
    boolean owns = owner && holder.service().isPresent();
    return new BudgetViewer(actor.administrator() && actor.mayManage(), charged, member, owns);
  }

  /**
   * Whether the actor may raise a budget: whoever may write its limits. A co-owner may raise
   * neither their own budget nor that of all callers together.
   */
  private boolean mayRaise(BudgetHolder holder, CallableInstance service, boolean owner) {
    boolean owning =
        service.owner().equals(actor.id())
            || (service.owner().equals(UserId.SYSTEM) && actor.administrator());
    boolean self = holder.user().equals(Optional.of(actor.id().value()));
    return actor.mayManage()
        && holder.service().isPresent()
        && (owning || (owner && !self && holder.kind() != BudgetHolder.Kind.SERVICE));
  }

  private static SeenBudget seen(BudgetMeter meter, BudgetViewer viewer, boolean raisable) {
    BudgetHolder holder = BudgetHolder.of(meter.account());
    return new SeenBudget(holder, meter.budget(), raisable && viewer.sees(holder.kind()));
  }
}
