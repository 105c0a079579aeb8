package io.claviger.domain.spending;

import io.claviger.domain.formats.ModelPath;
import io.claviger.domain.formats.VertexApi;
import io.claviger.domain.usage.TokenCounting;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The kinds of operations of a provider's API, distinguished by the tokens that they use. */
public enum OperationKind {
  /**
   * The operation uses no tokens that are charged for the call. Examples are listing models,
   * counting tokens, and operations on stored objects. The use of a batch is known only later.
   */
  NOTHING,
  /**
   * The operation uses only input. The operation returns embeddings or ranks, which are not output
   * tokens.
   */
  INPUT,
  /**
   * The operation is a moderation, which uses only input. Many providers charge nothing for
   * moderations. A moderation is charged only if the model has a price above zero.
   */
  VERDICTS,
  /** The operation uses input and output, and the request can limit the output. */
  TEXT,
  /**
   * The operation uses input and output, and the request can't limit the output: speech,
   * transcripts and pages.
   */
  MEDIA,
  /** The operation uses input and makes images. */
  IMAGES;

  /** The path prefixes of operations on stored objects, without the API version. */
  private static final String[] STORED = {
    "files",
    "upload",
    "uploads",
    "batches",
    "messages/batches",
    "vector_stores",
    "conversations",
    "containers"
  };

  /**
   * The API version in a path, such as {@code v1beta}, is shorter than this number of characters.
   */
  private static final int VERSION = 8;

  private static final String INVOKED = "model/";
  private static final String INVOKE = "/invoke";

  /**
   * Prefixes of the names of Bedrock models that can make embeddings or rankings. A region can
   * precede the prefix.
   */
  private static final Pattern OF_MAKERS =
      Pattern.compile("(?:[a-z]{2,6}\\.)?(?:amazon|cohere|twelvelabs)\\.");

  /** Prefixes of the names of Bedrock models that make images. A region can precede the prefix. */
  private static final Pattern OF_IMAGES =
      Pattern.compile("(?:[a-z]{2,6}\\.)?(?:stability\\.|amazon\\.(?:nova-canvas|titan-image))");

  private static final Set<String> OF_INPUT =
      Set.of(
          "embeddings",
          "embed",
          "embedcontent",
          "batchembedcontents",
          "rerank",
          "classify",
          "cachedcontents");

  /**
   * @param method the HTTP method that is sent to the provider
   * @param path the path of a call, without the part that names the service
   */
  public static OperationKind of(String method, String path) {
    int last = Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1;
    String operation = path.substring(last).toLowerCase(Locale.ROOT);
    if (!method.equals("POST")
        || TokenCounting.is(path)
        || operation.equals("batchgeneratecontent")
        || isOnStoredObjects(path, operation)) {
      return NOTHING;
    }
    if (operation.equals("moderations")) {
      return VERDICTS;
    }
    Optional<String> invoked = invoked(path);
    if (OF_INPUT.contains(operation) || invoked.filter(OperationKind::isOfInput).isPresent()) {
      return INPUT;
    }
    if (invoked.filter(name -> OF_IMAGES.matcher(name).lookingAt()).isPresent()) {
      return IMAGES;
    }
    if (readsPages(path)) {
      return MEDIA;
    }
    if (VertexApi.makesVectors(path)) {
      return INPUT;
    }
    if (operation.equals("predict") || VertexApi.makesImages(path)) {
      return IMAGES; // Imagen
    }
    String before = last < 2 ? "" : path.substring(path.lastIndexOf('/', last - 2) + 1, last - 1);
    return switch (before) {
      case "audio" -> MEDIA;
      case "images" -> IMAGES;
      default -> TEXT;
    };
  }

  /** Whether an operation reads the pages of a document. */
  public static boolean readsPages(String path) {
    return path.endsWith("ocr") || VertexApi.readsPages(path);
  }

  /** Whether an operation ranks documents. */
  static boolean ranks(String path) {
    return path.endsWith("rerank")
        || invoked(path).filter(name -> isOfInput(name) && name.contains("rerank")).isPresent();
  }

  /**
   * Finds the name of the Bedrock model that is invoked. In the path, the model's name is a whole
   * segment, or follows the name of a service. The model's name has to begin with the name of a
   * vendor; names that users chose are not recognized.
   */
  private static Optional<String> invoked(String path) {
    if (!path.startsWith(INVOKED) || !path.endsWith(INVOKE)) {
      return Optional.empty();
    }
    int end = path.length() - INVOKE.length();
    return end > INVOKED.length()
        ? Optional.of(ModelPath.own(path.substring(INVOKED.length(), end)))
        : Optional.empty();
  }

  /** Whether a Bedrock model makes embeddings or rankings. */
  private static boolean isOfInput(String name) {
    return OF_MAKERS.matcher(name).lookingAt()
        && (name.contains("embed") || name.contains("rerank"));
  }

  /** Whether an operation works on the provider's stored objects and so uses no tokens. */
  private static boolean isOnStoredObjects(String path, String operation) {
    int slash = path.indexOf('/');
    int from = slash > 0 && path.charAt(0) == 'v' && slash < VERSION ? slash + 1 : 0;
    for (String word : STORED) {
      int end = from + word.length();
      if (path.startsWith(word, from) && (end == path.length() || path.charAt(end) == '/')) {
        return true;
      }
    }
    return (operation.equals("cancel") && path.startsWith("responses/", from))
        || path.startsWith("chat/completions/", from);
  }

  /** Whether a budget in dollars can be charged for the operation only if the model has a price. */
  public boolean needsPrice() {
    return this != NOTHING && this != VERDICTS;
  }

  /** Whether an operation of this kind makes images for each of several prompts, as Imagen does. */
  public boolean makesImagesOfPrompts(String path) {
    return this == IMAGES && VertexApi.isPrediction(path);
  }

  /** Whether answers have output that is counted in tokens. */
  public boolean answersInTokens() {
    return this == TEXT || this == MEDIA || this == IMAGES;
  }
}
