package io.claviger.gateway.model;

import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.batches.BatchVerdict.ModelUse;
import io.claviger.domain.spending.RequestedUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The sums of what the requests of a batch ask for, by the models that they name. */
final class BatchSums {
  private final Map<String, Sum> models = new LinkedHashMap<>();

  /** The sums of the requests for one model. */
  private static final class Sum {
    private final int firstLine;
    private int requests;
    private long bytes;
    private OptionalLong output = OptionalLong.of(0);
    private long largest;
    private OptionalInt firstUnbounded = OptionalInt.empty();

    Sum(int firstLine) {
      this.firstLine = firstLine;
    }

    void add(RequestedUse use, int at) {
      requests++;
      bytes += use.bodyBytes();
      OptionalLong stated = use.statedOutputInAll();
      output =
          output.isPresent() && stated.isPresent()
              ? OptionalLong.of(sum(output.getAsLong(), stated.getAsLong()))
              : OptionalLong.empty();
      largest = Math.max(largest, use.statedOutput().orElse(0));
      boolean bounded =
          !use.refersElsewhere()
              && !use.unboundedTools()
              && use.rounds() == 1
              && use.others().isEmpty();
      if (!bounded && firstUnbounded.isEmpty()) {
        firstUnbounded = OptionalInt.of(at);
      }
    }

    private static long sum(long one, long other) {
      return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }
  }

  /**
   * Adds a request.
   *
   * @param named all models that it names
   * @param at the number of its line, from 1
   * @throws BatchedCall.Faulty if there are more models than a batch may have
   */
  void add(RequestedUse use, Set<String> named, int at) {
    sum(use.model().name(), at).add(use, at);
    use.others().forEach(other -> sum(other.name(), at));
    named.forEach(other -> sum(other, at));
  }

  private Sum sum(String model, int at) {
    Sum known = models.get(model);
    if (known == null) {
      if (models.size() == BatchVerdict.MOST_MODELS) {
        throw new BatchedCall.Faulty(Reason.TOO_MANY_MODELS);
      }
      known = new Sum(at);
      models.put(model, known);
    }
    return known;
  }

  /** What the requests ask for, in the order of the first request for each model. */
  List<ModelUse> uses() {
    List<ModelUse> uses = new ArrayList<>(models.size());
    models.forEach(
        (model, sum) ->
            uses.add(
                new ModelUse(
                    model,
                    sum.firstLine,
                    sum.requests,
                    sum.bytes,
                    sum.output,
                    sum.largest,
                    sum.firstUnbounded)));
    return uses;
  }
}
