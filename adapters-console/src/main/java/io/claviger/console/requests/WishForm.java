package io.claviger.console.requests;

import io.claviger.application.requests.BorrowRequests.Wish;
import io.claviger.console.limits.BudgetFields;
import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.RequestNote;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import io.claviger.web.server.Form;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The form on which somebody asks for more of a service. */
final class WishForm {
  static final String SERVICE = "service";
  private static final String ROLE = "role";
  private static final String MODELS = "models";
  private static final String OPERATIONS = "operations";
  private static final String UNTIL = "until";
  private static final String NOTE = "note";

  static final Set<String> FIELDS =
      Stream.concat(
              Stream.of(SERVICE, ROLE, MODELS, OPERATIONS, UNTIL, NOTE), BudgetFields.names(""))
          .collect(Collectors.toUnmodifiableSet());

  private WishForm() {}

  /**
   * Reads the form.
   *
   * @throws io.claviger.web.json.InvalidInput with all its faults
   */
  static Wish read(Form form) {
    Fields fields = new Fields(form);
    Optional<Role> role = fields.optional(ROLE, Role::of);
    Optional<Set<ModelPattern>> models =
        fields.optional(MODELS, text -> lines(text, ModelPattern::written));
    Optional<Set<Operation>> operations =
        fields.optional(OPERATIONS, text -> lines(text, Operation::new));
    Budgets budgets = BudgetFields.read(fields, "");
    Optional<Budget> budget = fields.made("amount1", () -> one(budgets)).flatMap(b -> b);
    Optional<Instant> until = fields.optional(UNTIL, day -> Days.end(UNTIL, day));
    Optional<RequestNote> note =
        fields.optional(NOTE, text -> new RequestNote(text.replace("\r\n", "\n")));
    return fields.check(
        () ->
            new Wish(
                new RequestedTerms(
                    role, models.orElse(Set.of()), operations.orElse(Set.of()), budget, until),
                note));
  }

  private static Optional<Budget> one(Budgets budgets) {
    if (budgets.all().size() > 1) {
      throw new InvalidValue("budget", "one budget at a time");
    }
    return budgets.all().stream().findFirst();
  }

  /** The values of the form for what a refused user lacked. */
  static Map<String, String> shown(RequestedTerms terms) {
    Map<String, String> values = new TreeMap<>();
    values.put(ROLE, terms.role().map(Role::wireName).orElse(""));
    values.put(MODELS, text(terms.models(), ModelPattern::value));
    values.put(OPERATIONS, text(terms.operations(), Operation::value));
    terms
        .budget()
        .ifPresent(budget -> values.putAll(BudgetFields.shown(new Budgets(List.of(budget)), "")));
    return values;
  }

  private static <T> Set<T> lines(String text, Function<String, T> read) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .map(read)
        .collect(Collectors.toSet());
  }

  private static <T> String text(Collection<T> values, Function<T, String> write) {
    return values.stream().map(write).sorted().collect(Collectors.joining("\n"));
  }
}
