package io.claviger.domain.formats;

import static io.claviger.domain.objects.ObjectKind.BATCHES;
import static io.claviger.domain.objects.ObjectKind.CACHES;
import static io.claviger.domain.objects.ObjectKind.CONTAINERS;
import static io.claviger.domain.objects.ObjectKind.CONVERSATIONS;
import static io.claviger.domain.objects.ObjectKind.FILES;
import static io.claviger.domain.objects.ObjectKind.OTHER;
import static io.claviger.domain.objects.ObjectKind.PROMPTS;
import static io.claviger.domain.objects.ObjectKind.RESPONSES;
import static io.claviger.domain.objects.ObjectKind.VECTOR_STORES;

import io.claviger.domain.objects.IdForm;
import io.claviger.domain.objects.RequestedObjects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says where requests refer to stored objects, in OpenAI's API and in the APIs of Mistral, Google
 * and others that imitate it.
 */
final class OpenAiObjects {
  /** Matches the types of tool outputs whose id is the id of the tool's call. */
  private static final Set<String> ID_OF_CALL = Set.of("local_shell_call_output");

  /** The kinds of computers that a caller shows to the model with {@code computer_use_preview}. */
  private static final Set<String> COMPUTERS =
      Set.of("windows", "mac", "linux", "ubuntu", "browser");

  /** The types of environments for which the provider creates no container. */
  private static final Set<String> WITHOUT_NEW_CONTAINER = Set.of("local", "container_reference");

  /**
   * Matches OpenAI's own connectors, each of which uses the authorization that is in the request.
   */
  private static final Set<String> CONNECTORS =
      Set.of(
          "connector_dropbox",
          "connector_gmail",
          "connector_googlecalendar",
          "connector_googledrive",
          "connector_microsoftteams",
          "connector_outlookcalendar",
          "connector_outlookemail",
          "connector_sharepoint");

  /**
   * The voices that Mistral offers to everybody. An account's own voices have other names or UUIDs.
   */
  private static final Pattern PRESET_VOICE =
      Pattern.compile("voice_\\d{1,9}|(?:en_paul|gb_jane|gb_oliver|fr_marie)_[a-z]{1,32}");

  /**
   * Matches a name without slashes, which can only name a file in one of the server's own
   * directories. A text that is too long does not match, because only its beginning is read and the
   * remaining text could be a path.
   */
  private static final Pattern PLAIN_NAME = Pattern.compile("[^/\\\\]{0,128}");

  /**
   * SGLang's name of a picture, with which SGLang might find the result of an earlier computation
   * for the picture.
   */
  private static final String HASH = "content_hash";

  /**
   * The host that forwards requests to servers in the account's own network if the path contains a
   * tunnel's id.
   */
  private static final Set<String> OWN_DOMAINS = Set.of("api.openai.com");

  /**
   * Matches the known types of tools, including those of Groq and xAI. Some of these types contain
   * a version, such as {@code web_search_2025_08_26}.
   */
  static final Pattern TOOL =
      Pattern.compile(
          "function|custom|namespace|tool_search|programmatic_tool_calling|mcp|file_search"
              + "|code_interpreter|image_generation|computer|computer_use|local_shell|shell"
              + "|apply_patch|browser_search|x_search|view_image|view_x_video|code_execution"
              + "|(?:web_search|web_search_preview|computer_use_preview)"
              + "(?:_\\d{4}_\\d{2}_\\d{2})?");

  /**
   * The plugins of OpenRouter with which the caller can't choose tools. Tools that a caller chooses
   * might use objects that are stored in the account.
   */
  private static final Set<String> PLUGINS =
      Set.of(
          "web",
          "web-fetch",
          "file-parser",
          "response-healing",
          "context-compression",
          "moderation",
          "auto-router",
          "auto-beta-router",
          "pareto-router",
          "switchyard-router");

