package io.claviger.domain.batches;

import io.claviger.domain.Amounts;
import io.claviger.domain.spending.RequestedUse;

/**
 * The use for which the requests of a batch ask, summed up over all requests that name one model.
 * Each request is treated like a single call with the same use. Line numbers begin at 1; the number
 * 0 means that there is no such line.
 *
 * @param firstLine the first line that names the model
 * @param requests how many requests call the model; 0 if requests name the model only in addition
 *     to the model that they call
 * @param bytes the size of the requests' bodies in bytes, each multiplied by the number of times
 *     that the provider may read it
 * @param reads the number of times that the provider may read a body, for all requests together
 * @param elsewhere how many of the {@code reads} may include more than the text of the body
 * @param firstElsewhere the first line of a request whose body may be read with more than its text
 * @param answers how many answers the provider may write
 * @param output the sum of the output maximums of the requests that state one, in tokens
 * @param unstated for how many answers the requests state no maximum
 * @param firstUnstated the first line of a request without a maximum
 * @param largestOutput the largest number of output tokens that one request states for all of its
 *     answers together
 * @param largestLine the first line with the request that states {@code largestOutput}
 * @param firstUnbounded the first line with a request that lets the provider use its own tools
 *     without a limit, or names further models
 * @param tools the tools that the provider may use
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

  /** Returns the use of a model that a line names without calling the model. */
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

  /** Returns the same use, but with these tools. */
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
