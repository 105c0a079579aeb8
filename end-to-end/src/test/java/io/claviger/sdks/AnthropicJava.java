package io.claviger.sdks;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Anthropic's SDK for Java. */
record AnthropicJava(AnthropicClient client, String model) implements JavaClient {
  private static final Tool WEATHER =
      Tool.builder()
          .name("weather")
          .inputSchema(
              Tool.InputSchema.builder()
                  .properties(
                      Tool.InputSchema.Properties.builder()
                          .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                          .build())
                  .build())
          .build();

  static AnthropicJava of(String clavigerUrl, String token, String model) {
    return new AnthropicJava(
        AnthropicOkHttpClient.builder()
            .baseUrl(clavigerUrl + "/gateway/anthropic")
            .apiKey(token)
            .build(),
        model);
  }

  private MessageCreateParams.Builder asking(String prompt) {
    return MessageCreateParams.builder().model(model).maxTokens(1000).addUserMessage(prompt);
  }

  @Override
  public String answer(String prompt) {
    return text(client.messages().create(asking(prompt).build()));
  }

  private static String text(Message message) {
    return message.content().stream()
        .flatMap(block -> block.text().stream())
        .map(block -> block.text())
        .collect(Collectors.joining());
  }

  @Override
  public List<String> stream(String prompt) {
    try (StreamResponse<RawMessageStreamEvent> events =
        client.messages().createStreaming(asking(prompt).build())) {
      return events.stream()
          .flatMap(event -> event.contentBlockDelta().stream())
          .flatMap(delta -> delta.delta().text().stream())
          .map(delta -> delta.text())
          .toList();
    }
  }

  @Override
  public String callTool(String prompt) {
    MessageCreateParams.Builder asked = asking(prompt).addTool(WEATHER);
    Message called = client.messages().create(asked.build());
    ToolUseBlock call =
        called.content().stream()
            .flatMap((ContentBlock block) -> block.toolUse().stream())
            .findFirst()
            .orElseThrow();
    String city = (String) call._input().convert(Map.class).get("city");
    ToolResultBlockParam told =
        ToolResultBlockParam.builder()
            .toolUseId(call.id())
            .content(JavaClient.weather(city))
            .build();
    asked
        .addMessage(called)
        .addUserMessageOfContentBlockParams(List.of(ContentBlockParam.ofToolResult(told)));
    return text(client.messages().create(asked.build()));
  }
}
