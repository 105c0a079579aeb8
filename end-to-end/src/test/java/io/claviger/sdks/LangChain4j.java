package io.claviger.sdks;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.json.JsonMapper;

/** LangChain4j with the chat models of three API formats. */
record LangChain4j(ChatModel chat, StreamingChatModel streaming) implements JavaClient {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("weather")
          .parameters(JsonObjectSchema.builder().addStringProperty("city").build())
          .build();

  static LangChain4j openAi(String clavigerUrl, String token, String model) {
    return new LangChain4j(
        OpenAiChatModel.builder()
            .baseUrl(clavigerUrl + "/gateway/openai/v1")
            .apiKey(token)
            .modelName(model)
            .build(),
        OpenAiStreamingChatModel.builder()
            .baseUrl(clavigerUrl + "/gateway/openai/v1")
            .apiKey(token)
            .modelName(model)
            .build());
  }

  static LangChain4j anthropic(String clavigerUrl, String token, String model) {
    return new LangChain4j(
        AnthropicChatModel.builder()
            .baseUrl(clavigerUrl + "/gateway/anthropic/v1")
            .apiKey(token)
            .modelName(model)
            .build(),
        AnthropicStreamingChatModel.builder()
            .baseUrl(clavigerUrl + "/gateway/anthropic/v1")
            .apiKey(token)
            .modelName(model)
            .build());
  }

  static LangChain4j gemini(String clavigerUrl, String token, String model) {
    return new LangChain4j(
        GoogleAiGeminiChatModel.builder()
            .baseUrl(clavigerUrl + "/gateway/gemini/v1beta")
            .apiKey(token)
            .modelName(model)
            .build(),
        GoogleAiGeminiStreamingChatModel.builder()
            .baseUrl(clavigerUrl + "/gateway/gemini/v1beta")
            .apiKey(token)
            .modelName(model)
            .build());
  }

  @Override
  public String answer(String prompt) {
    return chat.chat(prompt);
  }

  @Override
  public List<String> stream(String prompt) {
    Pieces pieces = new Pieces(new CopyOnWriteArrayList<>(), new CompletableFuture<>());
    streaming.chat(prompt, pieces);
    return pieces.all().join();
  }

  @Override
  public String callTool(String prompt) {
    UserMessage asked = UserMessage.from(prompt);
    ChatResponse called =
        chat.chat(ChatRequest.builder().messages(asked).toolSpecifications(WEATHER).build());
    ToolExecutionRequest call = called.aiMessage().toolExecutionRequests().get(0);
    String city = JSON.readTree(call.arguments()).get("city").asString();
    ToolExecutionResultMessage told =
        ToolExecutionResultMessage.from(call, JavaClient.weather(city));
    ChatRequest answered =
        ChatRequest.builder()
            .messages(asked, called.aiMessage(), told)
            .toolSpecifications(WEATHER)
            .build();
    return chat.chat(answered).aiMessage().text();
  }

  private record Pieces(List<String> soFar, CompletableFuture<List<String>> all)
      implements StreamingChatResponseHandler {
    @Override
    public void onPartialResponse(String piece) {
      soFar.add(piece);
    }

    @Override
    public void onCompleteResponse(ChatResponse whole) {
      all.complete(soFar);
    }

    @Override
    public void onError(Throwable error) {
      all.completeExceptionally(error);
    }
  }
}
