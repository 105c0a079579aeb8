package io.claviger.stub;

import io.claviger.stub.Account.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The code that all of OpenAI's operations on stored objects share. */
final class OpenAiStore {
  private OpenAiStore() {}

  static ObjectRoutes routes() {
    ObjectRoutes routes = new ObjectRoutes();
    OpenAiFiles.addTo(routes);
    OpenAiUploads.addTo(routes);
    OpenAiBatches.addTo(routes);
    OpenAiStoredResponses.addTo(routes);
    OpenAiStoredChats.addTo(routes);
    OpenAiConversations.addTo(routes);
    OpenAiVectorStores.addTo(routes);
    OpenAiContainers.addTo(routes);
    return routes;
  }

  static Refused refused(
      int status, String message, @Nullable String param, @Nullable String code) {
    ObjectNode body = ObjectCall.newObject();
    body.putObject("error")
        .put("message", message)
        .put("type", "invalid_request_error")
        .put("param", param)
        .put("code", code);
    return new Refused(StubResponse.json(status, body.toString()));
  }

  static StoredObject found(
      BoundedObjects objects, String id, String missing, @Nullable String param) {
    StoredObject object = objects.get(id);
    if (object == null) {
      throw refused(404, missing, param, null);
    }
    return object;
  }

  static StoredObject file(Account account, String id, @Nullable String param) {
    return found(account.of(Kind.FILE), id, "No such File object: " + id, param);
  }

  static StubResponse deleted(String id, String object) {
    ObjectNode body = ObjectCall.newObject();
    return ObjectCall.answer(body.put("id", id).put("object", object).put("deleted", true));
  }

  static StubResponse list(ObjectCall call, Collection<StoredObject> all) {
    return list(call, all, 20, 100);
  }

  /**
   * Answers with the page that the parameters {@code order}, {@code after}, {@code before} and
   * {@code limit} request.
   */
  static StubResponse list(ObjectCall call, Collection<StoredObject> all, int usual, int most) {
    List<JsonNode> items = new ArrayList<>();
    all.forEach(object -> items.add(object.json()));
    return page(call, items, usual, most);
  }

  static StubResponse page(ObjectCall call, List<JsonNode> all, int usual, int most) {
    List<JsonNode> items = new ArrayList<>(all);
    if (!"asc".equals(call.query("order"))) {
      Collections.reverse(items);
    }
    int from = position(items, call.query("after"), -1) + 1;
    int end = position(items, call.query("before"), items.size());
    int to = Math.min(end, from + call.query("limit", usual, most));
    return ObjectCall.answer(page(items.subList(Math.min(from, to), to), to < end));
  }

  static ObjectNode page(List<JsonNode> items, boolean more) {
    ObjectNode page = ObjectCall.newObject().put("object", "list");
    ArrayNode data = page.putArray("data");
    items.forEach(data::add);
    boolean empty = items.isEmpty();
    page.put("first_id", empty ? null : ObjectCall.text(items.get(0), "id", ""));
    page.put("last_id", empty ? null : ObjectCall.text(items.get(items.size() - 1), "id", ""));
    return page.put("has_more", more);
  }

  private static int position(List<JsonNode> items, @Nullable String cursor, int otherwise) {
    if (cursor == null || cursor.isEmpty()) {
      return otherwise;
    }
    for (int i = 0; i < items.size(); i++) {
      if (ObjectCall.text(items.get(i), "id", "").equals(cursor)) {
        return i;
      }
    }
    throw refused(404, "No object found with id '" + cursor + "'.", "after", null);
  }

  /** Copies a request's metadata; if there are none, the copy is an empty object. */
  static void putMetadata(ObjectNode object, ObjectNode body) {
    object.set(
        "metadata",
        body.path("metadata").isObject() ? body.get("metadata") : ObjectCall.newObject());
  }
}
