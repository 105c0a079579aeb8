package io.claviger.application.budgetreports;

import io.claviger.application.budgetreports.BudgetReports.Stores;
import io.claviger.application.gateway.port.CallContexts.HeldShare;
import io.claviger.application.gateway.port.CallContexts.HoldingGroup;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetRaiser;
import io.claviger.domain.budgets.BudgetState;
import io.claviger.domain.budgets.BudgetViewer;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.instances.CallableInstance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds budgets by the rules of {@link CallLimits}, and keeps the budgets that the caller may see.
 */
final class BudgetFinder {
  /**
   * The maximum number of a service's shares whose budgets are listed. To get the budgets of a
   * further user, the caller has to name the user.
   */
  private static final int MOST_SHARES = 1_000;

  /**
   * The number of shares that are read at a time. The number is small, because the limits of a
   * share can contain 400 long names. Only the budgets are kept.
   */
  private static final int READ_AT_ONCE = 100;

  /**
   * The maximum number of group members whose budgets of a service are listed. The members of all
   * groups with which the service is shared count toward this number.
   */
  private static final int MOST_MEMBERS = 1_000;

  private final Stores stores;
  private final Actor actor;
  private final Instant now;

  BudgetFinder(Stores stores, Actor actor, Instant now) {
    this.stores = stores;
    this.actor = actor;
    this.now = now;
  }

