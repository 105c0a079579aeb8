package io.claviger.domain.policy;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.budgets.BudgetViewer;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.policy.CallLimits.Account;
import io.claviger.domain.policy.CallLimits.Kind;
import io.claviger.domain.policy.CallLimits.Of;
import io.claviger.domain.policy.CallLimits.Pool;
import io.claviger.domain.policy.CallLimits.ShareHolder;
import io.claviger.domain.policy.CallLimits.Through;
import io.claviger.domain.policy.CallLimits.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Collects the accounts against which a call counts, each once and in a fixed order. */
final class CallAccounts {
  private final UUID caller;
  private final Map<String, Account> bySubject = new LinkedHashMap<>();
  private final Set<String> charged = new LinkedHashSet<>();

  CallAccounts(UUID caller) {
    this.caller = caller;
  }

  List<Account> all() {
    return List.copyOf(bySubject.values());
  }

  /** The accounts of services and users that are charged, including those without limits. */
  List<String> charged() {
    return List.copyOf(charged);
  }

  void addToken(Token token) {
    Set<UUID> creators = new LinkedHashSet<>();
    InheritedLimits inherited = token.inherited();
    inherited.rates().forEach(rate -> creators.add(rate.token()));
    inherited.budgets().forEach(budget -> creators.add(budget.token()));
    inherited.paces().forEach(pace -> creators.add(pace.token()));
    creators.forEach(creator -> addToken(creator, inheritedFrom(creator, inherited)));
    boolean implied = TokenRate.isImplied(inherited.rates(), token.limits().requestsPerMinute());
    Limits own = implied ? token.limits().withoutRate() : token.limits();
    addToken(
        token.id(),
        own.with(TokenBudget.notImplied(inherited.budgets(), own.budgets()))
            .with(TokenPace.notImplied(inherited.paces(), own.pace())));
  }

  private static Limits inheritedFrom(UUID creator, InheritedLimits inherited) {
    Limits rate =
        inherited.rates().stream()
            .filter(r -> r.token().equals(creator))
            .findFirst()
            .map(TokenRate::limits)
            .orElse(Limits.NONE);
    List<Budget> budgets = new ArrayList<>();
    inherited.budgets().stream()
        .filter(b -> b.token().equals(creator))
        .forEach(b -> budgets.add(b.budget()));
    PaceTerms pace =
        inherited.paces().stream()
            .filter(p -> p.token().equals(creator))
            .map(p -> PaceTerms.of(p.kind(), p.limit()))
            .reduce(PaceTerms.NONE, PaceTerms::and);
    return rate.with(new Budgets(budgets)).with(pace);
  }

  /**
   * Adds a user with the share that allows the call, and everybody through whom the service was
   * lent to that user.
   */
  void addChain(Of service, ShareHolder first) {
    boolean owner = service.owner().equals(caller);
    Optional<ShareHolder> next = Optional.of(first);
    while (next.isPresent()) {
      ShareHolder grantee = next.get();
      boolean self = grantee.user().equals(caller);
      Limits limits = grantee.limits().orElse(service.limits());
      add(BudgetHolder.callerOf(service.id(), grantee.user()), limits, seenBy(self, false, owner));
      grantee.pool().ifPresent(pool -> addPool(service, pool, seenBy(false, self, owner)));
      next = grantee.giver();
    }
  }

  private void addPool(Of service, Pool pool, BudgetViewer viewer) {
    add(BudgetHolder.groupOn(service.id(), pool.group()), pool.limits(), viewer);
  }

  /** Adds the limits that apply to all callers of a service together. */
  void addInAll(Of service) {
    boolean owner = service.owner().equals(caller);
    add(BudgetHolder.service(service.id()), service.inAll(), seenBy(false, false, owner));
  }

  /** Adds the limits that administrators set for the caller and the caller's groups. */
  void addSet(UserLimits set) {
    add(BudgetHolder.user(caller), set.own(), seenBy(true, false, false));
    for (UserLimits.OfGroup group : set.groups()) {
      BudgetHolder each = BudgetHolder.memberOf(group.group(), caller);
      add(each, group.each(), seenBy(true, true, false));
      add(BudgetHolder.group(group.group()), group.pooled(), seenBy(false, true, false));
    }
  }

  /** Adds the limits that a project's owner set for each person who calls through the project. */
  void addThrough(Through project) {
    add(
        BudgetHolder.callerThrough(project.project(), caller),
        project.limits(),
        seenBy(true, false, false));
  }

  private void addToken(UUID token, Limits limits) {
    add(BudgetHolder.token(token), limits, seenBy(true, false, false));
  }

  /**
   * Returns the caller's relationship to an account. The relationship is determined as if the
   * caller were not an administrator.
   */
  private static BudgetViewer seenBy(boolean charged, boolean member, boolean owner) {
    return new BudgetViewer(false, charged, member, owner);
  }

  private void add(BudgetHolder holder, Limits limits, BudgetViewer viewer) {
    Kind kind = kind(holder);
    String subject = holder.account();
    if (kind == Kind.SERVICE || kind == Kind.USER) {
      boolean unused = charged.add(subject);
    }
    if (!limits.isNone()) {
      boolean shown = viewer.sees(holder.kind());
      Account unused = bySubject.putIfAbsent(subject, new Account(subject, limits, kind, shown));
    }
  }

  private static Kind kind(BudgetHolder holder) {
    return switch (holder.kind()) {
      case SERVICE_CALLER, SERVICE_GROUP, SERVICE -> Kind.SERVICE;
      case TOKEN -> Kind.TOKEN;
      case USER -> Kind.USER;
      case GROUP_MEMBER, GROUP_OWNER, GROUP -> Kind.GROUP;
      case PROJECT_CALLER -> Kind.PROJECT;
    };
  }
}
