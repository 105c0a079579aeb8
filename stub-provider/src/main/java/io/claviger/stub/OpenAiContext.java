package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.stub.Account.Kind;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects to which a call of {@code responses} or {@code chat/completions} refers. If the
 * account lacks such an object, the call is refused as at OpenAI. The earlier turns to which a call
 * refers become a part of its input.
 */
final class OpenAiContext {
  private static final List<String> MARKS =
      List.of("_id", "\"id\"", "\"conversation\"", "\"container\"");

  private final Account account;
  private final ObjectNode body;
  private final ArrayNode input = ObjectCall.newObject().putArray("input");

  /** The ids of all items in this request and in the earlier turns. */
  private final Set<String> seen = new HashSet<>();

  private OpenAiContext(Account account, ObjectNode body) {
    this.account = account;
    this.body = body;
  }

  /**
   * Returns the request with the whole input that the model reads; returns the same request if it
   * refers to nothing.
   *
   * @throws Refused if the account lacks an object to which the request refers
   */
  static IncomingRequest resolved(Account account, IncomingRequest request) {
    if (MARKS.stream().noneMatch(request::mentions)) {
      return request;
    }
    JsonNode body;
    try {
      body = ObjectCall.parsed(request.kept(), request.keptLength());
    } catch (BadCall malformed) {
      return request; // The operation refuses a malformed body.
    }
    if (!(body instanceof ObjectNode object)) {
      return request;
    }
    OpenAiContext context = new OpenAiContext(account, object);
    context.checkTools();
    object.path("messages").forEach(context::checkChatMessage);
    if (!object.has("input") && !object.has("prompt")) {
      return request;
    }
    context.checkPrompt();
    context.addEarlierTurns();
    context.addInput();
    if (context.input.isEmpty()) {
      return request;
    }
    object.set("input", context.input);
    return request.withBody(object.toString().getBytes(UTF_8));
  }

  private static Refused missing(String title, String id, @Nullable String param) {
    return OpenAiStore.refused(404, "%s with id '%s' not found.".formatted(title, id), param, null);
  }

  private void checkPrompt() {
    JsonNode prompt = body.path("prompt");
    String id = ObjectCall.text(prompt, "id", "");
    if (prompt.isObject() && !id.equals(account.promptId())) {
      throw missing("Prompt", id, "prompt");
    }
  }

  private void checkTools() {
    for (JsonNode tool : body.path("tools")) {
      for (JsonNode id : tool.path("vector_store_ids")) {
        require(Kind.VECTOR_STORE, "Vector store", id.asString(""), "tools");
      }
      JsonNode container = tool.path("container");
      if (container.isString()) {
        require(Kind.CONTAINER, "Container", container.asString(""), "tools");
      }
      container.path("file_ids").forEach(id -> requireFile(id.asString("")));
      requireFiles(tool);
    }
  }

  private void require(Kind kind, String title, String id, String param) {
    if (account.of(kind).get(id) == null) {
      throw missing(title, id, param);
    }
  }

  private void requireFile(String id) {
    if (account.of(Kind.FILE).get(id) == null) {
      throw OpenAiStore.refused(404, "Files [" + id + "] were not found.", "file_id", null);
    }
  }

  /** Checks each {@code file_id} in a value of the request. */
  private void requireFiles(JsonNode value) {
    JsonNode id = value.path("file_id");
    if (id.isString()) {
      requireFile(id.asString(""));
    }
    value.forEach(
        inner -> {
          if (inner.isObject() || inner.isArray()) {
            requireFiles(inner);
          }
        });
  }

  private void checkChatMessage(JsonNode message) {
    requireFiles(message.path("content"));
    JsonNode audio = message.path("audio").path("id");
    if (audio.isString()) {
      throw missing("Audio", audio.asString(""), "messages");
    }
  }

  private void addEarlierTurns() {
    JsonNode previous = body.path("previous_response_id");
    JsonNode named = body.path("conversation");
    if (previous.isString() && !named.isMissingNode() && !named.isNull()) {
      throw OpenAiStore.refused(
          400,
          "Mutually exclusive parameters: 'previous_response_id' and 'conversation'.",
          "previous_response_id",
          "mutually_exclusive_parameters");
    }
    if (previous.isString()) {
      addTurn(previous.asString(""));
    }
    String conversation = named.isString() ? named.asString("") : ObjectCall.text(named, "id", "");
    if (!conversation.isEmpty()) {
      StoredObject found = account.of(Kind.CONVERSATION).get(conversation);
      if (found == null) {
        throw missing("Conversation", conversation, null);
      }
      found.inner("items").all().forEach(item -> add(item.json()));
    }
  }

