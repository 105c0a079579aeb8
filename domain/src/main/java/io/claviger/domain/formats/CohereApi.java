package io.claviger.domain.formats;

import static io.claviger.domain.formats.ClientExample.code;
import static io.claviger.domain.formats.ClientExample.curl;
import static io.claviger.domain.formats.JsonText.quoted;
import static io.claviger.domain.formats.UsagePlaces.Meaning.BILLED_IMAGES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.BILLED_INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.BILLED_OUTPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHED;
import static io.claviger.domain.formats.UsagePlaces.Meaning.INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.LAST;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OUTPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PIECE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.RANKINGS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TYPE;
import static io.claviger.domain.formats.UsagePlaces.at;
import static io.claviger.domain.objects.ObjectKind.CONVERSATIONS;
import static io.claviger.domain.objects.ObjectKind.FILES;
import static io.claviger.domain.objects.ObjectKind.OTHER;

import io.claviger.domain.formats.UsagePlaces.Statement;
import io.claviger.domain.objects.IdForm;
import io.claviger.domain.policy.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

public class CohereApi extends ProviderApi {
  /**
   * The members in which an answer states the usage. Servers that imitate OpenAI state the usage of
   * rankings in the same members.
   */
  static final List<Statement> USAGE =
      List.of(
          at("billed_units.input_tokens", BILLED_INPUT),
          at("billed_units.image_tokens", BILLED_IMAGES),
          at("billed_units.output_tokens", BILLED_OUTPUT),
          at("billed_units.search_units", RANKINGS),
          at("tokens.input_tokens", INPUT),
          at("tokens.output_tokens", OUTPUT),
          at("cached_tokens", CACHED));

  private static final UsagePlaces PLACES =
      new UsagePlaces("message-end")
          .add("type", TYPE)
          .add("delta", PIECE)
          .add("text", PIECE)
          .add("usage", USAGE)
          .add("delta.usage", USAGE)
          .add("meta", USAGE)
          .add("response.meta", USAGE)
          .add("is_finished", LAST);

  private static final KnownMembers KNOWN =
      KnownMembers.of(
          KnownMembers.names(
              "model stream tools toolchoice citationoptions citationquality responseformat"
                  + " safetymode stopsequences logprobs stricttools thinking prompttruncation"
                  + " searchqueriesonly forcesinglestep returnprompt returnprompts rawprompting"
                  + " inputtype embeddingtypes truncate rankfields returndocuments language n"
                  + " reasoningeffort outputdimension"),
          KnownMembers.names("documents toolresults metadata"),
          KnownMembers.names("images"),
          KnownMembers.names(
              "messages message chathistory preamble texts inputs examples query text tokens"),
          KnownMembers.names(
              "content text message toolcalls function arguments thinking document label"
                  + " parameters"),
          KnownMembers.names("role type id name toolcallid toolplan"),
          KnownMembers.names("citations document parameters toolresults"),
          Set.of("text", "thinking", "function", "document"));

  private static final UseFields FIELDS = UseFields.outermost("max_tokens", Set.of("max_tokens"));

  private static final ModelListShape LIST =
      new ModelListShape(
          List.of("v1/models"),
          Set.of("models"),
          ModelListShape.USUAL_MEMBERS,
          "name",
          "",
          ModelListShape.Paging.byToken("page_size", 20, "page_token", "next_page_token"));

  private static final List<Operation> FORMS =
      List.of(new Operation("POST v2/audio/transcriptions"));

  public CohereApi() {
    super(
        List.of(
            "POST v1/embed",
            "POST v2/embed",
            "POST v1/chat",
            "POST v2/chat",
            "POST v1/rerank",
            "POST v2/rerank",
            "POST v1/tokenize",
            "POST v1/detokenize",
            "GET v1/models",
            "GET v1/models/{model}",
            "POST v1/classify",
            "POST v2/audio/transcriptions"),
        List.of("page_size", "page_token", "endpoint", "default_only"));
  }

  @Override
  public List<String> credentialHeaders() {
    return List.of();
  }

  /** Returns no fees, because answers do not state how often the provider's tools were used. */
  @Override
  public Optional<Set<String>> statedFees(String path, ObeyedCaps caps) {
    return Optional.of(Set.of());
  }

  @Override
  public KnownMembers knownMembers() {
    return KNOWN;
  }

  @Override
  protected UseFields fieldsOf(String path) {
    return FIELDS;
  }

