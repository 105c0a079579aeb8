package io.claviger.stub;

/** The stream of {@code responses}. Each event has a name and a sequence number. */
final class OpenAiResponseEvents implements TextStream {
  private final StubCall call;
  private final OpenAiOutputItem item;
  private int sequence;

  OpenAiResponseEvents(StubCall call) {
    this.call = call;
    this.item = OpenAiOutputItem.of(call);
  }

  @Override
  public String opening() {
    String begun = OpenAiResponses.response(call, "in_progress", "[]", "null");
    return event("response.created", "\"response\": " + begun)
        + event("response.in_progress", "\"response\": " + begun)
        + event("response.output_item.added", "\"output_index\": 0, \"item\": " + item.begun())
        + part("response.content_part.added", "");
  }

  @Override
  public String piece(String text) {
    return inItem(item.delta(text));
  }

  @Override
  public String closing(String wholeText) {
    String completed = item.completed(wholeText);
    String whole =
        OpenAiResponses.response(
            call, "completed", "[" + completed + "]", OpenAiResponses.usage(call));
    return inItem(item.done(wholeText))
        + part("response.content_part.done", wholeText)
        + event("response.output_item.done", "\"output_index\": 0, \"item\": " + completed)
        + event("response.completed", "\"response\": " + whole);
  }

  /** The event about the part of a message; nothing for the call of a tool. */
  private String part(String name, String text) {
    return call.script().toolCall() != null
        ? ""
        : inItem(
            new OpenAiOutputItem.Event(
                name, "\"content_index\": 0, \"part\": " + OpenAiOutputItem.part(text)));
  }

  private String inItem(OpenAiOutputItem.Event event) {
    String place = "\"item_id\": \"%s\", \"output_index\": 0, ".formatted(item.id());
    return event(event.name(), place + event.fields());
  }

  private String event(String name, String fields) {
    return "event: %s\ndata: {\"type\": \"%s\", \"sequence_number\": %d, %s}\n\n"
        .formatted(name, name, sequence++, JsonTemplates.oneLine(fields));
  }
}
