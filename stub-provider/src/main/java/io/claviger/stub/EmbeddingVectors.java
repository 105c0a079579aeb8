package io.claviger.stub;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes the embeddings of texts. The same text always gets the same embedding. For each number
 * of dimensions, there are only sixteen embeddings, which all texts share. Each of these embeddings
 * is computed only once. So a benchmark of the gateway does not measure how fast the stub computes.
 */
final class EmbeddingVectors {
  private static final int KINDS = 16;
  private static final int LONGEST = 8192;
  private static final int USUAL = 64;
  private static final Map<String, Integer> KNOWN =
      Map.of(
          "text-embedding-3-large", 3072,
          "text-embedding-3-small", 1536,
          "text-embedding-ada-002", 1536,
          "embed-multilingual-v3.0", 1024,
          "embed-english-v3.0", 1024,
          "embed-v4.0", 1536,
          "gemini-embedding-001", 3072);
  private static final Map<Integer, EmbeddingVector> WRITTEN = new ConcurrentHashMap<>();

  private EmbeddingVectors() {}

  static EmbeddingVector of(String text, int dimensions) {
    int kind = Math.floorMod(text.hashCode(), KINDS);
    return WRITTEN.computeIfAbsent(
        dimensions * KINDS + kind, key -> new EmbeddingVector(dimensions, kind));
  }

  /**
   * Returns the number of dimensions of the embeddings: the requested number, the model's usual
   * number, or 64 if both are unknown.
   */
  static int dimensions(StubCall call, @Nullable String asked) {
    if (asked == null) {
      return KNOWN.getOrDefault(call.model(), USUAL);
    }
    try {
      int dimensions = Integer.parseInt(asked);
      if (dimensions >= 1 && dimensions <= LONGEST) {
        return dimensions;
      }
    } catch (NumberFormatException noNumber) {
      // A value that is not a number is refused like a number that is out of range.
    }
    throw new BadCall("dimensions must be 1 to " + LONGEST);
  }
}
