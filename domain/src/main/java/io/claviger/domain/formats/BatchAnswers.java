package io.claviger.domain.formats;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads answers about the state and the results of a batch. */
public interface BatchAnswers {
  /** The longest time that a provider can take for a batch. */
  Duration LONGEST = Duration.ofDays(14);

  /**
   * Returns the path for reading the batch, without an API version at its beginning.
   *
   * @param id the batch's id in the ledger
   */
  String path(String id);

  /**
   * Reads the state of a batch from an answer.
   *
   * @param id the id of the requested batch
   * @param members the answer's numbers, texts and literals, keyed by their paths. A path consists
   *     of the names of members with dots between them
   * @return empty if the answer is not about this batch, or can't be understood
   */
  Optional<BatchReport> report(String id, Map<String, String> members);

  /** Returns where a result states the model and the usage. */
  UsagePlaces results();

  /**
   * The operation in which some models search the web before each answer, although the results do
   * not state these searches; empty if there is no such operation.
   */
  default Optional<String> searchingOperation() {
    return Optional.empty();
  }

  /** Whether the provider writes the results into files of the account. */
  default boolean writesFiles() {
    return false;
  }

  /**
   * The names of the members around the array of results, if the results are one JSON document;
   * empty if each line is a JSON document.
   */
  default List<String> array() {
    return List.of();
  }

  /**
   * The state of a batch.
   *
   * @param isOver whether the provider has stopped processing the requests of the batch
   * @param answered the number of requests that the provider answered successfully
   * @param failed the number of requests that ended with an error
   * @param usage the tokens of all requests together; empty if the provider does not state them
   * @param areFeesUsual whether requests of the batch's operation often cause fees, which {@code
   *     usage} does not include. If false, only requests that allow tools of the provider might
   *     have caused fees
   * @param results the paths at the provider from which the results can be read
   * @param files the ids of the files that the provider has written for the batch
   */
  record BatchReport(
      boolean isOver,
      long answered,
      long failed,
      Optional<StatedSum> usage,
      boolean areFeesUsual,
      List<String> results,
      List<String> files) {
    public BatchReport {
      results = List.copyOf(results);
      files = List.copyOf(files);
    }

    /** Creates the state of a batch whose results are not in files. */
    public BatchReport(
        boolean isOver,
        long answered,
        long failed,
        Optional<StatedSum> usage,
        boolean areFeesUsual,
        List<String> results) {
      this(isOver, answered, failed, usage, areFeesUsual, results, List.of());
    }
  }

  /**
   * The tokens of all requests of a batch together.
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
   * Returns the number at a path; empty if there is no number, or a negative number, at this path.
   */
  static Optional<Long> count(Map<String, String> members, String path) {
    String text = members.getOrDefault(path, "");
    return text.length() < 18 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Optional.of(Long.parseLong(text))
        : Optional.empty();
  }
}
