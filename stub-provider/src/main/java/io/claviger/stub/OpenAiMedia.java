package io.claviger.stub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.stream.Collectors;

/** OpenAI's operations for images, audio and moderation. */
final class OpenAiMedia {
  /** An image of one transparent pixel. */
  private static final String PNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  private static final String[] CATEGORIES = {
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit",
    "illicit/violent", "self-harm", "self-harm/instructions", "self-harm/intent", "sexual",
    "sexual/minors", "violence", "violence/graphic"
  };

  private OpenAiMedia() {}

  /** Answers a moderation. No text is ever flagged. */
  static StubResponse moderation(StubCall call) {
    String result =
        "{\"flagged\": false, \"categories\": %s, \"category_scores\": %s, %s}"
            .formatted(
                categories("false"),
                categories("0.0"),
                "\"category_applied_input_types\": " + categories("[\"text\"]"));
    String results =
        call.fields().texts("input").stream()
            .map(input -> result)
            .collect(Collectors.joining(", ", "[", "]"));
    return StubResponse.json(
        200,
        "{\"id\": \"modr-%s\", \"model\": %s, \"results\": %s}"
            .formatted(call.id(), Json.quoted(call.model()), results));
  }

  private static String categories(String value) {
    return Arrays.stream(CATEGORIES)
        .map(name -> "\"" + name + "\": " + value)
        .collect(Collectors.joining(", ", "{", "}"));
  }

  static StubResponse image(StubCall call) {
    return StubResponse.json(
        200,
        """
        {"created": 1767225600, "data": [{"b64_json": "%s", "revised_prompt": %s}],
          "usage": {"input_tokens": %d, "output_tokens": 1, "total_tokens": %d,
            "input_tokens_details": {"text_tokens": %d, "image_tokens": 0}}}
        """
            .formatted(
                PNG,
                Json.quoted(call.prompt()),
                call.promptTokens(),
                call.promptTokens() + 1,
                call.promptTokens()));
  }

  /** Answers with the prompt after the first bytes of an MP3 file. */
  static StubResponse speech(StubCall call) {
    return StubResponse.of(200, "audio/mpeg", ("ID3" + call.prompt()).getBytes(US_ASCII));
  }

  static StubResponse transcript(StubCall call) {
    return StubResponse.json(
        200,
        """
        {"text": %s, "usage": {"type": "tokens", "input_tokens": %d, "output_tokens": %d,
          "total_tokens": %d}}
        """
            .formatted(
                Json.quoted(call.reply()),
                call.promptTokens(),
                call.replyTokens(),
                call.promptTokens() + call.replyTokens()));
  }
}
