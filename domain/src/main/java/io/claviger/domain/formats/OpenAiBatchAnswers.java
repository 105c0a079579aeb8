package io.claviger.domain.formats;

import static io.claviger.domain.formats.BatchAnswers.count;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODEL;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads answers about a batch from OpenAI's API. */
final class OpenAiBatchAnswers implements BatchAnswers {
  /** The states of a batch that has ended. In other states, a batch might still continue. */
  private static final Set<String> OVER = Set.of("completed", "failed", "expired", "cancelled");

  /**
   * The operation that a batch can call and whose requests often use tools that run at the
   * provider.
   */
  private static final String RUNS_TOOLS = "/v1/responses";

  private final UsagePlaces results;

  /**
   * @param usage the places of the numbers in an object that states a call's usage
   * @param besides the places, in an answer, of things that are charged in addition to the usage
   */
  OpenAiBatchAnswers(List<UsagePlaces.Statement> usage, List<UsagePlaces.Statement> besides) {
    this.results =
        new UsagePlaces()
            .add("response.body.model", MODEL)
            .add("response.body.usage", usage)
            .add("response.body", besides);
  }

  @Override
  public String path(String id) {
    return "batches/" + id;
  }

  @Override
  public Optional<BatchReport> report(String id, Map<String, String> members) {
    if (!id.equals(members.get("id"))) {
      return Optional.empty();
    }
    Optional<String> output = file(members, "output_file_id");
    return Optional.of(
        new BatchReport(
            OVER.contains(members.getOrDefault("status", "")),
            count(members, "request_counts.completed").orElse(0L),
            count(members, "request_counts.failed").orElse(0L),
            usage(members),
            RUNS_TOOLS.equals(members.get("endpoint")),
            output.map(file -> "files/" + file + "/content").stream().toList(),
            Stream.concat(output.stream(), file(members, "error_file_id").stream())
                .distinct()
                .toList()));
  }

  private static Optional<String> file(Map<String, String> members, String name) {
    return Optional.ofNullable(members.get(name)).filter(ObjectOperations::isPlain);
  }

  private static Optional<StatedSum> usage(Map<String, String> members) {
    Optional<Long> input = count(members, "usage.input_tokens");
    Optional<Long> output = count(members, "usage.output_tokens");
    return input.isEmpty() || output.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new StatedSum(
                input.get(),
                output.get(),
                count(members, "usage.input_tokens_details.cached_tokens").orElse(0L),
                count(members, "usage.input_tokens_details.cache_write_tokens").orElse(0L),
                count(members, "usage.output_tokens_details.reasoning_tokens").orElse(0L)));
  }

  @Override
  public Optional<String> searchingOperation() {
    return Optional.of(OpenAiApi.CHAT);
  }

  @Override
  public boolean writesFiles() {
    return true;
  }

  @Override
  public UsagePlaces results() {
    return results;
  }
}