  /**
   * The settings with which a request would make a router call another address, or use other
   * credentials, headers or prices. LiteLLM keeps some of these settings, and uses them for other
   * callers' requests, too.
   */
  private static final String ROUTES =
      "api_key base_url headers extra_headers default_headers provider_specific_header"
          + " organization custom_llm_provider model_list user_config litellm_credential_name"
          + " litellm_params_template litellm_embedding_config azure_ad_token vertex_project"
          + " vertex_credentials aws_access_key_id aws_secret_access_key aws_session_token"
          + " aws_profile_name aws_role_name aws_web_identity_token aws_sts_endpoint"
          + " aws_bedrock_runtime_endpoint sagemaker_base_url s3_endpoint_url deployment_url"
          + " input_cost_per_token output_cost_per_token input_cost_per_second"
          + " output_cost_per_second litellm_params callbacks service_callback logger_fn"
          + " litellm_disabled_callbacks router_settings_override";

  /**
   * The settings with which a request would make LiteLLM report the request to another address or
   * account. In some of these settings, LiteLLM replaces {@code os.environ/NAME} by a secret of its
   * own. LiteLLM sends its own credentials to the address in one of these settings. LiteLLM also
   * reads these settings from the metadata.
   */
  private static final String REPORTS =
      "langfuse_public_key langfuse_secret langfuse_secret_key langfuse_host langsmith_api_key"
          + " langsmith_project langsmith_base_url langsmith_tenant_id humanloop_api_key"
          + " arize_api_key arize_space_key arize_space_id posthog_api_key posthog_host"
          + " posthog_api_url braintrust_api_key braintrust_project braintrust_host"
          + " phoenix_project_name wandb_api_key weave_project_id slack_webhook_url"
          + " lunary_public_key dd_api_key dd_site dd_agent_host dd_agent_port newrelic_api_key"
          + " newrelic_region gcs_bucket_name gcs_path_service_account";

  /**
   * The settings with which a request would read and replace LiteLLM's cached answers for other
   * callers, or make LiteLLM attribute the request's failures to another address.
   */
  private static final String KEPT = "cache cache_key preset_cache_key mock_tool_calls model_info";

  /** The settings in the metadata that have the same effects as the settings in {@link #KEPT}. */
  private static final String KEPT_BY_METADATA = "redis_namespace caching_groups model_group";

  /**
   * The settings with which a request would bypass the guardrails that LiteLLM's operator has set
   * for all requests. Some versions of LiteLLM read these settings from the metadata.
   */
  private static final String UNGUARDED =
      "disable_global_guardrail disable_global_guardrails opted_out_global_guardrails"
          + " _guardrail_pipelines _pipeline_managed_guardrails";

  /**
   * The members of the metadata in which LiteLLM records who sent a request and who pays for it.
   */
  private static final String CALLER =
      "user_api_key user_api_key_auth user_api_key_auth_metadata user_api_key_hash"
          + " user_api_key_user_id user_api_key_team_id user_api_key_project_id"
          + " user_api_key_org_id user_api_key_end_user_id user_api_key_metadata"
          + " user_api_key_team_metadata";

  /**
   * The settings with which a caller can make LiteLLM's requests fail repeatedly. After failures at
   * an address, LiteLLM stops using the address for a while, for all callers.
   */
  private static final String FAILURES =
      "cooldown_time num_retries max_retries timeout stream_timeout request_timeout mock_response"
          + " mock_timeout mock_delay mock_testing_fallbacks"
          + " mock_testing_context_fallbacks mock_testing_content_policy_fallbacks"
          + " mock_testing_rate_limit_error";

  /** The members whose values are names that programs give to their users, sessions and caches. */
  private static final String NAMES_OF_CALLERS =
      "user user_id safety_identifier session_id prompt_cache_key cache_salt extra_key"
          + " prompt_cache_isolation_key";