  @Override
  public boolean isCallersTool(String type) {
    return ToolTypes.FUNCTIONS.isCallers(type);
  }

  @Override
  public CallerFields callerFields(String path) {
    return path.endsWith("tokenize") ? CallerFields.NONE : CallerFields.OF_ROUTERS;
  }

  @Override
  protected List<Operation> formOperations() {
    return FORMS;
  }

  @Override
  public ObjectPlaces objectPlaces() {
    return CohereObjects.PLACES;
  }

  @Override
  public UsagePlaces usagePlaces(String path) {
    return PLACES;
  }

  @Override
  public String errorBody(int status, String code, String message) {
    return "{\"message\":%s}".formatted(quoted(message));
  }

  @Override
  public Optional<String> errorEvent(String uri, int status, String code, String message) {
    return Optional.empty();
  }

  @Override
  public ModelListShape modelList() {
    return LIST;
  }

  @Override
  public String listedModel(String name, String model, String ownedBy, Instant since) {
    return "{\"name\":%s,\"endpoints\":[\"chat\",\"embed\",\"rerank\"],\"finetuned\":false}"
        .formatted(quoted(name));
  }

  @Override
  public String modelPage(
      String models, Optional<String> first, Optional<String> last, Optional<String> next) {
    return "{\"models\":[%s]%s}"
        .formatted(models, next.map(token -> ",\"next_page_token\":" + quoted(token)).orElse(""));
  }

  @Override
  public TestCall textCall(TestQuestion question) {
    return new TestCall(
        "v2/chat", question.messages() + ",\"max_tokens\":" + question.mostTokens() + "}");
  }

  @Override
  public TestCall embeddingCall(TestQuestion question) {
    return new TestCall(
        "v2/embed",
        question.start()
            + ",\"texts\":[\""
            + TEST_TEXT
            + "\"],\"input_type\":\"search_query\",\"embedding_types\":[\"float\"]}");
  }

  @Override
  protected List<ClientExample> textExamples() {
    return List.of(
        curl(
            "/v2/chat",
            "{\"model\": <model>, \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}"),
        python(
            """
            print(client.chat(
                model=<model>, messages=[{"role": "user", "content": "Hello"}],
            ).message.content[0].text)\
            """));
  }

  @Override
  protected List<ClientExample> embeddingExamples() {
    return List.of(
        curl(
            "/v2/embed",
            "{\"model\": <model>, \"texts\": [\"Hello\"], \"input_type\": \"search_query\","
                + " \"embedding_types\": [\"float\"]}"),
        python(
            """
            print(client.embed(
                model=<model>, texts=["Hello"], input_type="search_query", embedding_types=["float"],
            ).embeddings)\
            """));
  }

  private static ClientExample python(String use) {
    return code(
        "python",
        "Cohere (Python)",
        "",
        """
        import os
        import cohere

        client = cohere.ClientV2(base_url="<url>", api_key=os.environ["GATEWAY_TOKEN"])
        """
            + use);
  }

  @Override
  public String usualProvider() {
    return "cohere";
  }

  /**
   * Says where requests to Cohere's API refer to stored objects. Because Cohere's ids are UUIDs,
   * only the member that contains an id shows the object's kind.
   */
  private static final class CohereObjects {
    static final ObjectPlaces PLACES =
        ObjectPlaces.of(body(), IdForm.PREFIXED, "tokenize detokenize", ToolTypes.FUNCTIONS);

    private CohereObjects() {}

    private static ObjectMembers everywhere() {
      return OpenAiObjects.ofServers()
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
      ObjectMembers tool =
          everywhere
              .object()
              .tool(OTHER, false)
              .text("name description")
              .opaque("parameter_definitions")
              .inside("function", function);
      everywhere.inside("tools", tool);
      ObjectMembers call =
          everywhere.object().text("id name").opaque("parameters").inside("function", function);
      ObjectMembers part = OpenAiObjects.part(everywhere);
      part.text("text content message thinking", part)
          .text("tool_call_id tool_plan name label")
          .opaque("document citations tool_results")
          .inside("tool_calls", call);
      return OpenAiObjects.withoutEffects(everywhere.object())
          .text("message messages chat_history preamble texts inputs examples text query", part)
          .text("stop_sequences prompt")
          .text("documents", OpenAiObjects.document(part))
          .opaque("tool_results")
          .inside("response_format", everywhere.object().opaque("schema json_schema"));
    }
  }
}
