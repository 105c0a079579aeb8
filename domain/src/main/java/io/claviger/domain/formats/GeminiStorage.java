package io.claviger.domain.formats;

import static io.claviger.domain.objects.ObjectKind.CACHES;

/** The operations on stored objects of Gemini's API. */
final class GeminiStorage {
  private static final ObjectDetails CACHED = new ObjectDetails("expireTime", "", "");

  static final ObjectOperations TABLE =
      ObjectOperations.table()
          .of(CACHES, CACHED, "name")
          .prefixed("cachedContents/")
          .create("POST **/cachedContents")
          .list("GET **/cachedContents", "pageSize pageToken")
          .read("GET **/cachedContents/{id}", "")
          .read("PATCH **/cachedContents/{id}", "updateMask")
          .delete("DELETE **/cachedContents/{id}")
          .end();

  private GeminiStorage() {}
}
