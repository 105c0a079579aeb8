package io.claviger.domain.formats;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the answers of a provider's API about the state and the results of a batch. */
public interface BatchAnswers {
  /**
   * The path for reading the batch, without the API version that paths of the format may begin
   * with.
   *
   * @param id the batch's id as the ledger stores it
   */
  String path(String id);

  /**
   * Reads the state of a batch from an answer.
   *
   * @param id the id of the requested batch
   * @param members the numbers, texts and literals of the answer by their paths, whose names are
   *     separated by dots
   * @return empty if the answer is not about this batch, or can't be understood
   */
  Optional<BatchReport> report(String id, Map<String, String> members);

  /** The places in which a result states the model and the usage. */
  UsagePlaces results();

  /**
   * The names of the members around the array of results in one JSON document; empty if each line
   * of the results is a separate document.
   */
  default List<String> array() {
    return List.of();
  }

  /**
   * The state of a batch.
   *
   * @param isOver whether the provider has stopped processing the requests of the batch
   * @param answered how many requests succeeded
   * @param failed how many requests were answered with an error
   * @param usage the tokens of all requests together; empty if the provider does not state them
   * @param mayHaveFees whether requests may have incurred fees that {@code usage} does not include
   * @param results the paths from which the results can be read
   */
  record BatchReport(
      boolean isOver,
      long answered,
      long failed,
      Optional<StatedSum> usage,
      boolean mayHaveFees,
      List<String> results) {
    public BatchReport {
      results = List.copyOf(results);
    }
  }

  /**
   * The tokens that all requests of a batch used together.
   *
   * @param input the number of all input tokens, including cached input
   * @param output the number of all output tokens, including reasoning
   * @param cachedInput the part of the input that was read from a cache
   * @param written the part of the input that was written to a cache
   */
  record StatedSum(long input, long output, long cachedInput, long written, long reasoning) {
    public boolean isNothing() {
      return input == 0 && output == 0;
    }
  }

  /**
   * Returns the number at a path; empty if there is no number at this path, or if the number is
   * negative.
   */
  static Optional<Long> count(Map<String, String> members, String path) {
    String text = members.getOrDefault(path, "");
    return text.length() < 18 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Optional.of(Long.parseLong(text))
        : Optional.empty();
  }
}
