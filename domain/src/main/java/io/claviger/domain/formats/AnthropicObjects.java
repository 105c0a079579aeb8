package io.claviger.domain.formats;

import static io.claviger.domain.objects.ObjectKind.BATCHES;
import static io.claviger.domain.objects.ObjectKind.CONTAINERS;
import static io.claviger.domain.objects.ObjectKind.FILES;
import static io.claviger.domain.objects.ObjectKind.OTHER;

import io.claviger.domain.objects.IdForm;
import java.util.Set;

/** The places of Anthropic's API. */
final class AnthropicObjects {
  /** The skills that Anthropic itself offers. */
  private static final Set<String> BUILT_IN = Set.of("pptx", "xlsx", "docx", "pdf");

  private static final String EXECUTION = "code_execution";

  static final ObjectPlaces PLACES = ObjectPlaces.of(body(), IdForm.PREFIXED, "");

  private AnthropicObjects() {}

  private static ObjectMembers everywhere() {
    return ObjectMembers.everywhere()
        .word("type")
        .reference(FILES, "file_id")
        .references(FILES, "file_ids")
        .reference(CONTAINERS, "container_id")
        .reference(OTHER, "skill_id", BUILT_IN::contains)
        .reference(OTHER, "memory_store_id")
        .reference(OTHER, "previous_message_id")
        .reference(OTHER, "user_profile_id")
        .references(OTHER, "vault_ids")
        .references(OTHER, "session_ids")
        .reference(BATCHES, "message_batch_id");
  }

  private static ObjectMembers body() {
    ObjectMembers everywhere = everywhere();
    ObjectMembers block = everywhere.object();
    ObjectMembers source = everywhere.object().text("data").text("content", block);
    block
        .text("text content thinking", block)
        .text("id tool_use_id name title context signature data stdout stderr")
        .text("encrypted_content encrypted_stdout")
        .text("source", source)
        .opaque("input")
        .inside("citations", everywhere.object().text("cited_text document_title title source"))
        .inside("caller", everywhere.object().text("tool_id"));
    ObjectMembers message = everywhere.object().text("content", block);
    ObjectMembers tool =
        everywhere
            .object()
            .maker(CONTAINERS, "type", type -> !type.startsWith(EXECUTION))
            .text("name description")
            .opaque("input_schema input_examples parameters");
    ObjectMembers format = everywhere.object().opaque("schema");
    return everywhere
        .object()
        .referenceOrNew(CONTAINERS, "container", everywhere.object().reference(CONTAINERS, "id"))
        .text("system", block)
        .text("stop_sequences prompt")
        .inside("messages", message)
        .inside("tools", tool)
        .inside("tool_choice", everywhere.object().text("name"))
        .opaque("metadata")
        .inside("output_format", format)
        .inside("output_config", everywhere.object().inside("format", format));
  }
}
