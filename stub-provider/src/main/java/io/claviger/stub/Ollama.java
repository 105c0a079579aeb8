package io.claviger.stub;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Imitates Ollama's own API. Texts are streamed unless the call requests a complete text. */
final class Ollama implements ApiFormat {
  private static final int DIMENSIONS = 8;

  @Override
  public boolean isMeant(String path, HttpHeaders headers, Set<String> query) {
    return path.contains("/api/");
  }

  @Override
  public Map<String, StubOperation> operations() {
    return Map.of(
        "api/chat",
        new Texts(true),
        "api/generate",
        new Texts(false),
        "api/embed",
        ((StubOperation) Ollama::embeddings).billed(Ollama::ofInput),
        "api/embeddings",
        ((StubOperation) Ollama::embedding).billed(Ollama::ofInput),
        "api/show",
        call -> StubResponse.json(200, "{\"capabilities\": [\"completion\"]}"));
  }

  /** Answers GET requests. The end of the path determines the operation of such a request. */
  @Override
  public @Nullable StubResponse read(String path, List<String> models) {
    if (path.endsWith("/api/tags") || path.endsWith("/api/ps")) {
      return models(models);
    }
    return path.endsWith("/api/version")
        ? StubResponse.json(200, "{\"version\": \"0.12.0\"}")
        : null;
  }

  @Override
  public StubResponse models(StubCall call, List<String> models) {
    return models(models);
  }

  private static StubResponse models(List<String> models) {
    return StubResponse.json(
        200,
        models.stream()
            .map(m -> "{\"name\": %1$s, \"model\": %1$s}".formatted(JsonTemplates.quoted(m)))
            .collect(Collectors.joining(", ", "{\"models\": [", "]}")));
  }

  @Override
  public StubResponse model(String model) {
    return models(List.of(model));
  }

  @Override
  public List<String> keyHeaders() {
    return List.of("authorization");
  }

  @Override
  public String requestIdHeader() {
    return "x-request-id";
  }

  @Override
  public StubResponse refusal(int status, String message) {
    return StubResponse.json(status, "{\"error\": %s}".formatted(JsonTemplates.quoted(message)));
  }

  @Override
  public StubResponse text(StubCall call, String text) {
    return StubResponse.json(200, new Lines(call, true).line(text, true));
  }

  @Override
  public TextStream stream(StubCall call) {
    return new Lines(call, true);
  }

  private static StubBill ofInput(StubCall call) {
    return StubBill.ofInput("embeddings", call.promptTokens());
  }

  private static StubResponse embeddings(StubCall call) {
    List<String> vectors = new ArrayList<>();
    List<String> inputs = call.fields().texts("input");
    inputs.forEach(input -> vectors.add(vector(input)));
    return StubResponse.json(
        200,
        "{\"model\": %s, \"embeddings\": [%s], \"prompt_eval_count\": %d}"
            .formatted(
                JsonTemplates.quoted(call.answeringModel()),
                String.join(", ", vectors),
                StubCall.tokens(inputs)));
  }

  private static StubResponse embedding(StubCall call) {
    return StubResponse.json(200, "{\"embedding\": %s}".formatted(vector(call.prompt())));
  }

  private static String vector(String text) {
    return EmbeddingVectors.of(text, DIMENSIONS).floats();
  }

  private record Texts(boolean chat) implements StubOperation {
    @Override
    public StubResponse answer(StubCall call) {
      return StubResponse.json(200, new Lines(call, chat).line(call.reply(), true));
    }

    @Override
    public StubBill bill(StubCall call) {
      return StubBill.ofText(call, List.of());
    }

    @Override
    public @Nullable TextStream streamed(StubCall call) {
      return "false".equals(call.fields().scalar("stream")) ? null : new Lines(call, chat);
    }
  }

  private record Lines(StubCall call, boolean chat) implements TextStream {
    @Override
    public String contentType() {
      return "application/x-ndjson";
    }

    @Override
    public String opening() {
      return "";
    }

    @Override
    public String piece(String text) {
      return line(text, false) + "\n";
    }

    @Override
    public String closing(String wholeText) {
      return line("", true) + "\n";
    }

    String line(String text, boolean done) {
      String said =
          chat ? "\"message\": {\"role\": \"assistant\", \"content\": %s}" : "\"response\": %s";
      String stated =
          call.stated(
              "{\"prompt_eval_count\": %d, \"eval_count\": %d}"
                  .formatted(call.promptTokens(), call.replyTokens()));
      String counts = done ? ", " + stated.replaceFirst("^\\{(.*)\\}$", "$1") : "";
      return "{\"model\": %s, %s, \"done\": %s%s}"
          .formatted(
              JsonTemplates.quoted(call.answeringModel()),
              said.formatted(JsonTemplates.quoted(text)),
              done,
              counts);
    }
  }
}
