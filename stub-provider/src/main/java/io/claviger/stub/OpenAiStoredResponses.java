package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.stub.Account.Kind;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers calls about OpenAI's stored responses. A response is stored unless the request forbids
 * it.
 */
final class OpenAiStoredResponses {
  private OpenAiStoredResponses() {}

  static void addTo(ObjectRoutes routes) {
    routes
        .on("GET", "responses/{}", call -> ObjectCall.answer(found(call).json()))
        .on("DELETE", "responses/{}", OpenAiStoredResponses::delete)
        .on("POST", "responses/{}/cancel", OpenAiStoredResponses::cancel)
        .on("GET", "responses/{}/input_items", OpenAiStoredResponses::inputItems);
  }

  static boolean isStored(StubCall call) {
    return !"false".equals(call.fields().scalar("store"));
  }

  /**
   * Stores a response.
   *
   * @param response the complete response, as JSON
   * @param items the response's items as JSON, keyed by their ids
   */
  static void keep(StubCall call, String response, List<OpenAiPrelude> items) {
    Account account = call.account();
    addToConversation(call, items);
    if (!isStored(call)) {
      return;
    }
    byte[] request = new ObjectCall(call, List.of()).bytes();
    String id = account.idOf("resp_", call);
    account.of(Kind.RESPONSE).add(new StoredObject(id, response, request));
    String reasoning =
        items.stream()
            .map(OpenAiPrelude::id)
            .filter(each -> each.startsWith("rs_"))
            .findFirst()
            .orElse("");
    for (OpenAiPrelude item : items) {
      byte[] needed = item.id().startsWith("rs_") ? new byte[0] : reasoning.getBytes(UTF_8);
      account.of(Kind.ITEM).add(new StoredObject(item.id(), item.item(), needed));
    }
  }

  /** Ends a background response, unless it was cancelled or deleted. */
  static void finish(StubCall call, String response, List<OpenAiPrelude> items) {
    StoredObject stored = call.account().of(Kind.RESPONSE).get(call.account().idOf("resp_", call));
    if (stored != null && ObjectCall.text(stored.json(), "status", "").equals("queued")) {
      keep(call, response, items);
    }
  }

  private static void addToConversation(StubCall call, List<OpenAiPrelude> items) {
    String id = call.fields().scalar("conversation");
    String named = id == null ? call.fields().scalar("conversation.id") : id;
    StoredObject conversation =
        named == null ? null : call.account().of(Kind.CONVERSATION).get(named);
    if (conversation == null) {
      return;
    }
    BoundedObjects held = conversation.inner("items");
    List<JsonNode> input = OpenAiContext.items(new ObjectCall(call, List.of()).body());
    for (JsonNode item : input.subList(Math.min(held.ids().size(), input.size()), input.size())) {
      OpenAiConversations.keep(call.account(), held, item);
    }
    for (OpenAiPrelude item : items) {
      held.add(new StoredObject(item.id(), item.item(), new byte[0]));
      call.account().of(Kind.ITEM).add(new StoredObject(item.id(), item.item(), new byte[0]));
    }
  }

  private static StoredObject found(ObjectCall call) {
    return OpenAiStore.found(
        call.of(Kind.RESPONSE), call.id(), "Response with id '" + call.id() + "' not found.", null);
  }

  private static StubResponse delete(ObjectCall call) {
    found(call)
        .json()
        .path("output")
        .forEach(item -> call.of(Kind.ITEM).remove(ObjectCall.text(item, "id", "")));
    call.of(Kind.RESPONSE).remove(call.id());
    return OpenAiStore.deleted(call.id(), "response");
  }

  private static StubResponse cancel(ObjectCall call) {
    ObjectNode response = found(call).json();
    if (!response.path("background").asBoolean(false)) {
      throw OpenAiStore.refused(400, "Cannot cancel a synchronous response.", "response_id", null);
    }
    if (ObjectCall.text(response, "status", "").equals("queued")) {
      response.put("status", "cancelled");
    }
    return ObjectCall.answer(response);
  }

  private static StubResponse inputItems(ObjectCall call) {
    StoredObject response = found(call);
    List<JsonNode> items = new ArrayList<>();
    for (JsonNode each :
        OpenAiContext.items(ObjectCall.parsed(response.content(), response.content().length))) {
      ObjectNode item = each instanceof ObjectNode object ? object : ObjectCall.newObject();
      if (!item.has("id")) {
        item.put("id", ObjectIds.of("msg_", call.id().hashCode() * 31L + items.size()));
      }
      if (!item.has("type")) {
        item.put("type", "message");
      }
      items.add(item);
    }
    return OpenAiStore.page(call, items, 20, 100);
  }
}
