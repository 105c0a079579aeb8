package io.claviger.domain.formats;

import static io.claviger.domain.objects.ObjectKind.BATCHES;
import static io.claviger.domain.objects.ObjectKind.CONTAINERS;
import static io.claviger.domain.objects.ObjectKind.FILES;
import static io.claviger.domain.objects.ObjectKind.OTHER;

import io.claviger.domain.objects.IdForm;
import io.claviger.domain.objects.RequestedObjects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says where requests to Anthropic's API refer to stored objects. */
final class AnthropicObjects {
  /** The ids of the skills that Anthropic itself offers. */
  private static final Set<String> BUILT_IN = Set.of("pptx", "xlsx", "docx", "pdf");

  /**
   * Matches the known types of tools. Most of these types contain a version, such as {@code
   * bash_20250124}.
   */
  private static final Pattern TOOL =
      Pattern.compile(
          "custom|mcp_toolset|(?:bash|text_editor|computer|memory|advisor|code_execution"
              + "|web_search|web_fetch|tool_search_tool_(?:regex|bm25)"
              + "|(?:computer|browser)_toolset)(?:_\\d{8})?"
              // In messages, the objects of the following types name one of the request's tools, or
              // contain an additional tool.
              + "|tool_definition|(?:mcp_)?tool_reference|mcp_toolset_reference");

  /**
   * Matches the types of tools that read the web. Newer versions of these tools use code to filter
   * the pages that they read. This code runs in a container.
   */
  private static final Pattern OF_THE_WEB = Pattern.compile("web_(?:search|fetch)_(\\d{8})");

  private static final String FIRST_THAT_FILTERS = "20260209";

  /**
   * The domain of the names of servers that are in the account's own network and that a tunnel
   * connects to Anthropic.
   */
  private static final Set<String> OWN_DOMAINS = Set.of("anthropic.com");

  static final ToolTypes TOOLS =
      new ToolTypes(
          type -> TOOL.matcher(type).matches(),
          Set.of("custom"),
          type -> type.startsWith("code_execution"),
          AnthropicObjects::filters,
          type -> false);

  static final ObjectPlaces PLACES = ObjectPlaces.of(body(), IdForm.PREFIXED, "", TOOLS);

  private AnthropicObjects() {}

  private static boolean filters(String type) {
    Matcher matcher = OF_THE_WEB.matcher(type);
    return matcher.matches() && matcher.group(1).compareTo(FIRST_THAT_FILTERS) >= 0;
  }

  private static ObjectMembers everywhere() {
    return OpenAiObjects.ofServers()
        .wordOrTool(CONTAINERS, "type")
        .reference(FILES, "file_id")
        .references(FILES, "file_ids")
        .reference(CONTAINERS, "container_id")
        .reference(OTHER, "skill_id", BUILT_IN::contains)
        .reference(OTHER, "memory_store_id")
        .reference(OTHER, RequestedObjects.PREVIOUS_MESSAGE)
        .reference(OTHER, "user_profile_id")
        .references(OTHER, "vault_ids")
        .references(OTHER, "session_ids")
        .reference(BATCHES, "message_batch_id");
  }

  private static ObjectMembers body() {
    ObjectMembers everywhere = everywhere();
    ObjectMembers block = OpenAiObjects.part(everywhere);
    ObjectMembers source =
        everywhere
            .object()
            .text("data")
            .text("content", block)
            .file("url", IdForm::isMedia, everywhere);
    block
        .text("text content thinking", block)
        .text("id tool_use_id name title context signature data stdout stderr")
        .text("encrypted_content encrypted_stdout")
        .text("source", source)
        .text("tool_name toolset_name mcp_server_name server_name")
        .opaque("input")
        .inside("tabs", everywhere.object().text("tab_id title url"))
        .inside("state_changes", everywhere.object().text("tab_id download_id url path error"))
        .inside(
            "citations",
            everywhere
                .object()
                .text("cited_text document_title title source")
                // Anthropic then repeats parts of the document in the answer.
                .revealing("enabled", text -> false))
        .inside("caller", everywhere.object().word("type").text("tool_id"));
    ObjectMembers message = everywhere.object().text("content", block);
    ObjectMembers tool =
        everywhere
            .object()
            .tool(CONTAINERS, false)
            .exemption(CONTAINERS, "allowed_callers", "direct"::equals, everywhere)
            .text("name description server_name mcp_server_name")
            .opaque("input_schema input_examples")
            .toolData("parameters");
    // A message can also make additional tools available, even in a block that summarizes earlier
    // messages.
    everywhere.inside("tools tool definition", tool);
    ObjectMembers format = everywhere.object().opaque("schema");
    ObjectMembers server =
        everywhere
            .object()
            .reference(OTHER, "url", address -> ServerAddress.isPublic(address, OWN_DOMAINS))
            .text("name authorization_token")
            .inside("tool_configuration", everywhere.object().text("allowed_tools"));
    return OpenAiObjects.withoutEffects(everywhere.object())
        .inside("mcp_servers", server)
        .referenceOrNew(CONTAINERS, "container", everywhere.object().reference(CONTAINERS, "id"))
        // A new thread is refused, too, because the provider would keep the conversation under the
        // key that all borrowers use.
        .referenceOrNew(OTHER, "thread", everywhere)
        // The id of the previous message is left out, because otherwise, the answer could say how
        // another borrower's request differs from this request.
        .inside("diagnostics", everywhere.object().leftOut(RequestedObjects.PREVIOUS_MESSAGE))
        .text("system", block)
        .text("stop_sequences prompt")
        .inside("messages", message)
        .inside("plugins", OpenAiObjects.plugin(everywhere))
        .inside("tool_choice", everywhere.object().text("name"))
        .inside(
            "context_management",
            everywhere.object().inside("edits", everywhere.object().word("type")))
        .inside("output_format", format)
        .inside("output_config", everywhere.object().inside("format", format));
  }
}
