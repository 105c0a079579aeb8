package io.claviger.stub;

import io.claviger.stub.Account.Kind;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers calls about OpenAI's conversations and their items. */
final class OpenAiConversations {
  private static final byte[] NOTHING = {};

  private OpenAiConversations() {}

  static void addTo(ObjectRoutes routes) {
    routes
        .on("POST", "conversations", OpenAiConversations::create)
        .on("GET", "conversations/{}", call -> ObjectCall.answer(found(call).json()))
        .on("POST", "conversations/{}", OpenAiConversations::update)
        .on("DELETE", "conversations/{}", OpenAiConversations::delete)
        .on("POST", "conversations/{}/items", OpenAiConversations::createItems)
        .on("GET", "conversations/{}/items", call -> OpenAiStore.list(call, items(call).all()))
        .on("GET", "conversations/{}/items/{}", call -> ObjectCall.answer(item(call).json()))
        .on("DELETE", "conversations/{}/items/{}", OpenAiConversations::deleteItem);
  }

  private static StoredObject found(ObjectCall call) {
    return OpenAiStore.found(
        call.of(Kind.CONVERSATION),
        call.id(),
        "Conversation with id '" + call.id() + "' not found.",
        null);
  }

  private static BoundedObjects items(ObjectCall call) {
    return found(call).inner("items");
  }

  private static StoredObject item(ObjectCall call) {
    String id = call.ids().get(1);
    return OpenAiStore.found(
        items(call), id, "Conversation item with id '" + id + "' not found.", null);
  }

  private static StubResponse create(ObjectCall call) {
    ObjectNode body = call.body();
    ObjectNode conversation =
        ObjectCall.newObject()
            .put("id", call.account().newId("conv_"))
            .put("object", "conversation")
            .put("created_at", ObjectCall.seconds());
    OpenAiStore.putMetadata(conversation, body);
    StoredObject stored =
        new StoredObject(ObjectCall.text(conversation, "id", ""), conversation, NOTHING);
    body.path("items").forEach(item -> keep(call.account(), stored.inner("items"), item));
    call.of(Kind.CONVERSATION).add(stored);
    return ObjectCall.answer(conversation);
  }

  /** Stores an item, with a new id if it has none. */
  static ObjectNode keep(Account account, BoundedObjects items, JsonNode sent) {
    ObjectNode item =
        ObjectCall.newObject()
            .put("id", account.newId("msg_"))
            .put("type", "message")
            .put("status", "completed");
    sent.properties().forEach(field -> item.set(field.getKey(), field.getValue()));
    if (item.path("content").isString()) {
      String text = ObjectCall.text(item, "content", "");
      item.putArray("content").addObject().put("type", "input_text").put("text", text);
    }
    String id = ObjectCall.text(item, "id", "");
    items.add(new StoredObject(id, item, NOTHING));
    account.of(Kind.ITEM).add(new StoredObject(id, item, NOTHING));
    return item;
  }

  private static StubResponse update(ObjectCall call) {
    ObjectNode conversation = found(call).json();
    OpenAiStore.putMetadata(conversation, call.body());
    return ObjectCall.answer(conversation);
  }

  private static StubResponse delete(ObjectCall call) {
    items(call).ids().forEach(call.of(Kind.ITEM)::remove);
    call.of(Kind.CONVERSATION).remove(call.id());
    return OpenAiStore.deleted(call.id(), "conversation.deleted");
  }

  private static StubResponse createItems(ObjectCall call) {
    BoundedObjects items = items(call);
    List<JsonNode> made = new ArrayList<>();
    for (JsonNode item : call.body().path("items")) {
      made.add(keep(call.account(), items, item));
    }
    return ObjectCall.answer(OpenAiStore.page(made, false));
  }

  private static StubResponse deleteItem(ObjectCall call) {
    String id = item(call).id();
    items(call).remove(id);
    call.of(Kind.ITEM).remove(id);
    return ObjectCall.answer(found(call).json());
  }
}
