package io.claviger.application.budgetreports;

import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.port.HolderNames;
import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetState;
import io.claviger.domain.instances.Instance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

final class BudgetReportUseCases implements BudgetReports {
  /**
   * The number of services that a query reads at a time. Only the services' budgets are kept in
   * memory, because the limits of a service and its shares can contain hundreds of long names.
   */
  private static final int READ_AT_ONCE = 50;

  private final Stores stores;
  private final BudgetReservations reservations;
  private final AuditedChanges changes;
  private final BudgetRaises raises;

  BudgetReportUseCases(Stores stores, BudgetReservations reservations, AuditedChanges changes) {
    this.stores = stores;
    this.reservations = reservations;
    this.changes = changes;
    this.raises = new BudgetRaises(stores, reservations, changes);
  }

  @Override
  public Outcome<Page<BudgetReport, Instance.Ref>> list(
      Actor actor, BudgetFilter filter, PageRequest<Instance.Ref> page) {
    return Outcome.of(
        () -> {
          Optional<User> whose = stores.users().find(filter.user().orElse(actor.handle()));
          if (whose.isEmpty()) {
            demandVisible(actor, filter, page);
            return Page.whole(List.of());
          }
          return filter.service().isPresent()
              ? Page.<BudgetReport, Instance.Ref>whole(
                  reports(
                      ofService(actor, filter, filter.service().get(), whose.get().id()), filter))
              : ofServices(actor, filter, whose.get(), page);
        });
  }

  /**
   * Checks whether the actor sees the service or the group of a filter. The check is made even if
   * no budget is found, so that the answer does not reveal whether the user named in the filter
   * exists.
   */
  private void demandVisible(Actor actor, BudgetFilter filter, PageRequest<Instance.Ref> page) {
    if (filter.service().isPresent()) {
      InstanceStore.VisibleInstance unused = visible(actor, filter.service().get(), changes.now());
    } else if (page.after().isEmpty()) {
      Optional<GroupStore.VisibleGroup> unused = group(actor, filter);
    }
  }

  private InstanceStore.VisibleInstance visible(Actor actor, Instance.Ref ref, Instant now) {
    return InstanceStore.VisibleInstance.shownTo(
        actor, stores.instances().find(ref, actor.sight(), now), now);
  }

  private Optional<GroupStore.VisibleGroup> group(Actor actor, BudgetFilter filter) {
    return filter
        .group()
        .map(
            group ->
                stores.groups().find(group, actor.id()).orElseThrow(RefusedException::notFound));
  }

  private List<SeenBudget> ofService(
      Actor actor, BudgetFilter filter, Instance.Ref ref, User.Id whose) {
    Instant now = changes.now();
    InstanceStore.VisibleInstance seen = visible(actor, ref, now);
    BudgetFinder finder = new BudgetFinder(stores, actor, now);
    boolean owner = Owners.owns(actor, seen, now);
    List<SeenBudget> found = new ArrayList<>();
    if (filter.user().isEmpty() && (owner || actor.administrator())) {
      stores
          .contexts()
          .find(seen.instance().ref(), seen.instance().owner(), now)
          .ifPresent(context -> found.addAll(finder.ofAll(context, owner)));
    }
    stores
        .contexts()
        .find(seen.instance().ref(), whose, now)
        .ifPresent(context -> found.addAll(finder.of(context, whose, owner)));
    return of(found, filter, whose);
  }

  private Page<BudgetReport, Instance.Ref> ofServices(
      Actor actor, BudgetFilter filter, User user, PageRequest<Instance.Ref> page) {
    Instant now = changes.now();
    User.Id whose = user.id();
    BudgetFinder finder = new BudgetFinder(stores, actor, now);
    List<SeenBudget> found = new ArrayList<>();
    if (page.after().isEmpty()) {
      found.addAll(beforeServices(actor, filter, user, finder));
    }
    List<BudgetsOfService> services = services(actor, finder, whose, page, now);
    boolean last = services.size() <= page.limit();
    List<BudgetsOfService> shown = last ? services : services.subList(0, page.limit());
    shown.forEach(service -> found.addAll(service.budgets()));
    return new Page<>(
        reports(of(found, filter, whose), filter),
        List.of(),
        last ? Optional.empty() : Optional.of(shown.getLast().service()));
  }

  /**
   * Returns the services on a page, plus one service if a next page exists. A service is left out
   * if the token is not valid for it, or if it is a service of another user and none of its budgets
   * is shown. Otherwise, the cursor would reveal the name of the service.
   */
  private List<BudgetsOfService> services(
      Actor actor,
      BudgetFinder finder,
      User.Id whose,
      PageRequest<Instance.Ref> page,
      Instant now) {
    int wanted = page.limit() + 1;
    boolean all = whose.equals(actor.id()) || (actor.administrator() && actor.mayManage());
    int atOnce = all ? Math.min(wanted, READ_AT_ONCE) : READ_AT_ONCE;
    List<BudgetsOfService> told = new ArrayList<>();
    List<ServiceContext> read;
    Optional<Instance.Ref> after = page.after();
    do {
      read = stores.contexts().usableBy(whose, after, atOnce, now);
      read.stream()
          .filter(context -> actor.isWithinRestriction(context.instance().id()))
          .filter(context -> all || finder.tells(context, whose))
          .limit(wanted - told.size())
          .map(context -> budgets(finder, context, whose))
          .forEach(told::add);
      after = read.isEmpty() ? after : Optional.of(read.getLast().instance().ref());
    } while (told.size() < wanted && read.size() == atOnce);
    return told;
  }

