package io.claviger.domain.formats;

import static io.claviger.domain.objects.ObjectKind.FILES;

/** The operations on stored objects of Anthropic's API. */
final class AnthropicStorage {
  static final ObjectOperations TABLE =
      ObjectOperations.table()
          .of(FILES, new ObjectDetails("", "size_bytes", ""), "id")
          .create("POST v1/files")
          .list("GET v1/files", "after_id limit")
          .read("GET v1/files/{id}", "")
          .use("GET v1/files/{id}/content", "")
          .delete("DELETE v1/files/{id}")
          .end();

  private AnthropicStorage() {}
}
