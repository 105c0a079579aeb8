package io.claviger.stub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers OpenAI's operations for images, audio and moderation. */
final class OpenAiMedia {
  /** An image of one transparent pixel. */
  private static final String PNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  private static final String[] CATEGORIES = {
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit",
    "illicit/violent", "self-harm", "self-harm/instructions", "self-harm/intent", "sexual",
    "sexual/minors", "violence", "violence/graphic"
  };

  static final StubOperation IMAGES = new Images("image_generation");
  static final StubOperation EDITS = new Images("image_edit");

  static final StubOperation SPEECH =
      ((StubOperation) OpenAiMedia::speech)
          .billed(
              call ->
                  new StubBill(
                      "audio_speeches",
                      StubUsage.ofInput(0),
                      List.of(
                          new ProviderLedger.Fee(
                              "character", "", call.prompt().codePoints().count()))));

  static final StubOperation MODERATION = new Moderation();
  static final StubOperation TRANSCRIPTS = new Transcripts();

  static final StubOperation PAGES =
      ((StubOperation) OpenAiMedia::pages)
          .billed(
              call ->
                  new StubBill(
                      "ocr",
                      StubUsage.ofInput(0),
                      List.of(new ProviderLedger.Fee("page", "", pageCount(call)))));

  private OpenAiMedia() {}

  /** Moderations, which Mistral charges for and OpenAI does not. */
  private static final class Moderation implements StubOperation {
    @Override
    public StubResponse answer(StubCall call) {
      return moderation(call);
    }

    @Override
    public @Nullable StubBill bill(StubCall call) {
      return call.model().startsWith("mistral-")
          ? StubBill.ofInput("moderations", call.promptTokens())
          : null;
    }
  }

