package io.claviger.sdks;

import java.util.List;
import java.util.Objects;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

/** Spring AI with the chat model of OpenAI's format. */
record SpringAi(OpenAiChatOptions options) implements JavaClient {
  record City(String city) {}

  static SpringAi openAi(String clavigerUrl, String token, String model) {
    return new SpringAi(
        OpenAiChatOptions.builder()
            .baseUrl(clavigerUrl + "/gateway/openai/v1")
            .apiKey(token)
            .model(model)
            .build());
  }

  private OpenAiChatModel chat() {
    return OpenAiChatModel.builder().options(options).build();
  }

  @Override
  public String answer(String prompt) {
    return Objects.requireNonNull(chat().call(prompt));
  }

  @Override
  public List<String> stream(String prompt) {
    return Objects.requireNonNull(chat().stream(prompt).collectList().block());
  }

  @Override
  public String callTool(String prompt) {
    ToolCallback weather =
        FunctionToolCallback.builder("weather", (City asked) -> JavaClient.weather(asked.city()))
            .inputType(City.class)
            .build();
    OpenAiChatOptions withTool = options.mutate().toolCallbacks(weather).build();
    Prompt asked = new Prompt(prompt, withTool);
    ChatResponse called = chat().call(asked);
    List<Message> told =
        ToolCallingManager.builder().build().executeToolCalls(asked, called).conversationHistory();
    return text(chat().call(new Prompt(told, withTool)));
  }

  private static String text(ChatResponse response) {
    return Objects.requireNonNull(
        Objects.requireNonNull(response.getResult()).getOutput().getText());
  }
}
