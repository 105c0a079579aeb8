package io.claviger.domain.batches;

import io.claviger.domain.Amounts;
import io.claviger.domain.spending.RequestedUse;

/**
 * The requested use of one model, added up over all requests of a batch that name the model. Each
 * request is treated like a single call with the same use. Line numbers begin at 1; the number 0
 * means that there is no such line.
 *
 * @param firstLine the first line that names the model
 * @param requests the number of requests that call the model; 0 if requests only name the model in
 *     addition to another model that they call
 * @param bytes the sum of the body sizes in bytes. Each size is multiplied by the number of times
 *     that the provider might read the body
 * @param reads the maximum number of times that the provider reads bodies, for all requests
 *     together
 * @param elsewhere the number of {@code reads} in which the provider might also read content from
 *     outside of the body
 * @param firstElsewhere the line of the first request that can make the provider read content from
 *     outside of the body
 * @param answers the maximum number of answers that the provider generates
 * @param output the sum of the stated output maximums, in tokens
 * @param unstated the number of answers for which no output maximum is stated
 * @param firstUnstated the first line of a request without an output maximum
 * @param largestOutput the largest output maximum of one request, in tokens for all of its answers
 *     together
 * @param largestLine the first line of a request with {@code largestOutput}
 * @param firstUnbounded the first line of a request that names more than one model, or lets the
 *     provider use its own tools without a limit
 * @param tools the provider's own tools that the requests allow
 */
public record ModelUse(
    String model,
    int firstLine,
    int requests,
    long bytes,
    long reads,
    long elsewhere,
    int firstElsewhere,
    long answers,
    long output,
    long unstated,
    int firstUnstated,
    long largestOutput,
    int largestLine,
    int firstUnbounded,
    BatchTools tools) {

  /** Returns a use of zero for a model that a request names but does not call. */
  public static ModelUse named(String model, int firstLine) {
    return new ModelUse(model, firstLine, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, BatchTools.NONE);
  }

  /**
   * Adds a request.
   *
   * @param line the number of the request's line
   */
  public ModelUse and(RequestedUse use, int line) {
    long rounds = use.roundsAtMost();
    boolean isElsewhere = use.refersElsewhere() || use.unboundedTools();
    long written = use.kind().answersInTokens() ? Amounts.product(use.answers(), rounds) : 0;
    boolean isStated = written == 0 || use.statedOutput().isPresent();
    long stated = isStated ? Amounts.product(use.statedOutput().orElse(0), written) : 0;
    return new ModelUse(
        model,
        firstLine,
        requests + 1,
        Amounts.sum(bytes, Amounts.product(use.bodyBytes(), rounds)),
        Amounts.sum(reads, rounds),
        Amounts.sum(elsewhere, isElsewhere ? rounds : 0),
        first(firstElsewhere, isElsewhere, line),
        Amounts.sum(answers, written),
        Amounts.sum(output, stated),
        Amounts.sum(unstated, isStated ? 0 : written),
        first(firstUnstated, !isStated, line),
        Math.max(largestOutput, stated),
        stated > largestOutput ? line : largestLine,
        first(firstUnbounded, use.unboundedTools() || !use.others().isEmpty(), line),
        tools.and(use, line));
  }

  /** Returns a copy with the given tools. */
  public ModelUse with(BatchTools used) {
    return new ModelUse(
        model,
        firstLine,
        requests,
        bytes,
        reads,
        elsewhere,
        firstElsewhere,
        answers,
        output,
        unstated,
        firstUnstated,
        largestOutput,
        largestLine,
        firstUnbounded,
        used);
  }

  private static int first(int known, boolean applies, int line) {
    return known == 0 && applies ? line : known;
  }
}
