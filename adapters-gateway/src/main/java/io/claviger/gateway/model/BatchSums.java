package io.claviger.gateway.model;

import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.batches.ModelUse;
import io.claviger.domain.spending.RequestedUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sums of the use that the requests of a batch ask for, by the models that they name. */
final class BatchSums {
  private final Map<String, ModelUse> models = new LinkedHashMap<>();

  /**
   * Adds a request.
   *
   * @param at the number of the line that contains the request, from 1
   * @throws BatchedCall.Faulty if there are more models than a batch may have
   */
  void add(RequestedUse use, int at) {
    ModelUse known = known(use.model().name(), at);
    ModelUse unused = models.put(known.model(), known.and(use, at));
  }

  /** How many models the requests name. */
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

  /** The use for which the requests ask, in the order of the first request for each model. */
  List<ModelUse> uses() {
    return List.copyOf(models.values());
  }
}