  /** Answers a moderation. No text is ever flagged as harmful. */
  private static StubResponse moderation(StubCall call) {
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

  /**
   * Generates or edits images.
   *
   * @param events the word with which the types of the events in a stream begin
   */
  private record Images(String events) implements StubOperation {
    /** Answers with the requested number of images, from 1 to 10. */
    @Override
    public StubResponse answer(StubCall call) {
      String image =
          "{\"b64_json\": \"%s\", \"revised_prompt\": %s}"
              .formatted(PNG, JsonTemplates.quoted(call.prompt()));
      return StubResponse.json(
          200,
          "{\"created\": 1767225600, %s\"data\": [%s], %s}"
              .formatted(
                  isOfXai(call)
                      ? ""
                      : "\"quality\": \"%s\", \"size\": \"%s\", "
                          .formatted(quality(call), size(call)),
                  String.join(", ", Collections.nCopies(images(call), image)),
                  usage(call)));
    }

    @Override
    public StubBill bill(StubCall call) {
      return new StubBill(
          "images",
          StubUsage.of(call, 1),
          List.of(
              new ProviderLedger.Fee(
                  "image",
                  isOfXai(call)
                      ? chosen(call.fields().scalar("resolution"), "1k")
                      : quality(call) + "/" + size(call),
                  images(call))));
    }

    @Override
    public @Nullable TextStream streamed(StubCall call) {
      if (!call.fields().flag("stream")) {
        return null;
      }
      if (images(call) > 1) {
        throw new BadCall("Streaming is only supported with n=1.");
      }
      return new ImageEvents(call, events);
    }

    private static String usage(StubCall call) {
      StubUsage usage = StubUsage.of(call, 1);
      return """
      "usage": {"input_tokens": %d, "output_tokens": %d, "total_tokens": %d,
        "input_tokens_details": {"text_tokens": %d, "image_tokens": %d}}\
      """
          .formatted(
              usage.input(),
              usage.output(),
              usage.total(),
              usage.input() - usage.images(),
              usage.images())
          .replace("\n", "");
    }
  }

  /** The events with an image: the unfinished image that was requested, and the finished image. */
  private record ImageEvents(StubCall call, String events) implements TextStream {
    @Override
    public String opening() {
      String partial = call.fields().scalar("partial_images");
      return partial == null || partial.equals("0")
          ? ""
          : event("partial_image", "\"partial_image_index\": 0");
    }

    @Override
    public String piece(String text) {
      return "";
    }

    @Override
    public String closing(String wholeText) {
      return event("completed", Images.usage(call));
    }

    private String event(String name, String members) {
      String type = events + "." + name;
      return ("event: %s\ndata: {\"type\": \"%s\", \"b64_json\": \"%s\", \"quality\": \"%s\","
              + " \"size\": \"%s\", %s}\n\n")
          .formatted(type, type, PNG, quality(call), size(call), members);
    }
  }

  /** Whether answers state neither the quality nor the size of images, as those of xAI do. */
  private static boolean isOfXai(StubCall call) {
    return call.model().startsWith("grok");
  }

  private static String quality(StubCall call) {
    return chosen(call.fields().scalar("quality"), "medium");
  }

  private static String size(StubCall call) {
    return chosen(call.fields().scalar("size"), "1024x1024");
  }

  private static String chosen(@Nullable String asked, String usual) {
    return asked == null || !asked.matches("[a-z0-9]{1,20}") || asked.equals("auto")
        ? usual
        : asked;
  }

  private static int pageCount(StubCall call) {
    return Math.max(1, String.join(" ", call.fields().texts("pages")).split(" ").length);
  }

  /** Answers with the text of the requested pages. */
  static StubResponse pages(StubCall call) {
    return StubResponse.json(
        200,
        """
        {"pages": [{"index": 0, "markdown": "stub", "images": []}], "model": %s,
          "usage_info": {"pages_processed": %d, "doc_size_bytes": null}}
        """
            .formatted(JsonTemplates.quoted(call.answeringModel()), pageCount(call)));
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

  /** Answers with the first bytes of an MP3 file, followed by the prompt. */
  static StubResponse speech(StubCall call) {
    return StubResponse.of(200, "audio/mpeg", ("ID3" + call.prompt()).getBytes(US_ASCII));
  }

  /** The stub counts 1,000 bytes of a recording as one second. */
  private static long seconds(StubCall call) {
    return 1 + (call.request().keptLength() + call.request().lostLength()) / 1_000;
  }

  /** The seconds that are billed for the shortest recording. Groq's models have longer names. */
  private static long leastSeconds(StubCall call) {
    return call.model().startsWith("whisper-large-") ? 10 : 1;
  }

  /** Whether calls of the model are charged by the length of the recording, and not by tokens. */
  private static boolean isTimed(StubCall call) {
    return call.model().startsWith("whisper");
  }

  private static final class Transcripts implements StubOperation {
    @Override
    public StubResponse answer(StubCall call) {
      return StubResponse.json(200, "{%s}".formatted(transcript(call)));
    }

    @Override
    public StubBill bill(StubCall call) {
      return isTimed(call)
          ? new StubBill(
              "audio_transcriptions",
              StubUsage.ofInput(0),
              List.of(
                  new ProviderLedger.Fee(
                      "audio_second", "", Math.max(seconds(call), leastSeconds(call)))))
          : new StubBill("audio_transcriptions", StubUsage.of(call), List.of());
    }

    /** Models whose calls are charged by the length of the recording don't stream. */
    @Override
    public @Nullable TextStream streamed(StubCall call) {
      return call.fields().flag("stream") && !isTimed(call) ? new TranscriptEvents(call) : null;
    }
  }

  private static String transcript(StubCall call) {
    String usage =
        isTimed(call)
            ? "{\"type\": \"duration\", \"seconds\": %d}".formatted(seconds(call))
            : ("{\"type\": \"tokens\", \"input_tokens\": %d, \"output_tokens\": %d,"
                    + " \"total_tokens\": %d}")
                .formatted(
                    call.promptTokens(),
                    call.replyTokens(),
                    call.promptTokens() + call.replyTokens());
    return "\"text\": %s, \"usage\": %s".formatted(JsonTemplates.quoted(call.reply()), usage);
  }

  private record TranscriptEvents(StubCall call) implements TextStream {
    @Override
    public String opening() {
      return "";
    }

    @Override
    public String piece(String text) {
      return event("transcript.text.delta", "\"delta\": " + JsonTemplates.quoted(text));
    }

    @Override
    public String closing(String wholeText) {
      return event("transcript.text.done", transcript(call));
    }

    private static String event(String type, String members) {
      return "event: %s\ndata: {\"type\": \"%s\", %s}\n\n".formatted(type, type, members);
    }
  }
}
