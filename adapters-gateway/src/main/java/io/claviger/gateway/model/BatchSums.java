package io.claviger.gateway.model;

import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.batches.ModelUse;
import io.claviger.domain.spending.RequestedUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up the requested use of a batch, separately for each model. */
final class BatchSums {
  private final Map<String, ModelUse> models = new LinkedHashMap<>();

  /**
   * Adds a request.
   *
   * @param line the number of the line that contains the request, counted from 1
   * @throws BatchedCall.Faulty if the batch requests more models than one batch may request
   */
  void add(RequestedUse use, int line) {
    ModelUse known = known(use.model().name(), line);
    ModelUse unused = models.put(known.model(), known.and(use, line));
  }

  /** The number of different models that the batch requests. */
  int size() {
    return models.size();
  }

  private ModelUse known(String model, int at) {
    ModelUse known = models.get(model);
    if (known == null) {
      if (models.size() == BatchVerdict.MOST_MODELS) {
        throw new BatchedCall.Faulty(Reason.TOO_MANY_MODELS);
      }
      known = ModelUse.named(model, at);
      models.put(model, known);
    }
    return known;
  }

  /** The sums for each model, in the order of the models' first requests. */
  List<ModelUse> uses() {
    return List.copyOf(models.values());
  }
}