  /**
   * The values of {@code include} with which an answer shows no content of files or vector stores.
   * With other values, the answer shows texts that a search found, or pictures that a request names
   * by a file's id. The value for the output of code is in this set, because a request needs
   * permission to read all files that it puts into a container.
   */
  private static final Set<String> SHOWING_NOTHING =
      Set.of(
          "reasoning.encrypted_content",
          "message.output_text.logprobs",
          "web_search_call.results",
          "web_search_call.action.sources",
          "code_interpreter_call.outputs");

  private static final ToolTypes TOOLS =
      new ToolTypes(
          type -> TOOL.matcher(type).matches(),
          Set.of("function", "custom"),
          "code_interpreter"::equals,
          Set.of("shell", "bash")::contains,
          "image_generation"::equals);

  static final ObjectPlaces PLACES = ObjectPlaces.of(body(), IdForm.PREFIXED, "", TOOLS);

  private OpenAiObjects() {}

  /**
   * Adds the members that tell a model server where to find results of another request, for example
   * those for the same prompt. Also adds the members that should come only from trusted callers.
   * Model servers offer the APIs of several providers, and accept these members in each of these
   * APIs.
   */
  static ObjectMembers ofServers() {
    ObjectMembers everywhere = ObjectMembers.everywhere();
    ObjectMembers media =
        everywhere.object().leftOut(HASH).file("url data", IdForm::isMedia, everywhere);
    return withoutTensors(everywhere)
        .paths() // such as perf_dump_path, to which SGLang writes
        .text("current_url") // the address that the caller's browser shows, such as about:blank
        .file("image_url video_url audio_url", IdForm::isMedia, media)
        .file("time_series_url", IdForm::isMedia, media) // LMDeploy
        .file("image video audio input_audio", IdForm::isMedia, media)
        .reference(OTHER, "kv_transfer_params") // vLLM
        .reference(OTHER, "ec_transfer_params") // vLLM
        .reference(OTHER, "session_params") // SGLang, also the following members
        .reference(OTHER, "bootstrap_host")
        .reference(OTHER, "bootstrap_port")
        .reference(OTHER, "bootstrap_room")
        .reference(OTHER, "ngram_corpus_id")
        .reference(OTHER, "disaggregated_params") // TensorRT-LLM
        .reference(OTHER, "migration_request") // LMDeploy
        .reference(OTHER, "custom_logit_processor") // SGLang, which runs this code
        .reference(OTHER, "logits_processors") // vLLM, which calls these functions
        .reference(OTHER, "api_base"); // LiteLLM, also in tools
  }

  /**
   * Removes the settings with which a request would make a model server affect other people's
   * calls. The server then uses its own settings.
   */
  static ObjectMembers withoutEffects(ObjectMembers body) {
    ObjectMembers hints =
        body.object().leftOut("priority strict_priority latency_sensitivity speculative_prefill");
    ObjectMembers ofDynamo =
        body.object()
            .leftOut("backend_instance_id prefill_worker_id decode_worker_id")
            .leftOut("dp_rank prefill_dp_rank cache_salt")
            .inside("agent_hints", hints)
            .opaque("guided_json")
            .text("guided_regex guided_choice guided_grammar")
            .reference(OTHER, "session_control")
            .reference(OTHER, "cache_control")
            .reference(OTHER, "metadata_upload");
    return routedAsUsual(body)
        .text(NAMES_OF_CALLERS)
        .leftOut("priority") // vLLM and SGLang: requests with a priority come first
        // When a call is broken off, SGLang ends all calls whose ids begin with the id of that
        // call.
        .leftOut("rid request_id")
        .leftOut("routed_dp_rank data_parallel_rank disagg_prefill_dp_rank") // SGLang
        .leftOut("keep_alive ttl") // Ollama and LM Studio: how long the model stays in memory
        .leftOut("id_slot slot_id") // llama.cpp: the slot that the call waits for and overwrites
        .leftOut("cache_prompt n_cache_reuse") // llama.cpp: reuse of other requests' results
        .leftOut("with_cache preserve_cache") // LMDeploy: whether to keep memory after the answer
        .leftOut("genkey grammar_retain_state") // KoboldCpp: the state of another generation
        .inside("nvext", ofDynamo) // NVIDIA Dynamo
        .leftOut(OllamaApi.LOADING) // LiteLLM, which passes these to Ollama
        .inside("options", body.object().leftOut(OllamaApi.LOADING))
        .leftOut("backend") // LocalAI: the program that loads the model
        // LiteLLM copies the members of "extra_body" into the requests that it sends.
        .inside("extra_body", body)
        .file(
            "fallbacks context_window_fallbacks content_policy_fallbacks",
            OpenAiObjects::isNoAddress,
            body);
  }

