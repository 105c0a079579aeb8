package io.claviger.stub;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Imitates Cohere's API: version 2, and the operations of version 1 that still exist. */
final class Cohere implements ApiFormat {
  private static final CohereChat CHAT = new CohereChat();

  /** Answers state how many texts were classified, but no tokens. */
  private static final StubOperation CLASSIFICATION =
      ((StubOperation) Cohere::classified)
          .billed(call -> StubBill.ofInput("classify", call.promptTokens()));

  private static final Set<String> PAGING =
      Set.of("page_size", "page_token", "endpoint", "default_only");

  @Override
  public boolean isMeant(String path, HttpHeaders headers, Set<String> query) {
    return path.startsWith("/cohere/")
        || headers.contains("x-client-name")
        || headers.get("user-agent", "").contains("cohere")
        || query.stream().anyMatch(PAGING::contains);
  }

  @Override
  public Map<String, StubOperation> operations() {
    return Map.of(
        "v2/embed", new CohereEmbeddings("2"),
        "v1/embed", new CohereEmbeddings("1"),
        "v2/chat", CHAT,
        "v1/chat", new CohereFirstChat(),
        "v2/rerank", new Ranking("2"),
        "v1/rerank", new Ranking("1"),
        "v1/classify", CLASSIFICATION,
        "v1/tokenize", CohereTokens::tokenize,
        "v1/detokenize", CohereTokens::detokenize);
  }

  @Override
  public List<String> keyHeaders() {
    return List.of("authorization");
  }

  @Override
  public String requestIdHeader() {
    return "x-debug-trace-id";
  }

  @Override
  public StubResponse models(StubCall call, List<String> models) {
    ModelPage page = ModelPage.byToken(call, models, "page_token", "page_size", 20);
    String next = page.hasMore() ? JsonTemplates.quoted(page.nextToken(models)) : "null";
    return StubResponse.json(
        200,
        page.models().stream()
            .map(Cohere::described)
            .collect(
                Collectors.joining(
                    ", ", "{\"models\": [", "], \"next_page_token\": " + next + "}")));
  }

  @Override
  public StubResponse model(String model) {
    return StubResponse.json(200, described(model));
  }

  private static StubResponse classified(StubCall call) {
    int texts = call.fields().texts("inputs").size();
    String each = "{\"prediction\": \"a\", \"confidence\": 1.0}";
    return StubResponse.json(
        200,
        "{\"id\": \"%s\", \"classifications\": [%s], \"meta\": {\"billed_units\": {\"classifications\": %d}}}"
            .formatted(call.id(), String.join(", ", Collections.nCopies(texts, each)), texts));
  }

  private static String described(String model) {
    return """
    {"name": %s, "endpoints": ["chat", "embed"], "finetuned": false, "context_length": 128000,
      "default_endpoints": []}
    """
        .formatted(JsonTemplates.quoted(model));
  }

  @Override
  public StubResponse refusal(int status, String message) {
    return StubResponse.json(
        status, "{\"id\": \"refused\", \"message\": %s}".formatted(JsonTemplates.quoted(message)));
  }

  @Override
  public StubResponse text(StubCall call, String text) {
    return CohereChat.message(call, text);
  }

  @Override
  public TextStream stream(StubCall call) {
    return CHAT.stream(call);
  }
}
