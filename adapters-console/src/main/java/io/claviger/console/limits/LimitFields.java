package io.claviger.console.limits;

import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.fields.TypedNumbers;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.policy.StorageLimits;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads and shows limits in a form. The form contains the fields of all parts of the limits, so
 * that a change of one part leaves the other parts unchanged. An empty field means that there is no
 * limit.
 */
public final class LimitFields {
  private static final String RATE = "requests_per_minute";
  private static final String MODELS = "models";
  private static final String OPERATIONS = "operations";
  private static final String MAX_OUTPUT = "max_output_tokens";
  private static final String STORAGE = "limit_storage";
  private static final String MAX_OBJECTS = "max_objects";
  private static final String MAX_BYTES = "max_bytes";
  private static final String OBJECTS = "objects";
  private static final List<String> ALL_OF_STORAGE =
      List.of(STORAGE, MAX_OBJECTS, MAX_BYTES, OBJECTS);
  private static final String NOTHING = "none";

  private LimitFields() {}

  public static Set<String> names(String prefix) {
    return Stream.of(
            Stream.of(RATE, MODELS, OPERATIONS, MAX_OUTPUT).map(name -> prefix + name),
            ALL_OF_STORAGE.stream().map(name -> prefix + name),
            paceNames(prefix),
            BudgetFields.names(prefix))
        .flatMap(names -> names)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Reads limits. Faults of the limits are recorded as faults of the form. */
  public static Limits read(Fields fields, String prefix) {
    Limits rate = part(fields, prefix + RATE, LimitFields::ofRate);
    Limits models = part(fields, prefix + MODELS, LimitFields::ofModels);
    Limits operations = part(fields, prefix + OPERATIONS, LimitFields::ofOperations);
    Limits maxOutput = part(fields, prefix + MAX_OUTPUT, LimitFields::ofMaxOutput);
    Limits budgets = Limits.of(BudgetFields.read(fields, prefix));
    return rate.orElse(models)
        .orElse(operations)
        .orElse(maxOutput)
        .orElse(budgets)
        .orElse(ofStorage(fields, prefix))
        .with(pace(fields, prefix));
  }

  private static Limits ofStorage(Fields fields, String prefix) {
    Limits kinds = part(fields, prefix + STORAGE, LimitFields::ofKinds);
    Limits most =
        part(
            fields,
            prefix + MAX_OBJECTS,
            text -> storing(TypedNumbers.whole(text, StorageLimits::ofObjects)));
    Limits bytes =
        part(
            fields,
            prefix + MAX_BYTES,
            text -> storing(TypedNumbers.large(text, StorageLimits::ofBytes)));
    Limits reach = part(fields, prefix + OBJECTS, text -> storing(StorageLimits.reaching(text)));
    return kinds.orElse(most).orElse(bytes).orElse(reach);
  }

  /** Reads the limits on the pace of calls. */
  private static PaceTerms pace(Fields fields, String prefix) {
    PaceTerms all = PaceTerms.NONE;
    for (PaceKind kind : PaceKind.values()) {
      Optional<PaceTerms> one =
          fields.optional(
              prefix + kind.wireName(),
              text -> TypedNumbers.whole(text, n -> PaceTerms.of(kind, n)));
      all = all.orElse(one.orElse(PaceTerms.NONE));
    }
    return all;
  }

  private static Stream<String> paceNames(String prefix) {
    return Stream.of(PaceKind.values()).map(kind -> prefix + kind.wireName());
  }

  /**
   * Reads one part of the limits at a time, so that the page shows a fault next to the field of the
   * faulty part.
   */
  private static Limits part(Fields fields, String name, Function<String, Limits> read) {
    return fields.optional(name, read).orElse(Limits.NONE);
  }

  private static Limits ofRate(String text) {
    return TypedNumbers.whole(
        text, n -> new Limits(Optional.of(n), Optional.empty(), Optional.empty()));
  }

  private static Limits ofModels(String text) {
    return new Limits(
        Optional.empty(), Optional.of(lines(text, ModelPattern::written)), Optional.empty());
  }

  private static Limits ofOperations(String text) {
    return new Limits(Optional.empty(), Optional.empty(), Optional.of(lines(text, Operation::new)));
  }

  private static Limits ofMaxOutput(String text) {
    return TypedNumbers.whole(
        text,
        n ->
            new Limits(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(n),
                Budgets.NONE));
  }

  private static Limits ofKinds(String text) {
    return storing(
        StorageLimits.of(
            text.strip().equals(NOTHING)
                ? StorageKinds.NONE
                : InstanceField.STORAGE.<StorageKinds>scalar().form().typed(text)));
  }

  private static Limits storing(StorageLimits storage) {
    return Limits.NONE.with(storage);
  }

  private static String text(StorageKinds kinds) {
    return kinds.names().isEmpty() ? NOTHING : String.join(", ", kinds.names());
  }

  private static <T> Set<T> lines(String text, Function<String, T> read) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .map(read)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Returns the values of the form's fields for these limits. */
  public static Map<String, String> shown(Limits limits, String prefix) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(prefix + RATE, limits.requestsPerMinute().map(Object::toString).orElse(""));
    values.put(
        prefix + MODELS,
        limits.models().map(models -> text(models.stream().map(ModelPattern::value))).orElse(""));
    values.put(
        prefix + OPERATIONS,
        limits
            .operations()
            .map(operations -> text(operations.stream().map(Operation::value)))
            .orElse(""));
    values.put(prefix + MAX_OUTPUT, limits.maxOutputTokens().map(Object::toString).orElse(""));
    StorageLimits storage = limits.storage();
    values.put(prefix + STORAGE, storage.kinds().map(LimitFields::text).orElse(""));
    values.put(prefix + MAX_OBJECTS, storage.maxObjects().map(Object::toString).orElse(""));
    values.put(prefix + MAX_BYTES, storage.maxBytes().map(Object::toString).orElse(""));
    values.put(prefix + OBJECTS, storage.objects().orElse(""));
    values.putAll(shown(limits.pace(), prefix));
    values.putAll(BudgetFields.shown(limits.budgets(), prefix));
    return values;
  }

