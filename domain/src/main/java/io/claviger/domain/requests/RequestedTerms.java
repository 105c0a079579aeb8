package io.claviger.domain.requests;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The terms that somebody requests. At least one component is present.
 *
 * @param role the requested role
 * @param models the additional models that the asker wants to call, at most {@link #MOST}
 * @param operations the additional operations that the asker wants to call, at most {@link #MOST}
 * @param budget the budget to replace the asker's budget with the same unit, window and zone
 * @param until the requested end of the share; empty if the share keeps its present end
 */
public record RequestedTerms(
    Optional<Role> role,
    Set<ModelPattern> models,
    Set<Operation> operations,
    Optional<Budget> budget,
    Optional<Instant> until) {
  public static final int MOST = 20;

  public RequestedTerms {
    models = Set.copyOf(models);
    operations = Set.copyOf(operations);
    if (models.size() > MOST) {
      throw new InvalidValue("models", "1 to 20 models");
    }
    if (operations.size() > MOST) {
      throw new InvalidValue("operations", "1 to 20 operations");
    }
    if (role.isEmpty()
        && models.isEmpty()
        && operations.isEmpty()
        && budget.isEmpty()
        && until.isEmpty()) {
      throw new InvalidValue(
          "role", "at least one of role, models, operations, budget and until has to be requested");
    }
  }

  public static RequestedTerms of(Role role) {
    return new RequestedTerms(
        Optional.of(role), Set.of(), Set.of(), Optional.empty(), Optional.empty());
  }

  public static RequestedTerms of(ModelPattern model) {
    return new RequestedTerms(
        Optional.empty(), Set.of(model), Set.of(), Optional.empty(), Optional.empty());
  }

  public static RequestedTerms of(Operation operation) {
    return new RequestedTerms(
        Optional.empty(), Set.of(), Set.of(operation), Optional.empty(), Optional.empty());
  }

  public static RequestedTerms of(Budget budget) {
    return new RequestedTerms(
        Optional.empty(), Set.of(), Set.of(), Optional.of(budget), Optional.empty());
  }

  /**
   * Returns the terms of a share that has both the asker's present terms and the requested terms.
   *
   * @param held the terms of the share with which the asker can use the service now
   * @param ofService the limits of the service, for kinds of limits that a share does not set
   * @throws InvalidValue when the result would have more models, operations or budgets than a share
   *     can list
   */
  public Share.Terms over(Optional<Share.Terms> held, Limits ofService) {
    Limits before = held.map(Share.Terms::limits).orElse(Limits.NONE);
    Limits effective = before.orElse(ofService);
    return new Share.Terms(
        higher(held.map(Share.Terms::role).orElse(Role.READER)),
        held.filter(Share.Terms::mayReshare).isPresent(),
        until.or(() -> held.flatMap(Share.Terms::expiresAt)),
        new Limits(
            before.requestsPerMinute(),
            models.isEmpty() ? before.models() : widened(effective.models(), models, held),
            operations.isEmpty()
                ? before.operations()
                : widened(effective.operations(), operations, held),
            before.maxOutputTokens(),
            budget.map(wanted -> with(effective.budgets(), wanted)).orElse(before.budgets()),
            before.storage(),
            before.pace()),
        Limits.NONE,
        held.map(Share.Terms::weight).orElse(Weight.USUAL),
        held.filter(Share.Terms::toEverybody).isPresent());
  }

  /**
   * Whether an asker who has the given terms already has everything that is requested. The result
   * is false if models, operations or a budget are requested and the terms contain limits for all
   * members of a group together. A requested budget is met if the terms contain a budget with the
   * same unit, window and zone that is at least as generous, or no budgets at all.
   *
   * @param ofService the limits of the service, for kinds of limits that a share does not set
   */
  public boolean areMetBy(Share.Terms held, Limits ofService) {
    Limits effective = held.limits().orElse(ofService);
    boolean limited = !models.isEmpty() || !operations.isEmpty() || budget.isPresent();
    return role.filter(wanted -> !held.role().atLeast(wanted)).isEmpty()
        && until.filter(end -> held.expiredAt(end.minusNanos(1))).isEmpty()
        && !(limited && !held.pooledLimits().isNone())
        && effective.models().filter(all -> !ModelPattern.cover(all, models)).isEmpty()
        && effective.operations().filter(all -> !all.containsAll(operations)).isEmpty()
        && budget.filter(wanted -> !isMetBy(effective.budgets(), wanted)).isEmpty();
  }

  private static boolean isMetBy(Budgets present, Budget wanted) {
    return present.find(wanted.key()).map(wanted::isWithin).orElse(present.isNone());
  }

  private Role higher(Role present) {
    return role.filter(wanted -> wanted.atLeast(present)).orElse(present);
  }

  /**
   * Adds the requested values to the allowed values. If the asker's share does not limit models,
   * operations or budgets, the result does not limit them either. If the asker has no share, the
   * result allows only the requested values.
   */
  private static <T> Optional<Set<T>> widened(
      Optional<Set<T>> allowed, Set<T> wanted, Optional<Share.Terms> held) {
    if (allowed.isEmpty()) {
      return held.isPresent() ? Optional.empty() : Optional.of(wanted);
    }
    Set<T> all = new HashSet<>(allowed.get());
    all.addAll(wanted);
    return Optional.of(Set.copyOf(all));
  }

  private static Budgets with(Budgets present, Budget wanted) {
    List<Budget> all = new ArrayList<>();
    boolean replaced = false;
    for (Budget each : present.all()) {
      boolean same = each.key().equals(wanted.key());
      all.add(same ? wanted : each);
      replaced |= same;
    }
    if (!replaced) {
      all.add(wanted);
    }
    return new Budgets(all);
  }
}
