package io.claviger.domain.policy;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.policy.CallLimits.Account;
import io.claviger.domain.policy.CallLimits.Grantee;
import io.claviger.domain.policy.CallLimits.Kind;
import io.claviger.domain.policy.CallLimits.Of;
import io.claviger.domain.policy.CallLimits.Pool;
import io.claviger.domain.policy.CallLimits.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Collects the accounts on which a call counts, each once, in a fixed order. */
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

  /** The accounts of services and users, also of those without limits. */
  List<String> charged() {
    return List.copyOf(charged);
  }

  void addToken(Token token) {
    Set<UUID> creators = new LinkedHashSet<>();
    token.inherited().forEach(rate -> creators.add(rate.token()));
    token.inheritedBudgets().forEach(budget -> creators.add(budget.token()));
    creators.forEach(creator -> addToken(creator, inheritedFrom(creator, token)));
    boolean implied = TokenRate.isImplied(token.inherited(), token.limits().requestsPerMinute());
    Limits own = implied ? token.limits().withoutRate() : token.limits();
    addToken(token.id(), own.with(TokenBudget.notImplied(token.inheritedBudgets(), own.budgets())));
  }

  private static Limits inheritedFrom(UUID creator, Token token) {
    Limits rate =
        token.inherited().stream()
            .filter(r -> r.token().equals(creator))
            .findFirst()
            .map(TokenRate::limits)
            .orElse(Limits.NONE);
    List<Budget> budgets = new ArrayList<>();
    token.inheritedBudgets().stream()
        .filter(b -> b.token().equals(creator))
        .forEach(b -> budgets.add(b.budget()));
    return rate.with(new Budgets(budgets));
  }

  /** Adds a user with the share by which they call, and those who lend it to them. */
  void addChain(Of service, Grantee first) {
    Optional<Grantee> next = Optional.of(first);
    while (next.isPresent()) {
      Grantee grantee = next.get();
      add(
          "service:" + service.id() + ":" + grantee.user(),
          grantee.limits().orElse(service.limits()),
          Kind.SERVICE,
          grantee.user().equals(caller));
      grantee.pool().ifPresent(pool -> addPool(service, pool, grantee.user().equals(caller)));
      next = grantee.giver();
    }
  }

  private void addPool(Of service, Pool pool, boolean shown) {
    add("service:" + service.id() + ":group:" + pool.group(), pool.limits(), Kind.SERVICE, shown);
  }

  /** Adds what all callers of a service may use up together. */
  void addInAll(Of service) {
    add(
        "service:" + service.id(),
        Limits.of(service.inAll()),
        Kind.SERVICE,
        service.owner().equals(caller));
  }

  /** Adds what administrators set for the caller and the caller's groups. */
  void addSet(UserLimits set) {
    add("user:" + caller, set.own(), Kind.USER, true);
    for (UserLimits.OfGroup group : set.groups()) {
      add("group:" + group.group() + ":" + caller, group.each(), Kind.GROUP, true);
      add("group:" + group.group(), group.pooled(), Kind.GROUP, true);
    }
  }

  private void addToken(UUID token, Limits limits) {
    add("token:" + token, limits, Kind.TOKEN, true);
  }

  private void add(String subject, Limits limits, Kind kind, boolean shown) {
    if (kind == Kind.SERVICE || kind == Kind.USER) {
      boolean unused = charged.add(subject);
    }
    if (!limits.isNone()) {
      Account unused = bySubject.putIfAbsent(subject, new Account(subject, limits, kind, shown));
    }
  }
}
