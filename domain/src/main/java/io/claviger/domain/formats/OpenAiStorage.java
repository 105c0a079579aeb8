package io.claviger.domain.formats;

import static io.claviger.domain.objects.ObjectKind.BATCHES;
import static io.claviger.domain.objects.ObjectKind.CONTAINERS;
import static io.claviger.domain.objects.ObjectKind.CONVERSATIONS;
import static io.claviger.domain.objects.ObjectKind.FILES;
import static io.claviger.domain.objects.ObjectKind.RESPONSES;
import static io.claviger.domain.objects.ObjectKind.VECTOR_STORES;

/** The operations of OpenAI's API on stored objects. */
final class OpenAiStorage {
  private static final ObjectDetails SIZED = new ObjectDetails("expires_at", "bytes", "purpose");

  /** The ids in a response: the ids of its items and of its tools' containers. */
  private static final AnsweredId[] OF_RESPONSES = {
    AnsweredId.part(RESPONSES, "output.[].id"),
    AnsweredId.part(RESPONSES, "response.output.[].id"),
    AnsweredId.part(RESPONSES, "item.id"),
    AnsweredId.further(CONTAINERS, "output.[].container_id"),
    AnsweredId.further(CONTAINERS, "response.output.[].container_id"),
    AnsweredId.further(CONTAINERS, "item.container_id"),
    AnsweredId.further(CONTAINERS, "output.[].environment.container_id"),
    AnsweredId.further(CONTAINERS, "response.output.[].environment.container_id"),
    AnsweredId.further(CONTAINERS, "item.environment.container_id")
  };

  /**
   * The ids in a chat: the ids of spoken answers, and the ids of files with images from Mistral's
   * tools. Later requests refer to spoken answers even if the chat is not stored.
   */
  private static final AnsweredId[] OF_CHATS = {
    AnsweredId.lastingPart(RESPONSES, "choices.[].message.audio.id"),
    AnsweredId.lastingPart(RESPONSES, "choices.[].delta.audio.id"),
    AnsweredId.further(FILES, "choices.[].messages.[].content.[].file_id"),
    AnsweredId.further(FILES, "choices.[].delta.content.[].file_id")
  };

  /** The files with the results of a batch. */
  private static final AnsweredId[] OF_BATCHES = {
    AnsweredId.further(FILES, "output_file_id").serving("batch_output"),
    AnsweredId.further(FILES, "error_file_id").serving("batch_output")
  };

  private static final AnsweredId ITEMS = AnsweredId.part(RESPONSES, "data.[].id");

  static final ObjectOperations TABLE =
      ObjectOperations.table()
          .of(FILES, SIZED, "id")
          .create("POST files")
          .list("GET files", "purpose order after limit")
          .read("GET files/{id}", "")
          .use("GET files/{id}/content", "")
          .delete("DELETE files/{id}")
          .of(FILES, SIZED, "id")
          .unlisted()
          .idsBegin("uploads", "upload_")
          .create("POST uploads")
          .stating(ObjectDetails.NONE) // the bytes of the upload are already counted
          .extend("POST uploads/{id}/parts", "", AnsweredId.part(FILES, "id"))
          .finish("POST uploads/{id}/cancel")
          .stating(new ObjectDetails("file.expires_at", "file.bytes", "file.purpose"))
          .finish("POST uploads/{id}/complete", AnsweredId.further(FILES, "file.id"))
          .of(BATCHES, ObjectDetails.NONE, "id")
          .create("POST batches")
          .list("GET batches", "after limit")
          .read("GET batches/{id}", "", OF_BATCHES)
          .read("POST batches/{id}/cancel", "", OF_BATCHES)
          .of(RESPONSES, ObjectDetails.NONE, "id", "response.id")
          .create("POST responses", OF_RESPONSES)
          .read(
              "GET responses/{id}",
              "include include[] stream starting_after include_obfuscation",
              OF_RESPONSES)
          .read("POST responses/{id}/cancel", "", OF_RESPONSES)
          .use("GET responses/{id}/input_items", "after include include[] limit order", ITEMS)
          .delete("DELETE responses/{id}")
          .of(RESPONSES, ObjectDetails.NONE, "id")
          .idsBegin("chat/completions", "chatcmpl-")
          .create("POST chat/completions", OF_CHATS)
          .list("GET chat/completions", "after limit order")
          .read("GET chat/completions/{id}", "")
          .read("POST chat/completions/{id}", "")
          .use("GET chat/completions/{id}/messages", "after limit order")
          .delete("DELETE chat/completions/{id}")
          .of(CONVERSATIONS, ObjectDetails.NONE, "id")
          .partsOutlive("conversations", "conversations/{id}/items", "conversation.deleted")
          .create("POST conversations")
          .read("GET conversations/{id}", "")
          .read("POST conversations/{id}", "")
          .use("GET conversations/{id}/items", "after include include[] limit order", ITEMS)
          .extend("POST conversations/{id}/items", "include include[]", ITEMS)
          .use("GET conversations/{id}/items/{item}", "include include[]")
          .alter("DELETE conversations/{id}/items/{item}", "")
          .delete("DELETE conversations/{id}")
          // The expiry of vector stores is not recorded: it moves with each use, and an expired
          // vector store can still be read and deleted.
          .of(VECTOR_STORES, ObjectDetails.NONE, "id")
          .create("POST vector_stores")
          .list("GET vector_stores", "after limit order")
          .read("GET vector_stores/{id}", "")
          .read("POST vector_stores/{id}", "")
          .use("POST vector_stores/{id}/search", "")
          .extend("POST vector_stores/{id}/files", "")
          .use("GET vector_stores/{id}/files", "after before filter limit order")
          .use("GET vector_stores/{id}/files/{file}", "")
          .alter("POST vector_stores/{id}/files/{file}", "")
          .use("GET vector_stores/{id}/files/{file}/content", "")
          .alter("DELETE vector_stores/{id}/files/{file}", "")
          .extend("POST vector_stores/{id}/file_batches", "", AnsweredId.part(VECTOR_STORES, "id"))
          .use("GET vector_stores/{id}/file_batches/{batch}", "")
          .alter("POST vector_stores/{id}/file_batches/{batch}/cancel", "")
          .use(
              "GET vector_stores/{id}/file_batches/{batch}/files",
              "after before filter limit order")
          .delete("DELETE vector_stores/{id}")
          .of(CONTAINERS, new ObjectDetails("", "", "memory_limit"), "id")
          .create("POST containers")
          .list("GET containers", "after limit order")
          .stating(ObjectDetails.NONE)
          .read("GET containers/{id}", "")
          .stating(new ObjectDetails("", "bytes", ""))
          .extend("POST containers/{id}/files", "", AnsweredId.part(CONTAINERS, "id"))
          .stating(ObjectDetails.NONE)
          .use("GET containers/{id}/files", "after limit order")
          .use("GET containers/{id}/files/{file}", "")
          .use("GET containers/{id}/files/{file}/content", "")
          .alter("DELETE containers/{id}/files/{file}", "")
          .delete("DELETE containers/{id}")
          .end();

  private OpenAiStorage() {}
}