  /**
   * Adds the members that would change where a router sends this request or other callers'
   * requests. Also lists the members that are removed from the request because they would make it
   * fail.
   */
  static ObjectMembers routedAsUsual(ObjectMembers body) {
    ObjectMembers metadata =
        neverLent(
            ObjectMembers.data(),
            REPORTS + " " + KEPT_BY_METADATA + " " + UNGUARDED + " " + CALLER);
    return neverLent(body, ROUTES + " " + REPORTS + " " + KEPT + " " + UNGUARDED)
        .leftOut(FAILURES)
        .file("model models", OpenAiObjects::isNoAddress, body.object())
        // LiteLLM also reads JSON that is in a string.
        .file("metadata litellm_metadata", text -> !text.stripLeading().startsWith("{"), metadata);
  }

  private static ObjectMembers neverLent(ObjectMembers members, String separatedBySpaces) {
    for (String name : separatedBySpaces.split(" ")) {
      ObjectMembers unused = members.reference(OTHER, name);
    }
    return members;
  }

  /** Whether a value of {@code include} makes an answer show content of files or vector stores. */
  static boolean showsContent(String value) {
    return !SHOWING_NOTHING.contains(value);
  }

  /**
   * Whether a model's name contains no address to which a router would send the router's own key.
   */
  private static boolean isNoAddress(String model) {
    for (int at = model.indexOf(":/"); at >= 0; at = model.indexOf(":/", at + 1)) {
      if (model.regionMatches(true, at - 4, "http", 0, 4)
          || model.regionMatches(true, at - 5, "https", 0, 5)) {
        return false;
      }
    }
    return true;
  }

  private static ObjectMembers everywhere() {
    return ofServers()
        .word("type")
        .reference(FILES, "file_id")
        .references(FILES, "file_ids")
        .references(FILES, "part_ids") // of an upload
        .reference(FILES, "input_file_id")
        .reference(FILES, "upload_id")
        .reference(VECTOR_STORES, "vector_store_id")
        .references(VECTOR_STORES, "vector_store_ids")
        .reference(CONTAINERS, "container_id")
        .reference(RESPONSES, "previous_response_id")
        .reference(RESPONSES, "response_id")
        .reference(CONVERSATIONS, "conversation_id")
        .reference(OTHER, "prompt_id") // LiteLLM, whose prompt chooses the model
        .reference(BATCHES, "batch_id")
        .reference(OTHER, "skill_id")
        .reference(OTHER, "tunnel_id")
        .reference(OTHER, "dataset_id")
        .reference(OTHER, "agent_id") // Mistral
        .references(OTHER, "library_ids") // Mistral
        .references(OTHER, "collection_ids") // xAI
        .reference(OTHER, "knowledge_id") // Zhipu
        .reference(OTHER, "context_id") // Volcengine
        .reference(OTHER, "thread_id")
        .reference(OTHER, "assistant_id")
        .reference(OTHER, "connector_id", CONNECTORS::contains) // Mistral
        .reference(OTHER, "voice_id", voice -> PRESET_VOICE.matcher(voice).matches()) // Mistral
        .reference(OTHER, "server_url", OpenAiObjects::isServer)
        .reference(OTHER, "data_sources dataSources") // Azure, read with the lent resource's rights
        .reference(OTHER, "memory_store_name") // Azure, also the following two members
        .reference(OTHER, "project_connection_id")
        .references(OTHER, "project_connection_ids")
        .reference(OTHER, "project_connections")
        .reference(OTHER, "connection_id")
        .reference(OTHER, "index_connection_id")
        .reference(OTHER, "index_asset_id")
        .reference(OTHER, "agent_session_id")
        .reference(OTHER, "s3Location") // Amazon
        .reference(OTHER, "guardrailIdentifier") // Amazon
        .reference(OTHER, "guardrailConfig") // Amazon
        .reference(OTHER, "amazon-bedrock-guardrailConfig")
        .referenceOrNew(OTHER, RequestedObjects.STORAGE_OPTIONS) // xAI, which publishes it
        .reference(CACHES, "cached_content"); // Google
  }

