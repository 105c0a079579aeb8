package io.claviger.domain.models;

import io.claviger.domain.CreationOrder;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Decides which live model is the default. There is exactly one default if any model is live. */
public final class DefaultModel {
  private static final Comparator<DefaultModelCandidate> OLDEST_FIRST =
      CreationOrder.of(DefaultModelCandidate::createdAt, c -> c.id().value());

  private DefaultModel() {}

  /**
   * A live model.
   *
   * @param usable whether users can run the model, that is, its status is {@link
   *     ModelStatus#RUNNABLE}
   */
  public record DefaultModelCandidate(
      ModelConfig.Id id, Instant createdAt, boolean isDefault, boolean usable) {}

  /**
   * Returns the default model. The current default stays the default as long as this is allowed.
   * Otherwise, the oldest usable model becomes the default or, if no model is usable, the oldest
   * live model. Age is compared by creation time, then by id.
   *
   * @param live the live models, in any order
   * @param steppedBack whether the current default was just disabled or lost its instance; the
   *     default is then chosen again
   * @return the default; empty only if no model is live
   */
  public static Optional<ModelConfig.Id> defaultOf(
      List<DefaultModelCandidate> live, boolean steppedBack) {
    Optional<DefaultModelCandidate> existing =
        steppedBack
            ? Optional.empty()
            : live.stream().filter(DefaultModelCandidate::isDefault).findFirst();
    return existing
        .or(() -> live.stream().filter(DefaultModelCandidate::usable).min(OLDEST_FIRST))
        .or(() -> live.stream().min(OLDEST_FIRST))
        .map(DefaultModelCandidate::id);
  }
}
