package io.claviger.stub;

import io.claviger.stub.Account.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers calls about OpenAI's vector stores. A search finds files that contain a word of the
 * query.
 */
final class OpenAiVectorStores {
  private static final byte[] NOTHING = {};
  private static final String STORE = "vector_stores/{}";

  private OpenAiVectorStores() {}

  static void addTo(ObjectRoutes routes) {
    routes
        .on("POST", "vector_stores", OpenAiVectorStores::create)
        .on(
            "GET",
            "vector_stores",
            call -> OpenAiStore.list(call, call.of(Kind.VECTOR_STORE).all()))
        .on("GET", STORE, call -> ObjectCall.answer(found(call).json()))
        .on("POST", STORE, OpenAiVectorStores::update)
        .on("DELETE", STORE, OpenAiVectorStores::delete)
        .on("POST", STORE + "/search", OpenAiVectorStores::search)
        .on("POST", STORE + "/files", OpenAiVectorStores::addFile)
        .on(
            "GET",
            STORE + "/files",
            call -> OpenAiStore.list(call, found(call).inner("files").all()))
        .on("GET", STORE + "/files/{}", call -> ObjectCall.answer(file(call).json()))
        .on("POST", STORE + "/files/{}", OpenAiVectorStores::updateFile)
        .on("DELETE", STORE + "/files/{}", OpenAiVectorStores::removeFile)
        .on("GET", STORE + "/files/{}/content", OpenAiVectorStores::content)
        .on("POST", STORE + "/file_batches", OpenAiVectorStores::addFiles)
        .on("GET", STORE + "/file_batches/{}", call -> ObjectCall.answer(batch(call).json()))
        .on(
            "POST",
            STORE + "/file_batches/{}/cancel",
            call -> ObjectCall.answer(batch(call).json()))
        .on("GET", STORE + "/file_batches/{}/files", OpenAiVectorStores::filesOfBatch);
  }

  private static StoredObject found(ObjectCall call) {
    return OpenAiStore.found(
        call.of(Kind.VECTOR_STORE),
        call.id(),
        "Vector store with id '" + call.id() + "' not found.",
        "vector_store_id");
  }

  private static StoredObject file(ObjectCall call) {
    String id = call.ids().get(1);
    return OpenAiStore.found(
        found(call).inner("files"),
        id,
        "No file found with id '%s' in vector store '%s'.".formatted(id, call.id()),
        null);
  }

  private static StoredObject batch(ObjectCall call) {
    String id = call.ids().get(1);
    return OpenAiStore.found(
        found(call).inner("batches"),
        id,
        "No file batch found with id '%s' in vector store '%s'.".formatted(id, call.id()),
        null);
  }

  private static StubResponse create(ObjectCall call) {
    ObjectNode body = call.body();
    List<StoredObject> files = new ArrayList<>();
    for (JsonNode id : body.path("file_ids")) {
      files.add(OpenAiStore.file(call.account(), id.asString(""), "file_ids"));
    }
    long now = ObjectCall.seconds();
    ObjectNode store =
        ObjectCall.newObject()
            .put("id", call.account().newId("vs_"))
            .put("object", "vector_store")
            .put("created_at", now)
            .put("name", ObjectCall.text(body, "name", ""))
            .put("description", ObjectCall.text(body, "description", ""))
            .put("usage_bytes", 0)
            .put("status", "completed")
            .put("last_active_at", now)
            .putNull("expires_at");
    JsonNode expires = body.path("expires_after");
    if (expires.isObject()) {
      store.set("expires_after", expires);
      store.put("expires_at", now + 86_400 * expires.path("days").asLong(0));
    }
    OpenAiStore.putMetadata(store, body);
    StoredObject stored = new StoredObject(ObjectCall.text(store, "id", ""), store, NOTHING);
    files.forEach(file -> attach(stored, file, body));
    putCounts(store, stored.inner("files").ids().size());
    call.of(Kind.VECTOR_STORE).add(stored);
    return ObjectCall.answer(store);
  }

  private static void putCounts(ObjectNode object, int files) {
    object
        .putObject("file_counts")
        .put("in_progress", 0)
        .put("completed", files)
        .put("failed", 0)
        .put("cancelled", 0)
        .put("total", files);
  }

  private static ObjectNode attach(StoredObject store, StoredObject file, JsonNode settings) {
    ObjectNode attached =
        ObjectCall.newObject()
            .put("id", file.id())
            .put("object", "vector_store.file")
            .put("usage_bytes", file.content().length)
            .put("created_at", ObjectCall.seconds())
            .put("vector_store_id", store.id())
            .put("status", "completed")
            .putNull("last_error");
    attached
        .putObject("chunking_strategy")
        .put("type", "static")
        .putObject("static")
        .put("max_chunk_size_tokens", 800)
        .put("chunk_overlap_tokens", 400);
    attached.set(
        "attributes",
        settings.path("attributes").isObject()
            ? settings.get("attributes")
            : ObjectCall.newObject());
    attached.put("filename", ObjectCall.text(file.json(), "filename", ""));
    store.inner("files").add(new StoredObject(file.id(), attached, file.content()));
    putCounts(store.json(), store.inner("files").ids().size());
    return attached;
  }

