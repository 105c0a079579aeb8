package io.claviger.domain.formats;

import static io.claviger.domain.objects.ObjectKind.BATCHES;
import static io.claviger.domain.objects.ObjectKind.CONTAINERS;
import static io.claviger.domain.objects.ObjectKind.FILES;

/** The operations of Anthropic's API on stored objects. */
final class AnthropicStorage {
  private static final ObjectDetails SIZED = new ObjectDetails("", "size_bytes", "");

  static final ObjectOperations TABLE =
      ObjectOperations.table()
          .of(FILES, SIZED, "id")
          .create("POST v1/files")
          .list("GET v1/files", "limit after_id before_id page ids ids[]")
          .read("GET v1/files/{id}", "")
          .use("GET v1/files/{id}/content", "")
          .delete("DELETE v1/files/{id}")
          .of(BATCHES, ObjectDetails.NONE, "id")
          .addressing("results_url")
          .createBatch("POST v1/messages/batches", InlineBatch.OF_MESSAGES)
          .list("GET v1/messages/batches", "limit after_id before_id")
          .read("GET v1/messages/batches/{id}", "")
          .read("POST v1/messages/batches/{id}/cancel", "")
          .use("GET v1/messages/batches/{id}/results", "")
          .delete("DELETE v1/messages/batches/{id}")
          .of(CONTAINERS, ObjectDetails.NONE, "id")
          .leave(
              "POST v1/messages",
              AnsweredId.further(CONTAINERS, "container.id"),
              AnsweredId.further(CONTAINERS, "message.container.id"),
              AnsweredId.further(CONTAINERS, "delta.container.id"),
              AnsweredId.further(FILES, "content.[].content.content.[].file_id"),
              AnsweredId.further(FILES, "content_block.content.content.[].file_id"))
          .end();

  private AnthropicStorage() {}
}
