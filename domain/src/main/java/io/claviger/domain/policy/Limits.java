package io.claviger.domain.policy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import java.util.Optional;
import java.util.Set;

/**
 * What a lender allows at most. Empty means without limit; an empty set would allow nothing and is
 * refused.
 *
 * @param requestsPerMinute 1 to 1,000,000 in any 60 seconds
 * @param models the only models that may be asked for, 1 to 100
 * @param operations the only operations that may be called, 1 to 100
 */
public record Limits(
    Optional<Integer> requestsPerMinute,
    Optional<Set<ModelName>> models,
    Optional<Set<Operation>> operations) {
  public static final Limits NONE =
      new Limits(Optional.empty(), Optional.empty(), Optional.empty());

  public Limits {
    if (requestsPerMinute.filter(n -> n < 1 || n > 1_000_000).isPresent()) {
      throw new InvalidValue("limits/requests_per_minute", "1 to 1,000,000, or null for no limit");
    }
    if (models.filter(m -> m.isEmpty() || m.size() > 100).isPresent()) {
      throw new InvalidValue("limits/models", "1 to 100 models, or null for no limit");
    }
    if (operations.filter(o -> o.isEmpty() || o.size() > 100).isPresent()) {
      throw new InvalidValue("limits/operations", "1 to 100 operations, or null for no limit");
    }
    models = models.map(Set::copyOf);
    operations = operations.map(Set::copyOf);
  }

  public boolean isNone() {
    return requestsPerMinute.isEmpty() && models.isEmpty() && operations.isEmpty();
  }

  /** These, and the others in what these leave open. */
  public Limits orElse(Limits others) {
    return new Limits(
        requestsPerMinute.or(others::requestsPerMinute),
        models.or(others::models),
        operations.or(others::operations));
  }

  /** The same models and operations, at any rate. */
  public Limits withoutRate() {
    return new Limits(Optional.empty(), models, operations);
  }

  /** Whether a request is an operation that may be called. */
  public boolean allow(String method, String path) {
    return operations.isEmpty() || operations.get().stream().anyMatch(o -> o.matches(method, path));
  }

  /** Whether these allow nothing that the others do not. */
  public boolean fitWithin(Limits others) {
    return narrower(requestsPerMinute, others.requestsPerMinute)
        && subset(models, others.models)
        && subset(operations, others.operations);
  }

  private static boolean narrower(Optional<Integer> mine, Optional<Integer> theirs) {
    return theirs.isEmpty() || (mine.isPresent() && mine.get() <= theirs.get());
  }

  private static <T> boolean subset(Optional<Set<T>> mine, Optional<Set<T>> theirs) {
    return theirs.isEmpty() || (mine.isPresent() && theirs.get().containsAll(mine.get()));
  }
}
