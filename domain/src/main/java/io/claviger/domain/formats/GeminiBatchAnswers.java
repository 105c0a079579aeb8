package io.claviger.domain.formats;

import static io.claviger.domain.formats.BatchAnswers.count;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODEL;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads Gemini's answers about a batch whose requests were in the body that created it. These
 * answers also contain the results.
 */
final class GeminiBatchAnswers implements BatchAnswers {
  private static final Set<String> OVER =
      Set.of(
          "BATCH_STATE_SUCCEEDED",
          "BATCH_STATE_FAILED",
          "BATCH_STATE_CANCELLED",
          "BATCH_STATE_EXPIRED");

  private static final List<String> RESULTS =
      List.of("metadata", "output", "inlinedResponses", "inlinedResponses");

  private final UsagePlaces results;

  /**
   * @param usage the places of the numbers in an object that states a call's usage
   * @param grounding the places where the object that states a call's usage states the number of
   *     searches
   */
  GeminiBatchAnswers(List<UsagePlaces.Statement> usage, List<UsagePlaces.Statement> grounding) {
    this.results =
        new UsagePlaces()
            .add("response.usageMetadata", usage)
            .add("response.candidates.[].groundingMetadata", grounding)
            .add("response.modelVersion", MODEL);
  }

  @Override
  public String path(String id) {
    return "batches/" + id;
  }

  @Override
  public Optional<BatchReport> report(String id, Map<String, String> members) {
    if (!path(id).equals(members.get("name"))) {
      return Optional.empty();
    }
    long answered = count(members, "metadata.batchStats.successfulRequestCount").orElse(0L);
    return Optional.of(
        new BatchReport(
            OVER.contains(members.getOrDefault("metadata.state", "")),
            answered,
            count(members, "metadata.batchStats.failedRequestCount").orElse(0L),
            Optional.empty(),
            true,
            answered > 0 ? List.of(path(id)) : List.of()));
  }

  @Override
  public UsagePlaces results() {
    return results;
  }

  @Override
  public List<String> array() {
    return RESULTS;
  }
}
