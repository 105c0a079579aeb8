package io.claviger.domain.formats;

import static io.claviger.domain.formats.BatchAnswers.count;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODEL;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads answers about a batch from Anthropic's API. The results state each request's usage. */
final class AnthropicBatchAnswers implements BatchAnswers {
  private final UsagePlaces results;

  /**
   * @param usage the places of the numbers in an object that states a call's usage
   */
  AnthropicBatchAnswers(List<UsagePlaces.Statement> usage) {
    this.results =
        new UsagePlaces().add("result.message.model", MODEL).add("result.message.usage", usage);
  }

  @Override
  public String path(String id) {
    return "v1/messages/batches/" + id;
  }

  /** Reads the state of a batch. Requests that were cancelled or expired used no tokens. */
  @Override
  public Optional<BatchReport> report(String id, Map<String, String> members) {
    if (!id.equals(members.get("id"))) {
      return Optional.empty();
    }
    long succeeded = count(members, "request_counts.succeeded").orElse(0L);
    return Optional.of(
        new BatchReport(
            "ended".equals(members.get("processing_status")),
            succeeded,
            count(members, "request_counts.errored").orElse(0L),
            Optional.empty(),
            true,
            members.containsKey("results_url") ? List.of(path(id) + "/results") : List.of()));
  }

  @Override
  public UsagePlaces results() {
    return results;
  }
}
