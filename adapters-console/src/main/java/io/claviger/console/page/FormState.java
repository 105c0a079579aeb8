package io.claviger.console.page;

import io.claviger.application.shared.Refusal;
import io.claviger.domain.Fault;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.web.pages.PageProblem;
import io.claviger.web.pages.Visit;
import io.claviger.web.problems.Problem;
import io.claviger.web.server.Form;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A form as it is shown, with the typed values and their faults.
 *
 * @param values the values that the user typed, keyed by the names of the fields; secrets are never
 *     among them
 * @param errors the faults, keyed by the names of the fields that have them
 * @param problem the fault that the form has as a whole; null if it has none
 * @param missing the terms that a share would have to give the viewer so that the action is
 *     permitted; null if no share would help
 * @param waiting the change that waits for the consent of others; null if no change waits
 */
public record FormState(
    Map<String, String> values,
    Map<String, String> errors,
    @Nullable String problem,
    @Nullable MissingTerms missing,
    Refusal.@Nullable Waiting waiting) {
  /** A form into which nothing has been typed yet. */
  public static final FormState EMPTY = of(Map.of());

  public FormState {
    values = Map.copyOf(values);
    errors = Map.copyOf(errors);
  }

  public static FormState of(Map<String, String> values) {
    return new FormState(values, Map.of(), null, null, null);
  }

  /**
   * Returns the form as it was sent.
   *
   * @param fields the names of the fields whose values are shown again; fields with secrets must
   *     not be among them
   */
  public static FormState sent(Form form, Set<String> fields) {
    Map<String, String> values = new HashMap<>();
    fields.stream()
        .filter(form.names()::contains)
        .forEach(name -> values.put(name, form.value(name).orElse("")));
    return of(values);
  }

  /**
   * Returns the form with the values that the query of the page's address contains for the given
   * fields.
   */
  public static FormState asked(Visit visit, Set<String> fields) {
    Map<String, String> values = new HashMap<>();
    for (String name : fields) {
      visit.query(name).ifPresent(value -> values.put(name, value));
    }
    return of(values);
  }

  /**
   * Returns the form with the given values in some fields, in place of the values that these fields
   * had.
   */
  public FormState having(Map<String, String> others) {
    Map<String, String> changed = new HashMap<>(values);
    changed.putAll(others);
    return new FormState(changed, errors, problem, missing, waiting);
  }

  /**
   * Returns the form with the faults that a problem reports. The fault of a field is shown next to
   * that field, and any other fault at the top of the form.
   */
  public FormState with(Problem problem) {
    return with(problem, FormState::fieldOf);
  }

  /**
   * Returns the form with the faults that a problem reports.
   *
   * @param fieldOf a function that returns the name of the field to which the JSON pointer of a
   *     fault leads; it returns an empty text if there is no such field
   */
  public FormState with(Problem problem, UnaryOperator<String> fieldOf) {
    if (problem.waiting().isPresent()) {
      return new FormState(values, Map.of(), null, null, problem.waiting().get());
    }
    if (problem.faults().isEmpty()) {
      return new FormState(
          values,
          Map.of(),
          PageProblem.words(problem.detail()),
          problem.missing().orElse(null),
          null);
    }
    Map<String, String> atFields = new HashMap<>();
    for (Fault fault : problem.faults()) {
      atFields.merge(
          fieldOf.apply(fault.pointer()), PageProblem.words(fault.detail()), FormState::both);
    }
    String above = atFields.remove("");
    return new FormState(
        values, atFields, above == null ? "Please look at the marked fields." : above, null, null);
  }

  /**
   * Joins two faults of the same field. If both faults have the same words, the words are not
   * repeated.
   */
  private static String both(String one, String other) {
    if (one.contains(other)) {
      return one;
    }
    return one + (one.endsWith(".") ? " " : "; ") + other;
  }

  /** Returns the form with a single fault, which is shown next to its field. */
  public FormState with(String field, String detail) {
    Map<String, String> atFields = new HashMap<>(errors);
    atFields.put(field, detail);
    return new FormState(values, atFields, problem, missing, waiting);
  }

  /**
   * Returns the form with the given value in a field. The value comes from the page, not from the
   * user.
   */
  public FormState having(String field, String value) {
    Map<String, String> changed = new HashMap<>(values);
    changed.put(field, value);
    return new FormState(changed, errors, problem, missing, waiting);
  }

  /** Whether the form contains this field, even if the field is empty. */
  public boolean has(String field) {
    return values.containsKey(field);
  }

  public String value(String field) {
    return values.getOrDefault(field, "");
  }

  public @Nullable String error(String field) {
    return errors.get(field);
  }

  /**
   * Returns the fault of a field. If the field has none, returns the fault of several fields
   * together.
   *
   * @param together the name of the fault of several fields; null if there is no such fault
   */
  public @Nullable String error(String field, @Nullable String together) {
    String own = errors.get(field);
    return own == null && together != null ? errors.get(together) : own;
  }

  public boolean chose(String field, String choice) {
    return value(field).equals(choice);
  }

  /**
   * Returns the name of the field to which a JSON pointer leads. The name is the pointer's last
   * part that is not a list index. For example, {@code /limits/requests_per_minute} leads to the
   * field {@code requests_per_minute}.
   */
  public static String fieldOf(String pointer) {
    if (pointer.startsWith("/settings/")) {
      // A form has one input for all settings together, because separate inputs could have the same
      // names as other inputs of the form.
      return "settings";
    }
    if (pointer.startsWith("/targets/")) {
      // A form has one input for all targets together. The form's inputs "service" and "model" do
      // not mean the service and the model of a target.
      return "targets";
    }
    if (pointer.startsWith("/limits/storage")) {
      // The limit's field has another name in the form than in the API, because the form of a
      // service also has a field "storage" for the storage that the service lends.
      return "limit_storage";
    }
    List<String> names = List.of(pointer.split("/"));
    return names.reversed().stream()
        .filter(name -> !name.isEmpty() && !name.chars().allMatch(Character::isDigit))
        .findFirst()
        .orElse("");
  }
}