  /** Returns the names of the fields for the limits of all callers together, except for budgets. */
  public static Stream<String> namesInAll(String prefix) {
    return Stream.concat(Stream.of(prefix + RATE), paceNames(prefix));
  }

  /** Reads the limits of all callers together, except for budgets. */
  public static LimitsInAll readInAll(Fields fields, String prefix) {
    Limits rate = part(fields, prefix + RATE, LimitFields::ofRate);
    return new LimitsInAll(rate.requestsPerMinute(), pace(fields, prefix));
  }

  /**
   * Returns the values of the form's fields for the limits of all callers together, except for
   * budgets.
   */
  public static Map<String, String> shownInAll(LimitsInAll limits, String prefix) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(prefix + RATE, limits.requestsPerMinute().map(Object::toString).orElse(""));
    values.putAll(shown(limits.pace(), prefix));
    return values;
  }

  private static Map<String, String> shown(PaceTerms pace, String prefix) {
    Map<String, String> values = new LinkedHashMap<>();
    for (PaceKind kind : PaceKind.values()) {
      values.put(prefix + kind.wireName(), pace.of(kind).map(Object::toString).orElse(""));
    }
    return values;
  }

  private static String text(Stream<String> lines) {
    return lines.sorted().collect(Collectors.joining("\n"));
  }

  /** Whether storage is limited, either by the stored limits or by the values in the form. */
  public static boolean limitsStorage(FormState form, String prefix) {
    return anyFilled(form, ALL_OF_STORAGE.stream().map(name -> prefix + name));
  }

  /**
   * Whether the pace of calls is limited, either by the stored limits or by the values in the form.
   */
  public static boolean limitsPace(FormState form, String prefix) {
    return anyFilled(form, paceNames(prefix));
  }

  /** Whether anything is limited, either by the stored limits or by the values in the form. */
  public static boolean limitAnything(FormState form, String prefix) {
    return anyFilled(form, Stream.of(RATE, MODELS, MAX_OUTPUT).map(name -> prefix + name))
        || limitsPace(form, prefix)
        || limitsOperations(form, prefix)
        || limitsStorage(form, prefix)
        || BudgetFields.anyShown(form, prefix);
  }

  private static boolean anyFilled(FormState form, Stream<String> names) {
    return names.anyMatch(name -> !form.value(name).isEmpty() || form.error(name) != null);
  }

  /** Whether operations are limited, either by the stored limits or by the values in the form. */
  public static boolean limitsOperations(FormState form, String prefix) {
    return !form.value(prefix + OPERATIONS).isEmpty() || form.error(prefix + OPERATIONS) != null;
  }
}
