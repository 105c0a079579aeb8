package io.claviger.stub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
            .formatted(call.id(), JsonTemplates.quoted(call.model()), results));
  }

  private static String categories(String value) {
    return Arrays.stream(CATEGORIES)
        .map(name -> "\"" + name + "\": " + value)
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** Answers a generation or an edit with as many images as are asked for, 1 to 10. */
  static StubResponse image(StubCall call) {
    StubUsage usage = StubUsage.of(call, 1);
    String image =
        "{\"b64_json\": \"%s\", \"revised_prompt\": %s}"
            .formatted(PNG, JsonTemplates.quoted(call.prompt()));
    return StubResponse.json(
        200,
        """
        {"created": 1767225600, "data": [%s],
          "usage": {"input_tokens": %d, "output_tokens": %d, "total_tokens": %d,
            "input_tokens_details": {"text_tokens": %d, "image_tokens": %d}}}
        """
            .formatted(
                String.join(", ", Collections.nCopies(images(call), image)),
                usage.input(),
                usage.output(),
                usage.total(),
                usage.input() - usage.images(),
                usage.images()));
  }

  private static int images(StubCall call) {
    @Nullable String n = call.fields().scalar("n");
    if (n == null) {
      return 1;
    }
    if (!n.matches("[1-9]|10")) {
      throw new BadCall("n must be 1 to 10");
    }
    return Integer.parseInt(n);
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
                JsonTemplates.quoted(call.reply()),
                call.promptTokens(),
                call.replyTokens(),
                call.promptTokens() + call.replyTokens()));
  }
}