  private void addTurn(String id) {
    StoredObject response = account.of(Kind.RESPONSE).get(id);
    if (response == null) {
      throw OpenAiStore.refused(
          400,
          "Previous response with id '%s' not found.".formatted(id),
          "previous_response_id",
          "previous_response_not_found");
    }
    items(ObjectCall.parsed(response.content(), response.content().length)).forEach(this::add);
    response.json().path("output").forEach(this::add);
  }

  /**
   * Returns the input of a request as a list of items. A text counts as one message of the user.
   */
  static List<JsonNode> items(JsonNode request) {
    JsonNode input = request.path("input");
    if (!input.isString()) {
      return input.valueStream().toList();
    }
    ObjectNode message = ObjectCall.newObject().put("type", "message").put("role", "user");
    message
        .putArray("content")
        .addObject()
        .put("type", "input_text")
        .put("text", input.asString(""));
    return List.of(message);
  }

  private void add(JsonNode item) {
    input.add(item);
    seen.add(ObjectCall.text(item, "id", ""));
  }

  private void addInput() {
    List<JsonNode> items = items(body);
    items.forEach(item -> seen.add(ObjectCall.text(item, "id", "")));
    for (JsonNode item : items) {
      checkApproval(item);
      requireFiles(item.path("content"));
      requireFiles(item.path("output"));
      input.add(resolved(item));
    }
  }

  private JsonNode resolved(JsonNode item) {
    String id = ObjectCall.text(item, "id", "");
    String type = ObjectCall.text(item, "type", item.has("role") ? "message" : "item_reference");
    StoredObject known = account.of(Kind.ITEM).get(id);
    if (type.equals("item_reference")
        || (type.equals("image_generation_call") && !item.path("result").isString())) {
      if (known == null) {
        throw OpenAiStore.refused(404, "Item with id '" + id + "' not found.", "input", null);
      }
      return known.json();
    }
    if (type.equals("reasoning")) {
      checkReasoning(item, id, known != null);
    } else if (known != null && known.content().length > 0) {
      String needed = new String(known.content(), UTF_8);
      if (!seen.contains(needed)) {
        throw OpenAiStore.refused(
            400,
            "Item '%s' of type '%s' was provided without its required 'reasoning' item: '%s'."
                .formatted(id, type, needed),
            "input",
            null);
      }
    }
    return item;
  }

  /**
   * An approval is valid only if this call or an earlier turn contains the approval request that it
   * answers.
   */
  private void checkApproval(JsonNode item) {
    String id = ObjectCall.text(item, "approval_request_id", "");
    if (ObjectCall.text(item, "type", "").equals("mcp_approval_response") && !seen.contains(id)) {
      throw OpenAiStore.refused(
          400, "No approval request found with id '" + id + "'.", "input", null);
    }
  }

  private void checkReasoning(JsonNode item, String id, boolean known) {
    JsonNode encrypted = item.path("encrypted_content");
    if (encrypted.isString()) {
      if (isForeign(encrypted.asString(""))) {
        throw OpenAiStore.refused(
            400,
            "The encrypted content for item %s could not be verified.".formatted(id),
            null,
            "invalid_encrypted_content");
      }
    } else if (!known && !id.isEmpty()) {
      throw OpenAiStore.refused(
          404,
          ("Item with id '%s' not found. Items are not persisted when `store` is set to false. "
                  + "Try again with `store` set to true, or remove this item from your input.")
              .formatted(id),
          "input",
          null);
    }
  }

  private static final String SEALED = "stub-reasoning:";

  /**
   * Returns a text that stands for an encrypted chain of thought. Only the same account can send
   * this text back.
   */
  static String encrypted(Account account, String id) {
    return Base64.getUrlEncoder()
        .encodeToString((SEALED + account.key().hashCode() + ":" + id).getBytes(UTF_8));
  }

  private boolean isForeign(String encrypted) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(encrypted), UTF_8);
      return plain.startsWith(SEALED) && !plain.startsWith(SEALED + account.key().hashCode() + ":");
    } catch (IllegalArgumentException notOfTheStub) {
      return false;
    }
  }
}
