package io.claviger.application.capacity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.budgets.ModelObservation;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.PaceCounting;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.spending.CallPace;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.ObservedUse;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.UsageModel;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Estimates how much of a provider's limits a call will use. The estimate is based on the
 * borrower's earlier calls of the model. Thread-safe. Never blocks.
 */
public final class PaceEstimates {
  /** The maximum number of pairs of a service and a model whose earlier usage is remembered. */
  private static final int MOST_OBSERVED = 2_000;

  private final LongSupplier nanos;
  private final Cache<CalledModel, ModelObservation> observed =
      Caffeine.newBuilder().maximumSize(MOST_OBSERVED).build();

  /**
   * A model on a service. The class is comparable, because callers can choose many names with the
   * same hash code, and maps find such keys quickly only if the keys are comparable.
   */
  private record CalledModel(UUID service, UsageModel model) implements Comparable<CalledModel> {
    @Override
    public int compareTo(CalledModel other) {
      int order = model.compareTo(other.model);
      return order == 0 ? service.compareTo(other.service) : order;
    }
  }

  public PaceEstimates(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Returns the expected usage of a call. */
  public PaceUse expected(CapacityTerms terms, RequestedUse asked) {
    ModelObservation known = observed.getIfPresent(model(terms, asked));
    return CallPace.expected(
        asked,
        known == null
            ? ObservedUse.NONE
            : known.expected(new User.Id(terms.borrower()), nanos.getAsLong()));
  }

  /** Records the usage of a call if the provider stated the usage or the caller disconnected. */
  public void observe(
      CapacityTerms terms, RequestedUse asked, CallUse used, PaceCounting counting) {
    ModelObservation known = observed.getIfPresent(model(terms, asked));
    if (used.isAbandoned() && known != null) {
      known.add(
          new User.Id(terms.borrower()),
          before -> before.afterLeft(asked, used.usage().output()),
          nanos.getAsLong());
    }
    if (used.evidence() == CallUse.Evidence.STATED
        && used.usage().input() > 0
        && used.usage().estimated().requests() == 0
        && !asked.model().equals(UsageModel.UNKNOWN)) {
      long now = nanos.getAsLong();
      observed
          .get(model(terms, asked), unused -> new ModelObservation(now))
          .add(
              new User.Id(terms.borrower()),
              before ->
                  before.after(
                      asked, CallPace.input(used.usage(), counting), used.usage().output(), 0, 0),
              now);
    }
  }

  private static CalledModel model(CapacityTerms terms, RequestedUse asked) {
    return new CalledModel(terms.service(), asked.model());
  }
}
