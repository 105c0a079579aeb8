package io.claviger.console.lending;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Says in words what somebody is lent. */
final class LoanSentence {
  private static final int NAMED_MODELS = 3;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private LoanSentence() {}

  /** Returns a sentence such as: "bob may use two models until 3 March 2027, 20 $ a month." */
  static String of(Loan loan, String service) {
    Limits limits = loan.terms().limits();
    StringBuilder sentence = new StringBuilder();
    sentence.append(loan.to().isGroup() ? "Each member of " + loan.to() : loan.to().toString());
    sentence.append(" may ").append(deed(loan.terms().role())).append(' ').append(service);
    limits.models().ifPresent(models -> sentence.append(" with ").append(named(models)));
    loan.terms().expiresAt().ifPresent(end -> sentence.append(" until ").append(lastDay(end)));
    List<String> bounds = new ArrayList<>();
    limits.requestsPerMinute().ifPresent(n -> bounds.add(count(n, "request") + " a minute"));
    limits.budgets().all().forEach(budget -> bounds.add(amount(budget)));
    if (!bounds.isEmpty()) {
      sentence.append(", at most ").append(String.join(" and ", bounds));
    }
    return sentence.append('.').toString();
  }

  private static String deed(Role role) {
    return switch (role) {
      case READER -> "call";
      case WRITER -> "call, describe and switch on and off";
      case OWNER -> "call, change and lend";
    };
  }

  private static String named(Set<ModelPattern> models) {
    return models.size() <= NAMED_MODELS
        ? models.stream().map(ModelPattern::value).sorted().collect(Collectors.joining(", "))
        : models.size() + " models";
  }

  private static String lastDay(Instant end) {
    return DAY.format(end.minusNanos(1)) + " (UTC)";
  }

  private static String amount(Budget budget) {
    String amount = budget.unit().text(budget.amount());
    String what =
        switch (budget.unit()) {
          case USD -> amount + " $";
          case TOKENS -> amount + " tokens";
          case REQUESTS -> amount + " requests";
        };
    return switch (budget.window()) {
      case DAY -> what + " a day";
      case WEEK -> what + " a week";
      case MONTH -> what + " a month";
      case TOTAL -> what + " in all";
    };
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** The units in which a budget can be given, in the order of the form. */
  static List<String> units() {
    return java.util.stream.Stream.of(BudgetUnit.values()).map(BudgetUnit::wireName).toList();
  }
}
