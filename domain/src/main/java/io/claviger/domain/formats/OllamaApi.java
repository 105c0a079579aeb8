package io.claviger.domain.formats;

import static io.claviger.domain.formats.ClientExample.curl;
import static io.claviger.domain.formats.JsonText.quoted;
import static io.claviger.domain.formats.UsagePlaces.Meaning.INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.LAST;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODEL;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OUTPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PIECE;
import static io.claviger.domain.objects.ObjectKind.OTHER;

import io.claviger.domain.objects.IdForm;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Ollama's own API. */
public class OllamaApi extends ProviderApi {
  /**
   * The options that determine how a model is loaded. If a request has other values than the loaded
   * model, Ollama unloads the model, which all callers use, and loads it again. Once a request has
   * made Ollama load a model with another {@code num_gpu}, this value stays in force for everybody.
   */
  static final String LOADING =
      "num_gpu main_gpu num_thread num_batch numa low_vram f16_kv use_mmap use_mlock vocab_only"
          + " logits_all draft_num_predict";

  private static final UsagePlaces PLACES =
      new UsagePlaces()
          .add("model", MODEL)
          .add("message", PIECE)
          .add("response", PIECE)
          .add("done", LAST)
          .add("prompt_eval_count", INPUT)
          .add("eval_count", OUTPUT);

  private static final KnownMembers KNOWN =
      KnownMembers.of(
              KnownMembers.names(
                  "model tools options stream think keepalive raw truncate logprobs verbose name"),
              KnownMembers.names("format"),
              KnownMembers.names("images"),
              KnownMembers.names("messages prompt suffix system template input context"),
              KnownMembers.names("content thinking toolcalls function arguments"),
              KnownMembers.names("role type name toolname toolcallid id index"),
              KnownMembers.names("arguments"),
              Set.of("function"))
          .withInner(
              KnownMembers.names(
                  "stop numa lowvram f16kv logitsall vocabonly usemmap usemlock embeddingonly"
                      + " penalizenewline"));

  private static final UseFields FIELDS =
      new UseFields("options.num_predict", Set.of("options"), Set.of("num_predict"), true, false);

  private static final ModelListShape LIST =
      new ModelListShape(
          List.of("api/tags"),
          Set.of("tags", "ps"),
          ModelListShape.USUAL_MEMBERS,
          "name",
          "",
          ModelListShape.Paging.NONE);

  public OllamaApi() {
    super(
        List.of(
            "POST api/chat",
            "POST api/generate",
            "POST api/embed",
            "POST api/embeddings",
            "POST api/show",
            "GET api/tags",
            "GET api/version",
            "GET api/ps"),
        List.of());
  }

  @Override
  public List<String> credentialHeaders() {
    return List.of();
  }

  /**
   * Returns false, because the format has no base URL of its own: clients of Ollama can use the
   * base URL of the {@code openai} format.
   */
  @Override
  public boolean hasBaseUrl() {
    return false;
  }

  /**
   * Whether the answer shows which models the server has in memory, and thereby which models other
   * callers use.
   */
  @Override
  public boolean showsOthersAt(String path) {
    return ("/" + path).endsWith("/ps");
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
  public ObjectPlaces objectPlaces() {
    return OllamaObjects.PLACES;
  }

  @Override
  public UsagePlaces usagePlaces(String path) {
    return PLACES;
  }

  @Override
  public String errorBody(int status, String code, String message) {
    return "{\"error\":%s}".formatted(quoted(message));
  }

  @Override
  public Optional<String> errorEvent(String uri, int status, String code, String message) {
    return Optional.of(errorBody(status, code, message) + "\n");
  }

  @Override
  public ModelListShape modelList() {
    return LIST;
  }

  @Override
  public String listedModel(String name, String model, String ownedBy, Instant since) {
    return "{\"name\":%s,\"model\":%s,\"modified_at\":%s}"
        .formatted(quoted(name), quoted(name), quoted(since.toString()));
  }

  @Override
  public String modelPage(
      String models, Optional<String> first, Optional<String> last, Optional<String> next) {
    return "{\"models\":[" + models + "]}";
  }

  @Override
  public TestCall textCall(TestQuestion question) {
    return new TestCall(
        "api/chat",
        question.messages()
            + ",\"stream\":false,\"options\":{\"num_predict\":"
            + question.mostTokens()
            + "}}");
  }

  @Override
  public TestCall embeddingCall(TestQuestion question) {
    return new TestCall("api/embed", question.start() + ",\"input\":\"" + TEST_TEXT + "\"}");
  }

  @Override
  protected List<ClientExample> textExamples() {
    return List.of(
        curl(
            "/api/chat",
            "{\"model\": <model>, \"stream\": false, \"messages\": [{\"role\": \"user\","
                + " \"content\": \"Hello\"}]}"));
  }

  @Override
  protected List<ClientExample> embeddingExamples() {
    return List.of(curl("/api/embed", "{\"model\": <model>, \"input\": \"Hello\"}"));
  }

  @Override
  public String usualProvider() {
    return "ollama";
  }

  /**
   * The members of requests to Ollama's API: the tools, and the members that are removed because
   * they would change how Ollama serves other callers. Ollama stores no objects to which a request
   * could refer.
   */
  private static final class OllamaObjects {
    static final ObjectPlaces PLACES =
        ObjectPlaces.of(body(), IdForm.NONE, "", ToolTypes.FUNCTIONS);

    private OllamaObjects() {}

    private static ObjectMembers body() {
      ObjectMembers options = ObjectMembers.data().leftOut(LOADING);
      // A changed value of "shift" also makes Ollama load the model again.
      return ObjectMembers.data()
          .leftOut("keep_alive shift")
          .inside("options", options)
          .inside("tools", ObjectMembers.data().tool(OTHER, false));
    }
  }
}