  /**
   * Whether an address belongs to a server on the public Internet; false if only a proxy can reach
   * the server.
   */
  private static boolean isServer(String address) {
    return ServerAddress.isPublic(address, OWN_DOMAINS)
        && IdForm.PREFIXED.kindOf(address).isEmpty();
  }

  private static boolean isPlainName(String text) {
    return PLAIN_NAME.matcher(text).matches();
  }

  private static ObjectMembers body() {
    ObjectMembers everywhere = everywhere();
    ObjectMembers part = part(everywhere);
    ObjectMembers call = everywhere.object();
    ObjectMembers named =
        everywhere.object().text("name description").opaque("parameters input_examples");
    ObjectMembers custom = everywhere.object().text("name description input");
    everywhere.inside("tools", tool(everywhere, named, custom, true)); // Kimi: in messages
    ObjectMembers function =
        everywhere.object().text("name description").opaque("parameters arguments");
    ObjectMembers file = everywhere.object().text("filename");
    custom.inside("format", format(everywhere));
    everywhere.inside("json_schema", schema(everywhere));

    call.text("id name input call_id")
        .opaque("arguments")
        .inside("function", function)
        .inside("custom", custom);

    part.text("text content thinking reasoning summary refusal transcript", part)
        .text("title filename name call_id tool_call_id stdout stderr document_name")
        .opaque("input")
        .inside("file", file)
        .citations("annotations", citation(everywhere))
        .inside("tool_calls", call);

    ObjectMembers audio = everywhere.object().reference(RESPONSES, "id").text("transcript");
    ObjectMembers message =
        part.object()
            .text("content refusal reasoning reasoning_content thinking", part)
            .text("name tool_call_id text")
            .file("audio", IdForm::isMedia, audio)
            .inside("reasoning_details", part)
            .inside("tool_calls", call)
            .inside("function_call", call);

    ObjectMembers tool = tool(everywhere, named, custom, false);
    ObjectMembers choice = everywhere.object().text("name server_label");
    choice
        .inside("function", named)
        .inside("custom", custom)
        .inside("tools", tool(everywhere, named, custom, false).chosen());
    choice.inside("allowed_tools", choice);

    ObjectMembers body = withoutEffects(everywhere.object());
    ObjectMembers schema = format(everywhere);
    body.revealing("include", SHOWING_NOTHING::contains)
        // With these members, a caller could choose a program for which OpenAI has admitted the
        // account.
        .reference(OTHER, "access_programs")
        .reference(OTHER, "preset") // OpenRouter
        .reference(OTHER, "agent") // Azure
        .reference(OTHER, "agent_reference") // Azure
        .reference(OTHER, "user_security_context") // Azure, which names this user in its alerts
        .reference(OTHER, "features") // Open WebUI, such as the memory; also the following members
        .references(OTHER, "tool_ids")
        .references(OTHER, "filter_ids")
        .references(OTHER, "skill_ids")
        .reference(OTHER, "tool_servers")
        .reference(OTHER, "chat_id")
        .reference(RESPONSES, "previous_response_id")
        // The gateway removes this member, because the answer could otherwise say how another
        // borrower's request differs from this request.
        .inside("prompt_cache_options", everywhere.object().leftOut("comparison_response_id"))
        .referenceOrNew(
            CONVERSATIONS, "conversation", everywhere.object().reference(CONVERSATIONS, "id"))
        // The caller chooses this name, and the gateway replaces it by a name of the caller's own.
        .inside("background_options", everywhere.object().text("continuation_id"))
        .inside("messages", message)
        .items("input", item(everywhere, part, tool))
        .items("items", item(everywhere, part, tool))
        .text("prompt", prompt(everywhere, part))
        .text("instructions prediction system", part)
        .text("stop suffix query context title texts passages", part)
        .text("name description filename") // of vector stores, containers and uploads
        .text("guided_regex guided_choice guided_grammar chat_template document_name")
        .text("document_annotation_prompt") // Mistral
        .text("documents", document(part))
        .inside("lora_path", everywhere) // SGLang's name of an adapter, which counts as a model
        .file("character instruction_template", OpenAiObjects::isPlainName, everywhere)
        .opaque("attributes json_schema guided_json structured_outputs")
        .opaque("chat_template_kwargs trace")
        .inside("files", files(everywhere))
        .inside("inputs", everywhere.object().opaque("arguments")) // Mistral
        .inside("completion_args", body) // Mistral
        .inside("compound_custom", everywhere.object().inside("tools", builtIn(everywhere)))
        .inside("plugins", plugin(everywhere))
        .inside("functions", tool)
        .inside("client_metadata", everywhere.object().text("thread_id")) // Codex, about itself
        .text("tool_choice function_call", choice)
        .inside("response_format", schema)
        .inside("text", everywhere.object().inside("format", schema))
        .file("audio", IdForm::isMedia, voice(everywhere))
        .inside("voice", voice(everywhere));
    return body;
  }

