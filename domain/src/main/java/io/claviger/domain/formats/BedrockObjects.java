package io.claviger.domain.formats;

import static io.claviger.domain.objects.ObjectKind.CONTAINERS;
import static io.claviger.domain.objects.ObjectKind.FILES;
import static io.claviger.domain.objects.ObjectKind.OTHER;

import io.claviger.domain.objects.IdForm;
import java.util.Set;

/**
 * Says where requests refer to stored objects, in the bodies of Converse and in bodies in the
 * formats of the models' makers. Members with the same name have the same meaning in both kinds of
 * bodies. Requests name an account's objects by resource names (ARNs), guardrail ids and locations
 * in S3.
 */
final class BedrockObjects {
  /** The known types of tools in bodies for the models of Anthropic and of other makers. */
  private static final ToolTypes TOOLS =
      new ToolTypes(
          type -> type.equals("function") || AnthropicObjects.TOOLS.isKnown(type),
          Set.of("function", "custom"),
          AnthropicObjects.TOOLS.makers(),
          AnthropicObjects.TOOLS.usualMakers(),
          AnthropicObjects.TOOLS.imageMakers());

  static final ObjectPlaces PLACES = ObjectPlaces.of(body(), IdForm.PREFIXED, "", TOOLS);

  private BedrockObjects() {}

  private static ObjectMembers everywhere() {
    ObjectMembers everywhere = ObjectMembers.everywhere();
    ObjectMembers location = everywhere.object().reference(OTHER, "uri").text("bucketOwner");
    return everywhere
        .inside("s3Location", location)
        .wordOrTool(CONTAINERS, "type")
        .word("format")
        .reference(FILES, "file_id")
        .reference(OTHER, "guardrailIdentifier")
        .reference(OTHER, "guardrailArn")
        .reference(OTHER, "promptIdentifier")
        .reference(OTHER, "promptArn")
        .reference(OTHER, "knowledgeBaseId")
        .reference(OTHER, "s3Uri");
  }

  private static ObjectMembers body() {
    ObjectMembers everywhere = everywhere();
    ObjectMembers block = everywhere.object();
    ObjectMembers source =
        everywhere.object().text("bytes data text media_type").text("content", block);
    ObjectMembers medium =
        everywhere
            .object()
            .text("name context title")
            .text("source", source)
            .text("content", block);
    block
        .text("text content thinking", block)
        .text("id tool_use_id name title context signature data")
        .text("source", source)
        .inside("image document video audio searchResult", medium)
        .inside("toolUse", everywhere.object().text("toolUseId name").opaque("input"))
        .inside("toolResult", everywhere.object().text("toolUseId status").text("content", block))
        .inside("caller", everywhere.object().word("type").text("tool_id"))
        .inside("guardContent", everywhere.object().text("text", everywhere.object().text("text")))
        .inside(
            "reasoningContent",
            everywhere
                .object()
                .text("redactedContent")
                .inside("reasoningText", everywhere.object().text("text signature")))
        .opaque("input json citations citationsContent");
    ObjectMembers message = everywhere.object().text("content", block);
    ObjectMembers tool =
        everywhere
            .object()
            .tool(CONTAINERS, false)
            .exemption(CONTAINERS, "allowed_callers", "direct"::equals, everywhere)
            .text("name description")
            .opaque("input_schema inputSchema input_examples parameter_definitions")
            .toolData("parameters");
    tool.inside("toolSpec function", tool);
    // As in Anthropic's API, a message can also make additional tools available.
    everywhere.inside("tools tool definition", tool);
    ObjectMembers named =
        everywhere
            .object()
            .eachATool()
            .inside("toolSpec", tool)
            .inside("systemTool cachePoint", everywhere);
    ObjectMembers tools =
        everywhere
            .object()
            .inside("tools", named)
            .inside("toolChoice", everywhere.object().inside("tool", tool));
    ObjectMembers server =
        everywhere
            .object()
            .reference(OTHER, "url", address -> ServerAddress.isPublic(address, Set.of()))
            .text("name authorization_token");
    ObjectMembers context = everywhere.object().inside("edits", everywhere.object().word("type"));
    ObjectMembers format = everywhere.object().opaque("schema json_schema");
    ObjectMembers ofModel =
        everywhere
            .object()
            .inside("tools", tool)
            .inside("mcp_servers", server)
            .inside("context_management", context)
            .inside("output_config", everywhere.object().inside("format", format))
            .inside("output_format response_format", format);
    ObjectMembers schema = everywhere.object().text("name description").opaque("schema");
    // The format is in "format" in Anthropic's bodies, and in "textFormat" in those of Converse.
    ObjectMembers outputConfig =
        everywhere
            .object()
            .inside("format", format)
            .inside(
                "textFormat",
                everywhere
                    .object()
                    .inside("structure", everywhere.object().inside("jsonSchema", schema)));
    ObjectMembers body = everywhere.object();
    ObjectMembers counted =
        everywhere
            .object()
            .inside("converse", body)
            .inside("invokeModel", everywhere.object().encoded("body", body));
    return body.text("system", block)
        .text("stop_sequences stopSequences stop prompt inputText input_text texts query message")
        .text("preamble chat_history documents", block)
        .inside("messages", message)
        .inside("input", counted)
        .inside("toolConfig", tools)
        .inside("tools", tool)
        .inside("mcp_servers", server)
        .inside("additionalModelRequestFields", ofModel)
        .inside("tool_choice", everywhere.object().text("name"))
        .inside("context_management", context)
        .inside("response_format output_format", format)
        .inside("outputConfig", outputConfig)
        .inside("inferenceConfig textGenerationConfig", everywhere.object().text("stopSequences"))
        .opaque("metadata requestMetadata tool_results");
  }
}
