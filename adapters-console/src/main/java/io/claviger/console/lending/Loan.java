package io.claviger.console.lending;

import io.claviger.console.page.Fields;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.web.server.Form;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What somebody is lent.
 *
 * @param to a user or a group
 */
record Loan(GranteeName to, Share.Terms terms) {
  static final Set<String> FIELDS =
      Set.of(
          "to",
          "role",
          "until",
          "models",
          "requests_per_minute",
          "amount",
          "unit",
          "window",
          "version");

  /**
   * Reads the form.
   *
   * @throws io.claviger.web.json.InvalidInput with all its faults
   */
  static Loan of(Form form) {
    Fields fields = new Fields(form);
    Optional<GranteeName> to =
        fields.required("to", "the handle of a person, or of a group with @", GranteeName::of);
    Optional<Role> role = fields.optional("role", Loan::role);
    Optional<Instant> until = fields.optional("until", Loan::endOf);
    Optional<Set<ModelPattern>> models = fields.optional("models", Loan::models);
    Optional<Integer> rate =
        fields.optional("requests_per_minute", text -> Integer.valueOf(text.replace(",", "")));
    Optional<BudgetUnit> unit = fields.optional("unit", BudgetUnit::of);
    Optional<BudgetWindow> window = fields.optional("window", BudgetWindow::of);
    Optional<Long> amount =
        fields.optional(
            "amount",
            text -> unit.orElse(BudgetUnit.USD).parts(new BigDecimal(text.replace(",", ""))));
    return fields.check(
        () ->
            new Loan(
                to.orElseThrow(),
                new Share.Terms(
                    role.orElse(Role.READER),
                    false,
                    until,
                    new Limits(
                        rate,
                        models,
                        Optional.empty(),
                        Optional.empty(),
                        budgets(amount, unit, window)))));
  }

  /** What the form shows of a share that is there already. */
  static Map<String, String> shown(Share share) {
    Map<String, String> values = new TreeMap<>();
    Limits limits = share.terms().limits();
    values.put("to", share.grantee().name().toString());
    values.put("role", share.terms().role().name().toLowerCase(Locale.ROOT));
    values.put("version", Long.toString(share.version()));
    share
        .terms()
        .expiresAt()
        .ifPresent(end -> values.put("until", LocalDate.ofInstant(end, ZoneOffset.UTC).toString()));
    limits
        .models()
        .ifPresent(
            models ->
                values.put(
                    "models",
                    models.stream()
                        .map(ModelPattern::value)
                        .sorted()
                        .collect(Collectors.joining("\n"))));
    limits.requestsPerMinute().ifPresent(n -> values.put("requests_per_minute", n.toString()));
    limits.budgets().all().stream()
        .findFirst()
        .ifPresent(
            budget -> {
              values.put("amount", budget.unit().text(budget.amount()));
              values.put("unit", budget.unit().wireName());
              values.put("window", budget.window().wireName());
            });
    return values;
  }

  private static Budgets budgets(
      Optional<Long> amount, Optional<BudgetUnit> unit, Optional<BudgetWindow> window) {
    return amount
        .map(
            parts ->
                new Budgets(
                    List.of(
                        new Budget(
                            parts,
                            unit.orElse(BudgetUnit.USD),
                            window.orElse(BudgetWindow.MONTH),
                            BudgetZone.UTC,
                            BudgetBound.MEASURED,
                            false))))
        .orElse(Budgets.NONE);
  }

  private static Role role(String name) {
    try {
      return Role.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new InvalidValue("role", "reader, writer or owner");
    }
  }

  /** The end of the day, in UTC. */
  private static Instant endOf(String day) {
    try {
      return LocalDate.parse(day).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw new InvalidValue("until", "a day such as 2027-03-01");
    }
  }

  private static Set<ModelPattern> models(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .map(ModelPattern::written)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
