package io.claviger.stub;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Answers {@code rerank}, which has the same form in the APIs of all providers. The documents keep
 * their order, and each document is half as relevant as the previous one.
 */
record Ranking(String version) implements StubOperation {
  /** The number of documents that are charged as one search. */
  private static final int DOCUMENTS = 100;

  @Override
  public StubBill bill(StubCall call) {
    return new StubBill(
        "rerank",
        StubUsage.ofInput(0),
        List.of(new ProviderLedger.Fee("search", "", searches(call))));
  }

  private static int searches(StubCall call) {
    return Math.max(1, Math.ceilDiv(call.fields().texts("documents").size(), DOCUMENTS));
  }

  @Override
  public StubResponse answer(StubCall call) {
    List<String> documents = call.fields().texts("documents");
    String asked = call.fields().scalar("top_n");
    int count =
        asked != null && asked.matches("\\d{1,9}")
            ? Math.min(documents.size(), Integer.parseInt(asked))
            : documents.size();
    String results =
        IntStream.range(0, count)
            .mapToObj(i -> "{\"index\": " + i + ", \"relevance_score\": " + Math.pow(0.5, i) + "}")
            .collect(Collectors.joining(", ", "[", "]"));
    int tokens = StubCall.tokens(documents);
    return StubResponse.json(
        200,
        """
        {"id": "%s", "model": %s, "results": %s, "usage": {"total_tokens": %d},
          "meta": {"api_version": {"version": "%s"}, "billed_units": {"search_units": %d}}}
        """
            .formatted(
                call.id(),
                JsonTemplates.quoted(call.answeringModel()),
                results,
                tokens,
                version,
                searches(call)));
  }
}
