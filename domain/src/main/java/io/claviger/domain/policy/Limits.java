package io.claviger.domain.policy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.Budgets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The limits on calls that somebody sets in one place, such as a share. If a component is empty,
 * there is no limit of its kind. Empty sets of models or operations are refused, because they would
 * allow nothing.
 *
 * @param requestsPerMinute the maximum number of requests in any 60 seconds, 1 to 1,000,000
 * @param models the only models that may be called, from 1 to 100 models
 * @param operations the only operations that may be called, from 1 to 100 operations
 * @param maxOutputTokens the largest output maximum that a call may state, 1 to 1,000,000,000
 *     tokens; with this limit, each call has to state an output maximum
 * @param budgets the amounts of tokens or money that may be used in a window of time
 * @param storage the limits on the objects that calls may store at the provider
 * @param pace the limits on tokens in any 60 seconds, and on concurrent calls
 */
public record Limits(
    Optional<Integer> requestsPerMinute,
    Optional<Set<ModelPattern>> models,
    Optional<Set<Operation>> operations,
    Optional<Integer> maxOutputTokens,
    Budgets budgets,
    StorageLimits storage,
    PaceTerms pace) {
  public static final Limits NONE =
      new Limits(Optional.empty(), Optional.empty(), Optional.empty());

  static final int MOST_REQUESTS = 1_000_000;

  public Limits {
    if (requestsPerMinute.filter(n -> n < 1 || n > MOST_REQUESTS).isPresent()) {
      throw new InvalidValue("limits/requests_per_minute", "1 to 1,000,000, or null for no limit");
    }
    if (models.filter(m -> m.isEmpty() || m.size() > 100).isPresent()) {
      throw new InvalidValue("limits/models", "1 to 100 models, or null for no limit");
    }
    if (operations.filter(o -> o.isEmpty() || o.size() > 100).isPresent()) {
      throw new InvalidValue("limits/operations", "1 to 100 operations, or null for no limit");
    }
    if (maxOutputTokens.filter(n -> n < 1 || n > 1_000_000_000).isPresent()) {
      throw new InvalidValue(
          "limits/max_output_tokens", "1 to 1,000,000,000, or null for no limit");
    }
    models = models.map(Set::copyOf);
    operations = operations.map(Set::copyOf);
  }

  /**
   * Creates limits that do not restrict the pace, and that allow all storage that the service
   * lends.
   */
  public Limits(
      Optional<Integer> requestsPerMinute,
      Optional<Set<ModelPattern>> models,
      Optional<Set<Operation>> operations,
      Optional<Integer> maxOutputTokens,
      Budgets budgets) {
    this(
        requestsPerMinute,
        models,
        operations,
        maxOutputTokens,
        budgets,
        StorageLimits.NONE,
        PaceTerms.NONE);
  }

  /** Creates limits without an output maximum and without budgets. */
  public Limits(
      Optional<Integer> requestsPerMinute,
      Optional<Set<ModelPattern>> models,
      Optional<Set<Operation>> operations) {
    this(requestsPerMinute, models, operations, Optional.empty(), Budgets.NONE);
  }

  /** Limits that consist only of budgets. */
  public static Limits of(Budgets budgets) {
    return NONE.with(budgets);
  }

  /** Returns the effective limits of a call to which only these limits apply. */
  public EffectiveLimits alone() {
    return new EffectiveLimits(
        requestsPerMinute, models, operations, maxOutputTokens, budgets.all(), storage, pace);
  }

  public boolean isNone() {
    return requestsPerMinute.isEmpty()
        && models.isEmpty()
        && operations.isEmpty()
        && maxOutputTokens.isEmpty()
        && budgets.isNone()
        && storage.equals(StorageLimits.NONE)
        && pace.isNone();
  }

  /**
   * Returns the limits as texts, keyed by the names of the limits in the API. The map has no entry
   * for an absent limit.
   */
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    requestsPerMinute.ifPresent(n -> texts.put("requests_per_minute", n.toString()));
    texts.putAll(pace.texts());
    models.ifPresent(all -> texts.put("models", listed(all.stream().map(ModelPattern::value))));
    operations.ifPresent(
        all -> texts.put("operations", listed(all.stream().map(Operation::value))));
    maxOutputTokens.ifPresent(n -> texts.put("max_output_tokens", n.toString()));
    if (!budgets.isNone()) {
      texts.put("budgets", listed(budgets.all().stream().map(Budget::text)));
    }
    texts.putAll(storage.texts());
    return texts;
  }

  private static String listed(Stream<String> texts) {
    return texts.sorted().collect(Collectors.joining(", "));
  }

  /**
   * Returns these limits, completed by the other limits: a kind of limit that is not set here is
   * taken from {@code others}.
   */
  public Limits orElse(Limits others) {
    return new Limits(
        requestsPerMinute.or(others::requestsPerMinute),
        models.or(others::models),
        operations.or(others::operations),
        maxOutputTokens.or(others::maxOutputTokens),
        budgets.orElse(others.budgets),
        storage.orElse(others.storage),
        pace.orElse(others.pace));
  }

  public Limits withoutRate() {
    return new Limits(
        Optional.empty(), models, operations, maxOutputTokens, budgets, storage, pace);
  }

  public Limits withoutModels() {
    return new Limits(
        requestsPerMinute, Optional.empty(), operations, maxOutputTokens, budgets, storage, pace);
  }

  /** Returns these limits, but with the given models. */
  public Limits with(Set<ModelPattern> others) {
    return new Limits(
        requestsPerMinute,
        Optional.of(others),
        operations,
        maxOutputTokens,
        budgets,
        storage,
        pace);
  }

  /** Returns these limits, but with the given budgets. */
  public Limits with(Budgets others) {
    return new Limits(
        requestsPerMinute, models, operations, maxOutputTokens, others, storage, pace);
  }

  /** Returns these limits, but with the given limits of storage. */
  public Limits with(StorageLimits others) {
    return new Limits(
        requestsPerMinute, models, operations, maxOutputTokens, budgets, others, pace);
  }

  /** Returns these limits, but with the given limits on the pace. */
  public Limits with(PaceTerms others) {
    return new Limits(
        requestsPerMinute, models, operations, maxOutputTokens, budgets, storage, others);
  }

  /** Whether the limit on operations allows this request. */
  public boolean allow(String method, String path) {
    return operations.isEmpty() || operations.get().stream().anyMatch(o -> o.matches(method, path));
  }

  /**
   * Whether these limits allow at most as much as the other limits. Budgets are compared by {@link
   * Budgets#fitWithin}.
   */
  public boolean fitWithin(Limits others) {
    return isNarrower(requestsPerMinute, others.requestsPerMinute)
        && isCovered(models, others.models)
        && isSubset(operations, others.operations)
        && isNarrower(maxOutputTokens, others.maxOutputTokens)
        && budgets.fitWithin(others.budgets)
        && storage.fitWithin(others.storage)
        && pace.fitWithin(others.pace);
  }

  /**
   * Whether these limits could replace the other limits without allowing more. Unlike in {@link
   * #fitWithin}, each budget of the other limits must have a counterpart in these limits, with the
   * same unit, window and zone.
   */
  public boolean areWithin(Limits others) {
    return fitWithin(others) && budgets.areWithin(others.budgets);
  }

  private static boolean isNarrower(Optional<Integer> mine, Optional<Integer> theirs) {
    return theirs.isEmpty() || (mine.isPresent() && mine.get() <= theirs.get());
  }

  private static boolean isCovered(
      Optional<Set<ModelPattern>> mine, Optional<Set<ModelPattern>> theirs) {
    return theirs.isEmpty() || (mine.isPresent() && ModelPattern.cover(theirs.get(), mine.get()));
  }

  private static <T> boolean isSubset(Optional<Set<T>> mine, Optional<Set<T>> theirs) {
    return theirs.isEmpty() || (mine.isPresent() && theirs.get().containsAll(mine.get()));
  }
}
