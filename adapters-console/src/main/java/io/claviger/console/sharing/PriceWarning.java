package io.claviger.console.sharing;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.prices.ServicePrices;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.ModelName;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.prices.CallPrices;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what a budget in dollars does to calls of models that nobody has set a price for. */
final class PriceWarning {
  private static final int NAMED = 3;

  private final ServicePrices prices;

  PriceWarning(ServicePrices prices) {
    this.prices = prices;
  }

  /** Returns a sentence; null if there is nothing to say. */
  @Nullable String of(Actor actor, InstanceView view, Loan loan) {
    List<Budget> dollars = dollars(loan);
    List<String> unpriced = dollars.isEmpty() ? List.of() : unpriced(actor, view, loan);
    if (unpriced.isEmpty()) {
      return null;
    }
    boolean refused = dollars.stream().anyMatch(budget -> !budget.allowsUnpriced());
    return "Nobody has set a price for "
        + named(unpriced)
        + (refused
            ? ". A budget in dollars refuses calls without a price."
            : ". Calls without a price pass, and use up nothing of the budget.");
  }

  private static List<Budget> dollars(Loan loan) {
    return Stream.of(loan.terms().limits(), loan.terms().pooledLimits())
        .flatMap(limits -> limits.budgets().all().stream())
        .filter(budget -> budget.unit() == BudgetUnit.USD)
        .toList();
  }

  private List<String> unpriced(Actor actor, InstanceView view, Loan loan) {
    Set<ModelName> models = models(view.instance(), loan.terms().limits());
    return switch (prices.ofCalls(actor, view.instance().ref(), models)) {
      case Outcome.Done<Map<ModelName, CallPrices>> found ->
          models.stream()
              .filter(
                  model ->
                      found.value().getOrDefault(model, CallPrices.NONE).forService().isEmpty())
              .map(ModelName::value)
              .sorted()
              .toList();
      case Outcome.Refused<Map<ModelName, CallPrices>> refused -> List.of();
    };
  }

  /** The models that are known by name: the service's own, and those that limits name. */
  private static Set<ModelName> models(Instance service, Limits lent) {
    Set<String> names = new TreeSet<>();
    names.add(service.settings().fields().model().value());
    Stream.of(lent, service.settings().limits())
        .flatMap(limits -> limits.models().orElse(Set.of()).stream())
        .map(ModelPattern::value)
        .filter(name -> !name.endsWith("*"))
        .forEach(names::add);
    return names.stream()
        .filter(name -> allows(lent, name) && allows(service.settings().limits(), name))
        .map(ModelName::new)
        .collect(Collectors.toSet());
  }

  private static boolean allows(Limits limits, String model) {
    return limits.models().map(some -> ModelPattern.anyMatches(some, model)).orElse(true);
  }

  private static String named(List<String> models) {
    int more = models.size() - NAMED;
    String first = models.stream().limit(NAMED).collect(Collectors.joining(", "));
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
