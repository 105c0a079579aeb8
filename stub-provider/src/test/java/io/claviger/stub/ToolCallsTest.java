package io.claviger.stub;

import static io.claviger.stub.Caller.events;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ToolCallsTest {
  private static final String ASKED = "Please stub:call ls {\\\"path\\\": \\\"/a b\\\"} now";
  private static final String ARGUMENTS = "{\"path\":\"/a b\"}";
  private static final String FUNCTION =
      "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"ls\"}}]";

  @AutoClose private final StubProvider stub = StubProvider.start();
  @AutoClose private final Caller caller = new Caller(stub);

  private static String chat(String further) {
    return "{\"model\": \"m\", %s, \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}%s]"
        .formatted(FUNCTION, ASKED, further);
  }

  @Test
  void a_chat_calls_the_tool_that_the_prompt_asks_for() {
    JsonNode choice = caller.json("/v1/chat/completions", chat("") + "}").at("/choices/0");

    assertThat(choice.at("/finish_reason").asString()).isEqualTo("tool_calls");
    assertThat(choice.at("/message/tool_calls/0/function/name").asString()).isEqualTo("ls");
    assertThat(choice.at("/message/tool_calls/0/function/arguments").asString())
        .isEqualTo(ARGUMENTS);
  }

  @Test
  void a_chat_answers_with_text_once_it_has_the_result() {
    String result =
        ", {\"role\": \"assistant\", \"tool_calls\": []},"
            + " {\"role\": \"tool\", \"tool_call_id\": \"c\", \"content\": \"two files\"}";
    JsonNode choice = caller.json("/v1/chat/completions", chat(result) + "}").at("/choices/0");

    assertThat(choice.at("/finish_reason").asString()).isEqualTo("stop");
    assertThat(choice.at("/message/content").asString()).isEqualTo("You said: two files");
  }

  @Test
  void a_tool_that_is_not_offered_is_not_called() {
    String body = chat("").replace("\"name\": \"ls\"", "\"name\": \"other\"") + "}";

    assertThat(
            caller.json("/v1/chat/completions", body).at("/choices/0/message/content").asString())
        .startsWith("You said: Please stub:call");
  }

  @Test
  void malformed_arguments_are_refused() {
    String body = chat("").replace("/a b\\\"}", "/a b") + "}";

    assertThat(caller.post("/v1/chat/completions", body).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"0, ls", "1, rm", "2, ''"})
  void several_tools_are_called_one_after_the_other(int results, String called) {
    String body =
        """
        {"tools": [{"function": {"name": "ls"}}, {"function": {"name": "rm"}}],
          "messages": [{"role": "user", "content": "stub:call ls {} stub:call rm {}"}%s]}
        """
            .formatted(", {\"role\": \"tool\", \"content\": \"ok\"}".repeat(results));

    assertThat(
            caller
                .json("/v1/chat/completions", body)
                .at("/choices/0/message/tool_calls/0/function/name")
                .asString(""))
        .isEqualTo(called);
  }

  @Test
  void a_streamed_chat_sends_the_arguments_in_pieces() {
    List<JsonNode> chunks =
        events(caller.post("/v1/chat/completions", chat("") + ", \"stream\": true}"));

    String call = "/choices/0/delta/tool_calls/0";
    assertThat(chunks.get(0).at(call + "/function/name").asString()).isEqualTo("ls");
    assertThat(joined(chunks, call + "/function/arguments")).isEqualTo(ARGUMENTS);
    assertThat(chunks.get(chunks.size() - 1).at("/choices/0/finish_reason").asString())
        .isEqualTo("tool_calls");
  }

  private static String responses(String further) {
    return """
    {"tools": [{"type": "function", "name": "ls"}, {"type": "custom", "name": "patch", "format": {}}],
      "input": [{"type": "message", "role": "user", "content":
        [{"type": "input_text", "text": "%s"}]}%s]\
    """
        .formatted(ASKED, further);
  }

  @Test
  void a_response_calls_a_function() {
    JsonNode item = caller.json("/v1/responses", responses("") + "}").at("/output/0");

    assertThat(item.get("type").asString()).isEqualTo("function_call");
    assertThat(item.get("name").asString()).isEqualTo("ls");
    assertThat(item.get("arguments").asString()).isEqualTo(ARGUMENTS);
    String result =
        ", {\"type\": \"function_call_output\", \"call_id\": \"c\", \"output\": \"done\"}";
    assertThat(
            caller
                .json("/v1/responses", responses(result) + "}")
                .at("/output/0/content/0/text")
                .asString())
        .isEqualTo("You said: done");
  }

  @Test
  void a_streamed_response_calls_a_function() {
    List<JsonNode> events =
        events(caller.post("/v1/responses", responses("") + ", \"stream\": true}"));

    assertThat(events.stream().map(event -> event.get("type").asString()).distinct())
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed");
    assertThat(joined(events, "/delta")).isEqualTo(ARGUMENTS);
    assertThat(events.get(events.size() - 1).at("/response/output/0/arguments").asString())
        .isEqualTo(ARGUMENTS);
  }

  @Test
  void a_custom_tool_takes_a_text() {
    String body =
        responses("").replace(ASKED, "stub:call patch \\\"*** Begin\\\"") + ", \"stream\": true}";
    List<JsonNode> events = events(caller.post("/v1/responses", body));

    JsonNode item = events.get(events.size() - 1).at("/response/output/0");
    assertThat(item.get("type").asString()).isEqualTo("custom_tool_call");
    assertThat(item.get("input").asString()).isEqualTo("*** Begin");
    assertThat(joined(events, "/delta")).isEqualTo("*** Begin");
  }

  private static String messages(String further) {
    return """
    {"model": "m", "max_tokens": 9, "tools": [{"name": "ls", "input_schema": {}}], "messages":
      [{"role": "user", "content": [{"type": "text", "text": "%s"}]}%s]\
    """
        .formatted(ASKED, further);
  }

  @Test
  void anthropic_uses_a_tool() {
    JsonNode message = caller.json("/v1/messages", messages("") + "}");

    assertThat(message.get("stop_reason").asString()).isEqualTo("tool_use");
    assertThat(message.at("/content/0/name").asString()).isEqualTo("ls");
    assertThat(message.at("/content/0/input/path").asString()).isEqualTo("/a b");
    String result =
        ", {\"role\": \"user\", \"content\": [{\"type\": \"tool_result\", \"content\": \"done\"}]}";
    assertThat(caller.json("/v1/messages", messages(result) + "}").at("/content/0/text").asString())
        .isEqualTo("You said: done");
  }

  @Test
  void a_streamed_message_of_anthropic_uses_a_tool() {
    List<JsonNode> events =
        events(caller.post("/v1/messages", messages("") + ", \"stream\": true}"));

    assertThat(events.get(1).at("/content_block/type").asString()).isEqualTo("tool_use");
    assertThat(joined(events, "/delta/partial_json")).isEqualTo(ARGUMENTS);
    assertThat(events.get(events.size() - 2).at("/delta/stop_reason").asString())
        .isEqualTo("tool_use");
  }

  @ParameterizedTest
  @CsvSource({"generateContent, 0", "streamGenerateContent?alt=sse, 2"})
  void gemini_calls_a_function(String operation, int lastEvent) {
    String body =
        """
        {"tools": [{"functionDeclarations": [{"name": "ls"}]}],
          "contents": [{"role": "user", "parts": [{"text": "%s"}]}%s]}
        """;
    String path = "/v1beta/models/m:" + operation;

    JsonNode call = gemini(caller.post(path, body.formatted(ASKED, "")), lastEvent);
    assertThat(call.at("/functionCall/name").asString()).isEqualTo("ls");
    assertThat(call.at("/functionCall/args/path").asString()).isEqualTo("/a b");
    String result =
        ", {\"role\": \"user\", \"parts\": [{\"functionResponse\": {\"name\": \"ls\", \"response\":"
            + " {\"output\": \"done\"}}}]}";
    JsonNode after = gemini(caller.post(path, body.formatted(ASKED, result)), 0);
    assertThat(after.at("/text").asString()).startsWith("You");
  }

  private static JsonNode gemini(TestResponse response, int event) {
    String body = response.body();
    JsonNode answer = body.startsWith("data:") ? events(response).get(event) : Caller.json(body);
    return answer.at("/candidates/0/content/parts/0");
  }

  @Test
  void cohere_calls_a_tool() {
    String body = chat("");
    JsonNode whole = caller.json("/v2/chat", body + "}");
    List<JsonNode> events = events(caller.post("/v2/chat", body + ", \"stream\": true}"));

    assertThat(whole.get("finish_reason").asString()).isEqualTo("TOOL_CALL");
    assertThat(whole.at("/message/tool_calls/0/function/arguments").asString())
        .isEqualTo(ARGUMENTS);
    assertThat(events.get(1).get("type").asString()).isEqualTo("tool-call-start");
    assertThat(joined(events, "/delta/message/tool_calls/function/arguments")).isEqualTo(ARGUMENTS);
  }

  private static String joined(List<JsonNode> events, String pointer) {
    return events.stream()
        .map(event -> event.at(pointer).asString(""))
        .collect(Collectors.joining());
  }
}