  private static StubResponse update(ObjectCall call) {
    ObjectNode store = found(call).json();
    ObjectNode body = call.body();
    if (body.has("name")) {
      store.set("name", body.get("name"));
    }
    if (body.has("metadata")) {
      OpenAiStore.putMetadata(store, body);
    }
    return ObjectCall.answer(store);
  }

  private static StubResponse delete(ObjectCall call) {
    found(call);
    call.of(Kind.VECTOR_STORE).remove(call.id());
    return OpenAiStore.deleted(call.id(), "vector_store.deleted");
  }

  private static StubResponse addFile(ObjectCall call) {
    StoredObject store = found(call);
    ObjectNode body = call.body();
    StoredObject file =
        OpenAiStore.file(call.account(), ObjectCall.text(body, "file_id", ""), "file_id");
    return ObjectCall.answer(attach(store, file, body));
  }

  private static StubResponse updateFile(ObjectCall call) {
    ObjectNode file = file(call).json();
    file.set("attributes", call.body().path("attributes"));
    return ObjectCall.answer(file);
  }

  private static StubResponse removeFile(ObjectCall call) {
    String id = file(call).id();
    StoredObject store = found(call);
    store.inner("files").remove(id);
    putCounts(store.json(), store.inner("files").ids().size());
    return OpenAiStore.deleted(id, "vector_store.file.deleted");
  }

  private static StubResponse content(ObjectCall call) {
    ObjectNode page =
        ObjectCall.newObject()
            .put("object", "vector_store.file_content.page")
            .put("has_more", false);
    page.putNull("next_page")
        .putArray("data")
        .addObject()
        .put("type", "text")
        .put("text", ObjectCall.text(file(call).content()));
    return ObjectCall.answer(page);
  }

  private static StubResponse addFiles(ObjectCall call) {
    StoredObject store = found(call);
    ObjectNode body = call.body();
    List<StoredObject> files = new ArrayList<>();
    for (JsonNode id : body.path("file_ids")) {
      files.add(OpenAiStore.file(call.account(), id.asString(""), "file_ids"));
    }
    for (JsonNode each : body.path("files")) {
      files.add(OpenAiStore.file(call.account(), ObjectCall.text(each, "file_id", ""), "files"));
    }
    files.forEach(file -> attach(store, file, body));
    ObjectNode batch =
        ObjectCall.newObject()
            .put("id", call.account().newId("vsfb_"))
            .put("object", "vector_store.files_batch")
            .put("created_at", ObjectCall.seconds())
            .put("vector_store_id", store.id())
            .put("status", "completed");
    putCounts(batch, files.size());
    StoredObject stored = new StoredObject(ObjectCall.text(batch, "id", ""), batch, NOTHING);
    files.forEach(file -> stored.inner("files").add(new StoredObject(file.id(), "{}", NOTHING)));
    store.inner("batches").add(stored);
    return ObjectCall.answer(batch);
  }

  private static StubResponse filesOfBatch(ObjectCall call) {
    List<StoredObject> files = new ArrayList<>();
    for (String id : batch(call).inner("files").ids()) {
      StoredObject file = found(call).inner("files").get(id);
      if (file != null) {
        files.add(file);
      }
    }
    return OpenAiStore.list(call, files);
  }

  private static StubResponse search(ObjectCall call) {
    StoredObject store = found(call);
    ObjectNode body = call.body();
    ArrayNode queries = ObjectCall.newObject().putArray("queries");
    if (body.path("query").isArray()) {
      body.get("query").forEach(queries::add);
    } else {
      queries.add(ObjectCall.text(body, "query", ""));
    }
    ObjectNode page =
        ObjectCall.newObject()
            .put("object", "vector_store.search_results.page")
            .put("has_more", false)
            .putNull("next_page");
    page.set("search_query", queries);
    ArrayNode data = page.putArray("data");
    for (StoredObject file : store.inner("files").all()) {
      String text = ObjectCall.text(file.content());
      if (matches(queries, text)) {
        ObjectNode result =
            data.addObject()
                .put("file_id", file.id())
                .put("filename", ObjectCall.text(file.json(), "filename", ""))
                .put("score", 0.9);
        result.set("attributes", file.json().path("attributes"));
        result.putArray("content").addObject().put("type", "text").put("text", text);
      }
    }
    return ObjectCall.answer(page);
  }

  private static boolean matches(ArrayNode queries, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (JsonNode query : queries) {
      for (String word : query.asString("").toLowerCase(Locale.ROOT).split("\\s+")) {
        if (!word.isEmpty() && lower.contains(word)) {
          return true;
        }
      }
    }
    return false;
  }
}
