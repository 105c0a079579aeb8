package io.claviger.stub;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers {@code v1/chat}. The stream of this operation has one JSON object on each line. */
final class CohereFirstChat implements StubOperation {
  @Override
  public StubResponse answer(StubCall call) {
    return StubResponse.json(200, response(call, call.reply()));
  }

  @Override
  public @Nullable TextStream streamed(StubCall call) {
    return call.fields().flag("stream") ? new Lines(call) : null;
  }

  @Override
  public StubBill bill(StubCall call) {
    return StubBill.ofText(call, List.of());
  }

  private static String response(StubCall call, String text) {
    return ("{\"response_id\": \"%s\", \"generation_id\": \"%s\", \"text\": %s, "
            + "\"chat_history\": [], \"finish_reason\": \"COMPLETE\", \"meta\": "
            + "{\"api_version\": {\"version\": \"1\"}, %s}}")
        .formatted(call.id(), call.id(), JsonTemplates.quoted(text), CohereChat.units(call));
  }

  private record Lines(StubCall call) implements TextStream {
    @Override
    public String contentType() {
      return "application/stream+json";
    }

    @Override
    public String opening() {
      return line(false, "stream-start", "\"generation_id\": \"" + call.id() + "\"");
    }

    @Override
    public String piece(String text) {
      return line(false, "text-generation", "\"text\": " + JsonTemplates.quoted(text));
    }

    @Override
    public String closing(String wholeText) {
      return line(
          true,
          "stream-end",
          "\"finish_reason\": \"COMPLETE\", \"response\": " + response(call, wholeText));
    }

    private static String line(boolean last, String type, String fields) {
      return "{\"is_finished\": %s, \"event_type\": \"%s\", %s}\n".formatted(last, type, fields);
    }
  }
}
