package io.claviger.domain.models;

import io.claviger.domain.CreationOrder;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The rule which live model is the default: exactly one, as long as one is live. */
public final class DefaultModel {
  private static final Comparator<Candidate> OLDEST_FIRST =
      CreationOrder.of(Candidate::createdAt, c -> c.id().value());

  private DefaultModel() {}

  /**
   * A live model.
   *
   * @param usable it can be run, as {@link ModelStatus#RUNNABLE} has it
   */
  public record Candidate(ModelConfigId id, Instant createdAt, boolean isDefault, boolean usable) {}

  /**
   * The default from now on. One that is there stays, unless it stepped back: then the oldest
   * usable one follows it, else the oldest live one, by creation time, then id.
   *
   * @param live in any order
   * @param steppedBack the default was disabled or lost its instance just now
   * @return empty only where nothing is live
   */
  public static Optional<ModelConfigId> defaultOf(List<Candidate> live, boolean steppedBack) {
    Optional<Candidate> standing =
        steppedBack ? Optional.empty() : live.stream().filter(Candidate::isDefault).findFirst();
    return standing
        .or(() -> live.stream().filter(Candidate::usable).min(OLDEST_FIRST))
        .or(() -> live.stream().min(OLDEST_FIRST))
        .map(Candidate::id);
  }
}
