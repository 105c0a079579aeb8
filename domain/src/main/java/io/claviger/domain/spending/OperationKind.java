package io.claviger.domain.spending;

import io.claviger.domain.usage.TokenCounting;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What an operation of a provider's API uses. */
public enum OperationKind {
  /**
   * No tokens that are paid for with the call: lists of models, the counting of tokens, moderation,
   * and whatever is stored. What a batch uses is known later.
   */
  NOTHING,
  /** Input alone. Vectors, ranks and verdicts are not tokens. */
  INPUT,
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
        || operation.equals("moderations")
        || operation.equals("batchgeneratecontent")
        || isOnStoredObjects(path, operation)) {
      return NOTHING;
    }
    if (OF_INPUT.contains(operation) || isInvokedForInput(path)) {
      return INPUT;
    }
    if (operation.equals("ocr")) {
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

  /**
   * Whether a model of Bedrock is invoked that makes vectors or ranks. Its name stands alone or
   * behind that of a service. The maker makes sure that it is no name that people chose.
   */
  private static boolean isInvokedForInput(String path) {
    if (!path.startsWith(INVOKED) || !path.endsWith(INVOKE)) {
      return false;
    }
    int slash = Math.max(path.lastIndexOf("%2F"), path.lastIndexOf("%2f"));
    String name = path.substring(slash < 0 ? INVOKED.length() : slash + "%2F".length());
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

  /** Whether answers are output that counts as tokens. */
  public boolean answersInTokens() {
    return this == TEXT || this == MEDIA || this == IMAGES;
  }
}
