package io.claviger.console.requests;

import io.claviger.console.limits.BudgetWords;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.RequestedTerms;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says in words what somebody asks for. */
public final class WishWords {
  private WishWords() {}

  /** Returns a phrase for each part, such as {@code the model gpt-5} or {@code 40 $ a month}. */
  public static List<String> of(RequestedTerms terms) {
    List<String> phrases = new ArrayList<>();
    terms.role().ifPresent(role -> phrases.add("the role " + role.name().toLowerCase(Locale.ROOT)));
    terms.models().stream()
        .map(ModelPattern::value)
        .sorted()
        .forEach(model -> phrases.add("the model " + model));
    terms.operations().stream()
        .map(Operation::value)
        .sorted()
        .forEach(operation -> phrases.add("the operation " + operation));
    terms.budget().ifPresent(budget -> phrases.add("a budget of " + BudgetWords.of(budget)));
    terms.until().ifPresent(end -> phrases.add("an end on " + lastDay(end) + " (UTC)"));
    return List.copyOf(phrases);
  }

  private static String lastDay(Instant end) {
    return end.minusNanos(1).atZone(ZoneOffset.UTC).toLocalDate().toString();
  }
}
