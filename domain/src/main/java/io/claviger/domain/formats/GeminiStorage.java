package io.claviger.domain.formats;

import static io.claviger.domain.objects.ObjectKind.BATCHES;
import static io.claviger.domain.objects.ObjectKind.CACHES;
import static io.claviger.domain.objects.ObjectKind.FILES;

/** The operations of Gemini's API on stored objects. */
final class GeminiStorage {
  private static final ObjectDetails UPLOADED =
      new ObjectDetails("file.expirationTime", "file.sizeBytes", "");
  private static final ObjectDetails CACHED = new ObjectDetails("expireTime", "", "");

  static final ObjectOperations TABLE =
      ObjectOperations.table()
          .of(FILES, UPLOADED, "file.name")
          .prefixed("files/")
          .upload("POST upload/{version}/files")
          .of(FILES, ObjectDetails.NONE, "name")
          .prefixed("files/")
          .list("GET **/files", "pageSize pageToken")
          .read("GET **/files/{id}", "")
          .use("GET **/files/{id}:download", "alt")
          .delete("DELETE **/files/{id}")
          .of(CACHES, CACHED, "name")
          .prefixed("cachedContents/")
          .create("POST **/cachedContents")
          .list("GET **/cachedContents", "pageSize pageToken")
          .read("GET **/cachedContents/{id}", "")
          .read("PATCH **/cachedContents/{id}", "updateMask")
          .delete("DELETE **/cachedContents/{id}")
          .of(BATCHES, ObjectDetails.NONE, "name")
          .prefixed("batches/")
          .createBatch("POST **/models/{model}:batchGenerateContent", InlineBatch.OF_CONTENTS)
          .list("GET **/batches", "pageSize pageToken")
          .read("GET **/batches/{id}", "")
          .alter("POST **/batches/{id}:cancel", "")
          .delete("DELETE **/batches/{id}")
          .end();

  private GeminiStorage() {}
}
