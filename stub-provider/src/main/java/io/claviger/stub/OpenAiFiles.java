package io.claviger.stub;

import io.claviger.stub.Account.Kind;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's {@code files}. */
final class OpenAiFiles {
  private static final Set<String> PURPOSES =
      Set.of("assistants", "batch", "fine-tune", "vision", "user_data", "evals");

  private OpenAiFiles() {}

  static void addTo(ObjectRoutes routes) {
    routes
        .on("POST", "files", OpenAiFiles::create)
        .on("GET", "files", OpenAiFiles::list)
        .on("GET", "files/{}", call -> ObjectCall.answer(file(call).json()))
        .on("GET", "files/{}/content", OpenAiFiles::content)
        .on("DELETE", "files/{}", OpenAiFiles::delete);
  }

  private static StoredObject file(ObjectCall call) {
    return OpenAiStore.file(call.account(), call.id(), "id");
  }

  private static StubResponse create(ObjectCall call) {
    FormParts form = call.form();
    FormParts.Part file = form.file("file");
    IncomingRequest request = call.call().request();
    // If the body was too large to be kept, the field might be in the missing part.
    String purpose = form.field("purpose");
    if (purpose == null && request.isWhole()) {
      throw OpenAiStore.refused(400, "'purpose' is a required property", "purpose", null);
    }
    String known = purpose == null ? "user_data" : purpose;
    if (!PURPOSES.contains(known)) {
      throw OpenAiStore.refused(400, "'" + known + "' is not one of " + PURPOSES, "purpose", null);
    }
    String name = file.fileName() == null ? "upload" : file.fileName();
    long bytes = file.content().length + request.lostLength();
    StoredObject stored = keep(call.account(), name, known, bytes, file.content());
    String lifetime = form.field("expires_after[seconds]");
    if (lifetime != null && lifetime.matches("\\d{1,9}")) {
      stored.json().put("expires_at", ObjectCall.seconds() + Long.parseLong(lifetime));
    }
    return ObjectCall.answer(stored.json());
  }

  static StoredObject keep(
      Account account, String name, String purpose, long bytes, byte[] content) {
    ObjectNode file =
        ObjectCall.newObject()
            .put("object", "file")
            .put("id", account.newId("file-"))
            .put("purpose", purpose)
            .put("filename", name)
            .put("bytes", bytes)
            .put("created_at", ObjectCall.seconds())
            .putNull("expires_at")
            .put("status", "processed")
            .putNull("status_details");
    return account
        .of(Kind.FILE)
        .add(new StoredObject(ObjectCall.text(file, "id", ""), file, content));
  }

  private static StubResponse list(ObjectCall call) {
    @Nullable String purpose = call.query("purpose");
    Collection<StoredObject> files =
        call.of(Kind.FILE).all().stream()
            .filter(
                file ->
                    purpose == null || purpose.equals(ObjectCall.text(file.json(), "purpose", "")))
            .toList();
    return OpenAiStore.list(call, files, 10_000, 10_000);
  }

  private static StubResponse content(ObjectCall call) {
    return StubResponse.of(200, "application/octet-stream", file(call).content());
  }

  private static StubResponse delete(ObjectCall call) {
    file(call);
    call.of(Kind.FILE).remove(call.id());
    return OpenAiStore.deleted(call.id(), "file");
  }
}
