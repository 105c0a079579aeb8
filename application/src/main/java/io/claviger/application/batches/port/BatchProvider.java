package io.claviger.application.batches.port;

import io.claviger.domain.formats.BatchAnswers.BatchReport;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.TokenUsage;
import java.util.List;
import java.util.Optional;

/**
 * Asks providers for the state and results of batches, with the keys of the batches' services. All
 * methods block until the provider has answered.
 */
public interface BatchProvider {
  /**
   * Asks the provider for the state of a batch.
   *
   * @param batch the provider's id of the batch
   * @return empty if the provider can't be reached now, or if its answer can't be parsed
   */
  Optional<BatchReport> report(Instance.Ref service, String batch);

  /**
   * Asks the provider for the files with the results of a batch.
   *
   * @param batch the provider's id of the batch
   * @return the provider's ids of all files that the provider has written for the batch; empty if
   *     the provider still works on the batch, can't be reached now, or gives an answer that can't
   *     be parsed
   */
  Optional<List<String>> resultFiles(Instance.Ref service, String batch);

  /** Receives the usage from the result lines, line by line. */
  @FunctionalInterface
  interface Receiver {
    /**
     * @param model the model that the answer names; empty if the answer names no model
     * @param usage the stated usage; {@link TokenUsage#NONE} if the line states no usage
     * @param fees the tools and other things that the request used and that have a fee, each with
     *     the number of uses according to the line
     */
    void answered(Optional<String> model, TokenUsage usage, FeesUsed fees);
  }

  /**
   * Reads results as a stream, without keeping them in memory.
   *
   * @param path the path of the results, as the provider's report states it
   * @return whether the results were read to the end
   */
  boolean readResults(Instance.Ref service, String path, Receiver receiver);
}
