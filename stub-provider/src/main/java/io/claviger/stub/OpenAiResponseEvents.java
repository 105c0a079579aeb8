package io.claviger.stub;

import java.util.ArrayList;
import java.util.List;

/**
 * The events of a stream of the operation {@code responses}. Each event has a name and a sequence
 * number.
 */
final class OpenAiResponseEvents implements TextStream {
  private final StubCall call;
  private final OpenAiOutputItem item;
  private final List<OpenAiPrelude> preludes;
  private int sequence;

  OpenAiResponseEvents(StubCall call) {
    this.call = call;
    this.item = OpenAiOutputItem.of(call);
    this.preludes = OpenAiPrelude.of(call);
  }

  @Override
  public String opening() {
    String begun = OpenAiResponses.response(call, "in_progress", "[]", "null");
    OpenAiStoredResponses.keep(call, begun, List.of());
    StringBuilder events =
        new StringBuilder(event("response.created", "\"response\": " + begun))
            .append(event("response.in_progress", "\"response\": " + begun));
    for (int i = 0; i < preludes.size(); i++) {
      String whole = "\"output_index\": %d, \"item\": %s".formatted(i, preludes.get(i).item());
      events.append(event("response.output_item.added", whole));
      events.append(event("response.output_item.done", whole));
    }
    return events
        + event("response.output_item.added", place() + ", \"item\": " + item.begun())
        + part("response.content_part.added", "");
  }

  @Override
  public String piece(String text) {
    return inItem(item.delta(text));
  }

  @Override
  public String closing(String wholeText) {
    String completed = item.completed(wholeText);
    List<OpenAiPrelude> items = new ArrayList<>(preludes);
    items.add(new OpenAiPrelude(item.id(), completed));
    String whole = OpenAiResponses.completed(call, items);
    OpenAiStoredResponses.keep(call, whole, items);
    return inItem(item.done(wholeText))
        + part("response.content_part.done", wholeText)
        + event("response.output_item.done", place() + ", \"item\": " + completed)
        + event("response.completed", "\"response\": " + whole);
  }

  /** Returns the event for a part of a message; empty if the item is a tool call. */
  private String part(String name, String text) {
    return call.script().toolCall() != null
        ? ""
        : inItem(
            new OpenAiOutputItem.Event(
                name, "\"content_index\": 0, \"part\": " + OpenAiOutputItem.part(text)));
  }

  private String inItem(OpenAiOutputItem.Event event) {
    String place = "\"item_id\": \"%s\", %s, ".formatted(item.id(), place());
    return event(event.name(), place + event.fields());
  }

  private String place() {
    return "\"output_index\": " + preludes.size();
  }

  private String event(String name, String fields) {
    return "event: %s\ndata: {\"type\": \"%s\", \"sequence_number\": %d, %s}\n\n"
        .formatted(name, name, sequence++, JsonTemplates.oneLine(fields));
  }
}
