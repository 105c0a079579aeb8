package io.claviger.stub;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Collects the user's texts from a conversation. The conversation can have the form of any API.
 * Also counts the results of tools after the last text that matches a given predicate (the text of
 * interest).
 */
final class ChatTranscript {
  private final Predicate<String> isOfInterest;
  private final List<String> userTexts = new ArrayList<>();
  private String lastMatch = "";
  private int resultsSince;

  private ChatTranscript(Predicate<String> isOfInterest) {
    this.isOfInterest = isOfInterest;
  }

  static ChatTranscript of(JsonNode root, Predicate<String> isOfInterest) {
    ChatTranscript transcript = new ChatTranscript(isOfInterest);
    for (String field : List.of("messages", "contents", "input", "prompt", "message")) {
      transcript.read(root.path(field));
    }
    return transcript;
  }

  private void read(JsonNode messages) {
    if (messages.isString()) {
      addText(messages.asString());
    } else {
      messages.forEach(this::readMessage);
    }
  }

  private void readMessage(JsonNode message) {
    String role = message.path("role").asString("user");
    if (role.equals("tool") || message.path("type").asString("").endsWith("call_output")) {
      resultsSince++;
    } else if (message.isString()) {
      addText(message.asString());
    } else if (role.equals("user") || role.equals("function")) {
      readContent(message.path("content"));
      readContent(message.path("parts"));
    }
  }

  private void readContent(JsonNode content) {
    if (content.isString()) {
      addText(content.asString());
    } else {
      content.forEach(this::readPart);
    }
  }

  private void readPart(JsonNode part) {
    boolean result =
        part.path("type").asString("").equals("tool_result")
            || part.has("toolResult")
            || part.has("functionResponse")
            || part.has("function_response");
    if (result) {
      resultsSince++;
    } else if (part.path("text").isString()) {
      addText(part.path("text").asString());
    }
  }

  private void addText(String text) {
    userTexts.add(text);
    if (isOfInterest.test(text)) {
      lastMatch = text;
      resultsSince = 0;
    }
  }

  List<String> userTexts() {
    return userTexts;
  }

  /** Returns the last text of interest; empty if there is none. */
  String lastMatch() {
    return lastMatch;
  }

  /** Returns the number of tool results after the last text of interest. */
  int resultsSince() {
    return resultsSince;
  }
}