  private record BudgetsOfService(Instance.Ref service, List<SeenBudget> budgets) {}

  private static BudgetsOfService budgets(
      BudgetFinder finder, ServiceContext context, User.Id whose) {
    return new BudgetsOfService(
        context.instance().ref(),
        finder.of(context, whose).stream()
            .filter(budget -> budget.holder().service().isPresent())
            .toList());
  }

  /**
   * Returns the budgets that limit calls to all services together. The first page lists these
   * budgets before the budgets of single services.
   */
  private List<SeenBudget> beforeServices(
      Actor actor, BudgetFilter filter, User user, BudgetFinder finder) {
    AssignedBudgets assigned = new AssignedBudgets(stores, actor);
    Optional<GroupStore.VisibleGroup> group = group(actor, filter);
    if (group.isPresent()) {
      return assigned.of(group.get(), filter.user());
    }
    List<SeenBudget> found = new ArrayList<>();
    if (user.id().equals(actor.id())) {
      found.addAll(finder.ofToken());
    }
    found.addAll(assigned.of(user));
    return found;
  }

  /** If the filter names a user, returns only the budgets that count this user's calls. */
  private static List<SeenBudget> of(List<SeenBudget> found, BudgetFilter filter, User.Id whose) {
    Predicate<SeenBudget> counts =
        budget ->
            filter.user().isEmpty()
                || budget.holder().kind() == BudgetHolder.Kind.TOKEN
                || budget.holder().user().equals(Optional.of(whose.value()));
    return found.stream().filter(counts).distinct().toList();
  }

  @Override
  public List<BudgetReport> ofToken(Actor actor) {
    Instant now = changes.now();
    BudgetFinder finder = new BudgetFinder(stores, actor, now);
    List<SeenBudget> found = new ArrayList<>(finder.ofToken());
    actor
        .token()
        .flatMap(AccessToken::restriction)
        .flatMap(TokenRestriction::service)
        .flatMap(to -> stores.instances().find(new Instance.Id(to), actor.id(), now))
        .flatMap(seen -> stores.contexts().find(seen.instance().ref(), actor.id(), now))
        .ifPresent(context -> found.addAll(finder.of(context, actor.id())));
    return found.isEmpty() ? List.of() : reports(found, BudgetFilter.NONE);
  }

  private List<BudgetReport> reports(List<SeenBudget> found, BudgetFilter filter) {
    if (found.isEmpty()) {
      return List.of();
    }
    Map<BudgetHolder, HolderNames> names =
        stores.directory().names(found.stream().map(SeenBudget::holder).distinct().toList());
    List<SeenBudget> wanted =
        found.stream()
            .filter(
                budget ->
                    filter.group().isEmpty()
                        || Objects.requireNonNull(names.get(budget.holder()))
                            .group()
                            .equals(filter.group()))
            .toList();
    Map<BudgetAccount, BudgetState> states =
        states(wanted.stream().map(SeenBudget::account).distinct().toList());
    Instant now = changes.now();
    return wanted.stream()
        .map(
            budget -> {
              BudgetState state = Objects.requireNonNull(states.get(budget.account()));
              return new BudgetReport(
                  budget.account(),
                  budget.holder(),
                  Objects.requireNonNull(names.get(budget.holder())),
                  budget.budget(),
                  state,
                  state.forecast(budget.budget(), now),
                  budget.raisable());
            })
        .toList();
  }

  /**
   * Creates the missing current windows of groups' accounts, so that the earlier charges of each
   * group's members are added up only once.
   */
  private Map<BudgetAccount, BudgetState> states(List<BudgetAccount> accounts) {
    Map<BudgetAccount, BudgetState> states = new HashMap<>(stores.states().states(accounts));
    List<BudgetAccount> missing =
        accounts.stream()
            .filter(account -> BudgetHolder.isGroup(account.subject()))
            .filter(account -> !Objects.requireNonNull(states.get(account)).hasWindow())
            .toList();
    if (!missing.isEmpty()) {
      reservations.open(missing);
      states.putAll(stores.states().states(missing));
    }
    return states;
  }

  @Override
  public Outcome<BudgetReport> find(Actor actor, String budget) {
    return Outcome.of(
        () -> reports(List.of(raises.find(actor, budget)), BudgetFilter.NONE).getFirst());
  }

  @Override
  public Outcome<GivenRaise> raise(Actor actor, String budget, NewRaise raise) {
    return raises.raise(actor, budget, raise);
  }

  @Override
  public Outcome<UUID> endRaise(Actor actor, String budget, UUID raise) {
    return raises.end(actor, budget, raise);
  }
}
