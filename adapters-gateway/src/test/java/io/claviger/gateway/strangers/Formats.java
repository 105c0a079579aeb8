package io.claviger.gateway.strangers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;

/** What the provider answers in each format, and which kinds of objects each knows. */
final class Formats {
  private Formats() {}

  static List<String> kinds(String format) {
    return switch (format) {
      case "openai" ->
          List.of(
              "response",
              "conversation",
              "file",
              "container",
              "vectorstore",
              "prompt",
              "batch",
              "upload",
              "audio",
              "chat");
      case "anthropic" -> List.of("afile", "acontainer", "abatch", "skill");
      case "gemini" -> List.of("gfile", "cache", "gbatch", "gfileuri");
      default -> List.of("file", "response");
    };
  }

  /** A short answer, as a stream if the request asks for one. */
  static String answer(String format, String operation, Judge.Arrival arrival) {
    boolean streams =
        new String(arrival.body(), ISO_8859_1).contains("\"stream\":true")
            || new String(arrival.body(), ISO_8859_1).contains("\"stream\": true");
    if (streams && format.equals("openai")) {
      return operation.endsWith("responses")
          ? "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_new\",\"output\":[]}}\n\n"
          : "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\ndata: [DONE]\n\n";
    }
    if (streams && format.equals("anthropic")) {
      return "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    }
    if (operation.startsWith("GET")) {
      return "{\"object\":\"list\",\"data\":[],\"models\":[]}";
    }
    return "{\"object\":\"answer\",\"choices\":[],\"content\":[],\"output\":[],\"usage\":{\"total_tokens\":1}}";
  }
}
