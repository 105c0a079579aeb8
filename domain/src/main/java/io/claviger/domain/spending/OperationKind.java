package io.claviger.domain.spending;

import io.claviger.domain.usage.TokenCounting;
import java.util.Locale;
import java.util.Set;

/** What an operation of a provider's API uses. */
public enum OperationKind {
  /** No tokens that anybody pays for: lists of models, the counting of tokens, moderation. */
  NOTHING,
  /** Input alone. Vectors, ranks and verdicts are not tokens. */
  INPUT,
  /** Input, and output that a request can limit. */
  TEXT,
  /** Input, and output that a request can't limit: speech, transcripts and pages. */
  MEDIA,
  /** Input, and images. */
  IMAGES;

  private static final Set<String> OF_INPUT =
      Set.of("embeddings", "embed", "embedcontent", "batchembedcontents", "rerank", "classify");

  /**
   * @param method the method as it is sent
   * @param path the path of a call, below the service
   */
  public static OperationKind of(String method, String path) {
    int last = Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1;
    String operation = path.substring(last).toLowerCase(Locale.ROOT);
    if (!method.equals("POST") || TokenCounting.is(path) || operation.equals("moderations")) {
      return NOTHING;
    }
    if (OF_INPUT.contains(operation)) {
      return INPUT;
    }
    if (operation.equals("ocr")) {
      return MEDIA;
    }
    if (operation.equals("predict")) {
      return IMAGES; // Imagen
    }
    String before = last < 2 ? "" : path.substring(path.lastIndexOf('/', last - 2) + 1, last - 1);
    return switch (before) {
      case "audio" -> MEDIA;
      case "images" -> IMAGES;
      default -> TEXT;
    };
  }

  /** Whether answers are output that counts as tokens. */
  public boolean answersInTokens() {
    return this == TEXT || this == MEDIA || this == IMAGES;
  }
}
