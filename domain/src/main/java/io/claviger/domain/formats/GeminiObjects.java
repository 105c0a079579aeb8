package io.claviger.domain.formats;

import static io.claviger.domain.objects.ObjectKind.CACHES;
import static io.claviger.domain.objects.ObjectKind.FILES;
import static io.claviger.domain.objects.ObjectKind.OTHER;

import io.claviger.domain.objects.IdForm;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says where requests refer to stored objects, in Gemini's API and in the members that Vertex AI
 * has in common with it. Google accepts each member in camel case and in snake case.
 */
final class GeminiObjects {
  /**
   * Matches the addresses of public videos. Requests can refer to these videos as if they were
   * files.
   */
  private static final Pattern PUBLIC =
      Pattern.compile(
          "https://(?:(?:www\\.|m\\.)?youtube\\.com/(?:watch|shorts/|live/|embed/)|youtu\\.be/)"
              + "[A-Za-z0-9?=&_%.:;~+/-]{0,200}");

  /**
   * Matches a path that Google might understand as the name of an account's object, whatever the
   * host is.
   */
  private static final Pattern OF_ACCOUNT =
      Pattern.compile(
          "(?i)/(?:files|cachedContents|batches)/[a-z0-9-]{1,40}(?:[:?#].*)?$", Pattern.DOTALL);

  /**
   * Google's domains at which accounts and people store data, or at which projects have servers.
   */
  private static final Set<String> GOOGLES =
      Set.of("googleapis.com", "google.com", "googleusercontent.com", "goog");

  static final ObjectPlaces PLACES = ObjectPlaces.of(body(), IdForm.RESOURCE);

  private GeminiObjects() {}

  private static ObjectMembers everywhere() {
    return ObjectMembers.everywhere()
        .word("type")
        .reference(CACHES, "cachedContent cached_content")
        .reference(FILES, "fileUri file_uri", GeminiObjects::isPublic)
        .reference(FILES, "fileId file_id")
        .reference(OTHER, "gcsUri gcs_uri")
        .reference(OTHER, "storageUri storage_uri")
        .reference(OTHER, "outputGcsUri output_gcs_uri")
        .reference(OTHER, "outputUri output_uri")
        .references(OTHER, "fileSearchStoreNames file_search_store_names")
        .reference(OTHER, "fileSearchStoreName file_search_store_name")
        .reference(OTHER, "previousInteractionId previous_interaction_id")
        .reference(OTHER, "ragCorpus rag_corpus")
        .references(OTHER, "ragCorpora rag_corpora")
        .references(OTHER, "ragResources rag_resources")
        .reference(OTHER, "datastore data_store")
        .reference(OTHER, "corpus")
        // Tools of Vertex AI use the accounts and secrets that the following members name.
        .reference(OTHER, "googleServiceAccountConfig google_service_account_config")
        .reference(OTHER, "serviceAccount service_account")
        .reference(OTHER, "apiKeySecret api_key_secret")
        .reference(OTHER, "credentialSecret credential_secret")
        .reference(OTHER, "voice", GeminiObjects::isPrebuilt)
        .reference(OTHER, "api_base") // LiteLLM
        .reference(OTHER, "retrieval");
  }

  /**
   * Whether a file is public on the Internet, so that Google does not use the account's rights to
   * get it.
   */
  private static boolean isPublic(String uri) {
    return PUBLIC.matcher(uri).matches()
        || (uri.startsWith("https://")
            && ServerAddress.isPublic(uri, GOOGLES)
            && !OF_ACCOUNT.matcher(uri).find());
  }

  /** Whether a voice is available to everybody, instead of being stored in an account. */
  private static boolean isPrebuilt(String voice) {
    return !voice.startsWith("voice_") && voice.indexOf('/') < 0;
  }

  private static ObjectMembers body() {
    ObjectMembers everywhere = everywhere();
    ObjectMembers part = everywhere.object();
    part.text("text thoughtSignature")
        .inside("functionCall", everywhere.object().text("id name").opaque("args partialArgs"))
        .inside(
            "functionResponse",
            everywhere.object().text("id name").opaque("response").inside("parts", part))
        .inside("toolCall", everywhere.object().text("id").opaque("args"))
        .inside("toolResponse", everywhere.object().text("id").opaque("response"))
        .inside("executableCode", everywhere.object().text("id code"))
        .inside("codeExecutionResult", everywhere.object().text("id output"))
        .inside("inlineData", everywhere.object().text("data displayName"))
        .inside("fileData", everywhere.object().text("displayName"))
        .opaque("partMetadata");
    ObjectMembers content = everywhere.object().inside("parts", part);
    ObjectMembers declaration =
        everywhere
            .object()
            .text("name description")
            .opaque("parameters parametersJsonSchema response responseJsonSchema");
    ObjectMembers transport =
        everywhere
            .object()
            .reference(OTHER, "url", address -> ServerAddress.isPublic(address, GOOGLES));
    ObjectMembers tool =
        everywhere
            .object()
            .eachATool()
            .inside("functionDeclarations", declaration)
            .inside("googleSearch googleSearchRetrieval enterpriseWebSearch urlContext", everywhere)
            .inside("googleMaps fileSearch computerUse", everywhere)
            .revealing("codeExecution", text -> false) // The code can read the request's files.
            .inside("parallelAiSearch exaAiSearch", everywhere)
            .inside("mcpServers", everywhere.object().inside("streamableHttpTransport", transport));
    ObjectMembers calling = everywhere.object().text("allowedFunctionNames");
    ObjectMembers body = OpenAiObjects.routedAsUsual(everywhere.object());
    return body.inside("contents content", content)
        .text("systemInstruction", content)
        .text("title")
        .leftOut("name")
        .text("displayName")
        .inside("file", everywhere.object().leftOut("name").text("displayName"))
        .inside("tools", tool)
        .inside("toolConfig", everywhere.object().inside("functionCallingConfig", calling))
        .inside(
            "generationConfig",
            everywhere.object().text("stopSequences").opaque("responseSchema responseJsonSchema"))
        .inside("requests generateContentRequest", body)
        .inside("instances", everywhere.object().text("prompt negativePrompt content title"))
        .opaque("labels");
  }
}
