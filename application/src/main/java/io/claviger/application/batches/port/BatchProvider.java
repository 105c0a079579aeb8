package io.claviger.application.batches.port;

import io.claviger.domain.formats.BatchAnswers.BatchReport;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.TokenUsage;
import java.util.Optional;

/** Asks providers what became of batches, with the keys that services lend. Methods block. */
public interface BatchProvider {
  /**
   * Asks how a batch stands.
   *
   * @param batch the provider's id
   * @return empty if the provider can't be asked now, or its answer can't be understood
   */
  Optional<BatchReport> report(Instance.Ref service, String batch);

  /** Receives what the lines of results state, one after the other. */
  @FunctionalInterface
  interface Receiver {
    /**
     * @param model the model that the answer names; empty if it names none
     * @param usage nothing if the line states none
     * @param fees what else the line states that has a fee
     */
    void answered(Optional<String> model, TokenUsage usage, FeesUsed fees);
  }

  /**
   * Reads results as they arrive, without holding them.
   *
   * @param path one of a report
   * @return whether they were read to their end
   */
  boolean readResults(Instance.Ref service, String path, Receiver receiver);
}
