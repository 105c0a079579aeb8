package io.claviger.stub;

import io.claviger.stub.Account.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers calls about OpenAI's containers, in which code runs, and their files. The stub does not
 * run any code.
 */
final class OpenAiContainers {
  private static final byte[] NOTHING = {};

  private OpenAiContainers() {}

  static void addTo(ObjectRoutes routes) {
    routes
        .on("POST", "containers", OpenAiContainers::create)
        .on("GET", "containers", call -> OpenAiStore.list(call, call.of(Kind.CONTAINER).all()))
        .on("GET", "containers/{}", call -> ObjectCall.answer(found(call).json()))
        .on("DELETE", "containers/{}", OpenAiContainers::delete)
        .on("POST", "containers/{}/files", OpenAiContainers::addFile)
        .on(
            "GET",
            "containers/{}/files",
            call -> OpenAiStore.list(call, found(call).inner("files").all()))
        .on("GET", "containers/{}/files/{}", call -> ObjectCall.answer(file(call).json()))
        .on("GET", "containers/{}/files/{}/content", OpenAiContainers::content)
        .on("DELETE", "containers/{}/files/{}", OpenAiContainers::removeFile);
  }

  private static StoredObject found(ObjectCall call) {
    return OpenAiStore.found(
        call.of(Kind.CONTAINER),
        call.id(),
        "Container with id '" + call.id() + "' not found.",
        null);
  }

  private static StoredObject file(ObjectCall call) {
    String id = call.ids().get(1);
    return OpenAiStore.found(
        found(call).inner("files"), id, "Container file with id '" + id + "' not found.", null);
  }

  static StoredObject keep(Account account, String id, String name, String memory) {
    long now = ObjectCall.seconds();
    ObjectNode container =
        ObjectCall.newObject()
            .put("id", id)
            .put("object", "container")
            .put("created_at", now)
            .put("status", "running")
            .put("last_active_at", now)
            .put("memory_limit", memory)
            .put("name", name);
    container.putObject("expires_after").put("anchor", "last_active_at").put("minutes", 20);
    return account.of(Kind.CONTAINER).add(new StoredObject(id, container, NOTHING));
  }

  private static StubResponse create(ObjectCall call) {
    ObjectNode body = call.body();
    String name = ObjectCall.text(body, "name", "");
    if (name.isEmpty()) {
      throw OpenAiStore.refused(400, "Missing required parameter: 'name'.", "name", null);
    }
    for (JsonNode id : body.path("file_ids")) {
      OpenAiStore.file(call.account(), id.asString(""), "file_ids");
    }
    String memory = ObjectCall.text(body, "memory_limit", "1g");
    StoredObject container = keep(call.account(), call.account().newId("cntr_"), name, memory);
    for (JsonNode id : body.path("file_ids")) {
      copy(call, container, id.asString(""));
    }
    return ObjectCall.answer(container.json());
  }

  private static StubResponse delete(ObjectCall call) {
    found(call);
    call.of(Kind.CONTAINER).remove(call.id());
    return OpenAiStore.deleted(call.id(), "container.deleted");
  }

  private static ObjectNode put(
      ObjectCall call, StoredObject container, String name, String source, byte[] content) {
    ObjectNode file =
        ObjectCall.newObject()
            .put("id", call.account().newId("cfile_"))
            .put("object", "container.file")
            .put("created_at", ObjectCall.seconds())
            .put("bytes", content.length)
            .put("container_id", container.id())
            .put("path", "/mnt/data/" + name)
            .put("source", source);
    container.inner("files").add(new StoredObject(ObjectCall.text(file, "id", ""), file, content));
    return file;
  }

  private static ObjectNode copy(ObjectCall call, StoredObject container, String id) {
    StoredObject file = OpenAiStore.file(call.account(), id, "file_id");
    return put(
        call, container, ObjectCall.text(file.json(), "filename", ""), "user", file.content());
  }

  private static StubResponse addFile(ObjectCall call) {
    StoredObject container = found(call);
    if (!call.isForm()) {
      return ObjectCall.answer(copy(call, container, ObjectCall.text(call.body(), "file_id", "")));
    }
    FormParts form = call.form();
    String id = form.field("file_id");
    if (id != null) {
      return ObjectCall.answer(copy(call, container, id));
    }
    FormParts.Part file = form.file("file");
    String name = file.fileName() == null ? "upload" : file.fileName();
    return ObjectCall.answer(put(call, container, name, "user", file.content()));
  }

  private static StubResponse content(ObjectCall call) {
    return StubResponse.of(200, "application/binary", file(call).content());
  }

  private static StubResponse removeFile(ObjectCall call) {
    String id = file(call).id();
    found(call).inner("files").remove(id);
    return OpenAiStore.deleted(id, "container.file.deleted");
  }
}
