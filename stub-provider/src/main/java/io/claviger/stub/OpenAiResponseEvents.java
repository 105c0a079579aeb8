package io.claviger.stub;

/** The stream of {@code responses}. Each event has a name and a sequence number. */
final class OpenAiResponseEvents implements TextStream {
  private final StubCall call;
  private final String place;
  private int sequence;

  OpenAiResponseEvents(StubCall call) {
    this.call = call;
    this.place = "\"item_id\": \"msg_%s\", \"output_index\": 0, ".formatted(call.id());
  }

  @Override
  public String opening() {
    String begun = OpenAiResponses.response(call, "in_progress", "[]", "null");
    String item = OpenAiResponses.message(call, "in_progress", "");
    return event("response.created", "\"response\": " + begun)
        + event("response.in_progress", "\"response\": " + begun)
        + event("response.output_item.added", "\"output_index\": 0, \"item\": " + item)
        + event("response.content_part.added", content("\"part\": " + OpenAiResponses.part("")));
  }

  @Override
  public String piece(String text) {
    String delta = "\"logprobs\": [], \"delta\": " + Json.quoted(text);
    return event("response.output_text.delta", content(delta));
  }

  @Override
  public String closing(String wholeText) {
    String part = OpenAiResponses.part(wholeText);
    String item = OpenAiResponses.message(call, "completed", part);
    String text = "\"logprobs\": [], \"text\": " + Json.quoted(wholeText);
    String whole =
        OpenAiResponses.response(call, "completed", "[" + item + "]", OpenAiResponses.usage(call));
    return event("response.output_text.done", content(text))
        + event("response.content_part.done", content("\"part\": " + part))
        + event("response.output_item.done", "\"output_index\": 0, \"item\": " + item)
        + event("response.completed", "\"response\": " + whole);
  }

  private String content(String fields) {
    return place + "\"content_index\": 0, " + fields;
  }

  private String event(String name, String fields) {
    return "event: %s\ndata: {\"type\": \"%s\", \"sequence_number\": %d, %s}\n\n"
        .formatted(name, name, sequence++, Json.oneLine(fields));
  }
}
