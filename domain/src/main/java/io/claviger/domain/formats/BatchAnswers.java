package io.claviger.domain.formats;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the API of a provider answers about a batch, to whoever asks what became of it. */
public interface BatchAnswers {
  /**
   * The path at which the batch is read, without the version that any path of the format may have.
   *
   * @param id as the ledger knows it
   */
  String path(String id);

  /**
   * What an answer says about a batch.
   *
   * @param id of the batch that was asked for
   * @param members the numbers, texts and literals of the answer, by their paths with dots
   * @return empty if the answer is not about this batch, or can't be understood
   */
  Optional<BatchReport> report(String id, Map<String, String> members);

  /** The places in which a result states the model and what was used. */
  UsagePlaces results();

  /**
   * The names that lead to an array with the results in one JSON document; empty if each line of
   * the results is a document.
   */
  default List<String> array() {
    return List.of();
  }

  /**
   * How a batch stands.
   *
   * @param isOver whether nothing of it will be done any more
   * @param answered how many requests were answered well
   * @param failed how many were answered with an error
   * @param usage what all of them used together; empty if the provider does not state it
   * @param mayHaveFees whether requests may have used what is not in that sum
   * @param results the paths of the results
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
   * @param input all input, cached input included
   * @param output all output, reasoning included
   * @param cachedInput the part of the input that was read from a cache
   * @param written the part of the input that was written to a cache
   */
  record StatedSum(long input, long output, long cachedInput, long written, long reasoning) {
    public boolean isNothing() {
      return input == 0 && output == 0;
    }
  }

  /** Returns a stated number that is not negative; empty if there is none. */
  static Optional<Long> count(Map<String, String> members, String path) {
    String text = members.getOrDefault(path, "");
    return text.length() < 18 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Optional.of(Long.parseLong(text))
        : Optional.empty();
  }
}
