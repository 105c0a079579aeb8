package io.claviger.stub;

import io.claviger.stub.Account.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers calls about OpenAI's stored chat completions. A completion is stored only if the request
 * says so.
 */
final class OpenAiStoredChats {
  private OpenAiStoredChats() {}

  static void addTo(ObjectRoutes routes) {
    routes
        .on("GET", "chat/completions", OpenAiStoredChats::list)
        .on("GET", "chat/completions/{}", call -> ObjectCall.answer(found(call).json()))
        .on("POST", "chat/completions/{}", OpenAiStoredChats::update)
        .on("DELETE", "chat/completions/{}", OpenAiStoredChats::delete)
        .on("GET", "chat/completions/{}/messages", OpenAiStoredChats::messages);
  }

  /** Stores a completion if its request demands this. */
  static void keep(StubCall call, byte[] completion) {
    if (!call.fields().flag("store")) {
      return;
    }
    ObjectCall request = new ObjectCall(call, List.of());
    ObjectNode shown = (ObjectNode) ObjectCall.parsed(completion, completion.length);
    OpenAiStore.putMetadata(shown, request.body());
    String id = ObjectCall.text(shown, "id", "");
    request.of(Kind.CHAT).add(new StoredObject(id, shown, request.bytes()));
  }

  private static StoredObject found(ObjectCall call) {
    return OpenAiStore.found(
        call.of(Kind.CHAT),
        call.id(),
        "Chat completion with id '" + call.id() + "' not found.",
        "completion_id");
  }

  private static StubResponse list(ObjectCall call) {
    String model = call.query("model");
    List<StoredObject> chats = new ArrayList<>(call.of(Kind.CHAT).all());
    chats.removeIf(
        chat -> model != null && !model.equals(ObjectCall.text(chat.json(), "model", "")));
    if (call.query("order") == null) {
      // Unlike all other lists, this list begins with the oldest chat by default.
      Collections.reverse(chats);
    }
    return OpenAiStore.list(call, chats);
  }

  private static StubResponse update(ObjectCall call) {
    ObjectNode chat = found(call).json();
    OpenAiStore.putMetadata(chat, call.body());
    return ObjectCall.answer(chat);
  }

  private static StubResponse delete(ObjectCall call) {
    found(call);
    call.of(Kind.CHAT).remove(call.id());
    return OpenAiStore.deleted(call.id(), "chat.completion.deleted");
  }

  private static StubResponse messages(ObjectCall call) {
    JsonNode request = ObjectCall.parsed(found(call).content(), found(call).content().length);
    List<JsonNode> messages = new ArrayList<>();
    for (JsonNode message : request.path("messages")) {
      ObjectNode shown = ObjectCall.newObject().put("id", call.id() + "-" + messages.size());
      shown.put("role", ObjectCall.text(message, "role", "user"));
      shown.set("content", message.path("content"));
      messages.add(shown.putNull("name").putNull("content_parts"));
    }
    return OpenAiStore.page(call, messages, 20, 100);
  }
}