  /**
   * Returns the members of a citation in a text. A citation of a file in a container also names the
   * container, and the caller has to be the holder of the container. Other citations name files
   * that a search found in a vector store. The caller may use the store, but might not be allowed
   * to use its files.
   */
  private static ObjectMembers citation(ObjectMembers everywhere) {
    return everywhere.object().reference(FILES, "file_id", id -> id.startsWith("cfile_"));
  }

  /**
   * @param typed whether tools have to state their type; true for tools in a request, false for
   *     tools that an answer lists
   */
  private static ObjectMembers tool(
      ObjectMembers everywhere, ObjectMembers named, ObjectMembers custom, boolean typed) {
    ObjectMembers environment =
        everywhere
            .object()
            .exemption(CONTAINERS, "type", WITHOUT_NEW_CONTAINER::contains, everywhere)
            // A local shell uses skills that are on the caller's machine.
            .inside("skills", everywhere.object().text("name description path"));
    ObjectMembers tool = everywhere.object();
    return tool.tool(CONTAINERS, typed)
        .text("name description server_label server_description allowed_tools")
        .toolData("parameters")
        .opaque("input_schema output_schema input_examples")
        .text("headers", ObjectMembers.data())
        .inside("function", named)
        .inside("custom", custom)
        .inside("format", format(everywhere))
        .inside("tools", tool)
        .referenceOrNew(
            CONTAINERS, "container", everywhere.object().maker(CONTAINERS, "type", type -> false))
        .toolMaker(CONTAINERS, "environment", COMPUTERS::contains, environment);
  }

  /**
   * Returns the members that a part of a message or document has in each format that model servers
   * offer.
   */
  static ObjectMembers part(ObjectMembers everywhere) {
    return everywhere.object().leftOut("uuid"); // vLLM, which keeps a part's content by this name
  }

