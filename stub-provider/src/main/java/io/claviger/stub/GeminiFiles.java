package io.claviger.stub;

import io.claviger.stub.Account.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers calls about Gemini's files. A resumable upload begins with a call that presents the
 * caller's key. The answer contains an address. The caller sends the bytes to this address without
 * a key.
 */
final class GeminiFiles {
  private GeminiFiles() {}

  static void addTo(ObjectRoutes routes) {
    routes
        .on("POST", "upload/{}/files", GeminiFiles::upload)
        .on("PUT", "upload/{}/files", GeminiFiles::upload)
        .on("GET", "files", call -> GeminiStore.list(call, Kind.FILE, "files"))
        .on("GET", "files/{}", GeminiFiles::read)
        .on("DELETE", "files/{}", GeminiFiles::delete);
  }

  /**
   * Returns a file by its id, which is the file's name without {@code files/}.
   *
   * @throws Refused if the account has no such file
   */
  static StoredObject found(Account account, String id) {
    StoredObject file = account.of(Kind.FILE).get("files/" + id);
    if (file == null) {
      throw GeminiStore.refused(
          403,
          "You do not have permission to access the File %s or it may not exist.".formatted(id));
    }
    return file;
  }

  private static StubResponse read(ObjectCall call) {
    if (call.id().endsWith(":download")) {
      StoredObject file = found(call.account(), call.id().replaceFirst(":download$", ""));
      return StubResponse.of(200, ObjectCall.text(file.json(), "mimeType", ""), file.content());
    }
    return ObjectCall.answer(found(call.account(), call.id()).json());
  }

  private static StubResponse delete(ObjectCall call) {
    call.of(Kind.FILE).remove(found(call.account(), call.id()).id());
    return ObjectCall.answer(ObjectCall.newObject());
  }

  /** A file that is uploaded in chunks. */
  private static final class Upload {
    private final JsonNode asked;
    private final String type;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private long received;

    Upload(JsonNode asked, String type) {
      this.asked = asked;
      this.type = type;
    }
  }

  private static StubResponse upload(ObjectCall call) {
    String id = call.query("upload_id");
    if (id != null) {
      return receive(call, id);
    }
    String command = header(call, "x-goog-upload-command");
    if (!header(call, "x-goog-upload-protocol").equals("resumable") || !command.contains("start")) {
      throw GeminiStore.refused(400, "The stub supports only resumable uploads.");
    }
    JsonNode asked = call.body().path("file");
    String name = GeminiStore.field(asked, "name").asString("");
    if (call.of(Kind.FILE).get(name) != null) {
      throw GeminiStore.refused(409, "Requested entity already exists");
    }
    String session = call.account().newId("ABPnzm");
    Upload upload = new Upload(asked, header(call, "x-goog-upload-header-content-type"));
    call.account().sessions().put(session, new Accounts.Session(call.account(), upload));
    String url =
        "%s%s?upload_id=%s&upload_protocol=resumable"
            .formatted(call.base(), call.call().path(), session);
    return StubResponse.of(200, "text/plain", new byte[0])
        .with("x-goog-upload-url", url)
        .with("x-goog-upload-control-url", url)
        .with("x-goog-upload-chunk-granularity", "262144")
        .with("x-goog-upload-status", "active");
  }

  private static String header(ObjectCall call, String name) {
    return call.call().headers().get(name, "");
  }

  private static StubResponse receive(ObjectCall call, String session) {
    Accounts.Session found = call.account().sessions().get(session);
    if (found == null || !(found.upload() instanceof Upload upload)) {
      throw GeminiStore.refused(404, "Upload not found.");
    }
    String command = header(call, "x-goog-upload-command");
    if (command.contains("query")) {
      return StubResponse.of(200, "text/plain", new byte[0])
          .with("x-goog-upload-status", "active")
          .with("x-goog-upload-size-received", Long.toString(upload.received));
    }
    if (command.contains("cancel")) {
      call.account().sessions().remove(session);
      return StubResponse.of(200, "text/plain", new byte[0])
          .with("x-goog-upload-status", "cancelled");
    }
    String offset = header(call, "x-goog-upload-offset");
    if (command.contains("upload")) {
      if (!offset.equals(Long.toString(upload.received))) {
        throw GeminiStore.refused(400, "The chunk does not begin at the end of the received data.");
      }
      byte[] bytes = call.bytes();
      upload.received += bytes.length + call.call().request().lostLength();
      if (upload.content.size() < 16 << 20) {
        upload.content.writeBytes(bytes);
      }
    }
    if (!command.contains("finalize")) {
      return StubResponse.of(200, "text/plain", new byte[0]).with("x-goog-upload-status", "active");
    }
    call.account().sessions().remove(session);
    byte[] content = upload.content.toByteArray();
    String host = call.base() + call.call().path().replaceFirst("/?upload/([^/]+)/files$", "/$1");
    ObjectNode file =
        keep(found.account(), host, upload.asked, upload.type, upload.received, content);
    ObjectNode answer = ObjectCall.newObject();
    answer.set("file", file);
    return ObjectCall.answer(answer).with("x-goog-upload-status", "final");
  }

  /**
   * Stores a file.
   *
   * @param base the API's URL with its version, from which the file's URI is made
   * @param asked the description of the file, as the caller sent it
   */
  static ObjectNode keep(
      Account account, String base, JsonNode asked, String type, long bytes, byte[] content) {
    String named = GeminiStore.field(asked, "name").asString("");
    String name = named.isEmpty() ? account.newId("files/") : named;
    String now = GeminiStore.now();
    ObjectNode file = ObjectCall.newObject().put("name", name);
    JsonNode title = GeminiStore.field(asked, "displayName");
    if (title.isString()) {
      file.set("displayName", title);
    }
    String mime = GeminiStore.field(asked, "mimeType").asString(type);
    file.put("mimeType", mime.isEmpty() ? "application/octet-stream" : mime)
        .put("sizeBytes", Long.toString(bytes))
        .put("createTime", now)
        .put("updateTime", now)
        .put("expirationTime", Instant.now().plus(2, ChronoUnit.DAYS).toString())
        .put("sha256Hash", hash(content))
        .put("uri", base + "/" + name)
        .put("state", "ACTIVE")
        .put("source", "UPLOADED");
    account.of(Kind.FILE).add(new StoredObject(name, file, content));
    return file;
  }

  /** Returns the hash as the API states it: hexadecimal digits, encoded in Base64. */
  private static String hash(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      byte[] digits = HexFormat.of().formatHex(hash).getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(digits);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
