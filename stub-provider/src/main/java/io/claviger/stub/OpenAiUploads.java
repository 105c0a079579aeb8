package io.claviger.stub;

import io.claviger.stub.Account.Kind;
import java.io.ByteArrayOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers calls about OpenAI's uploads, with which callers send a large file in parts. */
final class OpenAiUploads {
  private OpenAiUploads() {}

  static void addTo(ObjectRoutes routes) {
    routes
        .on("POST", "uploads", OpenAiUploads::create)
        .on("POST", "uploads/{}/parts", OpenAiUploads::addPart)
        .on("POST", "uploads/{}/complete", OpenAiUploads::complete)
        .on("POST", "uploads/{}/cancel", OpenAiUploads::cancel);
  }

  private static StubResponse create(ObjectCall call) {
    ObjectNode body = call.body();
    for (String required : new String[] {"bytes", "filename", "mime_type", "purpose"}) {
      if (!body.has(required)) {
        throw OpenAiStore.refused(
            400, "Missing required parameter: '" + required + "'.", required, null);
      }
    }
    ObjectNode upload =
        ObjectCall.newObject()
            .put("id", call.account().newId("upload_"))
            .put("object", "upload")
            .put("bytes", body.path("bytes").asLong(0))
            .put("created_at", ObjectCall.seconds())
            .put("filename", ObjectCall.text(body, "filename", ""))
            .put("purpose", ObjectCall.text(body, "purpose", ""))
            .put("status", "pending")
            .put("expires_at", ObjectCall.seconds() + 3_600)
            .putNull("file");
    call.of(Kind.UPLOAD)
        .add(new StoredObject(ObjectCall.text(upload, "id", ""), upload, new byte[0]));
    return ObjectCall.answer(upload);
  }

  private static StoredObject pending(ObjectCall call) {
    StoredObject upload =
        OpenAiStore.found(
            call.of(Kind.UPLOAD), call.id(), "No such Upload object: " + call.id(), "upload_id");
    String status = ObjectCall.text(upload.json(), "status", "");
    if (!status.equals("pending")) {
      throw OpenAiStore.refused(
          400, "Upload " + call.id() + " is already " + status + ".", null, null);
    }
    return upload;
  }

  private static StubResponse addPart(ObjectCall call) {
    StoredObject upload = pending(call);
    ObjectNode part =
        ObjectCall.newObject()
            .put("id", call.account().newId("part_"))
            .put("object", "upload.part")
            .put("created_at", ObjectCall.seconds())
            .put("upload_id", call.id());
    upload
        .inner("parts")
        .add(
            new StoredObject(
                ObjectCall.text(part, "id", ""), part, call.form().file("data").content()));
    return ObjectCall.answer(part);
  }

  private static StubResponse complete(ObjectCall call) {
    StoredObject upload = pending(call);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (JsonNode id : call.body().path("part_ids")) {
      whole.writeBytes(
          OpenAiStore.found(
                  upload.inner("parts"),
                  id.asString(""),
                  "No such Upload Part object: " + id.asString(""),
                  "part_ids")
              .content());
    }
    ObjectNode json = upload.json();
    long announced = json.path("bytes").asLong(0);
    if (whole.size() != announced) {
      throw OpenAiStore.refused(
          400,
          "The number of bytes in the parts (%d) differs from the announced number (%d)."
              .formatted(whole.size(), announced),
          null,
          null);
    }
    StoredObject file =
        OpenAiFiles.keep(
            call.account(),
            ObjectCall.text(json, "filename", ""),
            ObjectCall.text(json, "purpose", ""),
            whole.size(),
            whole.toByteArray());
    json.put("status", "completed").set("file", file.json());
    return ObjectCall.answer(json);
  }

  private static StubResponse cancel(ObjectCall call) {
    return ObjectCall.answer(pending(call).json().put("status", "cancelled"));
  }
}
