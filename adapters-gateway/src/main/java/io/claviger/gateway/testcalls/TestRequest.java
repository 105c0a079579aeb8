package io.claviger.gateway.testcalls;

import io.claviger.application.gateway.port.GatewayClient.GatewayRequest;
import io.claviger.domain.definitions.Provider;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The smallest request that a model answers, in the service's format.
 *
 * @param path below the service
 * @param body JSON
 */
record TestRequest(String path, String body) {
  private static final String TEXT = "Say hello in one short sentence.";
  private static final Pattern VERSION = Pattern.compile("/v\\d[a-z0-9]*(?:/|$)");

  static TestRequest of(GatewayRequest question) {
    return question.embeds() ? embedding(question) : conversation(question);
  }

  private static TestRequest conversation(GatewayRequest question) {
    String start = "{\"model\":" + quoted(question.model().value());
    String messages = ",\"messages\":[{\"role\":\"user\",\"content\":\"" + TEXT + "\"}]";
    int most = question.mostTokens();
    return switch (question.format()) {
      case OPENAI ->
          new TestRequest(
              "chat/completions",
              start + messages + ",\"" + mostField(question.provider()) + "\":" + most + "}");
      case ANTHROPIC ->
          new TestRequest("v1/messages", start + messages + ",\"max_tokens\":" + most + "}");
      case COHERE -> new TestRequest("v2/chat", start + messages + ",\"max_tokens\":" + most + "}");
      case OLLAMA ->
          new TestRequest(
              "api/chat",
              start + messages + ",\"stream\":false,\"options\":{\"num_predict\":" + most + "}}");
      case GEMINI ->
          new TestRequest(
              gemini(question, "generateContent"),
              "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\""
                  + TEXT
                  + "\"}]}],\"generationConfig\":{\"maxOutputTokens\":"
                  + most
                  + "}}");
    };
  }

  private static TestRequest embedding(GatewayRequest question) {
    String start = "{\"model\":" + quoted(question.model().value());
    String input = ",\"input\":\"" + TEXT + "\"}";
    return switch (question.format()) {
      case OPENAI, ANTHROPIC -> new TestRequest("embeddings", start + input);
      case OLLAMA -> new TestRequest("api/embed", start + input);
      case COHERE ->
          new TestRequest(
              "v2/embed",
              start
                  + ",\"texts\":[\""
                  + TEXT
                  + "\"],\"input_type\":\"search_query\",\"embedding_types\":[\"float\"]}");
      case GEMINI ->
          new TestRequest(
              gemini(question, "embedContent"),
              "{\"content\":{\"parts\":[{\"text\":\"" + TEXT + "\"}]}}");
    };
  }

  /** OpenAI's newer models refuse the older name, and other providers do not know the newer one. */
  private static String mostField(Provider provider) {
    return provider == Provider.OPENAI || provider == Provider.AZURE
        ? "max_completion_tokens"
        : "max_tokens";
  }

  private static String gemini(GatewayRequest question, String operation) {
    String version = VERSION.matcher(question.endpoint().path()).find() ? "" : "v1beta/";
    String model =
        URLEncoder.encode(question.model().value(), StandardCharsets.UTF_8).replace("+", "%20");
    return version + "models/" + model + ":" + operation;
  }

  private static String quoted(String text) {
    return "\"" + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + "\"";
  }
}