  /** Returns the budgets of the presented token and of the tokens from which it was made. */
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
        .map(meter -> seen(meter, BudgetRaiser.NOBODY))
        .toList();
  }

  /**
   * Returns those budgets of a service that limit a caller, if the actor is allowed to know that
   * the caller uses the service.
   */
  List<SeenBudget> of(ServiceContext context, User.Id caller) {
    boolean owner = isOwner(context, caller);
    return hides(context, caller, owner) ? List.of() : bounding(context, caller, owner);
  }

  /**
   * Whether the actor is an owner of a service and is allowed to know that this user calls the
   * service.
   */
  boolean tells(ServiceContext context, User.Id caller) {
    boolean owner = isOwner(context, caller);
    return owner && !hides(context, caller, owner);
  }

  /**
   * Returns the budgets of a service that limit a user's calls, or would limit them if the user
   * called the service. If the user has not used a group's share yet and the actor may not see the
   * group's members, the result leaves out the group's share. If the actor knows of no share of the
   * user, the result has only budgets that the user has used. The other budgets would reveal that
   * the user exists.
   *
   * @param owner whether the actor owns the service
   */
  List<SeenBudget> of(ServiceContext context, User.Id caller, boolean owner) {
    ServiceContext told = hides(context, caller, owner) ? context.withoutShare() : context;
    List<SeenBudget> found = bounding(told, caller, owner);
    boolean isKnown =
        actor.administrator()
            || caller.equals(actor.id())
            || caller.equals(told.instance().owner())
            || told.share().isPresent();
    return isKnown ? found : used(found);
  }

  /**
   * Whether the budgets would reveal that a user belongs to a group whose members the actor may not
   * see.
   */
  private boolean hides(ServiceContext context, User.Id caller, boolean owner) {
    return !caller.equals(actor.id())
        && context
            .share()
            .flatMap(HeldShare::holder)
            .filter(group -> !seesMembers(group.id()))
            .isPresent()
        && used(bounding(context, caller, owner).stream()
                .filter(budget -> budget.holder().user().equals(Optional.of(caller.value())))
                .toList())
            .isEmpty();
  }

  private List<SeenBudget> bounding(ServiceContext context, User.Id caller, boolean owner) {
    CallLimits limits =
        CallLimits.of(
            Optional.empty(),
            context.instance().asCalled(),
            HeldShare.grantee(caller, context.share()),
            Optional.empty(),
            context.callersLimits());
    return seen(
            limits.budgets(),
            context.instance(),
            owner,
            caller.equals(actor.id()),
            given(context, caller))
        .toList();
  }

  private Optional<GivenBudgets> given(ServiceContext context, User.Id caller) {
    return context
        .share()
        .flatMap(
            share ->
                share
                    .giver()
                    .filter(giver -> giver.id().equals(actor.id()))
                    .map(
                        giver ->
                            new GivenBudgets(
                                Optional.of(caller),
                                share.terms().limits().budgets(),
                                share
                                    .holder()
                                    .map(group -> group.pooled().budgets())
                                    .orElse(Budgets.NONE),
                                budgetsOf(giver.limits(), context.instance()),
                                new SeenBudget.GivenShare(
                                    share.holder().<GranteeId>map(HoldingGroup::id).orElse(caller),
                                    share.terms().expiresAt()))));
  }

  /**
   * Returns the budgets of a service: the budgets of all callers together, and the budgets of each
   * user with a direct share. For each group with a share, returns the budgets of the group as a
   * whole and of each member. If the actor may not see a group's members, the result has only the
   * budgets of members who have used the service.
   */
  List<SeenBudget> ofAll(ServiceContext context, boolean owner) {
    CallableInstance service = context.instance();
    Optional<Budgets> own =
        stores
            .shares()
            .find(service.id(), actor.id())
            .filter(share -> !share.expiredAt(now))
            .map(share -> budgetsOf(share.terms().limits(), service));
    List<Share> shares = sharesOf(service);
    List<SeenBudget> found = new ArrayList<>();
    for (Share share : shares) {
      Optional<GivenBudgets> given =
          own.filter(budgets -> share.givenVia().equals(Optional.of(actor.id())))
              .map(budgets -> GivenBudgets.of(share, budgets));
      found.addAll(seen(lent(service, share).budgets(), service, owner, false, given).toList());
    }
    Map<Group.Id, Boolean> seesMembers = new HashMap<>();
    List<SeenBudget> ofOthers = new ArrayList<>();
    sharesOfMembers(service, shares)
        .forEach(
            (member, share) -> {
              Optional<GivenBudgets> given =
                  own.filter(budgets -> share.givenVia().equals(Optional.of(actor.id())))
                      .map(
                          budgets ->
                              GivenBudgets.of(
                                  share.group(), share.terms(), Optional.of(member), budgets));
              List<BudgetMeter> budgets = lent(service, member, share.terms().limits()).budgets();
              (seesMembers.computeIfAbsent(share.group(), this::seesMembers) ? found : ofOthers)
                  .addAll(seen(budgets, service, owner, false, given).toList());
            });
    found.addAll(used(ofOthers));
    List<BudgetMeter> ofOwner = lent(service, service.owner(), Limits.NONE).budgets();
    found.addAll(seen(ofOwner, service, owner, false, Optional.empty()).toList());
    // The budgets of all callers together have been added once for each share, so duplicates are
    // removed.
    return new ArrayList<>(
        found.stream()
            .collect(
                Collectors.toMap(
                    SeenBudget::account, budget -> budget, (one, two) -> one, LinkedHashMap::new))
            .values());
  }

  /**
   * Returns the valid shares of a service. Of their limits, the result contains only the budgets.
   */
  private List<Share> sharesOf(CallableInstance service) {
    List<Share> shares = new ArrayList<>();
    Optional<GranteeName> after = Optional.empty();
    for (int read = 0; read < MOST_SHARES; read += READ_AT_ONCE) {
      List<Share> some = stores.shares().listOf(service.id(), after, READ_AT_ONCE);
      some.stream()
          .filter(share -> !share.terms().expiredAt(now))
          .map(BudgetFinder::withBudgetsOnly)
          .forEach(shares::add);
      if (some.size() < READ_AT_ONCE) {
        break;
      }
      after = Optional.of(some.getLast().grantee().name());
    }
    return shares;
  }

  private static Share withBudgetsOnly(Share share) {
    Share.Terms terms = share.terms();
    return new Share(
        share.grantee(),
        new Share.Terms(
            terms.role(),
            terms.mayReshare(),
            terms.expiresAt(),
            budgetsOnly(terms.limits()),
            budgetsOnly(terms.pooledLimits()),
            terms.weight(),
            terms.toEverybody()),
        share.givenBy(),
        share.givenVia(),
        share.version(),
        share.createdAt(),
        share.appliedBy());
  }

  private static Limits budgetsOnly(Limits limits) {
    return new Limits(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), limits.budgets());
  }

  private boolean seesMembers(Group.Id group) {
    return actor.administrator() || stores.groups().findMember(group, actor.id()).isPresent();
  }

  /** Removes budgets that no call has been charged to. */
  private List<SeenBudget> used(List<SeenBudget> budgets) {
    Map<BudgetAccount, BudgetState> states =
        budgets.isEmpty()
            ? Map.of()
            : stores.states().states(budgets.stream().map(SeenBudget::account).distinct().toList());
    return budgets.stream()
        .filter(
            budget ->
                Optional.ofNullable(states.get(budget.account()))
                    .flatMap(BudgetState::countedFrom)
                    .isPresent())
        .toList();
  }

  /**
   * Finds the users who call a service through a group's share. Returns each user together with the
   * share that is used for the user's calls. The users are in the order of the shares.
   */
  private Map<User.Id, GroupShare> sharesOfMembers(CallableInstance service, List<Share> shares) {
    Set<User.Id> others = new HashSet<>(Set.of(service.owner()));
    Map<User.Id, List<GroupShare>> held = new LinkedHashMap<>();
    int left = MOST_MEMBERS;
    for (Share share : shares) {
      switch (share.grantee()) {
        case Grantee.OneUser one -> {
          boolean unused = others.add(one.id());
        }
        case Grantee.Members group -> {
          List<GroupMember> members =
              left == 0
                  ? List.of()
                  : stores.groups().listMembers(group.id(), Optional.empty(), left);
          left -= members.size();
          for (GroupMember member : members) {
            boolean unused =
                held.computeIfAbsent(member.user(), user -> new ArrayList<>())
                    .add(GroupShare.of(group, share));
          }
        }
      }
    }
    held.keySet().removeAll(others);
    Map<User.Id, GroupShare> chosen = new LinkedHashMap<>();
    held.forEach(
        (user, all) ->
            HeldShares.of(Optional.empty(), all, now)
                .byGroup()
                .ifPresent(share -> chosen.put(user, share)));
    return chosen;
  }

  /**
   * The budgets of a share that the actor gave as a co-owner.
   *
   * @param user the user whose calls are counted by the share's limits; empty if these limits count
   *     the calls of a group as a whole
   * @param each the budgets that count only this user's calls
   * @param pooled the budgets of all members of the group together
   * @param own the budgets of the actor's own calls to the service
   */
  private record GivenBudgets(
      Optional<User.Id> user,
      Budgets each,
      Budgets pooled,
      Budgets own,
      SeenBudget.GivenShare share) {
    static GivenBudgets of(Share share, Budgets own) {
      Optional<User.Id> user =
          switch (share.grantee()) {
            case Grantee.OneUser one -> Optional.of(one.id());
            case Grantee.Members group -> Optional.empty();
          };
      return of(share.grantee().id(), share.terms(), user, own);
    }

    static GivenBudgets of(
        GranteeId grantee, Share.Terms terms, Optional<User.Id> user, Budgets own) {
      return new GivenBudgets(
          user,
          terms.limits().budgets(),
          terms.pooledLimits().budgets(),
          own,
          new SeenBudget.GivenShare(grantee, terms.expiresAt()));
    }

    boolean contain(BudgetHolder holder, Budget budget) {
      return switch (holder.kind()) {
        case SERVICE_CALLER ->
            holder.user().equals(user.map(User.Id::value)) && each.all().contains(budget);
        case SERVICE_GROUP -> pooled.all().contains(budget);
        case SERVICE, TOKEN, USER, GROUP_MEMBER, GROUP_OWNER, GROUP, PROJECT_CALLER -> false;
      };
    }
  }

  /**
   * Returns the budgets that limit the calls of a co-owner. {@code own} has the limits of the
   * co-owner's own share.
   */
  private static Budgets budgetsOf(Limits own, CallableInstance service) {
    return own.orElse(service.asCalled().limits()).budgets();
  }

  private CallLimits lent(CallableInstance service, Share share) {
    return switch (share.grantee()) {
      case Grantee.OneUser user -> lent(service, user.id(), share.terms().limits());
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

  private static CallLimits lent(CallableInstance service, User.Id caller, Limits limits) {
    return CallLimits.of(
        Optional.empty(),
        service.asCalled(),
        new CallLimits.ShareHolder(caller.value(), limits, Optional.empty()),
        Optional.empty());
  }

  private boolean isOwner(ServiceContext context, User.Id caller) {
    boolean owns = context.instance().owner().equals(actor.id());
    return caller.equals(actor.id())
        ? owns || HeldShare.role(context.share(), now).equals(Optional.of(Role.OWNER))
        : owns && actor.mayManage();
  }

  private Stream<SeenBudget> seen(
      List<BudgetMeter> meters,
      CallableInstance service,
      boolean owner,
      boolean member,
      Optional<GivenBudgets> given) {
    return meters.stream()
        .filter(
            meter ->
                viewer(BudgetHolder.of(meter.account()), owner, member)
                    .sees(BudgetHolder.of(meter.account()).kind()))
        .map(
            meter -> {
              BudgetHolder holder = BudgetHolder.of(meter.account());
              Optional<GivenBudgets> own =
                  given.filter(budgets -> owner && budgets.contain(holder, meter.budget()));
              BudgetRaiser raiser = raiser(holder, service, own.map(GivenBudgets::own));
              return new SeenBudget(
                  holder,
                  meter.budget(),
                  raiser.most(meter.budget()),
                  own.filter(budgets -> !raiser.writes()).map(GivenBudgets::share));
            });
  }

  private BudgetViewer viewer(BudgetHolder holder, boolean owner, boolean member) {
    boolean charged = holder.user().equals(Optional.of(actor.id().value()));
    // The owner of a service does not see the budgets that administrators set for its callers.
    boolean owns = owner && holder.service().isPresent();
    return new BudgetViewer(actor.administrator() && actor.mayManage(), charged, member, owns);
  }

  private BudgetRaiser raiser(
      BudgetHolder holder, CallableInstance service, Optional<Budgets> own) {
    if (!actor.mayManage() || holder.service().isEmpty()) {
      return BudgetRaiser.NOBODY;
    }
    boolean owning =
        service.owner().equals(actor.id())
            || (service.owner().equals(User.Id.SYSTEM) && actor.administrator());
    boolean self = holder.user().equals(Optional.of(actor.id().value()));
    return new BudgetRaiser(owning, self, own);
  }

  private static SeenBudget seen(BudgetMeter meter, BudgetRaiser raiser) {
    return new SeenBudget(
        BudgetHolder.of(meter.account()), meter.budget(), raiser.most(meter.budget()));
  }
}
