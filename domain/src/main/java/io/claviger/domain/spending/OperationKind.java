package io.claviger.domain.spending;

import io.claviger.domain.usage.TokenCounting;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What an operation of a provider's API uses. */
public enum OperationKind {
  /**
   * No tokens that are paid for with the call: lists of models, the counting of tokens, and
   * whatever is stored. What a batch uses is known later.
   */
  NOTHING,
  /** Input alone. Vectors and ranks are not tokens. */
  INPUT,
  /**
   * Input alone, for which many providers charge nothing: moderation. It counts where the model has
   * a price that is not zero.
   */
  VERDICTS,
  /** Input, and output that a request can limit. */
  TEXT,
  /** Input, and output that a request can't limit: speech, transcripts and pages. */
  MEDIA,
  /** Input, and images. */
  IMAGES;

  /** What paths of operations on stored objects begin with, behind a version. */
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

  /** A version of an API, such as {@code v1beta}, is shorter. */
  private static final int VERSION = 8;

  /** The models of Google that make vectors on Vertex AI, behind the name of a service if any. */
  private static final Pattern OF_VECTORS =
      Pattern.compile(
          "publishers/google/models/(?:[^:]*(?:/|%2[Ff]))?"
              + "(?:text-?|text-multilingual-|multimodal|gemini-)embedding[^/%:]*:predict");

  private static final String INVOKED = "model/";
  private static final String INVOKE = "/invoke";

  /**
   * The beginnings of names of Bedrock's models, behind a region, that may make vectors or ranks.
   */
  private static final Pattern OF_MAKERS =
      Pattern.compile("(?:[a-z]{2,6}\\.)?(?:amazon|cohere|twelvelabs)\\.");

  /** The beginnings of names of Bedrock's models, behind a region, that make images. */
  private static final Pattern OF_IMAGES =
      Pattern.compile("(?:[a-z]{2,6}\\.)?(?:stability\\.|amazon\\.(?:nova-canvas|titan-image))");

  /**
   * The models of Mistral on Vertex AI that read documents, behind the name of a service if any.
   */
  private static final Pattern OF_PAGES =
      Pattern.compile(
          "publishers/mistralai/models/(?:[^:]*(?:/|%2[Ff]))?mistral-ocr[^/%:]*:rawPredict");

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
   * @param method the method as it is sent
   * @param path the path of a call, below the service
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
    if (operation.equals("predict")) {
      return OF_VECTORS.matcher(path).matches() ? INPUT : IMAGES; // Imagen
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
    return path.endsWith("ocr") || OF_PAGES.matcher(path).matches();
  }

  /**
   * Finds the name of the model of Bedrock that is invoked. It stands alone or behind that of a
   * service. The maker makes sure that it is no name that people chose.
   */
  private static Optional<String> invoked(String path) {
    if (!path.startsWith(INVOKED) || !path.endsWith(INVOKE)) {
      return Optional.empty();
    }
    int slash = Math.max(path.lastIndexOf("%2F"), path.lastIndexOf("%2f"));
    return Optional.of(path.substring(slash < 0 ? INVOKED.length() : slash + "%2F".length()));
  }

  /** Whether a model of Bedrock makes vectors or ranks. */
  private static boolean isOfInput(String name) {
    return OF_MAKERS.matcher(name).lookingAt()
        && (name.contains("embed") || name.contains("rerank"));
  }

  /** Whether an operation works on what the provider stores, which uses no tokens. */
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

  /** Whether a budget of dollars counts the operation only if the model has a price. */
  public boolean needsPrice() {
    return this != NOTHING && this != VERDICTS;
  }

  /** Whether answers are output that counts as tokens. */
  public boolean answersInTokens() {
    return this == TEXT || this == MEDIA || this == IMAGES;
  }
}
