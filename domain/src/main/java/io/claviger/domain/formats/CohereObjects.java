package io.claviger.domain.formats;

import static io.claviger.domain.objects.ObjectKind.CONVERSATIONS;
import static io.claviger.domain.objects.ObjectKind.FILES;
import static io.claviger.domain.objects.ObjectKind.OTHER;

import io.claviger.domain.objects.IdForm;

/** The places of Cohere's API. Its ids are UUIDs, so they are recognised by their places alone. */
final class CohereObjects {
  static final ObjectPlaces PLACES =
      ObjectPlaces.of(body(), IdForm.PREFIXED, "tokenize detokenize rerank");

  private CohereObjects() {}

  private static ObjectMembers everywhere() {
    return ObjectMembers.everywhere()
        .word("type")
        .references(OTHER, "connectors")
        .reference(OTHER, "connector_id")
        .reference(OTHER, "dataset_id")
        .references(OTHER, "dataset_ids")
        .reference(OTHER, "input_dataset_id")
        .reference(CONVERSATIONS, "conversation_id")
        .reference(OTHER, "preset")
        .reference(OTHER, "preset_id")
        .reference(FILES, "file_id");
  }

  private static ObjectMembers body() {
    ObjectMembers everywhere = everywhere();
    ObjectMembers function =
        everywhere.object().text("name description").opaque("parameters arguments");
    ObjectMembers call =
        everywhere.object().text("id name").opaque("parameters").inside("function", function);
    ObjectMembers part = everywhere.object();
    part.text("text content message thinking", part)
        .text("tool_call_id tool_plan name label")
        .opaque("document citations tool_results")
        .inside("tool_calls", call);
    return everywhere
        .object()
        .text("message messages chat_history preamble texts inputs examples text query", part)
        .text("stop_sequences prompt")
        .opaque("documents tool_results metadata")
        .inside(
            "tools",
            everywhere
                .object()
                .text("name description")
                .opaque("parameter_definitions")
                .inside("function", function))
        .inside("response_format", everywhere.object().opaque("schema json_schema"));
  }
}