  /**
   * Returns the members of a document that is to be ranked. The document is arbitrary data, except
   * that at vLLM, its content can be parts like those of a message. At SGLang, the document can
   * also be a list of parts.
   */
  static ObjectMembers document(ObjectMembers part) {
    ObjectMembers media =
        ObjectMembers.data().leftOut(HASH).file("url", IdForm::isMedia, ObjectMembers.data());
    return withoutTensors(ObjectMembers.data())
        .text("content", part)
        .file("image_url video_url audio_url", IdForm::isMedia, media);
  }

  /** Refuses the members with tensors, which crash vLLM if they are invalid. */
  private static ObjectMembers withoutTensors(ObjectMembers members) {
    return members
        .reference(OTHER, "prompt_embeds")
        .reference(OTHER, "image_embeds")
        .reference(OTHER, "audio_embeds");
  }

  /** Returns the members of a plugin of OpenRouter. */
  static ObjectMembers plugin(ObjectMembers everywhere) {
    return everywhere.object().reference(OTHER, "id", PLUGINS::contains);
  }

  private static ObjectMembers format(ObjectMembers everywhere) {
    return everywhere
        .object()
        .text("name description definition")
        .opaque("schema value") // value: at Hugging Face's server
        .inside("json_schema", schema(everywhere))
        .inside("grammar", everywhere.object().text("definition"));
  }

  /**
   * Returns the members with which a request chooses among Groq's own tools. One of these members
   * contains the caller's own key for Wolfram Alpha.
   */
  private static ObjectMembers builtIn(ObjectMembers everywhere) {
    return everywhere
        .object()
        .text("enabled_tools")
        .inside("wolfram_settings", everywhere.object().text("authorization"));
  }

  /** Returns the members of an answer's schema, which can have any members. */
  private static ObjectMembers schema(ObjectMembers everywhere) {
    return everywhere.object().text("name description").opaque("schema");
  }

  /**
   * Returns the members that refer to the files of a vector store or, at Open WebUI, to the files
   * and collections that the model reads.
   */
  private static ObjectMembers files(ObjectMembers everywhere) {
    return everywhere
        .object()
        .opaque("attributes")
        .file("url", IdForm::isMedia, everywhere)
        .reference(OTHER, "id")
        .reference(OTHER, "collection_name")
        .references(OTHER, "collection_names");
  }

  /**
   * Returns the members of a reference to a stored prompt, with values for the prompt's variables.
   */
  private static ObjectMembers prompt(ObjectMembers everywhere, ObjectMembers part) {
    return everywhere
        .object()
        .reference(PROMPTS, "id")
        .inside("variables", ObjectMembers.named(part));
  }

  private static ObjectMembers voice(ObjectMembers everywhere) {
    ObjectMembers custom = everywhere.object().reference(OTHER, "id");
    return everywhere.object().reference(OTHER, "id").inside("voice", custom);
  }

  private static ObjectMembers item(
      ObjectMembers everywhere, ObjectMembers part, ObjectMembers tool) {
    ObjectMembers ofCall = everywhere.object().text("id caller_id message");
    ObjectMembers output = everywhere.object().text("text filename logs").opaque("attributes");
    ObjectMembers found =
        everywhere.object().text("text filename logs").opaque("attributes").leftOut("file_id");
    return part.object()
        .item(ID_OF_CALL::contains)
        .content("content output encrypted_content result", part)
        .content("input code queries fingerprint", part)
        .content("tools", tool)
        .content("call_id approve", part)
        .content("reasoning", part) // the effort from here on, in an item that configures it
        .data("arguments action actions operation")
        .link("approval_request_id")
        .text("text name namespace server_label reason title filename error")
        .text("summary", part)
        .text("role")
        .inside("results", found)
        .inside("outputs", output)
        .inside("caller acknowledged_safety_checks pending_safety_checks", ofCall);
  }
}
