package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call of an operation on stored objects.
 *
 * @param ids the ids in the path of the call, from left to right
 */
record ObjectCall(StubCall call, List<String> ids) {
  private static final JsonMapper JSON = new JsonMapper();

  static ObjectNode newObject() {
    return JSON.createObjectNode();
  }

  static StubResponse answer(JsonNode body) {
    return StubResponse.of(200, "application/json", JSON.writeValueAsBytes(body));
  }

  static JsonNode parsed(byte[] bytes, int length) {
    try {
      return JSON.readTree(bytes, 0, length);
    } catch (JacksonException malformed) {
      throw new BadCall("the body is not JSON");
    }
  }

  Account account() {
    return call.account();
  }

  BoundedObjects of(Account.Kind kind) {
    return account().of(kind);
  }

  String id() {
    return ids.get(0);
  }

  /** Returns the body, which must be empty or a JSON object. */
  ObjectNode body() {
    IncomingRequest request = call.request();
    if (request.keptLength() == 0) {
      return newObject();
    }
    if (parsed(request.kept(), request.keptLength()) instanceof ObjectNode object) {
      return object;
    }
    throw new BadCall("the body is not a JSON object");
  }

  byte[] bytes() {
    return java.util.Arrays.copyOf(call.request().kept(), call.request().keptLength());
  }

  boolean isForm() {
    return call.headers().get("content-type", "").startsWith("multipart/");
  }

  FormParts form() {
    return FormParts.of(
        call.headers().get("content-type"), call.request().kept(), call.request().keptLength());
  }

  @Nullable String query(String name) {
    return ModelPage.parameter(call, name);
  }

  int query(String name, int otherwise, int most) {
    String value = query(name);
    if (value == null || value.isEmpty()) {
      return otherwise;
    }
    if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < 1) {
      throw new BadCall("Invalid '" + name + "'");
    }
    return Math.min(most, Integer.parseInt(value));
  }

  static String text(JsonNode node, String field, String otherwise) {
    return node.path(field).asString(otherwise);
  }

  static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  /** Returns the scheme and host with which the caller reached the stub. */
  String base() {
    return "http://" + call.headers().get("host", "127.0.0.1");
  }

  static long seconds() {
    return System.currentTimeMillis() / 1_000;
  }
}
